"""Options that many commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shared.settings import CommonSettings

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder in which the embedded mode keeps everything [env REDRESS_DATA; default data].",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Facts as one JSON document.")]

SERVICES = ("intake", "mediation", "notification", "analytics")


def settings(data: Path | None = None, **known: Any) -> CommonSettings:
    """The common settings, with what the command line says on top."""
    if data is not None:
        known["data"] = data
    return CommonSettings(**known)


def one_of(value: str, known: tuple[str, ...], what: str) -> str:
    """The value, if it is known; else a usage error that names what is."""
    if value not in known:
        raise typer.BadParameter(f"unknown {what} {value!r}; known: {', '.join(known)}")
    return value
