"""The privacy notices of this installation: ours, and those in a folder of its own."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from services.intake.domain.notice import Notice, Notices, Text
from services.intake.settings import IntakeSettings
from shared.bodies import Body
from shared.i18n import N_, Language, translated

OURS = Path(__file__).parents[1] / "notices"
READ = TypeAdapter(Notice)
PHONE, PLACE = N_("电话：{phone}。"), N_("地址：{place}。")


class NoticeRefusedError(ValueError):
    """A file of a notice that cannot be read, or a version that stands twice; says which."""


@cache
def notices() -> Notices:
    """All notices, read once. Raises NoticeRefusedError."""
    return read(IntakeSettings().notices)


def read(folder: Path | None) -> Notices:
    """Ours, then those in the folder. Raises NoticeRefusedError."""
    folders = [OURS, *([folder] if folder else [])]
    found = [one for each in folders for one in in_folder(each)]
    twice = [
        version for version, count in Counter(one.version for one in found).items() if count > 1
    ]
    if twice:
        raise NoticeRefusedError(f"The privacy notice {twice[0]} stands in more than one file.")
    return Notices(tuple(found))


def in_folder(folder: Path) -> Iterator[Notice]:
    for file in sorted(folder.glob("*.yaml")):
        try:
            yield READ.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
            raise NoticeRefusedError(
                f"The privacy notice {file} cannot be read: {error}"
            ) from error


def filled(text: Text, body: Body, language: Language) -> Text:
    """The text with the body's name and how it is reached."""
    words = {"name": body.name, "contact": contact_of(body, language)}
    parts = tuple(type(one)(one.title, one.text.format(**words)) for one in text.parts)
    return Text(text.title, text.short.format(**words), parts)


def contact_of(body: Body, language: Language) -> str:
    """How the body is reached, as far as it is known."""
    phone = translated(PHONE, language).format(phone=body.phone) if body.phone else ""
    place = translated(PLACE, language).format(place=body.address) if body.address else ""
    return phone + place
