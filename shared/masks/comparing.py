"""Masks that come back: in a form that was sent again, in a PATCH."""

from collections.abc import Iterable

from shared.masks.names import starred_name
from shared.masks.signs import STARS
from shared.masks.texts import masked_text
from shared.masks.values import (
    masked_account,
    masked_address,
    masked_email,
    masked_id,
    masked_phone,
    masked_plate,
)
from shared.text import clean, clean_words

_PLAIN = dict.fromkeys(map(ord, STARS), "*")
ALL = (
    starred_name,
    masked_phone,
    masked_email,
    masked_id,
    masked_address,
    masked_account,
    masked_plate,
)


def is_mask_of(value: str, secret: str | None, names: Iterable[str] = ()) -> bool:
    """Whether a value is what somebody was shown in place of the secret: it changes nothing.

    `names` are those that are hidden in running text.
    """
    if not secret or "*" not in plain_stars(value):
        return False
    typed = clean(plain_stars(value))
    if any(typed == clean(plain_stars(mask(secret))) for mask in ALL):
        return True
    return clean_words(plain_stars(value)) == clean_words(plain_stars(masked_text(secret, names)))


def looks_masked(value: str) -> bool:
    """Whether a name, number or address can only be a mask: nobody keeps it as if it were one."""
    return "*" in plain_stars(value)


def plain_stars(value: str) -> str:
    """Stars of any width, height and script as plain ones."""
    return value.translate(_PLAIN)
