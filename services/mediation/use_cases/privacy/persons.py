"""Finding everything about one person: by telephone or name, in all bodies within reach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import PersonAsked, Privacy
from services.mediation.tables import CaseLookupRow, CaseRow
from services.mediation.use_cases.acting import no_such_case
from services.mediation.use_cases.privacy.errors import SubjectNeededError
from services.mediation.use_cases.privacy.requests import Subject
from services.mediation.use_cases.words import NAME, PHONE, copy_in
from shared.text import normal_name, phone_key
from shared.vault import Vault
from shared.work import Database

MOST = 500


@dataclass(frozen=True)
class Found:
    """A case that a person speaks in, and who they are there."""

    case: CaseRow
    reporter: dict[str, Any] | None = None
    """What is kept apart of them, where they reported (举报)."""


async def cases_of(
    database: Database, privacy: Privacy, who: Subject, bodies: Collection[str]
) -> Sequence[Found]:
    """Their cases as complainants, and their reports. Raises SubjectNeededError, Unanswered.

    Telephone and name, where both are given, must both agree; so must the identity number of a
    reporter. A respondent of the same name is somebody else's business, and is left out.
    """
    phone, name = phone_key(who.phone), normal_name(who.name)
    if not phone and not name:
        raise SubjectNeededError("请填写电话或者姓名。", pointer="/phone")
    if not phone:
        raise SubjectNeededError(
            "只有姓名不够，同名的人不止一个。请再写电话，或者写明是哪几件（编号）。",
            pointer="/phone",
        )
    async with database.reading() as session:
        likely = await by_index(session, database.vault, phone, name, bodies)
        mine = [Found(one) for one in likely if await is_theirs(session, database.vault, one, who)]
    asked = PersonAsked(who.name or None, who.phone or None, who.id_number or None, list(bodies))
    reports = {one["complaint_id"]: one["identity"] for one in await privacy.reported_by(asked)}
    if reports:
        async with database.reading() as session:
            wanted = select(CaseRow).where(CaseRow.complaint_id.in_(reports))
            rows = await session.scalars(wanted.order_by(CaseRow.number))
            mine += [Found(one, reports[one.complaint_id]) for one in rows]
    return mine


async def by_index(
    session: AsyncSession, vault: Vault, phone: str | None, name: str, bodies: Collection[str]
) -> Sequence[CaseRow]:
    """Cases in which this telephone, or this name, belongs to one of the parties."""
    kinds = [(PHONE, phone)] if phone else [(NAME, name)]
    entries = or_(
        *(
            (CaseLookupRow.kind == kind) & CaseLookupRow.token.in_(vault.blinds(kind, value))
            for kind, value in kinds
            if value
        )
    )
    ids = select(CaseLookupRow.case_id).where(entries)
    wanted = select(CaseRow).where(CaseRow.id.in_(ids), CaseRow.body.in_(bodies))
    return (await session.scalars(wanted.order_by(CaseRow.number).limit(MOST))).all()


async def is_theirs(session: AsyncSession, vault: Vault, case: CaseRow, who: Subject) -> bool:
    """Whether the complainant of the case is this person, as far as we were told."""
    complainant = (await copy_in(session, vault, case.id))["complainant"]
    same_phone = not who.phone or phone_key(complainant["phone"] or "") == phone_key(who.phone)
    same_name = not who.name or normal_name(complainant["name"] or "") == normal_name(who.name)
    return bool(same_phone and same_name)


async def cases_numbered(
    session: AsyncSession, numbers: Sequence[str], bodies: Collection[str]
) -> Sequence[CaseRow]:
    """The cases with these numbers.

    Raises NoSuchCaseError for the first that does not exist or is out of reach: who asks for three
    and is told of two would not know it.
    """
    wanted = select(CaseRow).where(CaseRow.number.in_(numbers)).order_by(CaseRow.number)
    found = {one.number: one for one in await session.scalars(wanted)}
    for number in numbers:
        case = found.get(number)
        if case is None or case.body not in bodies:
            raise no_such_case(number).beyond("case", case.id if case else None)
    return list(found.values())


def ids_of(found: Sequence[Found]) -> list[UUID]:
    """The complaints that were found."""
    return [one.case.complaint_id for one in found]
