"""Asking why somebody looks at what is masked: for programs, and for the dialog of pages."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from shared.masks.reasons import LONGEST, Reason, Why
from shared.web.requests import language_of


class WhyForm(BaseModel):
    """Why somebody looks, in the body and never in the address."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=40, description="Why (查看理由): " + Reason.described())
    note: str = Field(default="", max_length=LONGEST)

    def why(self) -> Why:
        return Why(self.reason, self.note)


def why_in(typed: Mapping[str, str]) -> Why:
    """What was typed into the dialog."""
    return Why(typed.get("reason", ""), typed.get("note", ""))


def asked_why(
    request: Request, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> dict[str, Any]:
    """What the dialog needs (`macros/why.html`)."""
    choices = Reason.choices(language_of(request))
    return {"why_reasons": choices, "why_typed": typed, "why_wrong": wrong}
