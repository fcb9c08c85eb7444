"""Who of the staff entered a complaint goes with the event; nobody does where nobody did."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.intake.ports import Means
from services.intake.tables import ComplaintRow, ReporterRow
from services.intake.use_cases.checking import Sender
from services.intake.use_cases.evidence import By, add
from services.intake.use_cases.files import Named, store
from services.intake.use_cases.receipts import Receipt
from services.intake.use_cases.receiving import receive_complaints
from shared.acting import Caller
from shared.events import ComplaintReceived, EvidenceAdded, decode
from shared.ids import uuid7
from shared.messaging.tables import OutboxRow
from shared.rights import Grant, Rights, Role
from shared.trail import Doer
from shared.work import Database
from tests.doers import Did, did
from tests.intake.builders import a_submission
from tests.intake.kept import COLUMNS, count, intact, noted, receive, said
from tests.intake.samples import png

CLERK = uuid7()


@pytest.mark.parametrize("registrar", [CLERK, None])
async def test_the_event_says_who_registered_it(database: Database, registrar: UUID | None) -> None:
    sender = Sender("service:mediation", trusted=True, registrar=registrar)
    await database.together(receive_complaints, a_submission(sender=sender))
    async with database.reading() as session:
        event = decode((await session.scalars(select(OutboxRow))).one().payload)
    assert isinstance(event, ComplaintReceived)
    assert event.registrar == registrar


WANG = Doer("staff", CLERK, "王登记员", "registrar")
HEAD = UUID(int=5)


def sent_by(*grants: Grant) -> Sender:
    """A registrar with these rights."""
    caller = Caller(WANG, Rights(grants))
    return Sender(f"staff:{CLERK}", trusted=True, registrar=CLERK, staff=caller)


MINE = Grant(Role.REGISTRAR, CLERK, "main")
LENT = Grant(Role.SECRETARY_GENERAL, HEAD, "main", holder_name="何秘书长")
TAKEN_DOWN = "complaint.registered"


async def test_who_takes_a_complaint_down_for_somebody_appears_with_both_names(
    database: Database,
) -> None:
    receipt = await receive(database, sender=sent_by(LENT, MINE), channel="phone")
    [row] = await noted(database)
    assert (row.kind, row.key) == ("complaint", str(receipt.id))
    assert await did(database) == [Did(TAKEN_DOWN, CLERK, "王登记员", "registrar", None, "张三")]
    assert intact(database, [row])
    open_columns = {name: getattr(row, name) for name in COLUMNS}
    assert "张三" not in str(open_columns)


async def test_who_takes_it_down_by_a_lent_right_names_its_holder(database: Database) -> None:
    await receive(database, sender=sent_by(LENT), channel="walk_in")
    [row] = await did(database)
    assert row == Did(TAKEN_DOWN, CLERK, "王登记员", "secretary_general", HEAD, "何秘书长")


async def test_of_a_report_that_is_taken_down_the_trail_does_not_say_for_whom(
    database: Database,
) -> None:
    await receive(database, sender=sent_by(MINE), kind="report", channel="phone")
    assert await did(database) == [Did(TAKEN_DOWN, CLERK, "王登记员", "registrar", None, "")]
    assert await count(database, ReporterRow) == 1


async def test_what_people_or_other_systems_hand_in_themselves_is_taken_down_by_nobody(
    database: Database,
) -> None:
    await receive(database)
    await receive(database, sender=Sender("service:console", trusted=True))
    assert await noted(database) == []
    assert await count(database, ComplaintRow) == 2


async def test_who_names_the_system_that_it_comes_from_stands_in_the_trail_all_the_same(
    database: Database,
) -> None:
    await receive(database, sender=sent_by(LENT), external={"source": "erp"})
    assert await did(database) == [
        Did(TAKEN_DOWN, CLERK, "王登记员", "secretary_general", HEAD, "何秘书长")
    ]


@pytest.mark.parametrize(
    ("right", "role", "holder"), [(MINE, "registrar", None), (LENT, "secretary_general", HEAD)]
)
async def test_the_event_says_in_which_role_and_by_whose_right_it_was_registered(
    database: Database, right: Grant, role: str, holder: UUID | None
) -> None:
    await receive(database, sender=sent_by(right), channel="phone")
    async with database.reading() as session:
        payload = (await session.scalars(select(OutboxRow))).one().payload
    event = decode(payload)
    assert isinstance(event, ComplaintReceived)
    assert (event.registrar, event.registrar_role, event.behalf) == (CLERK, role, holder)
    assert "王登记员" not in str(payload)
    assert "何秘书长" not in str(payload)


async def test_a_repetition_is_taken_down_once(database: Database) -> None:
    one = {"sender": sent_by(MINE), "key": "k", "channel": "phone"}
    first, again = [await receive(database, **one) for _ in range(2)]
    assert again == first._replace(known=True)
    assert len(await noted(database)) == 1


async def test_where_the_trail_cannot_be_written_nothing_is_taken_down(
    database: Database,
) -> None:
    async with database.work() as work:
        await work.session.execute(text("ALTER TABLE audit_log RENAME TO away"))
    with pytest.raises(DBAPIError):
        await receive(database, sender=sent_by(MINE), channel="phone")
    assert await count(database, ComplaintRow) == 0
    assert await count(database, OutboxRow) == 0


async def test_what_is_taken_down_together_with_others_is_each_kept_once(
    database: Database,
) -> None:
    mine, report = sent_by(MINE), {"kind": "report", "channel": "phone"}
    sent = [
        a_submission(),
        a_submission(sender=mine, channel="phone"),
        a_submission(sender=mine, **report),
        a_submission(sender=mine, channel="letter"),
    ]
    answers = await receive_complaints(database, sent)
    kept = [one.id for one in answers if isinstance(one, Receipt)]
    assert len(set(kept)) == 4
    assert sorted(row.key for row in await noted(database)) == sorted(map(str, kept[1:]))


async def test_evidence_is_noted_with_who_added_it_and_that_of_staff_with_both_names(
    database: Database, means: Means
) -> None:
    receipt = await receive(database)
    for shade, doer in enumerate((None, WANG, WANG.using(LENT))):
        file = await store(means.storage, database.vault, receipt.id, Named("一.png"), png(shade))
        await add(database, means.storage, receipt.id, [file], By(doer))
    told = [one for one in await said(database) if isinstance(one, EvidenceAdded)]
    assert [(one.registrar, one.behalf) for one in told] == [
        (None, None),
        (CLERK, None),
        (CLERK, HEAD),
    ]
    assert await did(database) == [
        Did("evidence.added", None, "", "", None, ""),
        Did("evidence.added", CLERK, "王登记员", "registrar", None, "张三"),
        Did("evidence.added", CLERK, "王登记员", "secretary_general", HEAD, "何秘书长"),
    ]
    assert [row.doer_kind for row in await noted(database)] == ["citizen", "staff", "staff"]
