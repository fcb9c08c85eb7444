"""Finding everything about one person: by telephone or identity number, in the bodies in reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import PersonAsked, Privacy
from services.mediation.tables import CaseRow, WordsWantedRow
from services.mediation.use_cases.cases import no_such_case
from services.mediation.use_cases.lookups import ID_NUMBER, PHONE, known_as
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
    TooManyFoundError,
)
from services.mediation.use_cases.privacy.requests import Subject
from shared.record.identity import Claimed
from shared.text import code, normal_name, phone_key
from shared.vault import Vault
from shared.work import Database

MOST = 5_000
"""Cases that one request may be about: more are asked for by their numbers."""
MOST_WAITING = 200
"""Cases whose words are still to come from intake, which are looked at one by one."""
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
    Raises SubjectNeededError, IndexBehindError, TooManyFoundError, Unanswered.
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

    And those whose words, and so their index, have not come from intake yet. All or nothing: a copy
    or an erasure of a part would be taken for the whole.
    Raises IndexBehindError, TooManyFoundError.
    """
    known = known_as(vault, {PHONE: who.phone, ID_NUMBER: who.id_number})
    likely = or_(CaseRow.id.in_(known), CaseRow.id.in_(await still_to_come(session, bodies)))
    wanted = select(CaseRow).where(likely, CaseRow.body.in_(bodies))
    found = (await session.scalars(wanted.order_by(CaseRow.number).limit(MOST + 1))).all()
    if len(found) > MOST:
        raise TooManyFoundError(
            "可能是这个人的案件超过{most}件，一项请求办不完。请写明编号，分成几项请求登记。",
            pointer="/numbers",
            most=MOST,
        )
    return found


async def still_to_come(session: AsyncSession, bodies: Collection[str]) -> Sequence[UUID]:
    """Cases of these bodies whose words are wanted from intake; not those it does not know.

    Raises IndexBehindError.
    """
    wanted = select(WordsWantedRow.case_id).join(CaseRow, CaseRow.id == WordsWantedRow.case_id)
    here = wanted.where(WordsWantedRow.tries == 0, CaseRow.body.in_(bodies))
    waiting = (await session.scalars(here.limit(MOST_WAITING + 1))).all()
    if len(waiting) > MOST_WAITING:
        raise IndexBehindError("案件的索引还没有编完，现在找不全。请过几分钟再登记这项请求。")
    return waiting


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
                "编号为“{number}”的案件里没有这样的人：姓名、电话或者证件号码对不上，或者没有填写登记过的"
                "电话、证件号码。请核对编号和提出人的信息。",
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
