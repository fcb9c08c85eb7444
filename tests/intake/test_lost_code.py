"""A lost query code: a stranger learns nothing, whoever complained gets a new one by mail, once."""

import re
from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import func, select

from services.intake.domain.lost_code import Known, fits
from services.intake.ports import Mail
from services.intake.tables import ComplaintRow, LostCodeRow, MailedCodeRow
from services.intake.use_cases.lost_codes_answering import answer_due
from shared.net import Unanswered
from shared.trail.refusals import refusals_of
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.builders import a_complaint
from tests.intake.test_api import CREATE
from tests.intake.test_equal_work import counting
from tests.intake.test_pages import HTML, STATUS, hidden, kept

LOST, CODE = f"{STATUS}/lost", f"{STATUS}/lost/code"
ADDRESS = f"http://test{CODE}"
WHO = {"name": "张三", "phone": "138 0013 8000", "email": "zhang@example.invalid"}


@dataclass
class Postman:
    """Takes mail as told: takes it, has no server, or is away."""

    taken: list[Mail] = field(default_factory=list)
    answer: bool = True
    away: bool = False

    async def send(self, mail: Mail) -> bool:
        if self.away:
            raise Unanswered("away")
        if self.answer:
            self.taken.append(mail)
        return self.answer


@pytest.fixture
async def made(web: httpx.AsyncClient) -> dict[str, str]:
    """A complaint with an e-mail address."""
    receipt: dict[str, str] = (await web.post(CREATE, json=a_complaint(complainant=WHO))).json()
    return receipt


async def token(web: httpx.AsyncClient) -> str:
    return hidden((await web.get(LOST, headers=HTML)).text, "form_token")


async def ask(web: httpx.AsyncClient, number: str, contact: str) -> httpx.Response:
    fields = {"form_token": await token(web), "number": number, "contact": contact}
    return await web.post(LOST, data=fields, headers=HTML)


async def redeem(web: httpx.AsyncClient, number: str, code: str) -> httpx.Response:
    fields = {"form_token": await token(web), "number": number, "one_time_code": code}
    return await web.post(CODE, data=fields, headers=HTML)


def code_in(mail: Mail) -> str:
    found = re.search(r"一次性代码：((?:[0-9A-Z]{4} ?){3})", mail.text)
    assert found
    return found[1].strip()


async def generation(database: Database) -> int:
    async with database.reading() as session:
        return (await session.scalars(select(ComplaintRow.code_generation))).one()


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("13800138000", True),
        ("+86 138-0013-8000", True),
        ("Zhang@Example.Invalid", True),
        ("１３８００１３８０００", True),
        ("13800138001", False),
        ("li@example.invalid", False),
        ("", False),
        ("张三", False),
    ],
)
def test_what_fits_is_the_telephone_or_the_address_that_was_given(typed: str, right: bool) -> None:  # noqa: FBT001 - a parameter
    assert fits(typed, Known("138 0013 8000", "zhang@example.invalid")) is right
    assert not fits(typed, Known(None, None))


@pytest.mark.parametrize(
    ("number", "contact", "named"),
    [("", " ", ["number", "contact"]), ("", "x@y.cn", ["number"]), ("261122-1", "", ["contact"])],
)
async def test_a_form_with_nothing_in_it_says_beside_the_fields_what_is_needed(
    web: httpx.AsyncClient, database: Database, number: str, contact: str, named: list[str]
) -> None:
    answer = await ask(web, number, contact)
    assert answer.status_code == 422
    assert re.findall(r'<p class="error" id="(\w+)-error">请填写', answer.text) == named
    assert "已经收到" not in answer.text
    assert f'name="contact" value="{contact}"' in answer.text
    assert await answer_due(database, Postman(), ADDRESS) == 0


