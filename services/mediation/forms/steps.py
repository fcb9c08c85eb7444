"""What a step may be given, and the version of the case that the person saw."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.mediation.domain.case import Step
from services.mediation.domain.corrections import UnknownFieldError
from services.mediation.use_cases.rules import packs
from shared.kernel import RuleError
from shared.record import limits
from shared.terms import spelled_out
from shared.text import clean, clean_words

Line = Annotated[str, BeforeValidator(lambda said: clean(said) if isinstance(said, str) else said)]
Words = Annotated[
    str, BeforeValidator(lambda said: clean_words(said) if isinstance(said, str) else said)
]
RESPONDENT = frozenset({"name", "uscc", "address", "phone", "email", "platform"})
FIELDS: Mapping[Step, frozenset[str]] = {
    Step.ACCEPT: frozenset({"note"}),
    Step.REFUSE: frozenset({"reason", "note"}),
    Step.NAME_RESPONDENT: RESPONDENT,
    Step.FORWARD: frozenset({"reply_due", "note", "consent_override"}),
    Step.RECORD_REPLY: frozenset({"text", "replied_on"}),
    Step.AGREE: frozenset({"text", "recovered_fen"}),
    Step.FAIL: frozenset({"reason", "text"}),
    Step.WITHDRAW: frozenset({"text"}),
    Step.CLOSE: frozenset({"note"}),
    Step.REOPEN: frozenset({"note"}),
    Step.ASSIGN: frozenset({"assignee", "unit"}),
    Step.TAKE: frozenset(),
    Step.AMEND: frozenset({"changes", "identity_checked"}),
    Step.NOTE: frozenset({"text"}),
}
"""What each step may be given."""


class VersionNeededError(RuleError):
    """A step must say which version of the case the person saw."""


def name_the_reasons(schema: dict[str, Any]) -> None:
    """Describe the reasons of the rule packs, each with its Chinese words."""
    refuse = {one.code: one.label.zh for pack in packs() for one in pack.refuse}
    fail = {one.code: one.label.zh for pack in packs() for one in pack.fail}
    schema["description"] = (
        f"The reason (理由) of `refuse` 不予受理: {spelled_out(refuse)}; "
        f"of `fail` 调解不成: {spelled_out(fail)}."
    )


class StepForm(BaseModel):
    """What a step is given; which fields it takes depends on the step (`GET …/steps`)."""

    model_config = ConfigDict(extra="forbid")

    note: Words | None = Field(default=None, max_length=limits.TEXT)
    text: Words | None = Field(default=None, max_length=limits.TEXT)
    reason: str | None = Field(default=None, max_length=60, json_schema_extra=name_the_reasons)
    reply_due: date | None = None
    consent_override: Words | None = Field(
        default=None,
        max_length=1000,
        description="Why it is forwarded although the complainant said no (仍然转送的理由).",
    )
    replied_on: date | None = None
    recovered_fen: int | None = Field(default=None, ge=0, le=limits.MOST_FEN)
    assignee: UUID | None = None
    unit: UUID | None = None
    changes: dict[str, str | int | None] | None = Field(default=None, max_length=40)
    identity_checked: bool = Field(
        default=False,
        description="Whether the identity document of who asks was checked (已核对身份证件).",
    )
    name: Line | None = Field(default=None, max_length=limits.LINE)
    uscc: Line | None = Field(default=None, max_length=limits.CODE)
    address: Line | None = Field(default=None, max_length=limits.LINE)
    phone: Line | None = Field(default=None, max_length=limits.PHONE)
    email: Line | None = Field(default=None, max_length=limits.EMAIL)
    platform: Line | None = Field(default=None, max_length=limits.LINE)

    def facts(self, step: Step) -> dict[str, Any]:
        """What was given, and nothing the step does not take. Raises UnknownFieldError."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        for name in given:
            if name not in FIELDS[step]:
                raise UnknownFieldError("这不是可以更正的项目。", pointer=f"/{name}")
        return given


def version_in(header: str | None) -> int | None:
    """The version that `If-Match` names; None for `*`. Raises VersionNeededError."""
    said = (header or "").strip().removeprefix("W/").strip('"')
    if said == "*":
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 9:  # noqa: PLR2004 - far beyond any
        raise VersionNeededError(
            "请在请求头 If-Match 里带上您看到的案件版本（version）。", pointer="/header/if-match"
        )
    return int(said)
