"""Letters over HTTP: lists, files, actions, pages, and what a stranger may learn."""

import io
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from dataclasses import replace
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx
import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notification.main import service_of
from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.use_cases.identity import check_code
from services.notification.use_cases.send import send_due
from services.notification.use_cases.void import void_letters
from shared.bodies import bodies_of
from shared.web import edge
from shared.work import Database
from tests.notification.conftest import CITY, RECEIPT, WORDS, PostBox, Sisters, closed, forwarded
from tests.notification.platform import letters, made, only, owe
from tests.shared.webs import COOKIE, ENGLISH, options

API = "/notification/api/v1/letters"


@pytest.fixture
def engine(sqlite_engine: AsyncEngine) -> AsyncEngine:
    """One file of SQLite is enough here."""
    return sqlite_engine


@pytest.fixture
async def stranger(database: Database, office: Office) -> AsyncGenerator[httpx.AsyncClient]:
    service = service_of(office)
    app = edge("notification", service.routers, database, options=options())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def clerk(stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    stranger.cookies.set("redress_session", COOKIE)
    return stranger


@pytest.fixture
def token(database: Database) -> str:
    """The header that a login returns."""
    return (
        urlsafe_b64encode(database.vault.mac("csrf-header", COOKIE.encode())).decode().rstrip("=")
    )


def form_token(page: str) -> str:
    """The hidden field of the first form of ours on a page."""
    found = re.search(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page)
    assert found is not None
    return found[2]


async def test_letters_are_listed_as_json_for_staff(
    clerk: httpx.AsyncClient, database: Database, office: Office
) -> None:
    await made(database, office, forwarded(), forwarded(body="demo"))
    answer = (await clerk.get(API)).json()
    [item] = answer["items"]
    assert answer["next"] is None
    assert item["document_number"] == "消转〔2026〕1号"
    assert (item["state"], item["reason"], item["to"]) == ("sending", None, "安澜迅修手机维修店")
    assert (item["reply_due"], item["may"]) == ("2026-06-29", ["send", "printed"])
    assert (await clerk.get(API, params={"state": "held"})).json()["items"] == []
    assert (await clerk.get(API, params={"state": "nonsense"})).status_code == 422
    assert (await clerk.get(API, params={"cursor": "nonsense"})).status_code == 422


async def test_a_page_of_letters_names_the_next_one(
    clerk: httpx.AsyncClient, database: Database, office: Office
) -> None:
    await made(database, office, *(forwarded() for _ in range(51)))
    first = (await clerk.get(API)).json()
    second = (await clerk.get(API, params={"cursor": first["next"]})).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 1, None)


