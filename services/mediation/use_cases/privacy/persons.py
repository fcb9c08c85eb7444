"""Finding everything about one person: by telephone or identity number, in the bodies in reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.tokens import normal
from services.mediation.ports import PersonAsked, Privacy
from services.mediation.tables import CaseLookupRow, CaseRow, SearchTextRow, SearchWantedRow
from services.mediation.use_cases.acting import no_such_case
from services.mediation.use_cases.privacy.copy.person import (
    Reporter,
    people_in,
    speakers_of,
    speaks_in,
)
from services.mediation.use_cases.privacy.errors import (
    IndexBehindError,
    NotTheirsError,
    SubjectNeededError,
)
from services.mediation.use_cases.privacy.requests import Subject
from services.mediation.use_cases.searching.generations import answering, generations
from services.mediation.use_cases.searching.looking import Asked, look
from services.mediation.use_cases.words import PHONE
from shared.record.identity import Claimed
from shared.text import code, normal_name, phone_key
from shared.vault import Vault
from shared.work import Database

MOST = 500
MOST_WAITING = 200
"""Cases without index entries that are looked at one by one."""
LOT = 200


@dataclass(frozen=True)
class Found:
    """A case that a person speaks in, and who they are there."""

    case: CaseRow
    reporter: Reporter | None = None
    """What is kept apart of them, where they reported (举报)."""


async def cases_of(
    database: Database, privacy: Privacy, who: Subject, bodies: Collection[str]
) -> Sequence[Found]:
    """The cases they speak in, as complainant, agent or one of several, and their reports.

    A telephone or an identity number finds them, and what else is said must agree: a number with
    another name is somebody else's. Respondents are left out: that is not a matter of theirs.
    Raises SubjectNeededError, IndexBehindError, Unanswered.
    """
    claimed = claimed_by(who)
    async with database.reading() as session:
        likely = await likely_cases(session, database.vault, claimed, bodies)
    mine = [Found(one) for one in await theirs(privacy, claimed, likely)]
    reports = await reports_of(privacy, who, bodies)
    if reports:
        async with database.reading() as session:
            wanted = select(CaseRow).where(CaseRow.complaint_id.in_(reports))
            rows = list(await session.scalars(wanted.order_by(CaseRow.number)))
        mine += [Found(one, reporter_in(reports[one.complaint_id])) for one in rows]
    return mine


def claimed_by(who: Subject) -> Claimed:
    """Who they say they are. Raises SubjectNeededError where that is not enough to find them."""
    if not phone_key(who.phone) and not code(who.id_number):
        if not normal_name(who.name):
            raise SubjectNeededError("请填写电话或者证件号码。", pointer="/phone")
        raise SubjectNeededError(
            "只有姓名不够，同名的人不止一个。请再写电话或者证件号码，或者写明是哪几件（编号）。",
            pointer="/phone",
        )
    return Claimed(who.name, who.phone, who.id_number)


def reporter_in(found: Mapping[str, Any]) -> Reporter:
    return Reporter(found["identity"], found["part"])


async def likely_cases(
    session: AsyncSession, vault: Vault, who: Claimed, bodies: Collection[str]
) -> Sequence[CaseRow]:
    """Cases whose index knows the telephone or the identity number, within these bodies.

    Raises IndexBehindError where too many cases have not got their entries yet.
    """
    phone, number = phone_key(who.phone), code(who.id_number)
    ids: set[UUID] = set()
    if phone:
        tokens = vault.blinds(PHONE, phone)
        mine = (CaseLookupRow.kind == PHONE) & CaseLookupRow.token.in_(tokens)
        ids |= set(await session.scalars(select(CaseLookupRow.case_id).where(mine)))
    for one in filter(None, (phone, number)):
        ids |= await worded(session, vault, normal(one).replace(" ", ""), bodies)
    wanted = select(CaseRow).where(CaseRow.id.in_(ids), CaseRow.body.in_(bodies))
    return (await session.scalars(wanted.order_by(CaseRow.number).limit(MOST))).all()


async def worded(
    session: AsyncSession, vault: Vault, word: str, bodies: Collection[str]
) -> set[UUID]:
    """Cases in whose searched words a number stands whole, and those that still wait for theirs.

    Raises IndexBehindError.
    """
    waiting = list(await session.scalars(select(SearchWantedRow.case_id).limit(MOST_WAITING + 1)))
    if len(waiting) > MOST_WAITING or await is_filling(session, vault):
        raise IndexBehindError("案件的索引还没有编完，现在找不全。请过几分钟再登记这项请求。")
    nobody = select(CaseLookupRow.case_id).where(false())
    within = [CaseRow.__table__.c.body.in_(bodies)]
    hits = await look(session, vault, Asked([word], nobody, within), None, MOST)
    return {*waiting, *(one.case_id for one in hits.found)}


async def is_filling(session: AsyncSession, vault: Vault) -> bool:
    """Whether there are words to search that the table which answers does not know yet."""
    table = answering(await generations(session), vault)
    if table is not None and table.complete:
        return False
    return await session.scalar(select(SearchTextRow.number).limit(1)) is not None


async def theirs(privacy: Privacy, who: Claimed, likely: Sequence[CaseRow]) -> list[CaseRow]:
    """Those of these cases that the person speaks in, as the records say. Raises Unanswered."""
    found = []
    for begin in range(0, len(likely), LOT):
        some = likely[begin : begin + LOT]
        records = await privacy.words([one.complaint_id for one in some])
        for one in some:
            record = records.get(one.complaint_id)
            if record and who.part_in(people_in(speakers_of(record))):
                found.append(one)
    return found


async def cases_named_by(
    database: Database,
    privacy: Privacy,
    who: Subject,
    numbers: Sequence[str],
    bodies: Collection[str],
) -> Sequence[CaseRow]:
    """The cases with these numbers, each of which somebody speaks in who may be this person.

    One wrong digit would otherwise give a stranger's data away. Who reported (举报) is found by a
    number of theirs alone, as nobody but intake knows them.
    Raises NoSuchCaseError, NotTheirsError, Unanswered.
    """
    async with database.reading() as session:
        named = await cases_numbered(session, numbers, bodies)
    claimed = Claimed(who.name, who.phone, who.id_number)
    records = await privacy.words([one.complaint_id for one in named])
    reported = await reports_of(privacy, who, bodies)
    for one in named:
        record = records.get(one.complaint_id)
        theirs = record is not None and speaks_in(people_in(speakers_of(record)), claimed)
        if not theirs and one.complaint_id not in reported:
            raise NotTheirsError(
                "编号为“{number}”的案件里没有这样的人：姓名、电话或者证件号码对不上。"
                "请核对编号和提出人的信息。",
                pointer="/numbers",
                number=one.number,
            )
    return named


async def reports_of(
    privacy: Privacy, who: Subject, bodies: Collection[str]
) -> dict[UUID, Mapping[str, Any]]:
    """The complaints in which they reported something (举报); none for a name alone."""
    if not phone_key(who.phone) and not code(who.id_number):
        return {}
    asked = PersonAsked(who.name or None, who.phone or None, who.id_number or None, list(bodies))
    return {one["complaint_id"]: one for one in await privacy.reported_by(asked)}


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