async def test_a_new_code_comes_by_mail_and_the_old_one_stops_working(
    web: httpx.AsyncClient, database: Database, made: dict[str, str]
) -> None:
    post = Postman()
    asked = await ask(web, made["number"].lower(), "13800138000")
    assert asked.status_code == 200
    assert await answer_due(database, post, ADDRESS) == 1
    [mail] = post.taken
    assert (mail.to, mail.body) == ("zhang@example.invalid", "main")
    assert ADDRESS in mail.text
    assert made["number"] not in mail.text + mail.subject
    assert made["query_code"] not in mail.text
    got = await redeem(web, made["number"], code_in(mail).lower())
    assert got.status_code == 200
    new = re.search(r"<dd>((?:[0-9A-Z]{4} ?){3})</dd>", got.text)
    assert new
    status = "/intake/api/v1/status"
    body = {"number": made["number"], "query_code": new[1]}
    assert (await web.post(status, json=body)).status_code == 200
    body["query_code"] = made["query_code"]
    assert (await web.post(status, json=body)).status_code == 404
    assert (await redeem(web, made["number"], code_in(mail))).status_code == 404
    assert await generation(database) == 2
    assert await deeds(database, made["id"]) == [
        ("code.asked", "citizen"),
        ("code.sent", "citizen"),
        ("code.used", "citizen"),
        ("code.renewed", "citizen"),
    ]


async def deeds(database: Database, complaint: str) -> list[tuple[str, str]]:
    """What the trail says on a complaint: action and kind of doer."""
    async with database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.kind == "complaint", AuditRow.key == complaint)
        rows = list(await session.scalars(wanted.order_by(AuditRow.seq)))
    return [(row.action, row.doer_kind) for row in rows]


async def test_wrong_telephones_are_rows_of_the_complaint_and_guessing_fills_no_chain(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    for n in range(22):
        await ask(web, made["number"], f"139001390{n:02}")
    while await answer_due(database, Postman(), ADDRESS):
        pass
    assert await deeds(database, made["id"]) == [("code.wrong", "stranger")] * 20
    clock.move(days=1, seconds=1)
    await ask(web, made["number"], "1")
    await answer_due(database, Postman(), ADDRESS)
    assert len(await deeds(database, made["id"])) == 21


async def test_a_wrong_one_time_code_is_in_the_trail_with_the_complaint_it_was_tried_on(
    web: httpx.AsyncClient, database: Database, made: dict[str, str]
) -> None:
    for number in (made["number"], "261122-000000000"):
        assert (await redeem(web, number, "0" * 12)).status_code == 404
    await refusals_of(database).write("intake")
    async with database.reading() as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.kind == "refused")))
    assert [row.action for row in rows] == ["code.wrong", "code.wrong"]
    said = [opened(database.vault, row.sealed, row.id) for row in rows]
    tried = [one[1]["said"]["tried"] for one in said if one]
    assert tried[0] == {"kind": "complaint", "id": made["id"]}
    assert tried[1].keys() == {"kind", "hash"}
    assert made["number"] not in str(said)


async def test_who_reported_gets_a_code_too_and_nobody_learns_it(
    web: httpx.AsyncClient, database: Database
) -> None:
    report = (await web.post(CREATE, json=a_complaint(kind="report", complainant=WHO))).json()
    await ask(web, report["number"], "13800138000")
    post = Postman()
    assert await answer_due(database, post, ADDRESS) == 1
    assert [mail.to for mail in post.taken] == ["zhang@example.invalid"]
    assert report["number"] not in post.taken[0].text


