"""All cases of one person are found by a number of theirs, or it is said that not all would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from services.mediation.ports import Origin, PersonAsked, Record
from services.mediation.tables import CaseRow
from services.mediation.use_cases.fetching import keep_fetched, wanted
from services.mediation.use_cases.privacy import persons
from services.mediation.use_cases.privacy.copy.person import mine_in
from services.mediation.use_cases.privacy.errors import (
    IndexBehindError,
    NotTheirsError,
    SubjectNeededError,
    TooManyFoundError,
)
from services.mediation.use_cases.privacy.persons import cases_named_by, cases_of
from services.mediation.use_cases.privacy.requests import Subject
from shared.ids import uuid7
from shared.record.identity import Claimed
from shared.work import Database
from tests.mediation.things import a_case

ID, OTHER_ID = "510903199003071234", "51090319900101123X"
PERSON = {"name": "张三", "phone": "13800138000", "id_number": ID}


@dataclass
class Records:
    """Intake's side: the records of complaints; nobody reported anything."""

    known: dict[UUID, Record] = field(default_factory=dict)

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        return {one: self.known[one] for one in ids if one in self.known}

    async def reported_by(self, asked: PersonAsked) -> Sequence[Mapping[str, Any]]:
        return []

    async def origins(self, ids: Sequence[UUID]) -> Mapping[UUID, Origin]:
        return {}

    async def file(self, complaint_id: UUID, file_id: UUID) -> bytes:
        raise AssertionError((complaint_id, file_id))


@pytest.fixture
def records() -> Records:
    return Records()


async def recorded(database: Database, records: Records, **complainant: str) -> CaseRow:
    """A case whose words are still to come from intake."""
    case = await a_case(database)
    records.known[case.complaint_id] = Record(case.complaint_id, PERSON | complainant, {}, {})
    return case


async def fetched(database: Database, records: Records) -> None:
    """Everything that is wanted from intake has come, as far as intake knows it."""
    now = database.clock()
    async with database.reading() as session:
        wants = await wanted(session, now, 200)
    async with database.work() as work:
        await keep_fetched(work, wants, records.known, now)


async def found(database: Database, records: Records, **who: str) -> list[str]:
    subject = Subject(**{"name": "张三", **who})
    return [one.case.number for one in await cases_of(database, records, subject, ["main"])]


async def test_an_identity_number_finds_in_the_index_and_among_what_waits_for_it(
    database: Database, records: Records
) -> None:
    first = await recorded(database, records)
    namesake = await recorded(
        database, records, id_number="110101199003071233", phone="13900000000"
    )
    await fetched(database, records)
    second = await recorded(database, records, phone="13900000001")
    mine = await found(database, records, id_number=ID)
    assert mine == sorted((first.number, second.number))
    assert namesake.number not in mine
    typed = "５１０９０３ 19900307 1234"
    assert await found(database, records, id_number=typed) == mine
    assert await found(database, records, name="李四", id_number=ID) == []
    assert await found(database, records, id_number=ID, phone="13900000009") == []


async def test_another_body_is_out_of_reach(database: Database, records: Records) -> None:
    await recorded(database, records)
    await fetched(database, records)
    subject = Subject("张三", "", ID)
    assert await cases_of(database, records, subject, ["other"]) == []


