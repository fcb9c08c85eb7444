"""Impact assessments (个人信息保护影响评估, 个人信息保护法 art. 55-56): one per purpose, kept."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.retention import after
from services.mediation.tables import SEALED_ASSESSMENT, AssessmentRow, StaffRow
from services.mediation.use_cases.privacy.errors import (
    NoSuchThingError,
    ReasonNeededError,
    SavedMeanwhileError,
    TooLongError,
)
from services.mediation.use_cases.privacy.holds import Officer
from shared.clock import local_day
from shared.ids import uuid7
from shared.kernel import RuleErrors
from shared.rights import Action
from shared.text import clean_words
from shared.trail import Chain, Deed, Said, note
from shared.vault import Vault
from shared.work import Work

FILE = Path(__file__).parents[2] / "keeping" / "assessments.yaml"
PARTS = ("kinds", "necessity", "impact", "measures")
"""What art. 56 asks to be assessed: lawful and necessary, impact and risk, measures."""
LONGEST = 4000
DRAFT, RECORDED, DUE = "draft", "recorded", "due"


@dataclass(frozen=True)
class Assessment:
    """What stands for one purpose in one body: recorded, or the draft that is shipped."""

    purpose: str
    name: Mapping[str, str]
    parts: Mapping[str, str]
    version: int = 0
    """0: nobody of the body has recorded one yet."""
    assessor: UUID | None = None
    assessor_name: str = ""
    """Filled in where older versions are looked at."""
    assessed_on: date | None = None
    review_on: date | None = None

    def state(self, today: date) -> str:
        """A draft, recorded, or due to be looked at again."""
        if self.review_on is None:
            return DRAFT
        return DUE if self.review_on <= today else RECORDED


@cache
def drafts() -> Mapping[str, Any]:
    """The drafts that are shipped, and after how many months each is looked at again."""
    data: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return data


def purposes() -> Mapping[str, Mapping[str, Any]]:
    """The drafts by the codes of their purposes."""
    return {one["code"]: one for one in drafts()["purposes"]}


def draft(code: str) -> Assessment:
    """The draft for a purpose. Raises NoSuchThingError."""
    one = purposes().get(code)
    if one is None:
        raise NoSuchThingError("没有这一项处理目的。")
    return Assessment(code, one["name"], {name: one[name] for name in PARTS})


async def record(
    work: Work, body: str, purpose: str, parts: Mapping[str, str], officer: Officer
) -> int:
    """Record an assessment for a body, as a new version; the older ones stay. Its number.

    Raises NotAllowedError, NoSuchThingError, RuleErrors, SavedMeanwhileError.
    """
    doer = officer.doing(Action.PRIVACY_ANSWER, body)
    base = draft(purpose)
    said = tidy(parts)
    today = local_day(work.now)
    last = select(func.max(AssessmentRow.version))
    ours = last.where(AssessmentRow.body == body, AssessmentRow.purpose == purpose)
    version = (await work.session.scalar(ours) or 0) + 1
    identity = uuid7()
    row = {
        "id": identity,
        "body": body,
        "purpose": purpose,
        "version": version,
        "content": work.vault.seal(dumped(said), SEALED_ASSESSMENT, identity),
        "assessor": officer.id,
        "assessed_on": today,
        "review_on": after(today, drafts()["review_months"]),
        "made_at": work.now,
    }
    if not await work.insert_new(AssessmentRow, [row], ["id"]):
        raise SavedMeanwhileError("刚刚有人给这项目的记录了新的一版。请看过那一版以后再记录。")
    values = {"purpose": base.purpose, "version": version, "review_on": row["review_on"]}
    deed = Said(Deed.ASSESSMENT_RECORDED.value, values)
    await note(work, Chain("retention", body), doer, deed)
    return version


def tidy(parts: Mapping[str, str]) -> dict[str, str]:
    """Raises RuleErrors where a part is missing or too long."""
    said = {name: clean_words(parts.get(name) or "") for name in PARTS}
    faults: list[Any] = [
        ReasonNeededError("这一项要写。", pointer=f"/{name}")
        for name, text in said.items()
        if not text
    ]
    faults += [
        TooLongError("最多{most}个字。", pointer=f"/{name}", most=LONGEST)
        for name, text in said.items()
        if len(text) > LONGEST
    ]
    if faults:
        raise RuleErrors(faults)
    return said


async def standing(session: AsyncSession, vault: Vault, body: str) -> Sequence[Assessment]:
    """What stands for each purpose in a body."""
    rows = await session.scalars(
        select(AssessmentRow).where(AssessmentRow.body == body).order_by(AssessmentRow.version)
    )
    newest = {row.purpose: recorded(vault, row) for row in rows}
    return [newest.get(code) or draft(code) for code in purposes()]


def recorded(vault: Vault, row: AssessmentRow) -> Assessment:
    return Assessment(
        purpose=row.purpose,
        name=draft(row.purpose).name,
        parts=json.loads(vault.open(row.content, row.id)),
        version=row.version,
        assessor=row.assessor,
        assessed_on=row.assessed_on,
        review_on=row.review_on,
    )


async def versions(
    session: AsyncSession, vault: Vault, body: str, purpose: str
) -> Sequence[Assessment]:
    """All that was ever recorded for a purpose in a body, the newest first, with who assessed."""
    rows = await session.execute(
        select(AssessmentRow, StaffRow.display)
        .outerjoin(StaffRow, StaffRow.id == AssessmentRow.assessor)
        .where(AssessmentRow.body == body, AssessmentRow.purpose == purpose)
        .order_by(AssessmentRow.version.desc())
    )
    return [replace(recorded(vault, row), assessor_name=name or "") for row, name in rows]


async def reviews_due(session: AsyncSession, bodies: Collection[str], today: date) -> int:
    """How many purposes of these bodies are to be looked at again."""
    newest = (
        select(func.max(AssessmentRow.review_on).label("review_on"))
        .where(AssessmentRow.body.in_(bodies))
        .group_by(AssessmentRow.body, AssessmentRow.purpose)
        .subquery()
    )
    counted = select(func.count()).select_from(newest).where(newest.c.review_on <= today)
    return await session.scalar(counted) or 0


def dumped(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