async def test_a_letter_comes_as_pdf_and_as_word(
    clerk: httpx.AsyncClient, database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    pdf = await clerk.get(f"{API}/{letter.id}.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert "消转〔2026〕1号.pdf" in unquote(pdf.headers["content-disposition"])
    assert "消转〔2026〕1号" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    word = await clerk.get(f"{API}/{letter.id}.docx")
    assert Document(io.BytesIO(word.content)).paragraphs[1].text == "消转〔2026〕1号"
    shown = (await clerk.get(f"{API}/{letter.id}")).json()
    assert len(shown["sha256"]) == 64
    assert shown["attempts"] == []


async def test_a_letter_that_is_not_made_yet_has_no_file(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.case = None
    [letter] = await made(database, office, forwarded())
    answer = await clerk.get(f"{API}/{letter.id}.pdf")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "这份函件还没有内容：还没有取到，或者已经按规定删除。"
    assert (await clerk.get(f"{API}/{uuid4()}.pdf")).status_code == 404


async def test_a_letter_of_another_organisation_is_not_there(
    clerk: httpx.AsyncClient, database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded(body="demo"))
    paths = [f"{API}/{letter.id}", f"{API}/{letter.id}.pdf", f"/notification/letters/{letter.id}"]
    assert [(await clerk.get(path)).status_code for path in paths] == [404, 404, 404]


async def test_printing_is_noted_by_json_and_only_with_the_header_of_the_session(
    clerk: httpx.AsyncClient, database: Database, office: Office, token: str
) -> None:
    [letter] = await made(database, office, forwarded())
    refused = await clerk.post(f"{API}/{letter.id}/printed")
    assert refused.status_code == 403
    assert (await only(database)).state == "sending"
    header = {"X-CSRF-Token": token}
    done = await clerk.post(f"{API}/{letter.id}/printed", headers=header)
    assert (done.status_code, done.json()["state"]) == (200, "printed")
    assert [one["way"] for one in done.json()["attempts"]] == ["print"]
    again = await clerk.post(f"{API}/{letter.id}/printed", headers=header)
    assert again.status_code == 409
    assert (await clerk.post(f"{API}/{letter.id}/burn", headers=header)).status_code == 422


async def test_the_desk_shows_letters_and_what_is_to_be_done(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(name="")
    await made(database, office, forwarded())
    page = await clerk.get("/notification/letters", params={"tab": "todo"})
    assert page.status_code == 200
    for words in ("消转〔2026〕1号", "待补正", "缺少必备事项", "被投诉人名称", "6月29日"):
        assert words in page.text
    english = await clerk.get("/notification/letters", headers=ENGLISH)
    assert "Required facts are missing: Name of the respondent" in english.text
    assert "这里没有函件" in (await clerk.get("/notification/letters?tab=out")).text
    for typed, count in (("消转[2026]1", 1), ("消转[2026]2", 0)):
        fields = {"form_token": form_token(page.text), "q": typed}
        origin = {"Origin": "http://test"}
        led = await clerk.post("/notification/letters", data=fields, headers=origin)
        assert led.status_code == 303
        found = await clerk.get(led.headers["location"])
        assert found.text.count('<a class="what"') == count
    refused = await clerk.get("/notification/letters", params={"q": "消转[2026]1"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/query/q"


async def test_the_page_of_a_letter_shows_it_with_its_attempts(
    clerk: httpx.AsyncClient, database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    await send_due(database, office)
    page = await clerk.get(f"/notification/letters/{letter.id}")
    assert page.status_code == 200
    for words in ("与店方协商三次，未果。", "已用邮件发出", "250 taken", "再发一次"):
        assert words in page.text


async def test_printing_is_noted_on_the_page_and_only_with_the_forms_token(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(email="")
    [letter] = await made(database, office, forwarded())
    path = f"/notification/letters/{letter.id}"
    refused = await clerk.post(f"{path}/printed", data={}, headers={"Origin": "http://test"})
    assert refused.status_code in {403, 409}
    assert (await only(database)).state == "to_print"
    page = (await clerk.get(path)).text
    field = re.search(r'name="(\w+)" value="' + re.escape(form_token(page)), page)
    assert field is not None
    done = await clerk.post(
        f"{path}/printed", data={field[1]: form_token(page)}, headers={"Origin": "http://test"}
    )
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert (await only(database)).state == "printed"


async def test_hostile_words_are_only_words_on_the_page(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.about(name="<script>alert(1)</script>")
    [letter] = await made(database, office, forwarded())
    for path in ("/notification/letters", f"/notification/letters/{letter.id}"):
        page = await clerk.get(path)
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


async def test_mail_that_waits_can_be_read_and_does_not_leave(
    clerk: httpx.AsyncClient, database: Database, office: Office, post: PostBox
) -> None:
    post.open = False
    await made(database, office, forwarded())
    page = await clerk.get("/notification/mail")
    for words in ("shop@example.invalid", "现将投诉转送函（消转〔2026〕1号）发给贵单位"):
        assert words in page.text
    assert post.mails == []
    post.open = True
    await send_due(database, office)
    assert "没有待发的邮件" in (await clerk.get("/notification/mail")).text


async def test_a_stranger_learns_whether_a_letter_is_genuine_and_nothing_else(
    stranger: httpx.AsyncClient, database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    code = check_code(database.vault, letter)
    empty = await stranger.get("/notification/verify")
    right = await stranger.get(
        "/notification/verify", params={"number": "消转[2026]1号", "code": code.lower()}
    )
    wrong = await stranger.get(
        "/notification/verify", params={"number": "消转[2026]1号", "code": "000000000000"}
    )
    assert "是真的" not in empty.text
    assert "没有查到" not in empty.text
    assert "是真的" in right.text
    assert "没有查到" in wrong.text
    for page in (right, wrong):
        assert "安澜迅修" not in page.text
        assert "260618" not in page.text
        assert code not in wrong.text


async def test_the_address_on_the_letter_leads_to_the_right_answer(
    stranger: httpx.AsyncClient, database: Database, office: Office
) -> None:
    from services.notification.use_cases.files import letter_of  # noqa: PLC0415

    [letter] = await made(database, office, forwarded())
    address = letter_of(database.vault, office, letter).check_url
    assert address.startswith("http://test/notification/verify?")
    assert "是真的" in (await stranger.get(address)).text


async def verified(stranger: httpx.AsyncClient, database: Database, letter: LetterRow) -> str:
    """What a stranger is told who has the number and the code of this letter."""
    asked = {"number": letter.document_number, "code": check_code(database.vault, letter)}
    page = await stranger.get("/notification/verify", params=asked)
    [said] = re.findall(r"<strong>(.*?)</strong>", page.text)
    return str(said)


async def test_a_letter_of_the_demonstration_is_never_called_genuine(
    stranger: httpx.AsyncClient, database: Database, office: Office
) -> None:
    event = forwarded(body="demo")
    [letter] = await made(database, office, event)
    assert await verified(stranger, database, letter) == "演示。"
    async with database.work() as work:
        await void_letters(work, [closed(event)])
    assert await verified(stranger, database, await only(database)) == "演示。"


async def test_a_letter_that_was_voided_is_said_to_have_stayed_in_and_one_that_left_is_genuine(
    stranger: httpx.AsyncClient, database: Database, office: Office
) -> None:
    [event, other] = forwarded(), forwarded()
    [left, _] = await made(database, office, event, other)
    assert await verified(stranger, database, left) == "是真的。"
    assert await send_due(database, office) == 2
    async with database.work() as work:
        await void_letters(work, [closed(event)])
    late = forwarded()
    await owe(database, office, [late])
    async with database.work() as work:
        await void_letters(work, [closed(late)])
    states = [
        (one.state, await verified(stranger, database, one)) for one in await letters(database)
    ]
    assert states == [("sent", "是真的。"), ("sent", "是真的。"), ("void", "已作废，未发出。")]


@pytest.mark.parametrize(
    "path",
    [
        "/notification/letters",
        "/notification/mail",
        f"/notification/letters/{UUID(int=1)}",
        API,
        f"{API}/{UUID(int=2)}",
        f"{API}/{UUID(int=3)}.pdf",
        f"{API}/{UUID(int=4)}.docx",
    ],
)
async def test_a_stranger_sees_no_letter(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.get(path)
    assert answer.status_code in {303, 401}


async def test_what_a_stranger_types_in_an_address_does_no_harm(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    long = await stranger.get("/notification/verify", params={"number": "x" * 101, "code": "y"})
    assert long.status_code == 422
    odd = {"number": "<script>alert(1)</script>", "code": "' OR 1=1 --"}
    page = await stranger.get("/notification/verify", params=odd)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert await letters(database) == []


CASE_LINK = '<a href="/mediation/cases/260618-7QK3M9XWD">去案件里填写</a>'


@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        ({"email": ""}, "电子邮箱在案件里登记被投诉人时填写；填好以后点重新制作"),
        ({"email": "没有"}, "电子邮箱在案件里登记被投诉人时填写；填好以后点重新制作"),
        ({"name": ""}, "被投诉人在案件里填写。在案件里补上以后，函件会自己接着办。"),
    ],
)
async def test_the_page_of_a_letter_that_waits_leads_to_the_case_where_the_missing_is_filled_in(
    clerk: httpx.AsyncClient, database: Database, office: Office, lacks: dict[str, str], says: str
) -> None:
    assert isinstance(office.cases, Sisters)
    office.cases.about(**lacks)
    [letter] = await made(database, office, forwarded())
    page = await clerk.get(f"/notification/letters/{letter.id}")
    assert says in "".join(page.text.split())
    assert CASE_LINK in page.text
    english = (await clerk.get(f"/notification/letters/{letter.id}", headers=ENGLISH)).text
    [said] = re.findall(r'role="status"><p><strong>(.*?)</p>', english, re.DOTALL)
    assert not re.findall(r"\.[A-Z<]", said.replace(".</strong>", ""))


async def test_the_page_of_a_letter_without_a_phone_says_where_phones_are_set(
    clerk: httpx.AsyncClient, database: Database, office: Office
) -> None:
    silent = replace(office, bodies=bodies_of([replace(CITY, phone="")]))
    [letter] = await made(database, silent, forwarded())
    assert (letter.state, letter.lacking) == ("to_print", ["联系电话"])
    page = (await clerk.get(f"/notification/letters/{letter.id}")).text
    assert "单位电话由系统管理员写在设置 REDRESS_BODIES 里（见说明书“写明本单位”）" in page
    assert "调解员自己的办公电话用命令 redress staff change 登记；写好以后点重新制作" in page
    assert CASE_LINK not in page


async def test_the_page_of_a_letter_offers_the_files_to_enclose_and_only_files(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters
) -> None:
    [first] = await made(database, office, forwarded())
    sisters.words_of_all = replace(WORDS, files=(RECEIPT,))
    [_, second] = await made(database, office, forwarded())
    without = (await clerk.get(f"/notification/letters/{first.id}")).text
    having = (await clerk.get(f"/notification/letters/{second.id}")).text
    assert "投诉人称持有：购物小票照片。" in without
    assert '<p class="annex">' not in without
    assert "/intake/files/" not in without
    assert '<p class="annex">附件：张**的小票.jpg</p>' in having
    address = f"/intake/files/{second.complaint_id}/{RECEIPT.id}"
    assert f'<a href="{address}">张**的小票.jpg</a>' in having


async def test_the_page_of_a_letter_for_an_inquiry_says_why_there_is_none(
    clerk: httpx.AsyncClient, database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.words_of_all = replace(WORDS, kind="inquiry")
    [letter] = await made(database, office, forwarded())
    page = (await clerk.get(f"/notification/letters/{letter.id}")).text
    assert "这件不是投诉，不发投诉转送函" in page
    assert "请在案件里按它的性质办理，结案以后这份函件作废，文号保留。" in page
    assert '<a href="/mediation/cases/260618-7QK3M9XWD">去案件里办理</a>' in page
    assert "发生消费争议" not in page
    assert "下载Word" not in page
    assert (await clerk.get(f"{API}/{letter.id}.docx")).status_code == 409
