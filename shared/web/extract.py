"""Which Chinese sentences are used, and which of them lack their English.

`python -m shared.web.extract services/intake` prints what is missing as entries to fill in, then
what is in the catalogue without being used.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_file

from shared.i18n import ROOT, catalogue, read_catalogue

CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
PLACES = re.compile(r"\{(\w+)[^}]*\}|%\((\w+)\)\w")
IN_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2)}
SHARED = "shared"
PLACES_OF_PARTS = ("services/*/__init__.py", "deploy/*/__init__.py")


class Report(NamedTuple):
    """What is wrong with the English of one part of the project."""

    missing: list[str]
    dead: list[str]
    unlike: list[str]
    """Translations whose places are not those of the sentence."""


def parts() -> list[str]:
    """Everything that may keep a catalogue of its own."""
    folders = (folder for place in PLACES_OF_PARTS for folder in sorted(ROOT.glob(place)))
    return [SHARED, *(folder.parent.relative_to(ROOT).as_posix() for folder in folders)]


def own_catalogue(part: str) -> Path:
    """Where the English of a part lies."""
    folder = "shared/web" if part == SHARED else part
    return ROOT / folder / "locale" / "en.po"


def report(part: str) -> Report:
    """Compare what a part says with what is translated."""
    used = set(sentences(part))
    file, known = own_catalogue(part), catalogue("en")
    own = read_catalogue(file) if file.exists() else {}
    unlike = [
        sentence
        for sentence, english in own.items()
        for one in ([english] if isinstance(english, str) else english)
        if not places(one) <= places(sentence)
    ]
    return Report(sorted(used - known.keys()), sorted(own.keys() - used), sorted(set(unlike)))


def places(sentence: str) -> set[str]:
    """The names that are filled in."""
    return {one or other for one, other in PLACES.findall(sentence)}


def sentences(part: str) -> Iterator[str]:
    """All sentences of a part that people may read."""
    for file in sorted((ROOT / part).rglob("*.py")):
        yield from in_python(ast.parse(file.read_text(encoding="utf-8")))
    for file in sorted((ROOT / part).rglob("templates/**/*.html")):
        yield from in_template(file)


def in_template(file: Path) -> Iterator[str]:
    """What a template marks with `_` or `ngettext`."""
    options = {"extensions": "jinja2.ext.do", "silent": "false", "trimmed": "false"}
    found = extract_from_file("jinja2", file, IN_TEMPLATES, options=options)
    for _, message, _, _ in found:
        yield message if isinstance(message, str) else message[0]


def in_python(tree: ast.AST) -> Iterator[str]:
    """What code marks with `N_`, and what it gives to errors."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        name = name_of(call.func)
        if name == "N_" or name.endswith("Error"):
            yield from (one for one in constants(call.args[0]) if CHINESE.search(one))


def name_of(called: ast.expr) -> str:
    """The last word of what is called."""
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def constants(argument: ast.expr) -> Iterator[str]:
    """The strings an argument may be."""
    if isinstance(argument, ast.IfExp):
        yield from constants(argument.body)
        yield from constants(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def entry(sentence: str) -> str:
    """An entry of a catalogue, to be filled in."""
    quoted = sentence.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'msgid "{quoted}"\nmsgstr ""\n'


def main(part: str) -> int:
    """Print what is to be done; 1 if something is."""
    found = report(part)
    lines = [entry(one) for one in found.missing]
    lines += [f"# not used any more: {one}" for one in found.dead]
    lines += [f"# other places than the Chinese: {one}" for one in found.unlike]
    sys.stdout.write("\n".join([*lines, ""]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].strip("/")))
