"""What intake answers to programs: receipts, records, standings, in JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.intake.use_cases.receipts import Receipt
from shared.clock import SHANGHAI
from shared.i18n import N_
from shared.terms import FAILURES, REFUSALS, Kind, Reason, spelled_out
from shared.terms.cases import State

NEXT = N_(
    "工作人员会在7个工作日内决定是否受理。最晚是哪一天，几分钟后在进度页上看得到；结果也在那里。"
)
NEXT_OTHERS: dict[str, str] = {
    Kind.REPORT: N_("工作人员会核对举报的内容，办到哪一步在进度页上可以查到。"),
    Kind.INQUIRY: N_("工作人员会办理您的咨询，办到哪一步在进度页上可以查到。"),
    Kind.SUGGESTION: N_("谢谢您的建议，工作人员会转给有关的人。"),
    Kind.PRAISE: N_("谢谢您的表扬，工作人员会转告有关的人。"),
    Kind.HELP: N_("工作人员会尽快联系您。"),
}


def next_of(kind: str) -> str:
    """What happens next, and by when, as a sentence to translate."""
    return NEXT_OTHERS.get(kind, NEXT)


class ReceiptOut(BaseModel):
    """The receipt of a complaint (回执)."""

    id: UUID
    number: str = Field(description="Public number (投诉编号).", examples=["261122-7KQ4M2XD9"])
    query_code: str = Field(
        description="Query code (查询码): with the number it opens the status page.",
        examples=["7KQ4M2XD9RTB"],
    )
    received_at: datetime
    status_url: str = Field(description="Where to ask, with number and code, by POST (进度查询).")
    next: str = Field(description="What happens next, and by when.")


def receipt_json(receipt: Receipt, status_url: str, following: str) -> dict[str, Any]:
    """The receipt as JSON, instants in Shanghai."""
    return {
        "id": str(receipt.id),
        "number": receipt.number,
        "query_code": receipt.query_code,
        "received_at": receipt.received_at.astimezone(SHANGHAI).isoformat(),
        "status_url": status_url,
        "next": following,
    }


class Wrong(BaseModel):
    """One thing to mend: JSON pointer of the field, sentence, name of the rule."""

    pointer: str | None = None
    detail: str
    code: str


class ItemOut(BaseModel):
    """The answer to one item of a batch: its receipt, or what must be mended."""

    index: int
    outcome: Literal["created", "known", "refused"] = Field(
        description="What became of it: `created` 已登记; `known` 以前已经登记; `refused` 未登记."
    )
    status: int = Field(description="201 created or known, 409 same key but another body, 422.")
    receipt: ReceiptOut | None = None
    errors: list[Wrong] = []


class BatchOut(BaseModel):
    """The answers, in the order of the items."""

    items: list[ItemOut]


class FilesOut(BaseModel):
    """How many files a complaint has now."""

    files: int


def spelled(reasons: Mapping[str, Reason]) -> str:
    """The codes of reasons with their words, for the description of the interface."""
    return spelled_out({one.code: one.zh for one in reasons.values()})


class ReasonOut(BaseModel):
    """Why a complaint was not accepted (不予受理), or why no settlement came about (调解不成)."""

    code: str = Field(
        description=f"The reason (理由) of 不予受理: {spelled(REFUSALS)}; "
        f"of 调解不成: {spelled(FAILURES)}."
    )
    label: str = Field(description="The reason in words, in the language asked for.")
    article: str = Field(description="The article it stands in (依据).")


def refused_for(code: str | None, language: str) -> ReasonOut | None:
    """Why it was refused; None where it was not, or for a reason that we do not know."""
    return in_words(REFUSALS.get(code or ""), language)


def failed_for(code: str | None, language: str) -> ReasonOut | None:
    """Why the mediation failed; None where it did not, or for a reason that we do not know."""
    return in_words(FAILURES.get(code or ""), language)


def in_words(known: Reason | None, language: str) -> ReasonOut | None:
    """A reason as people read it."""
    if known is None:
        return None
    return ReasonOut(code=known.code, label=known.label(language), article=known.article(language))


class StandingOut(BaseModel):
    """Where a complaint stands (办理进度)."""

    number: str
    state: State
    outcome: str | None = Field(
        None,
        description="How it was closed (办理结果): `agreed` 达成协议; `failed` 调解不成; "
        "`withdrawn` 撤回; `refused` 不予受理.",
    )
    refused_for: ReasonOut | None = Field(
        None, description="Why it was not accepted (不予受理的理由); nothing unless it was refused."
    )
    failed_for: ReasonOut | None = Field(
        None, description="Why mediation failed (调解不成的理由); nothing unless it did."
    )
    received_at: datetime
    due_on: date | None = Field(None, description="The legal day of what comes next (期限).")
    due_for: str | None = Field(
        None,
        description="What it is the day of: `accept` 决定是否受理; `forward` 转送商家; "
        "`reply` 商家答复; `mediate` 调解.",
    )
    provisional: bool = Field(
        False,  # noqa: FBT003 - a default
        description="Whether that day may still move (暂定): holidays are not announced yet.",
    )
    withdrawn_at: datetime | None = None
    files: int
