"""A form on its way: its hidden key, what was typed, what is wrong with it."""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(frozen=True)
class Draft:
    """A form on its way."""

    key: str
    typed: Any
    wrong: dict[str, str]


def new_key() -> str:
    """A key that nobody guesses, under which files wait and a form is sent once."""
    return secrets.token_urlsafe(24)


def key_of(form: FormData) -> str:
    """The form's hidden key; a new one where it was lost."""
    typed = form.get("form_key")
    return typed if isinstance(typed, str) and KEY.fullmatch(typed) else new_key()


def id_in(typed: Any) -> UUID | None:
    try:
        return UUID(typed) if isinstance(typed, str) else None
    except ValueError:
        return None


def text_in(form: FormData | dict[str, Any], name: str, most: int = 100) -> str:
    """A field of a form, cut off; empty where it is none."""
    typed = form.get(name)
    return typed[:most] if isinstance(typed, str) else ""
