"""What persons ask for (个人信息保护法 art. 45, 47): taken down, and found again."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import (
    SEALED_SUBJECT,
    CaseRow,
    PrivacyRequestRow,
)
from services.mediation.use_cases.privacy.errors import (
    NoSuchThingError,
    NothingFoundError,
    SeveralBodiesError,
    SubjectNeededError,
)
from services.mediation.use_cases.privacy.holds import Officer
from shared.i18n import N_
from shared.ids import uuid7
from shared.kernel import RuleErrors
from shared.rights import Action, Reach
from shared.text import clean
from shared.trail import Chain, Deed, Said, note
from shared.vault import Vault
from shared.work import Work

ERASURE, COPY = "erasure", "copy"
ASKED, MAKING, DONE, REFUSED = "asked", "making", "done", "refused"
LONGEST = 500
MOST = 100
ERASED = "erased"


@dataclass(frozen=True)
class Subject:
    """Who asks, how it was made sure that it is they, and what they said."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    checked: str = ""
    """How their identity was checked."""
    said: str = ""
    language: str = "zh"
    """zh or en: the language of a copy."""

    def tidy(self) -> "Subject":
        """Without blanks. Raises RuleErrors with everything that is lacking."""
        one = Subject(**{name: clean(text)[:LONGEST] for name, text in asdict(self).items()})
        faults = [
            SubjectNeededError(sentence, pointer=f"/{name}")
            for name, value, sentence in (
                ("name", one.name, N_("请写明是谁提出的。")),
                ("checked", one.checked, N_("请写明怎样核对了身份，例如看了哪种证件。")),
            )
            if not value
        ]
        if faults:
            raise RuleErrors(list(faults))
        return one


async def take_down_each(
    work: Work, kind: str, subject: Subject, cases: Sequence[CaseRow], officer: Officer
) -> Sequence[UUID]:
    """Take down what a person asks for, one request for each body that has cases of theirs.

    Raises RuleErrors, NothingFoundError, NotAllowedError.
    """
    bodies = sorted({one.body for one in cases}) or [""]
    of = {body: [one for one in cases if one.body == body] for body in bodies}
    return [await take_down(work, kind, subject, of[body], officer) for body in bodies]


async def take_down(
    work: Work, kind: str, subject: Subject, cases: Sequence[CaseRow], officer: Officer
) -> UUID:
    """Take down what a person asks for of one body.

    A copy needs no second person; an erasure is decided by another one. Who decides and who fetches
    needs the right in the request's body, so it holds cases of no other.
    Raises RuleErrors, NothingFoundError, SeveralBodiesError, NotAllowedError.
    """
    who = subject.tidy()
    if not cases:
        raise NothingFoundError(
            "没有找到这个人的案件，请核对编号、电话或者姓名。", pointer="/cases"
        )
    if len({one.body for one in cases}) > 1:
        raise SeveralBodiesError(
            "一项请求只能关于一个机构的案件，请按机构分开登记。", pointer="/cases"
        )
    doer = officer.doing(Action.PRIVACY_ANSWER, cases[0].body)
    identity = uuid7()
    sealed = work.vault.seal(dumped(asdict(who)), SEALED_SUBJECT, identity)
    row = PrivacyRequestRow(
        id=identity,
        body=cases[0].body,
        kind=kind,
        state=ASKED if kind == ERASURE else MAKING,
        subject=sealed,
        cases=sorted(str(one.id) for one in cases),
        asked_by=officer.id,
        asked_at=work.now,
        outcome={},
    )
    work.session.add(row)
    asked = Deed.ERASURE_ASKED if kind == ERASURE else Deed.COPY_ASKED
    said = {"cases": row.cases, "checked": who.checked}
    await note(work, chain_of(identity), doer, Said(asked, said))
    if kind != ERASURE:
        work.wake("make_copies")
    return identity


async def locked_request(work: Work, request: UUID, officer: Officer) -> PrivacyRequestRow:
    """A request within reach, for this transaction alone. Raises NoSuchThingError."""
    row = await work.session.get(PrivacyRequestRow, request, with_for_update=True)
    if row is None or not officer.rights.reach(Action.PRIVACY_ANSWER).whole(row.body):
        raise no_such_request(row)
    return row


async def request_of(session: AsyncSession, request: UUID, reach: Reach) -> PrivacyRequestRow:
    """A request within reach. Raises NoSuchThingError."""
    row = await session.get(PrivacyRequestRow, request)
    if row is None or not reach.whole(row.body):
        raise no_such_request(row)
    return row


def no_such_request(row: PrivacyRequestRow | None) -> NoSuchThingError:
    """The same whether there is none or it is out of reach."""
    return NoSuchThingError("没有这项请求。").beyond("request", row.id if row else None)


async def newest(session: AsyncSession, bodies: Collection[str]) -> list[PrivacyRequestRow]:
    """The newest requests of these bodies, before all others those that wait for a decision."""
    of = PrivacyRequestRow
    wanted = select(of).where(of.body.in_(bodies)).limit(MOST)
    return list(await session.scalars(wanted.order_by((of.state == ASKED).desc(), of.id.desc())))


async def first_numbers(
    session: AsyncSession, rows: Collection[PrivacyRequestRow]
) -> dict[UUID, str]:
    """For each of these requests the number of one of its cases, by which people know it."""
    first = {row.id: UUID(row.cases[0]) for row in rows if row.cases}
    wanted = select(CaseRow.id, CaseRow.number).where(CaseRow.id.in_(first.values()))
    numbers = {row.id: row.number for row in await session.execute(wanted)}
    return {request: numbers[case] for request, case in first.items() if case in numbers}


async def cases_named(session: AsyncSession, ids: Sequence[str]) -> list[CaseRow]:
    """The cases of a request, by number."""
    wanted = select(CaseRow).where(CaseRow.id.in_([UUID(one) for one in ids]))
    return list(await session.scalars(wanted.order_by(CaseRow.number)))


def subject_of(vault: Vault, row: PrivacyRequestRow) -> Subject | None:
    """Who asks; None once the request was carried out."""
    return None if row.subject is None else Subject(**json.loads(vault.open(row.subject, row.id)))


def decision_of(vault: Vault, row: PrivacyRequestRow) -> str:
    """The reason of the decision; empty where there is none."""
    return "" if row.decision is None else vault.open_text(row.decision, row.id)


def chain_of(request: UUID) -> Chain:
    """Where the trail tells of a request."""
    return Chain("retention", str(request))


def dumped(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