async def test_a_stranger_learns_nothing_and_asking_costs_the_same(
    web: httpx.AsyncClient,
    database: Database,
    made: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = made["number"]
    answers, work = set(), []
    for typed in (
        (number, "13800138000"),
        (number, "13900139000"),
        ("261122-000000000", "13800138000"),
        ("no number", "nobody"),
    ):
        with counting(database, monkeypatch) as done:
            answer = await ask(web, *typed)
        answers.add((answer.status_code, re.sub(r'value="[^"]+"', "", answer.text)))
        work.append(
            {what: n for what, n in done.items() if "FROM complaints" in what or "mac" not in what}
        )
        assert not any("complaints" in what for what in done)
    assert len(answers) == 1
    assert all(one == work[0] for one in work)
    post = Postman()
    assert await answer_due(database, post, ADDRESS) == 4
    assert [mail.to for mail in post.taken] == ["zhang@example.invalid"]
    assert await kept(database, LostCodeRow) == 0


async def test_what_was_typed_lies_sealed_until_it_was_looked_at(
    web: httpx.AsyncClient, database: Database, made: dict[str, str]
) -> None:
    await ask(web, made["number"], "13800138000")
    async with database.reading() as session:
        row = (await session.scalars(select(LostCodeRow))).one()
    assert b"13800138000" not in row.asked.blob
    assert made["number"].encode() not in row.asked.blob


@pytest.mark.parametrize("without", ["email", "fitting contact", "number"])
async def test_nothing_is_mailed_where_it_does_not_fit(
    web: httpx.AsyncClient, database: Database, without: str
) -> None:
    who = WHO | ({"email": None} if without == "email" else {})
    made = (await web.post(CREATE, json=a_complaint(complainant=who))).json()
    number = "261122-000000000" if without == "number" else made["number"]
    await ask(web, number, "1" if without == "fitting contact" else "13800138000")
    post = Postman()
    assert await answer_due(database, post, ADDRESS) == 1
    assert post.taken == []
    assert [await kept(database, one) for one in (LostCodeRow, MailedCodeRow)] == [0, 0]
    assert await generation(database) == 1


async def test_a_code_is_good_for_half_an_hour_for_its_complaint_alone(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    post = Postman()
    other = (await web.post(CREATE, json=a_complaint(complainant=WHO))).json()
    await ask(web, made["number"], WHO["email"])
    await answer_due(database, post, ADDRESS)
    code = code_in(post.taken[0])
    for number, typed in (
        (other["number"], code),
        ("261122-000000000", code),
        (made["number"], "0" * 12),
        (made["number"], ""),
    ):
        refused = await redeem(web, number, typed)
        assert refused.status_code == 404
        assert "编号和一次性代码对不上" in refused.text
    clock.move(minutes=30, seconds=1)
    assert (await redeem(web, made["number"], code)).status_code == 404
    async with database.reading() as session:
        most = await session.scalar(select(func.max(ComplaintRow.code_generation)))
    assert most == 1


async def test_nobodys_mailbox_is_flooded(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    post = Postman()
    for minutes in (0, 1, 10, 10, 10, 10):
        clock.move(minutes=minutes)
        await ask(web, made["number"], "13800138000")
        await answer_due(database, post, ADDRESS)
    assert len(post.taken) == 3
    clock.move(days=2)
    await ask(web, made["number"], "13800138000")
    await answer_due(database, post, ADDRESS)
    assert len(post.taken) == 4


async def test_while_mail_is_away_it_is_tried_again_for_an_hour_and_without_a_server_not_at_all(
    web: httpx.AsyncClient, database: Database, made: dict[str, str], clock: StandingClock
) -> None:
    away = Postman(away=True)
    await ask(web, made["number"], "13800138000")
    assert await answer_due(database, away, ADDRESS) == 1
    assert await answer_due(database, away, ADDRESS) == 0
    assert [await kept(database, one) for one in (LostCodeRow, MailedCodeRow)] == [1, 1]
    clock.move(minutes=1)
    back = Postman()
    assert await answer_due(database, back, ADDRESS) == 1
    assert len(back.taken) == 1
    clock.move(hours=2)
    await ask(web, made["number"], "13800138000")
    assert await answer_due(database, Postman(answer=False), ADDRESS) == 1
    assert await kept(database, LostCodeRow) == 0
    await ask(web, made["number"], "13800138000")
    clock.move(hours=1)
    assert await answer_due(database, away, ADDRESS) == 1
    assert await kept(database, LostCodeRow) == 0


async def test_only_our_own_form_can_ask(web: httpx.AsyncClient, database: Database) -> None:
    for address in (LOST, CODE):
        refused = await web.post(address, data={"number": "1", "contact": "1"}, headers=HTML)
        assert refused.status_code == 409
    assert await kept(database, LostCodeRow) == 0
