"""From the form to the letter, through intake and mediation as they are."""

import io
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

import services.intake.main as intake
import services.mediation.main as mediation
import services.notification.main as notification
from services.mediation.use_cases.people.changing import WishedPerson, change_person
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.staff import account_of, add_staff
from services.notification.tables import LetterRow
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.migrated import lay_out
from tests.notification.platform import letters, only
from tests.notification.test_mailers import Sink, listening, received

BODIES = """[{"code": "main", "name": "安澜市消费者权益保护委员会", "short": "安澜市消委会",
              "docword": "消转", "phone": "0999-12315", "address": "安澜市滨江路100号"}]"""
COMPLAINT: dict[str, Any] = {
    "kind": "complaint",
    "channel": "web",
    "complainant": {"name": "张小满", "phone": "13812345678"},
    "respondent": {"name": "安澜迅修手机维修店", "address": "安澜市中山路8号"},
    "matter": {
        "subject": "手机换屏后开裂",
        "text": "换屏三天后屏幕开裂。\n与店方协商三次，未果。",
        "happened_on": "2026-06-01",
        "amount_fen": 129900,
    },
    "claims": [{"kind": "refund", "amount_fen": 129900}],
    "evidence": ["购物小票"],
    "consents": {"forwarding": True},
}


@dataclass
class Desk:
    """Somebody of the staff at the platform, and the platform."""

    client: httpx.AsyncClient
    house: Embedded
    header: dict[str, str]

    async def step(self, step: str, **facts: Any) -> httpx.Response:
        """Take a step on the only case."""
        listed = (await self.client.get("/mediation/api/v1/cases")).json()["items"]
        [case] = listed
        answer = await self.client.post(
            f"/mediation/api/v1/cases/{case['id']}/steps/{step}",
            json=facts,
            headers=self.header | {"If-Match": f'"{case["version"]}"'},
        )
        assert answer.status_code == 200, answer.text
        await self.house.settle()
        return answer

    async def opened(self, letter: UUID) -> httpx.Response:
        """A letter that is out, for whoever works on its case and says why."""
        await self.step("take")
        address = f"/notification/api/v1/letters/{letter}.pdf"
        return await self.client.post(address, json={"reason": "document"}, headers=self.header)


@pytest.fixture
async def post(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Sink]:
    """A real mail server on this machine, configured as an administrator would."""
    sink = Sink()
    async with listening(sink) as server:
        for name, value in {
            "HOST": server.host,
            "PORT": str(server.port),
            "SECURITY": "none",
            "FROM": "letters@example.invalid",
        }.items():
            monkeypatch.setenv(f"NOTIFICATION_SMTP_{name}", value)
        yield sink


@pytest.fixture
async def house(
    common: CommonSettings,
    vault: Vault,
    clock: StandingClock,
    post: Sink,
    request: pytest.FixtureRequest,
) -> AsyncGenerator[Embedded]:
    """All three services; of the organisations that a test asks for, else of one with a phone."""
    bodies = getattr(request, "param", BODIES)
    builds = {
        "mediation": mediation.build,
        "intake": intake.build,
        "notification": notification.build,
    }
    lay_out(common.data)
    made = Embedded(common.model_copy(update={"bodies": bodies}), vault, clock, builds)
    await made.migrate()
    yield made
    await made.close()


@pytest.fixture
async def desk(house: Embedded) -> AsyncGenerator[Desk]:
    async with house.running["mediation"].database.work() as work:
        account: Any = {"display": "林调解员", "role": "mediator", "body": "main"}
        password = await add_staff(work, "lin", **account)
    transport = httpx.ASGITransport(app=house.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        login = {"name": "lin", "password": password, "new_password": "an-owl-at-3"}
        answer = await client.post("/mediation/api/v1/login", json=login)
        assert answer.status_code == 200, answer.text
        yield Desk(client, house, {"X-CSRF-Token": answer.headers["X-CSRF-Token"]})


async def test_a_complaint_that_is_forwarded_becomes_one_numbered_letter_as_pdf(
    desk: Desk, house: Embedded
) -> None:
    created = await desk.client.post("/intake/api/v1/complaints", json=COMPLAINT)
    assert created.status_code == 201, created.text
    await house.settle()
    await desk.step("accept")
    await desk.step("forward", reply_due="2026-06-29")
    letter = await only(house.running["notification"].database)
    assert (letter.document_number, letter.state) == ("消转〔2026〕1号", "to_print")
    assert letter.reason == "no_address"
    pdf = await desk.client.get(f"/notification/api/v1/letters/{letter.id}.pdf")
    text = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf.content)).pages
    )
    for words in (
        "消转〔2026〕1号",
        "安澜迅修手机维修店：",
        f"投诉编号：{created.json()['number']}",
        "张小满因与贵单位",
        "与店方协商三次，未果。",
        "1,299.00元",
        "请于2026年6月29日前（含当日）",
        "投诉人称持有：购物小票。",
        "联系人：林调解员",
        "0999-12315",
    ):
        assert words in text
    assert "13812345678" not in text
    assert "安澜市中山路8号" not in text
    assert "附件" not in text


