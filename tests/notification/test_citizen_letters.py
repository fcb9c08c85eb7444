"""What intake asks for whoever complained: letters that went out, ways to send a code, a text."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import select, update

from services.intake.clients import NotificationClient
from services.intake.domain.second_code import Ways
from services.intake.ports import TextMessage
from services.notification.domain.states import State
from services.notification.internal_citizen import internal_citizen
from services.notification.ports import Office
from services.notification.settings import NotificationSettings
from services.notification.tables import LetterRow
from services.notification.texting import GatewayTexter, NoTexter, Texter, texter_of
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.owe import owe_letters
from shared.kernel import ComplaintId
from shared.net import Unanswered, in_process
from shared.tokens import mint
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.notification.conftest import forwarded

MESSAGE = TextMessage(UUID(int=5), "main", "13800138000", "验证码7KQ4 M2XD")


class Gateway:
    """A gateway for text messages: takes them, or says no."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.status = 202

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(self.status)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def texter(gateway: Gateway) -> AsyncGenerator[Texter]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway.answer)) as client:
        yield GatewayTexter(client, "https://sms.example.invalid/send", "secret")


def client_of(database: Database, office: Office, texter: Texter) -> NotificationClient:
    """Intake's client of this notification."""
    app = edge("notification", [internal_citizen(office, texter)], database, options=EdgeOptions())
    vault, clock = database.vault, database.clock
    return NotificationClient(
        in_process(app, lambda: mint(vault, "intake", "notification", clock()))
    )


async def a_letter(database: Database, office: Office, state: State) -> LetterRow:
    """A forwarding letter in a state."""
    event = forwarded(complaint_id=ComplaintId(uuid4()))
    async with database.work() as work:
        await owe_letters(work, [event], office.bodies)
    await make_letters(database, office=office)
    mine = LetterRow.complaint_id == event.complaint_id
    async with database.work() as work:
        await work.session.execute(update(LetterRow).where(mine).values(state=state))
    async with database.reading() as session:
        return (await session.scalars(select(LetterRow).where(mine))).one()


@pytest.mark.parametrize("state", list(State))
async def test_a_letter_is_read_once_it_is_out_of_the_house(
    database: Database, office: Office, state: State
) -> None:
    row = await a_letter(database, office, state)
    intake = client_of(database, office, NoTexter())
    found = await intake.letters(row.complaint_id)
    content = await intake.letter(row.complaint_id, row.id)
    if state not in {State.SENT, State.PRINTED}:
        assert (found, content) == ([], None)
        return
    assert [(one.id, one.kind, one.number) for one in found] == [
        (row.id, "forwarding", row.document_number)
    ]
    assert content is not None
    assert content.startswith(b"%PDF")


async def test_the_letter_of_another_complaint_is_nobodys_here(
    database: Database, office: Office
) -> None:
    mine, other = [await a_letter(database, office, State.SENT) for _ in range(2)]
    intake = client_of(database, office, NoTexter())
    assert await intake.letter(mine.complaint_id, other.id) is None
    assert await intake.letter(mine.complaint_id, uuid4()) is None
    assert await intake.letters(uuid4()) == []


async def test_an_erased_letter_is_not_listed(database: Database, office: Office) -> None:
    row = await a_letter(database, office, State.SENT)
    async with database.work() as work:
        await work.session.execute(update(LetterRow).values(facts=None))
    intake = client_of(database, office, NoTexter())
    assert await intake.letters(row.complaint_id) == []


async def test_a_text_goes_to_the_gateway_with_its_token(
    database: Database, office: Office, gateway: Gateway, texter: Texter
) -> None:
    intake = client_of(database, office, texter)
    assert await intake.ways("main") == Ways(email=office.mailer.takes(demo=False), sms=True)
    assert await intake.text(MESSAGE)
    [asked] = gateway.asked
    assert asked.headers["authorization"] == "Bearer secret"
    assert str(asked.url) == "https://sms.example.invalid/send"
    said = {"id": str(MESSAGE.id), "to": MESSAGE.to, "text": MESSAGE.text}
    assert httpx.Response(200, content=asked.content).json() == said


async def test_a_gateway_that_refuses_is_away_and_none_is_said(
    database: Database, office: Office, gateway: Gateway, texter: Texter
) -> None:
    gateway.status = 500
    with pytest.raises(Unanswered):
        await client_of(database, office, texter).text(MESSAGE)
    without = client_of(database, office, NoTexter())
    assert await without.text(MESSAGE) is False
    assert not (await without.ways("main")).sms


async def test_a_fictitious_organisation_texts_nobody(
    database: Database, office: Office, gateway: Gateway, texter: Texter
) -> None:
    demo = next(one for one in office.bodies.known if one.demo)
    intake = client_of(database, office, texter)
    assert await intake.text(replace(MESSAGE, body=demo.code)) is False
    assert gateway.asked == []
    assert not (await intake.ways(demo.code)).sms


def test_the_settings_name_the_gateway_or_there_is_none() -> None:
    assert isinstance(texter_of(NotificationSettings()), NoTexter)
    told = NotificationSettings(sms_url="https://sms.example.invalid/send")
    assert isinstance(texter_of(told), GatewayTexter)
    with pytest.raises(ValidationError):
        NotificationSettings(sms_url="sms.example.invalid")
