"""What people may send: the fields of each step, the filters of a list, the version they saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.mediation.domain.case import State, Step
from services.mediation.domain.corrections import UnknownFieldError
from services.mediation.use_cases import desk
from services.mediation.use_cases.allowing import Seen
from services.mediation.use_cases.finding import On
from services.mediation.use_cases.labels import STATES
from services.mediation.use_cases.rules import packs
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.record import limits
from shared.terms import Channel, Kind, Term, spelled_out
from shared.text import clean, clean_words
from shared.web.paging import UnreadableCursorError, decode_cursor, encode_cursor

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
    Step.AMEND: frozenset({"changes"}),
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
                raise UnknownFieldError(
                    "「{field}」不是可以更正的项目。", pointer=f"/{name}", field=name
                )
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


class UnknownCodeError(RuleError):
    """A channel or kind that is on no list."""


class UnknownStateError(RuleError):
    """A state that no case can have."""


@dataclass(frozen=True)
class Listing:
    """What a list may be narrowed to; the query of the desk, its ledger and the API."""

    bodies: tuple[str, ...]

    def within(self, seen: Seen, chosen: str | None) -> tuple[str, ...]:
        """The bodies of which a person may see something, narrowed to the one they chose."""
        touched = tuple(one for one in self.bodies if seen.reach.touches(one))
        return tuple(one for one in touched if one == chosen) if chosen else touched


def listing_of(bodies: Bodies) -> Listing:
    """Everything this installation lists."""
    return Listing(tuple(body.code for body in bodies.known))


class CaseQuery(BaseModel):
    """The filters of a list. Pages overlook what they do not know; the API refuses it."""

    model_config = ConfigDict(extra="ignore")

    state: str | None = Field(
        default=None,
        description=f"State (案件状态): {spelled_out(STATES)}; or `open` 在办; `all` 全部.",
    )
    due_before: date | None = Field(default=None, description="Due before this day.")
    q: str | None = Field(
        default=None,
        max_length=100,
        description="A number, a phone, an ID number, a full name; or words of the complaint, each "
        "of two characters or more: all of them must stand in it, and the newest come first.",
    )
    body: str | None = Field(default=None, max_length=40)
    channel: str | None = Field(
        default=None, max_length=40, description="Channel (渠道): " + Channel.described()
    )
    kind: str | None = Field(
        default=None, max_length=40, description="Kind (事项性质): " + Kind.described()
    )
    assignee: UUID | None = None
    cursor: str | None = Field(default=None, max_length=300)
    limit: int = Field(default=desk.PAGE, ge=1, le=200)

    def filters(self, listing: Listing, seen: Seen) -> desk.Filters:
        """The same as the desk understands it. Raises UnknownStateError, UnknownCodeError."""
        if self.state and self.state not in {"open", "all", *(one.value for one in State)}:
            raise UnknownStateError(
                "没有「{state}」这种状态。", pointer="/query/state", state=clean(self.state)[:40]
            )
        return desk.Filters(
            bodies=listing.within(seen, self.body or None),
            seen=seen,
            state=self.state or None,
            channel=known("channel", Channel, self.channel),
            kind=known("kind", Kind, self.kind),
            assignee=self.assignee,
            due_before=self.due_before,
            q=clean(self.q or "") or None,
        )

    def after(self) -> On | None:
        """Where the page begins. Raises UnreadableCursorError."""
        if not self.cursor:
            return None
        day, case = decode_cursor(self.cursor, 2)
        try:
            return int(str(case)) if day == FOUND else place_of(str(day), str(case))
        except ValueError:
            raise UnreadableCursorError(
                "翻页的位置不对，请从第一页开始。", pointer="/query/cursor"
            ) from None


def place_of(day: str, case: str) -> desk.Place:
    """A place on the desk. Raises ValueError."""
    return date.fromisoformat(day), UUID(case)


def known(name: str, terms: type[Term], code: str | None) -> str | None:
    """A code of the query, if it is one. Raises UnknownCodeError."""
    if not code:
        return None
    if code not in {one.value for one in terms}:
        raise UnknownCodeError(
            "没有「{code}」这个代码。", pointer=f"/query/{name}", code=clean(code)[:40]
        )
    return code


FOUND = "found"
"""What stands in the cursor of a page of hits instead of a day."""


def cursor_of(on: On | None) -> str | None:
    """The cursor of where a page ended, for the next one."""
    match on:
        case None:
            return None
        case int():
            return encode_cursor([FOUND, str(on)])
        case day, case_id:
            return encode_cursor([day.isoformat(), str(case_id)])
