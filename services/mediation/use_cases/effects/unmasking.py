"""Masks that come back with a correction: what they hide stays, and no star takes its place."""

from collections.abc import Mapping
from typing import Any

from services.mediation.use_cases.effects.act import Stood
from shared.kernel import RuleError, RuleErrors
from shared.masks import StarsError, is_mask_of, looks_masked, plain_stars
from shared.text import clean, clean_words

RUNNING = "/matter/"
"""Where fields hold words that people write, and not one name or number each."""


class MaskedValueError(RuleError):
    """A value that can only be a mask would destroy what it hides."""


def unmasked(changes: Mapping[str, Any], stood: Stood) -> dict[str, Any]:
    """The changes as they are meant, without those that only send back what was shown.

    In running text masks that stand as they were shown stay what they hide, whatever else is
    changed. Raises RuleErrors where another star is written: nobody knows what it hides.
    """
    kept: dict[str, Any] = {}
    faults: list[RuleError] = []
    for pointer, value in changes.items():
        before = text_of(stood.values.get(pointer))
        try:
            meant = meant_by(pointer, value, before, stood) if isinstance(value, str) else value
        except StarsError:
            faults.append(refused(pointer))
        else:
            if meant == value or meant != before:
                kept[pointer] = meant
    if faults:
        raise RuleErrors(faults)
    return kept


def meant_by(pointer: str, typed: str, before: str | None, stood: Stood) -> str:
    """What was typed, with what its masks hide. Raises StarsError."""
    if not looks_masked(typed) or typed == before:
        return typed
    if before is None:
        raise StarsError
    if pointer.startswith(RUNNING):
        plain = plain_stars(typed) if plain_stars(before) == before else typed
        return stood.secrets.veiled(before).edited(clean_words(plain))
    if clean(typed) == clean(before) or is_mask_of(typed, before, stood.secrets.names):
        return before
    raise StarsError


def refused(pointer: str) -> MaskedValueError:
    """What is wrong with the stars of one field, and how to mend it."""
    if pointer.startswith(RUNNING):
        return MaskedValueError(
            "星号和页面上显示的不一样，保存会丢失隐去的原文。请把带星号的地方照原样留着，只改别处；"
            "或者先点「查看」打开原文再改。",
            pointer=pointer,
        )
    return MaskedValueError(
        "带星号的内容是隐去的，保存会丢失原文。请先点「查看」打开原文再改，或者不改这一项。",
        pointer=pointer,
    )


def text_of(value: Any) -> str | None:
    """A text, if it is one."""
    return value if isinstance(value, str) else None
