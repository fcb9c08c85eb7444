"""The fields that the parts of a complaint are made of, tidied while they are read."""

from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    StringConstraints,
)

from shared.i18n import N_
from shared.record import limits
from shared.text import clean, clean_words, code, folded, normal_phone

LONGEST_INSTANT = 40


def line(text: str) -> str | None:
    return clean(text) or None


def phone(text: str) -> str | None:
    return normal_phone(text) or (clean(text) or None)


def upper_code(text: str) -> str | None:
    return code(text) or None


def email(text: str) -> str | None:
    return folded(text) or None


def written(value: Any) -> Any:
    """Days and instants are text, never counted seconds; wide digits pass."""
    if isinstance(value, str):
        return folded(value) if len(value) <= LONGEST_INSTANT else value
    if isinstance(value, date):
        return value
    raise ValueError(N_("日期要写成2026-11-01的样子。"))


Short = Annotated[str, StringConstraints(max_length=limits.SHORT), AfterValidator(line)]
Line = Annotated[str, StringConstraints(max_length=limits.LINE), AfterValidator(line)]
Long = Annotated[str, StringConstraints(max_length=1000), AfterValidator(line)]
Phone = Annotated[str, StringConstraints(max_length=limits.PHONE), AfterValidator(phone)]
Email = Annotated[str, StringConstraints(max_length=limits.EMAIL), AfterValidator(email)]
Code = Annotated[str, StringConstraints(max_length=limits.CODE), AfterValidator(upper_code)]
Text = Annotated[str, StringConstraints(max_length=limits.TEXT), AfterValidator(clean_words)]
Fen = Annotated[int, Strict()]
Tick = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(written)]
Instant = Annotated[AwareDatetime, BeforeValidator(written)]
Source = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]


class Form(BaseModel):
    """What all parts have in common: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")
