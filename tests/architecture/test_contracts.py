"""The contracts of imports leave nobody out."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS: list[dict[str, Any]] = SETTINGS["tool"]["importlinter"]["contracts"]


def contract(name: str) -> dict[str, Any]:
    [found] = [one for one in CONTRACTS if one["name"] == name]
    return found


def modules_in(folder: Path) -> set[str]:
    """What can be imported from a folder: its files and the folders that are packages."""
    files = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    return files | {file.parent.name for file in folder.glob("*/__init__.py")}


def test_every_module_of_shared_has_its_layer() -> None:
    layers = contract("Shared stands on its own, in layers")["layers"]
    named = [one.strip() for layer in layers for one in layer.split("|")]
    assert {one.partition(".")[0] for one in named} == modules_in(ROOT / "shared")
    within = {one.partition(".")[2] for one in named if one.startswith("messaging.")}
    assert within == modules_in(ROOT / "shared" / "messaging")
    assert len(named) == len(set(named))


def test_no_service_is_left_out() -> None:
    services = sorted(f"services.{one}" for one in modules_in(ROOT / "services"))
    apart = contract("Services never import each other; they only share events")
    inward = contract("Within a service, imports point inward")
    assert sorted(apart["modules"]) == services
    assert sorted(inward["containers"]) == services
