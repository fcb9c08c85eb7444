"""Who reads and handles which letters: where the case lies, whoever heard of it first."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.notification.domain.states import Action, State
from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.use_cases.allowing import seen_by
from services.notification.use_cases.desk import NoSuchLetterError, act
from services.notification.use_cases.opening import Wanted as WantedFile
from services.notification.use_cases.opening import open_letter
from services.notification.use_cases.placing import note_places
from services.notification.use_cases.read import Wanted, counts, letter_in, list_letters
from shared.acting import Caller
from shared.events import CaseAssigned, CaseForwarded, CaseOpened
from shared.kernel import ConflictError
from shared.rights import Grant, NotAllowedError, Rights, Role
from shared.trail import Doer
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.units import Tree, Unit, path_of
from shared.work import Database
from tests.doers import Did, did
from tests.notification.conftest import BODIES, CLERK, CLERK_ID, Sisters, clerk, forwarded
from tests.notification.platform import made, only

CITY, WARD, NEXT = UUID(int=11), UUID(int=12), UUID(int=13)
UPPER = path_of("", CITY)
TREE = Tree(
    (
        Unit(CITY, "main", UPPER, "city"),
        Unit(WARD, "main", path_of(UPPER, WARD), "ward", CITY),
        Unit(NEXT, "main", path_of(UPPER, NEXT), "next", CITY),
    )
)
PEOPLE: dict[str, Caller] = {
    "ward": clerk(Role.MEDIATOR, WARD, path_of(UPPER, WARD), TREE),
    "next": clerk(Role.MEDIATOR, NEXT, path_of(UPPER, NEXT), TREE),
    "city": clerk(Role.LEADER, CITY, UPPER, TREE),
    "house": clerk(Role.SECRETARY_GENERAL, tree=TREE),
    "desk": clerk(Role.MEDIATOR, tree=TREE),
    "respondent": clerk(Role.RESPONDENT, tree=TREE),
    "registrar": clerk(Role.REGISTRAR, tree=TREE),
    "administrator": clerk(Role.ADMINISTRATOR, tree=TREE),
}


def of(event: CaseForwarded, version: int, **facts: Any) -> dict[str, Any]:
    same = event.model_dump(include={"occurred_at", "complaint_id", "case_id", "body"})
    return same | {"version": version, "state": "accepted"} | facts


def assigned(
    event: CaseForwarded, version: int, unit: UUID | None, assignee: UUID | None = None
) -> CaseAssigned:
    return CaseAssigned.model_validate(of(event, version, unit=unit, assignee=assignee))


async def assign(database: Database, *events: CaseAssigned) -> None:
    async with database.work() as work:
        await note_places(work, events)


async def place(database: Database) -> tuple[UUID | None, UUID | None]:
    row = await only(database)
    return row.unit, row.assignee


async def readers(database: Database, letter: UUID) -> set[str]:
    """Who gets the letter, by list, by count and by itself: all three say the same."""
    found = set()
    for name, caller in PEOPLE.items():
        async with database.reading() as session:
            wanted = Wanted(seen_by(caller), BODIES)
            listed = await list_letters(session, database.vault, wanted)
            number = await counts(session, seen_by(caller), BODIES)
            try:
                await letter_in(session, seen_by(caller), letter)
                got = True
            except NoSuchLetterError:
                got = False
        assert got == (letter in [one.row.id for one in listed.items]) == (sum(number.values()) > 0)
        found |= {name} if got else set()
    return found


async def test_a_letter_is_read_where_its_case_lies_and_above(
    database: Database, office: Office
) -> None:
    event = forwarded()
    async with database.work() as work:
        told = CaseOpened.model_validate(of(event, 1, unit=str(WARD)))
        await note_places(work, [told])
    [letter] = await made(database, office, event)
    assert await readers(database, letter.id) == {"ward", "city", "house"}
    await assign(database, assigned(event, 4, NEXT))
    assert await readers(database, letter.id) == {"next", "city", "house"}
    await assign(database, assigned(event, 5, None, CLERK_ID))
    assert await readers(database, letter.id) == {"desk", "house", "respondent"}


async def test_letters_of_a_case_nobody_spoke_of_lie_with_the_body(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    assert await readers(database, letter.id) == {"desk", "house"}
    other = await made(database, office, forwarded(body="demo"))
    assert await readers(database, letter.id) == {"desk", "house"}
    assert len(other) == 2


@pytest.mark.parametrize("owed_at", [0, 1, 2, 3])
async def test_it_does_not_matter_when_the_letter_is_owed(
    database: Database, office: Office, owed_at: int
) -> None:
    event = forwarded()
    told = [assigned(event, 2, WARD), assigned(event, 4, NEXT, CLERK_ID), assigned(event, 3, CITY)]
    for place_in_time in range(4):
        if place_in_time == owed_at:
            await made(database, office, event)
        if place_in_time < len(told):
            await assign(database, told[place_in_time])
    assert await place(database) == (NEXT, CLERK_ID)
    await assign(database, *told)
    assert await place(database) == (NEXT, CLERK_ID)


async def noted(database: Database) -> list[tuple[str, str, dict[str, Any]]]:
    """What the trail says that people did: chain, action, values."""
    people = select(AuditRow).where(AuditRow.doer_kind != "system").order_by(AuditRow.id)
    async with database.reading() as session:
        rows = (await session.scalars(people)).all()
    found = [opened(database.vault, one.sealed, one.id) for one in rows]
    values = [one[1] if one else {} for one in found]
    return [(row.key, row.action, said) for row, said in zip(rows, values, strict=True)]


async def test_whoever_handles_a_letter_is_in_the_trail(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(email="")
    [letter] = await made(database, office, forwarded())
    async with database.work() as work:
        await act(work, office, CLERK, letter.id, Action.MAKE)
    await made(database, office)
    await open_letter(database, office, CLERK, WantedFile(letter.id))
    async with database.work() as work:
        await act(work, office, CLERK, letter.id, Action.PRINTED)
    found = await noted(database)
    assert [(key, action) for key, action, _ in found] == [
        (str(letter.id), "letter.remade"),
        (str(letter.id), "letter.opened"),
        (str(letter.id), "letter.handed"),
    ]
    assert found[2][2]["said"]["document_number"] == "消转〔2026〕1号"
    assert found[1][2]["said"]["file"] == "pdf"


async def test_what_could_not_be_done_is_not_noted_as_done(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded(body="demo"))
    house = Caller(Doer("console"))
    with pytest.raises(ConflictError):
        async with database.work() as work:
            await act(work, office, house, letter.id, Action.SEND)
    assert (await only(database)).state == State.WAITING
    assert await noted(database) == []


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("who", ["ward", "registrar", "administrator"])
async def test_who_may_not_read_a_letter_is_told_that_there_is_none(
    database: Database, office: Office, who: str, action: Action
) -> None:
    [letter] = await made(database, office, forwarded())
    for one in (letter.id, uuid4()):
        with pytest.raises(NoSuchLetterError, match="没有这份函件"):
            async with database.work() as work:
                await act(work, office, PEOPLE[who], one, action)
    assert (await only(database)).state == letter.state
    assert await noted(database) == []


@pytest.mark.parametrize("action", list(Action))
async def test_who_may_read_but_not_handle_a_letter_changes_nothing(
    database: Database, office: Office, action: Action
) -> None:
    event = forwarded()
    [letter] = await made(database, office, event)
    await assign(database, assigned(event, 4, None, CLERK_ID))
    with pytest.raises(NotAllowedError):
        async with database.work() as work:
            await act(work, office, PEOPLE["respondent"], letter.id, action)
    assert (await only(database)).state == letter.state
    assert await noted(database) == []


async def test_a_stand_in_appears_with_whose_right_it_is(
    database: Database, office: Office
) -> None:
    event = forwarded()
    [letter] = await made(database, office, event)
    absent = UUID(int=99)
    rights = Rights((Grant(Role.MEDIATOR, absent, "main", holder_name="何调解员"),))
    caller = Caller(Doer("staff", CLERK_ID, "林调解员", "registrar"), rights, TREE)
    async with database.work() as work:
        await act(work, office, caller, letter.id, Action.PRINTED)
    [row] = await did(database, "letter.handed")
    assert row == Did("letter.handed", CLERK_ID, "林调解员", "mediator", absent, "何调解员")


async def test_who_uses_their_own_right_handles_a_letter_for_nobody_else(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    lent = Grant(Role.SECRETARY_GENERAL, UUID(int=99), "main", holder_name="何秘书长")
    caller = replace(CLERK, rights=Rights((lent, *CLERK.rights.grants)))
    async with database.work() as work:
        await act(work, office, caller, letter.id, Action.PRINTED)
    [row] = await did(database, "letter.handed")
    assert row == Did("letter.handed", CLERK_ID, "林调解员", "mediator", None, "")


async def test_a_letter_of_another_body_is_nobodys_here(database: Database, office: Office) -> None:
    await made(database, office, forwarded(body="demo"))
    async with database.reading() as session:
        letter = (await session.scalars(select(LetterRow))).one()
    assert await readers(database, letter.id) == set()
