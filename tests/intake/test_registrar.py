"""Who of the staff entered a complaint goes with the event; nobody does where nobody did."""

from uuid import UUID

import pytest
from sqlalchemy import select

from services.intake.use_cases.checking import Sender
from services.intake.use_cases.receiving import receive_complaints
from shared.events import ComplaintReceived, decode
from shared.ids import uuid7
from shared.messaging.tables import OutboxRow
from shared.work import Database
from tests.intake.builders import a_submission

CLERK = uuid7()


@pytest.mark.parametrize("registrar", [CLERK, None])
async def test_the_event_says_who_registered_it(database: Database, registrar: UUID | None) -> None:
    sender = Sender("service:mediation", trusted=True, registrar=registrar)
    await database.together(receive_complaints, a_submission(sender=sender))
    async with database.reading() as session:
        event = decode((await session.scalars(select(OutboxRow))).one().payload)
    assert isinstance(event, ComplaintReceived)
    assert event.registrar == registrar
