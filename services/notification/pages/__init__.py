"""Pages for people: the desk of letters, one letter, the mail that waits, verification."""

from fastapi import APIRouter

from services.notification.pages import desk, letter, verify
from services.notification.ports import Office

__all__ = ["pages"]


def pages(office: Office) -> list[APIRouter]:
    """All pages of notification."""
    return [desk.routes(office), letter.routes(office), verify.router]
