"""The JSON interface of letters, and their files."""

from fastapi import APIRouter

from services.notification.ports import Office
from services.notification.routes import files, letters

__all__ = ["routes"]


def routes(office: Office) -> list[APIRouter]:
    """All of it; the files first, as their addresses look like those of letters."""
    return [files.routes(office), letters.routes(office)]
