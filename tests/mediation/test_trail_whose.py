"""Who audits one body sees all that was done to its things, whoever did it, and nothing else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from services.mediation.settings import MediationSettings
from services.mediation.tables import ApiTokenRow, CaseRow, UnitRow
from services.mediation.use_cases.api_tokens import chain as token_chain
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.trail.asking import (
    AuditQuery,
    NoSuchNumberError,
    NoSuchPersonError,
)
from services.mediation.use_cases.trail.listing import Installation, list_trail
from services.mediation.use_cases.trail.reviewing import review
from services.mediation.use_cases.trail.telling import Telling
from shared.acting import Staff
from shared.bodies import DEMO, MAIN, Bodies, Body
from shared.ids import uuid7
from shared.rights import Grant, Role
from shared.trail import SYSTEM, Chain, Doer, Said, note
from shared.work import Database
from tests.mediation.things import RECEIVED, a_case, a_colleague

ME = uuid7()
TWO = Installation({}, Bodies((MAIN, Body("other", "另一机构", "另一机构", "另转"), DEMO)))
ONE = Installation({}, Bodies())
ADMIN = UUID(int=0xA)
"""Administers all bodies."""
CITIZEN, RESPONDENT = Doer("citizen"), Doer("respondent")
STRANGER, CONSOLE = Doer("stranger"), Doer("console", name="控制台")


def auditor(body: str, role: Role = Role.AUDITOR) -> Staff:
    return Staff(ME, "shen", "沈先生", role.value, body, grants=(Grant(role, ME, body),))


async def seen(database: Database, body: str, **query: Any) -> list[tuple[str, str]]:
    """What an auditor of this body finds, oldest first, without the readings themselves."""
    asked = AuditQuery(service="mediation", **query)
    listed = await list_trail(database, TWO, asked, auditor(body))
    return [
        (line.action, line.doer_kind) for line in reversed(listed.lines) if line.kind != "audit"
    ]


async def did(
    database: Database, doer: Doer, kind: str, key: object, action: str = "mask.opened", **said: Any
) -> None:
    async with database.work() as work:
        await note(work, Chain(kind, str(key)), doer, Said(action, said))


def as_doer(actor: Actor) -> Doer:
    return Doer("staff", actor.id, "", "mediator")


async def a_unit(database: Database, body: str) -> UUID:
    made = uuid7()
    row = {
        "id": made, "body": body, "parent": None, "path": "", "code": body, "name": "一站",
        "region": "", "version": 1, "created_at": RECEIVED,
    }  # fmt: skip
    async with database.work() as work:
        await work.insert(UnitRow, [row | {"ended_at": None}])
    return made


EVERYBODY: Sequence[Doer] = (
    Doer("staff", ADMIN, "管理员", "administrator"),
    STRANGER,
    CONSOLE,
    CITIZEN,
    RESPONDENT,
    SYSTEM,
    Doer("service", name="intake"),
)


@pytest.mark.parametrize("doer", EVERYBODY, ids=lambda one: one.kind)
async def test_whoever_does_something_to_a_case_its_body_sees_it_and_no_other(
    database: Database, doer: Doer
) -> None:
    case = await a_case(database)
    await a_colleague(database, "wang", "demo")
    await did(database, doer, "case", case.id)
    assert await seen(database, "main", action="mask.opened") == [("mask.opened", doer.kind)]
    assert await seen(database, "main", case=case.number, kind="case") == [
        ("step:open", "system"),
        ("mask.opened", doer.kind),
    ]
    assert await seen(database, "demo") == []
    for query in ({"case": case.number}, {"case": case.number, "action": "mask.opened"}):
        with pytest.raises(NoSuchNumberError):
            await seen(database, "demo", **query)


@pytest.mark.parametrize("doer", EVERYBODY, ids=lambda one: one.kind)
async def test_the_same_holds_for_units_accounts_sessions_and_what_is_kept(
    database: Database, doer: Doer
) -> None:
    lin = await a_colleague(database)
    unit = await a_unit(database, "main")
    await did(database, doer, "unit", unit, "unit.changed")
    await did(database, doer, "staff", lin.id, "staff.reset")
    await did(database, doer, "session", lin.id, "session.all_ended")
    await did(database, doer, "retention", "main", "retention.changed")
    assert await seen(database, "main") == [
        ("unit.changed", doer.kind),
        ("staff.reset", doer.kind),
        ("session.all_ended", doer.kind),
        ("retention.changed", doer.kind),
    ]
    assert await seen(database, "demo") == []


async def test_what_ones_own_people_do_to_another_bodys_things_that_body_sees(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    theirs = await a_case(database, body="demo", demo=True)
    await did(database, as_doer(lin), "case", theirs.id)
    assert await seen(database, "main") == []
    assert await seen(database, "main", person="lin") == []
    assert await seen(database, "demo", action="mask.opened") == [("mask.opened", "staff")]


async def test_what_ones_own_people_do_to_nobodys_things_is_seen_and_what_others_do_is_not(
    database: Database,
) -> None:
    lin, wang = await a_colleague(database), await a_colleague(database, "wang", "demo")
    for one in (as_doer(lin), as_doer(wang), STRANGER):
        await did(database, one, "refused", "mediation", "refused.forbidden", route="/x")
    lent = Doer("staff", ADMIN, "管理员", "mediator", for_id=lin.id)
    await did(database, lent, "setting", "dead-letters", "events.replayed")
    assert await seen(database, "main") == [
        ("refused.forbidden", "staff"),
        ("events.replayed", "staff"),
    ]
    assert await seen(database, "demo") == [("refused.forbidden", "staff")]


@pytest.mark.parametrize("doer", EVERYBODY, ids=lambda one: one.kind)
async def test_where_there_is_one_body_its_auditor_sees_what_was_done_to_nobodys_things(
    database: Database, doer: Doer
) -> None:
    """Else nobody would: settings and rule packs belong to no body."""
    await a_colleague(database, "wang", "demo")
    kinds = ("setting", "pack", "key", "refused")
    for kind in kinds:
        await did(database, doer, kind, "x", "setting.changed")
    await did(database, doer, "unit", await a_unit(database, "demo"), "unit.changed")

    async def kinds_in(here: Installation, body: str) -> list[str]:
        asked = AuditQuery(service="mediation")
        listed = await list_trail(database, here, asked, auditor(body))
        return [line.kind for line in reversed(listed.lines) if line.kind != "audit"]

    assert await kinds_in(ONE, "main") == list(kinds)
    assert await kinds_in(TWO, "main") == []
    assert await kinds_in(ONE, "demo") == ["unit"], "the demonstration is no body of its own"
    assert await kinds_in(TWO, "") == [*kinds, "unit"]


async def test_what_a_stranger_tries_at_a_thing_its_body_sees(database: Database) -> None:
    ours, theirs = await a_case(database), await a_case(database, body="demo", demo=True)
    lin = await a_colleague(database)
    for kind, one in (("case", ours.id), ("case", theirs.id), ("account", lin.id)):
        tried = {"kind": kind, "id": str(one)}
        await did(database, STRANGER, "refused", "mediation", "code.wrong", tried=tried)
    hashed = {"kind": "case", "hash": "00"}
    await did(database, STRANGER, "refused", "mediation", "code.wrong", tried=hashed)
    wrong = ("code.wrong", "stranger")
    assert await seen(database, "main", kind="refused") == [wrong] * 2
    assert await seen(database, "demo", kind="refused") == [wrong]


async def test_what_is_tried_by_its_number_or_its_id_in_the_address_its_body_sees(
    database: Database,
) -> None:
    ours, theirs = await a_case(database), await a_case(database, body="demo", demo=True)
    admin = Doer("staff", ADMIN, "管理员", "administrator")
    for named in (ours.number, theirs.number, str(ours.id), "260622-ZZZZZZZZZ"):
        tried = {"kind": "case", "named": named}
        await did(database, admin, "refused", "mediation", "refused.forbidden", tried=tried)
    assert len(await seen(database, "main", kind="refused")) == 2
    assert len(await seen(database, "demo", kind="refused")) == 1


async def test_a_role_in_a_body_is_seen_there_wherever_the_person_works(
    database: Database,
) -> None:
    visitor = await a_colleague(database, "lai", "")
    for body in ("main", "demo"):
        granted = {"role": "auditor", "body": body, "unit": None}
        await did(database, CONSOLE, "staff", visitor.id, "role.granted", **granted)
    await did(database, CONSOLE, "staff", visitor.id, "staff.changed", before={}, after={})
    assert await seen(database, "main") == [("role.granted", "console")]
    asked = AuditQuery(service="mediation", action="role.granted")
    [line] = (await list_trail(database, TWO, asked, auditor("main"))).lines
    assert line.said == {"role": "auditor", "body": "main", "unit": None}


async def test_a_ledger_is_seen_by_every_body_whose_cases_are_in_it(database: Database) -> None:
    chief = await a_colleague(database, "zong", "")
    for bodies in (["main"], ["demo"], ["demo", "main"]):
        await did(database, as_doer(chief), "staff", chief.id, "case.exported", bodies=bodies)
    assert len(await seen(database, "main")) == 2


async def test_pages_have_no_gap_where_much_of_others_lies_between(database: Database) -> None:
    visitor, case = await a_colleague(database, "lai", ""), await a_case(database)
    for place in range(12):
        body = "main" if place % 6 == 0 else "demo"
        await did(database, CONSOLE, "staff", visitor.id, "role.granted", body=body)
    await did(database, CITIZEN, "case", case.id)
    found: list[str] = []
    before: UUID | None = None
    while True:
        query = AuditQuery(service="mediation", limit=1, before=before)
        listed = await list_trail(database, TWO, query, auditor("main"))
        found += [line.action for line in listed.lines if line.kind != "audit"]
        if listed.next is None:
            break
        before = listed.next
    assert found == ["mask.opened", "role.granted", "role.granted", "step:open"]


async def test_tokens_belong_to_the_body_of_their_owner(database: Database) -> None:
    lin, wang = await a_colleague(database), await a_colleague(database, "wang", "demo")
    for owner in (lin, wang):
        row = {
            "id": uuid7(), "jti": uuid7().bytes, "staff_id": owner.id, "name": "脚本",
            "scopes": [], "created_at": RECEIVED, "expires_at": RECEIVED,
        }  # fmt: skip
        async with database.work() as work:
            await work.insert(ApiTokenRow, [row | {"seen_at": None, "ended_at": None}])
            identity: Any = row["id"]
            await note(work, token_chain(identity), CONSOLE, Said("token.ended"))
    assert await seen(database, "main") == [("token.ended", "console")]


async def test_people_of_all_bodies_can_be_asked_for_and_people_of_another_cannot(
    database: Database,
) -> None:
    chief = await a_colleague(database, "zong", "")
    await a_colleague(database, "wang", "demo")
    ours, theirs = await a_case(database), await a_case(database, body="demo", demo=True)
    for case in (ours, theirs):
        await did(database, as_doer(chief), "case", case.id)
    assert await seen(database, "main", person="zong") == [("mask.opened", "staff")]
    with pytest.raises(NoSuchPersonError):
        await seen(database, "main", person="wang")


async def test_numbers_and_names_of_another_body_are_never_shown(database: Database) -> None:
    lin = await a_colleague(database)
    wang = await a_colleague(database, "wang", "demo")
    theirs = await a_case(database, body="demo", demo=True)
    said = {"tried": {"kind": "case", "id": str(theirs.id)}, "other": str(wang.id)}
    await did(database, as_doer(lin), "refused", "mediation", "refused.beyond", **said)
    asked = AuditQuery(service="mediation", kind="refused")
    listed = await list_trail(database, TWO, asked, auditor("main"))
    [line] = listed.lines
    words = str(Telling(listed.names, "zh", Bodies()).facts(line))
    assert theirs.number not in words
    assert "wang" not in words
    assert listed.names.doer(line, "zh") == "lin调解员"


async def test_the_privacy_officer_of_a_body_sees_who_looked_at_its_cases(
    database: Database,
) -> None:
    ours, theirs = await a_case(database), await a_case(database, body="demo", demo=True)
    lin = await a_colleague(database)
    admin = Doer("staff", ADMIN, "管理员", "administrator")
    seen_cases: list[CaseRow] = [ours, theirs]
    for case in seen_cases:
        await did(database, admin, "case", case.id, reason="identity", in_hand=False)
    await did(database, as_doer(lin), "case", theirs.id, reason="identity", in_hand=False)
    officer = auditor("main", Role.PRIVACY_OFFICER)
    query = AuditQuery(service="mediation")
    reviewed = await review(database, TWO, MediationSettings(), query, officer)
    assert [(line.key, line.doer) for line in reviewed.listed.lines] == [(str(ours.id), ADMIN)]
