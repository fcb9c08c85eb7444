"""What an auditor asks for, understood: people by name, a case by its number, days, services."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, GrantRow, StaffRow
from services.mediation.use_cases.labels import HAPPENINGS
from services.mediation.use_cases.trail.sources import STEP
from shared.acting import Staff
from shared.bodies import Bodies
from shared.clock import start_of_day
from shared.kernel import RuleError
from shared.rights import Action, Reach
from shared.text import clean, normal_name, normal_number
from shared.trail.deeds import DEEDS
from shared.trail.question import Question
from shared.trail.said import KINDS

SERVICES = ("mediation", "intake", "notification", "analytics")
PAGE = 50
ONE_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class NoSuchPersonError(RuleError):
    """Nobody of this name works here, or ever did."""


class NoSuchNumberError(RuleError):
    """No case of this number, or none that may be seen."""


class NoSuchCodeError(RuleError):
    """A code of a filter that does not exist."""


class DaysReversedError(RuleError):
    """The last day comes before the first."""


class AuditFilters(BaseModel):
    """The filters of the trail."""

    model_config = ConfigDict(str_strip_whitespace=True)

    since: date | None = Field(
        default=None, ge=FIRST_DAY, le=LAST_DAY, description="The first legal day."
    )
    until: date | None = Field(
        default=None, ge=FIRST_DAY, le=LAST_DAY, description="The last legal day."
    )
    person: str | None = Field(
        default=None, max_length=60, description="Login name or display name of a colleague."
    )
    kind: str | None = Field(
        default=None, max_length=40, description="Kind of chain: " + ", ".join(sorted(KINDS))
    )
    action: str | None = Field(
        default=None,
        max_length=40,
        description="What was done; a step of a case as `step:accept`. " + ", ".join(sorted(DEEDS)),
    )
    case: str | None = Field(default=None, max_length=40, description="A case by its number.")
    service: str | None = Field(default=None, max_length=40, description=", ".join(SERVICES))

    def told(self) -> dict[str, str]:
        """The filters as the trail notes that they were used."""
        said = self.model_dump(mode="json", exclude_none=True, exclude={"before", "limit"})
        return {name: str(value) for name, value in said.items() if value != ""}


class AuditQuery(AuditFilters):
    """A page of the trail: its filters, the row it goes on from, how many rows it has."""

    before: UUID | None = None
    limit: int = PAGE


@dataclass(frozen=True)
class Wanted:
    """A question, and the services it is put to."""

    question: Question
    services: tuple[str, ...]

    def about(self, question: Question) -> "Wanted":
        """Another question to the same services, within the same reach."""
        return replace(self, question=question)


async def understood(
    session: AsyncSession,
    query: AuditQuery,
    who: Staff,
    bodies: Bodies,
    action: Action = Action.AUDIT_READ,
) -> Wanted:
    """The question somebody puts, within their reach.

    Raises DaysReversedError, NoSuchPersonError, NoSuchNumberError, NoSuchCodeError.
    """
    if query.since and query.until and query.until < query.since:
        raise DaysReversedError("结束日期早于开始日期，请改其中一个。", pointer="/query/until")
    reach = who.rights.reach(action)
    code("kind", query.kind, KINDS)
    code("action", query.action, known_actions())
    code("service", query.service, SERVICES)
    question = Question(
        before=query.before,
        since=start_of_day(query.since) if query.since else None,
        until=start_of_day(query.until + ONE_DAY) if query.until else None,
        people=await people_called(session, query.person, reach) if query.person else None,
        bodies=None if reach.whole("") else sorted(reach.bodies),
        staff=[] if reach.whole("") else await people_within(session, reach),
        nobodys=sees_nobodys(reach, bodies),
        kind=query.kind or None,
        complaint=await complaint_of(session, query.case, reach) if query.case else None,
        actions=[query.action] if query.action else None,
    )
    return Wanted(question, (query.service,) if query.service else SERVICES)


def sees_nobodys(reach: Reach, bodies: Bodies) -> bool:
    """Whether somebody sees what was done to nobody's things: settings, rule packs, keys.

    Who audits each of the bodies there are does, so nothing is seen by nobody where there is one;
    where there are several, none of them reads what concerns the others, too.
    """
    real = {body.code for body in bodies.known if not body.demo}
    return reach.whole("") or real <= reach.bodies


def known_actions() -> frozenset[str]:
    """Codes of everything that can be done, the steps of cases included."""
    return frozenset(DEEDS) | {STEP + one for one in HAPPENINGS}


def code(name: str, said: str | None, known: Container[str]) -> None:
    """Raises NoSuchCodeError for a code that is not known."""
    if said and said not in known:
        raise NoSuchCodeError("没有这个代码，请从列出的里面选一个。", pointer=f"/query/{name}")


async def people_called(session: AsyncSession, name: str, reach: Reach) -> list[UUID]:
    """Who is or was called so, and works or worked within reach. Raises NoSuchPersonError."""
    called = or_(StaffRow.name == normal_name(name), StaffRow.display == clean(name))
    statement = select(StaffRow.id).where(called, within(reach))
    found = list(await session.scalars(statement))
    if not found:
        error = NoSuchPersonError(
            "没有这样的人员：请写全账号，或者写全姓名。", pointer="/query/person"
        )
        beyond = await session.scalar(select(StaffRow.id).where(called).limit(1))
        raise error.beyond("person", beyond)
    return found


def within(reach: Reach) -> ColumnElement[bool]:
    """People of these bodies and of all bodies, and who holds or held a role in one of them."""
    if reach.whole(""):
        return true()
    held = select(GrantRow.staff_id).where(GrantRow.body.in_(reach.bodies))
    return or_(StaffRow.body.in_({*reach.bodies, ""}), StaffRow.id.in_(held))


async def people_within(session: AsyncSession, reach: Reach) -> list[UUID]:
    """Everybody who works for these bodies, or did."""
    statement = select(StaffRow.id).where(StaffRow.body.in_(reach.bodies))
    return list(await session.scalars(statement))


async def complaint_of(session: AsyncSession, number: str, reach: Reach) -> UUID:
    """The complaint that a case of this number is about. Raises NoSuchNumberError."""
    statement = select(CaseRow.id, CaseRow.complaint_id, CaseRow.body)
    found = (
        await session.execute(statement.where(CaseRow.number == (normal_number(number) or "")))
    ).one_or_none()
    if found is None or not reach.whole(found.body):
        error = NoSuchNumberError(
            "没有这样的案件：编号写错了，或者不在您的范围里。", pointer="/query/case"
        )
        raise error.beyond("case", found.id if found else None)
    return UUID(str(found.complaint_id))
