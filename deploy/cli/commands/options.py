"""Options that many commands share."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from dotenv import dotenv_values

from shared.settings import CommonSettings

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder in which the embedded mode keeps everything [env REDRESS_DATA; default data].",
        show_default=False,
    ),
]
Lang = Annotated[
    Literal["zh", "en"] | None,
    typer.Option(
        "--lang",
        "--language",
        help="Say what is wrong in Chinese or English "
        "[env LC_ALL, LC_MESSAGES, LANG; else REDRESS_LANGUAGE].",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Facts as one JSON document.")]


def settings(data: Path | None = None, **known: Any) -> CommonSettings:
    """The common settings, with what the command line says on top.

    A folder of `redress cluster` tells where its databases and services are.
    """
    if data is not None:
        known["data"] = data
    common = CommonSettings(**known)
    told = common.data / "cluster.env"
    if not told.is_file():
        return common
    for name, value in dotenv_values(told).items():
        os.environ.setdefault(name, value or "")  # noqa: TID251 - it stands in for the environment
    return CommonSettings(**known)


def one_of(value: str, known: tuple[str, ...], what: str) -> str:
    """The value, if it is known; else a usage error that names what is."""
    if value not in known:
        raise typer.BadParameter(f"unknown {what} {value!r}; known: {', '.join(known)}")
    return value