async def test_an_index_that_is_behind_is_said_and_not_taken_for_everything(
    database: Database, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await recorded(database, records)
    monkeypatch.setattr(persons, "MOST_WAITING", 0)
    with pytest.raises(IndexBehindError):
        await found(database, records, id_number=ID)
    await fetched(database, records)
    assert await found(database, records, id_number=ID) == [case.number]


async def test_what_another_body_waits_for_holds_up_nobody(
    database: Database, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await recorded(database, records)
    await fetched(database, records)
    await a_case(database, body="demo")
    monkeypatch.setattr(persons, "MOST_WAITING", 0)
    assert await found(database, records, id_number=ID) == [case.number]


async def test_more_cases_than_a_request_can_be_about_are_refused_and_not_cut_off(
    database: Database, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = sorted([(await recorded(database, records)).number for _ in range(2)])
    await fetched(database, records)
    monkeypatch.setattr(persons, "MOST", 1)
    with pytest.raises(TooManyFoundError) as refused:
        await found(database, records, id_number=ID)
    assert (refused.value.pointer, refused.value.facts) == ("/numbers", {"most": 1})
    monkeypatch.setattr(persons, "MOST", 2)
    assert await found(database, records, id_number=ID) == numbers


async def test_a_complaint_that_intake_does_not_know_holds_up_nobody(
    database: Database, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = await recorded(database, records), await a_case(database)
    await fetched(database, records)
    monkeypatch.setattr(persons, "MOST_WAITING", 0)
    assert await found(database, records, id_number=ID) == [case.number]


async def test_who_acts_for_somebody_or_complains_with_them_is_found_by_either_number(
    database: Database, records: Records
) -> None:
    agent = {"name": "吴桂芳", "phone": "13900005678"}
    second = {"name": "吴桂芳", "phone": "13900005678", "id_number": OTHER_ID.lower()}
    told: list[dict[str, Any]] = [{"agent": agent}, {"joint": {"people": [agent, second]}}]
    cases = [await a_case(database) for _ in told]
    for case, words in zip(cases, told, strict=True):
        records.known[case.complaint_id] = Record(case.complaint_id, PERSON, {}, words)
    await fetched(database, records)
    numbers = sorted(one.number for one in cases)
    assert await found(database, records, name="吴桂芳", phone="+86 139-0000-5678") == numbers
    only = await found(database, records, name="吴桂芳", id_number=OTHER_ID)
    assert only == [cases[1].number]


@pytest.mark.parametrize("who", [{}, {"name": ""}, {"id_number": " ", "phone": "-"}])
async def test_a_name_alone_finds_nobody(
    database: Database, records: Records, who: dict[str, str]
) -> None:
    with pytest.raises(SubjectNeededError) as refused:
        await found(database, records, **who)
    assert refused.value.pointer == "/phone"


async def named(database: Database, records: Records, *numbers: str, **who: str) -> list[str]:
    subject = Subject(**who)
    cases = await cases_named_by(database, records, subject, numbers, ["main"])
    return [one.number for one in cases]


async def test_a_case_that_is_named_must_be_of_the_person_who_asks(
    database: Database, records: Records
) -> None:
    mine = await recorded(database, records)
    other = await recorded(database, records, name="吴某某", phone="13911112222", id_number="")
    for who in ({"name": "张三", "phone": PERSON["phone"]}, {"id_number": ID}):
        assert await named(database, records, mine.number, **who) == [mine.number]
        with pytest.raises(NotTheirsError) as refused:
            await named(database, records, mine.number, other.number, **who)
        assert refused.value.pointer == "/numbers"
        assert other.number in str(refused.value)
    for stranger in (
        {"name": "陌生人甲", "phone": "13900000000"},
        {"name": "张三", "id_number": "1"},
        {"name": "张三"},
    ):
        with pytest.raises(NotTheirsError):
            await named(database, records, mine.number, **stranger)


def test_a_copy_for_somebody_whom_nothing_fits_holds_nobodys_data() -> None:
    record = Record(
        uuid7(), dict(PERSON), {}, {"agent": {"name": "吴桂芳", "phone": "13900005678"}}
    )
    mine = mine_in(record, Claimed("陌生人甲", "13900000000"), None)
    assert (mine.part, mine.data, mine.wrote) == ("nobody", {}, False)
    assert [one["name"] for _, one in mine.others] == ["张*", "吴**"]
    namesake = mine_in(record, Claimed("吴桂芳"), None)
    assert (namesake.part, namesake.data) == ("nobody", {})
    agent = mine_in(record, Claimed("吴桂芳", "139 0000 5678"), None)
    assert (agent.part, agent.data["phone"]) == ("agent", "13900005678")
