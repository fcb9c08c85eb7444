"""Who keeps and erases by a lent right (代理) is noted with both names, and is no second person."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.mediation.pages.keeping.within import officer_of
from services.mediation.tables import (
    CaseRow,
    ErasureRow,
    PrivacyRequestRow,
    RetentionDueRow,
    StaffRow,
)
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.holding import session_facts
from services.mediation.use_cases.privacy import assessments, holds, retention
from services.mediation.use_cases.privacy.attempts import begin
from services.mediation.use_cases.privacy.deciding import decide, may_decide
from services.mediation.use_cases.privacy.erasures import approve_due
from services.mediation.use_cases.privacy.errors import SameHandsError
from services.mediation.use_cases.privacy.giving import fetch, keep
from services.mediation.use_cases.privacy.holds import Officer
from services.mediation.use_cases.privacy.lifting import lift_hold
from services.mediation.use_cases.privacy.requests import Subject, take_down
from services.mediation.use_cases.recovery import approve, ask
from shared.acting import Staff
from shared.rights import Action, Grant, Rights, Role
from shared.web.sessions import staff_from
from shared.work import Database
from tests.conftest import NOON
from tests.doers import Did, did
from tests.mediation.keeping import WU, ZHOU, closed
from tests.mediation.people import a_person
from tests.mediation.test_leaving import arranged
from tests.mediation.test_login_recovery import administrator

ZHANG = Subject("张三", "13800138000", "", "当面核对身份证", "不想再被联系")
OFFICER = Role.PRIVACY_OFFICER


def standing_in(number: int, absent: Officer) -> Officer:
    """Somebody who does it by an absent officer's right."""
    lent = Grant(OFFICER, absent.id, "main", holder_name=absent.doer.name)
    who = Staff(UUID(int=number), "li", f"{number}号同事", "mediator", "main", grants=(lent,))
    return officer_of(who)


def row(action: str, who: Officer, absent: Officer | None = None) -> Did:
    name = absent.doer.name if absent else ""
    return Did(action, who.id, who.doer.name, OFFICER.value, absent.id if absent else None, name)


async def everything(database: Database, case: CaseRow, officer: Officer) -> None:
    """All that is done from the pages of keeping, but for erasures on request."""
    async with database.work() as work:
        hold = await holds.set_hold(work, case, "法院调取", None, officer)
        await lift_hold(work, hold, officer)
        await retention.change_period(work, "main", "complaint", 120, officer)
        parts = dict.fromkeys(assessments.PARTS, "写明")
        await assessments.record(work, "main", "handling", parts, officer)
        request = await take_down(work, "copy", ZHANG, [case], officer)
    attempt = await begin(database)
    assert attempt is not None
    await keep(database, attempt, b"zip", 1)
    await fetch(database, request, officer)
    async with database.work() as work:
        due = {"body": "main", "code": "complaint", "due_on": date(2020, 1, 1), "listed_at": NOON}
        await work.insert(RetentionDueRow, [{"case_id": case.id, **due}])
        await approve_due(work, [case.id], officer)


DONE = [
    "hold.set",
    "hold.lifted",
    "retention.changed",
    "assessment.recorded",
    "copy.asked",
    "copy.given",
    "retention.applied",
]


async def test_what_a_stand_in_keeps_and_lets_go_names_both(database: Database) -> None:
    li = standing_in(5, ZHOU)
    await everything(database, await closed(database), li)
    assert await did(database) == [row(one, li, ZHOU) for one in DONE]


async def test_who_does_it_by_their_own_right_acts_for_nobody(database: Database) -> None:
    both = replace(ZHOU, rights=Rights((*standing_in(1, WU).rights.grants, *ZHOU.rights.grants)))
    await everything(database, await closed(database), both)
    assert await did(database) == [row(one, ZHOU) for one in DONE]


async def asked(database: Database, officer: Officer) -> UUID:
    case = await closed(database)
    async with database.work() as work:
        return await take_down(work, "erasure", ZHANG, [case], officer)


@pytest.mark.parametrize("erase", [True, False])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ZHOU, standing_in(5, ZHOU)),
        (standing_in(5, ZHOU), ZHOU),
        (standing_in(5, ZHOU), standing_in(6, ZHOU)),
        (standing_in(5, ZHOU), standing_in(5, WU)),
        (standing_in(WU.id.int, ZHOU), WU),
    ],
)
async def test_neither_a_stand_in_nor_whom_they_stand_in_for_is_the_second_person(
    database: Database, first: Officer, second: Officer, *, erase: bool
) -> None:
    request = await asked(database, first)
    with pytest.raises(SameHandsError):
        async with database.work() as work:
            await decide(work, request, "符合", second, erase=erase)
    async with database.reading() as session:
        kept = await session.get_one(PrivacyRequestRow, request)
        assert not await may_decide(session, kept, second.doing(Action.PRIVACY_ANSWER, "main"))
        assert (kept.state, kept.decided_by, kept.outcome) == ("asked", None, {})
        assert await session.scalar(select(func.count()).select_from(ErasureRow)) == 0
    assert [one.action for one in await did(database)] == ["erasure.asked"]


async def test_somebody_else_decides_also_as_a_stand_in_and_is_noted_with_both_names(
    database: Database,
) -> None:
    here = standing_in(6, WU)
    request = await asked(database, standing_in(5, ZHOU))
    async with database.work() as work:
        done = await decide(work, request, "符合", here, erase=True)
    assert (done.state, done.decided_by) == ("done", here.id)
    assert await did(database) == [
        row("erasure.asked", standing_in(5, ZHOU), ZHOU),
        row("erasure.done", here, WU),
    ]


async def test_sisters_are_told_whose_right_it_is_by_name(database: Database) -> None:
    wang = await a_person(database, "wang", Role.MEDIATOR)
    li = await a_person(database, "li", Role.REGISTRAR)
    await arranged(database, wang, li)
    async with database.reading() as session:
        account = await session.get_one(StaffRow, li.id)
        facts = await session_facts(session, account, database.clock())
    known = staff_from(facts)
    assert [(one.role, one.holder, one.holder_name) for one in known.rights.grants] == [
        (Role.REGISTRAR, li.id, ""),
        (Role.MEDIATOR, wang.id, "wang同志"),
    ]


async def test_administrators_who_let_a_colleague_back_in_are_noted_with_that_colleague(
    database: Database,
) -> None:
    wang, zhao = [await administrator(database, name) for name in ("wang", "zhao")]
    li = await a_person(database, "li", Role.MEDIATOR)
    async with database.work() as work:
        which = await ask(work, wang, "li", "手机丢了，见过本人和工作证")
    await approve(database, zhao, which)
    async with database.work() as work:
        await reset_at_console(work, await work.session.get_one(StaffRow, li.id), CONSOLE)
    role = Role.ADMINISTRATOR.value
    assert await did(database, "recovery.asked", "recovery.approved", "staff.reset") == [
        Did("recovery.asked", wang.id, "wang管理员", role, li.id, "li同志"),
        Did("recovery.approved", zhao.id, "zhao管理员", role, li.id, "li同志"),
        Did("staff.reset", None, "", "", li.id, "li同志"),
    ]