async def test_a_file_that_was_handed_in_is_enclosed_and_the_letters_page_leads_to_it(
    desk: Desk, house: Embedded
) -> None:
    created = (await desk.client.post("/intake/api/v1/complaints", json=COMPLAINT)).json()
    added = await desk.client.post(
        f"/intake/api/v1/complaints/{created['number']}/attachments",
        files={"files": ("小票.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")},
        headers={"X-Query-Code": created["query_code"]},
    )
    assert added.is_success, added.text
    await house.settle()
    await desk.step("accept")
    await desk.step("forward", reply_due="2026-06-29")
    letter = await only(house.running["notification"].database)
    page = (await desk.client.get(f"/notification/letters/{letter.id}")).text
    assert "附件：小票.pdf" in page
    assert "投诉人称持有：购物小票。" in page
    [link] = re.findall(r'href="(/intake/files/[^"]+)"', page)
    assert (await desk.client.get(link)).content == b"%PDF-1.7\n%%EOF\n"


async def forwarded_to_an_address(desk: Desk) -> LetterRow:
    """The letter about a complaint whose respondent reads mail."""
    respondent = COMPLAINT["respondent"] | {"email": "shop@example.invalid"}
    await desk.client.post("/intake/api/v1/complaints", json=COMPLAINT | {"respondent": respondent})
    await desk.house.settle()
    await desk.step("accept")
    await desk.step("forward", reply_due="2026-06-29")
    return await only(desk.house.running["notification"].database)


async def test_a_respondent_with_an_address_gets_the_letter_by_mail(
    desk: Desk, house: Embedded, post: Sink
) -> None:
    letter = await forwarded_to_an_address(desk)
    assert (letter.state, letter.way) == ("sent", "email")
    message = received(post)
    assert message["To"] == "安澜迅修手机维修店 <shop@example.invalid>"
    [pdf] = message.iter_attachments()
    kept = await desk.opened(letter.id)
    assert pdf.get_content() == kept.content
    await desk.step("withdraw")
    assert (await only(house.running["notification"].database)).state == "sent"


@pytest.mark.parametrize("house", ["[]"], indirect=True)
async def test_in_a_plain_installation_a_letter_leaves_by_mail_once_its_mediator_has_a_phone(
    desk: Desk, house: Embedded, post: Sink
) -> None:
    letter = await forwarded_to_an_address(desk)
    assert (letter.state, letter.reason, letter.lacking) == ("to_print", "to_fill_in", ["联系电话"])
    assert post.envelopes == []
    async with house.running["mediation"].database.work() as work:
        lin = await account_of(work.session, "lin")
        await change_person(work, lin.id, WishedPerson(lin.display, "0999-12315", None), CONSOLE)
    address = f"/notification/api/v1/letters/{letter.id}"
    assert (await desk.client.post(f"{address}/make", headers=desk.header)).status_code == 200
    await house.settle()
    letter = await only(house.running["notification"].database)
    assert (letter.state, letter.way, letter.number) == ("sent", "email", 1)
    pdf = await desk.opened(letter.id)
    text = "".join(PdfReader(io.BytesIO(pdf.content)).pages[-1].extract_text().split())
    assert "（联系人：林调解员，电话：0999-12315）" in text


async def test_a_case_that_was_withdrawn_in_time_sends_no_letter(
    desk: Desk, house: Embedded, post: Sink
) -> None:
    await desk.client.post("/intake/api/v1/complaints", json=COMPLAINT)
    await house.settle()
    await desk.step("accept")
    await desk.step("forward", reply_due="2026-06-29")
    await desk.step("withdraw")
    letter = await only(house.running["notification"].database)
    assert (letter.state, letter.reason, letter.number) == ("void", "case_over", 1)
    assert post.envelopes == []


async def test_a_second_forwarding_makes_a_second_letter_with_the_next_number(
    desk: Desk, house: Embedded
) -> None:
    await desk.client.post("/intake/api/v1/complaints", json=COMPLAINT)
    await house.settle()
    await desk.step("accept")
    await desk.step("forward", reply_due="2026-06-26")
    await desk.step("record-reply", text="不同意退款。", replied_on="2026-06-23")
    await desk.step("forward", reply_due="2026-07-01")
    found = await letters(house.running["notification"].database)
    assert [(one.serial, one.number, one.reply_due.isoformat()) for one in found] == [
        (1, 1, "2026-06-26"),
        (2, 2, "2026-07-01"),
    ]


async def test_what_mediation_hears_of_the_letter_stands_on_the_case(
    desk: Desk, house: Embedded
) -> None:
    await desk.client.post("/intake/api/v1/complaints", json=COMPLAINT)
    await house.settle()
    await desk.step("accept")
    await desk.step("forward", reply_due="2026-06-29")
    letter = await only(house.running["notification"].database)
    done = await desk.client.post(
        f"/notification/api/v1/letters/{letter.id}/printed", headers=desk.header
    )
    assert (done.status_code, done.json()["state"]) == (200, "printed")
    await house.settle()
    case = (await desk.client.get(f"/mediation/api/v1/cases/{letter.case_id}")).json()
    assert case["state"] == "forwarded"
    page = await desk.client.get(f"/mediation/cases/{letter.case_number}")
    assert letter.document_number in page.text
