"""What imports cannot show: rules are pure, and one place commits."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = sorted(ROOT.glob("services/*/domain/**/*.py"))
SERVICES = sorted(p for p in ROOT.glob("services/**/*.py") if "migrations" not in p.parts)
SHARED = sorted(p for p in ROOT.glob("shared/**/*.py") if "versions" not in str(p))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_a_rule_never_waits(path: Path) -> None:
    tree = ast.parse(path.read_text())
    waits = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    assert [node for node in ast.walk(tree) if isinstance(node, waits)] == []


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_no_service_commits_or_rolls_back_by_itself(path: Path) -> None:
    tree = ast.parse(path.read_text())
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if "store" in path.parts:  # DuckDB's own transactions, which no outbox needs
        return
    assert called & {"commit", "rollback"} == set()


@pytest.mark.parametrize("path", [*SERVICES, *SHARED], ids=name_of)
def test_every_module_says_what_it_is_about(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text))
