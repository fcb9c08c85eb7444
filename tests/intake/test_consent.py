"""What a complainant said to forwarding goes with the event: yes, no, or nothing at all."""

import pytest
from sqlalchemy import select
from starlette.datastructures import FormData

from services.intake.pages.reading import read
from services.intake.tables import ComplaintRow
from services.intake.use_cases.receiving import receive_complaints
from services.intake.use_cases.submission import ComplaintForm
from services.intake.use_cases.words import words_of
from shared.events import ComplaintReceived, decode
from shared.messaging.tables import OutboxRow
from shared.work import Database
from tests.intake.builders import a_submission


@pytest.mark.parametrize(
    ("consents", "said"),
    [
        ({"forwarding": True}, True),
        ({"forwarding": False}, False),
        ({"mediation": True}, None),
        (None, None),
    ],
)
async def test_the_event_says_what_was_said_to_forwarding(
    database: Database, consents: dict[str, bool] | None, *, said: bool | None
) -> None:
    await database.together(receive_complaints, a_submission(consents=consents))
    async with database.reading() as session:
        event = decode((await session.scalars(select(OutboxRow))).one().payload)
    assert isinstance(event, ComplaintReceived)
    assert event.forwarding_consent is said


@pytest.mark.parametrize(
    ("consents", "said"),
    [({"mediation": True}, True), ({"mediation": False}, False), ({}, None), (None, None)],
)
async def test_the_record_says_what_was_said_to_mediation(
    database: Database, consents: dict[str, bool] | None, *, said: bool | None
) -> None:
    await database.together(receive_complaints, a_submission(consents=consents))
    async with database.reading() as session:
        identity = (await session.scalars(select(ComplaintRow.id))).one()
        [record] = await words_of(session, database.vault, [identity])
    assert record["words"]["consents"]["mediation"] is said


@pytest.mark.parametrize(("ticked", "said"), [((), False), (("consents.forwarding",), True)])
def test_what_is_left_unticked_on_the_public_form_is_a_no(
    ticked: tuple[str, ...], *, said: bool
) -> None:
    fields = {"matter.text": "桌面开裂", **dict.fromkeys(ticked, "true")}
    consents = ComplaintForm.model_validate(read(FormData(fields)).fields).record().consents
    assert (consents.forwarding, consents.mediation) == (said, False)
