"""The privacy notice (隐私告知) beside fields that ask for data, and which version it was.

Whoever handles the data is named before they are given (个人信息保护法 art. 17); that it was shown
is proved by the version that comes back with the form.
"""

from typing import Any

from fastapi import Request

from services.intake.pages.form import notice_for
from services.intake.use_cases.checking import is_notice_of
from shared.bodies import Body
from shared.work import Database

SEEN = "privacy_notice"
"""The hidden field with the version that stood beside the fields."""


def beside(body: Body | None, request: Request, database: Database) -> dict[str, Any]:
    """The notice in force at a body, for its line beside the fields; none: there is none."""
    return notice_for(body, request, database) if body else {"notice": None}


def seen_in(version: str, body: Body | None) -> str | None:
    """The version that was shown, if that body has, or had, such a notice."""
    return version if is_notice_of(version, body) else None
