"""Records over the API: of a report nobody learns who reported, of a complaint all is masked."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.intake.builders import a_complaint
from tests.intake.samples import SAMPLES

AT = "/intake/api/v1/complaints"
COOKIE = {"Cookie": "redress_session=good"}
REPORTER = {
    "name": "慕容线人",
    "phone": "138 0013 8000",
    "address": "四川省遂宁市船山区光明街八号",
}
SECRET = ("慕容线人", "线人", "光明街", "13800138000")


async def sent(web: httpx.AsyncClient, token: dict[str, str]) -> dict[str, Any]:
    """A report that names its reporter, with a file that does so, too."""
    report = a_complaint(
        kind="report",
        complainant=REPORTER,
        matter_subject="慕容线人举报",
        matter_text="我是慕容线人，住光明街八号，看到假货。",
        matter_place="慕容线人家楼下",
        matter_goods_or_service="慕容线人买的酒",
        matter_order_no="慕容线人-1",
        evidence=["慕容线人的小票"],
    )
    made: dict[str, Any] = (await web.post(AT, json=report, headers=token)).json()
    files = [("files", ("慕容线人13812340000.png", SAMPLES["png"], "image/png"))]
    address = f"{AT}/{made['number']}/attachments"
    answer = await web.post(address, files=files, headers=token)
    assert answer.status_code == 201, answer.text
    return made


async def test_neither_staff_nor_services_read_in_a_report_who_reported(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    made = await sent(web, token)
    for headers in (COOKIE, token):
        answer = await web.get(f"{AT}/{made['id']}", headers=headers)
        assert answer.status_code == 200
        got = answer.json()
        assert [one for one in SECRET if one in answer.text] == []
        matter = got["matter"]
        assert matter["subject"] == "***举报"
        assert matter["text"] == "我是***，住******，看到假货。"
        assert matter["place"] == "***家楼下"
        assert matter["goods_or_service"] == "***买的酒"
        assert matter["order_no"] == "***-1"
        assert got["evidence"] == ["***的小票"]
        assert [one["name"] for one in got["files"]] == ["*******.png"]


async def test_a_file_of_a_report_is_saved_under_the_name_that_the_record_shows(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    made = await sent(web, token)
    [file] = (await web.get(f"{AT}/{made['id']}", headers=COOKIE)).json()["files"]
    answer = await web.get(f"{AT}/{made['id']}/attachments/{file['id']}", headers=COOKIE)
    assert answer.content == SAMPLES["png"]
    named = answer.headers["content-disposition"]
    assert named == (
        f"attachment; filename=\"file.png\"; filename*=UTF-8''{quote(file['name'], safe='')}"
    )
    assert quote("*******.png", safe="") in named


async def test_a_file_of_a_complaint_is_saved_under_the_name_that_the_record_shows(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    sent = a_complaint(complainant={"name": "吴小莉", "phone": "13812340000"})
    made = (await web.post(AT, json=sent, headers=token)).json()
    files = [("files", ("吴小莉13812340000.png", SAMPLES["png"], "image/png"))]
    await web.post(f"{AT}/{made['number']}/attachments", files=files, headers=token)
    [file] = (await web.get(f"{AT}/{made['id']}", headers=COOKIE)).json()["files"]
    assert file["name"] == "吴**138****0000.png"
    for path in (f"{AT}/{made['id']}/attachments", f"/intake/files/{made['id']}"):
        answer = await web.get(f"{path}/{file['id']}", headers=COOKIE)
        assert answer.content == SAMPLES["png"]
        named = answer.headers["content-disposition"]
        assert named.endswith(f"filename*=UTF-8''{quote(file['name'], safe='')}")


@pytest.mark.parametrize("name", ["subject", "text", "place", "goods_or_service", "order_no"])
async def test_people_read_masked_whatever_was_written_of_the_matter(
    web: httpx.AsyncClient, token: dict[str, str], name: str
) -> None:
    sent = a_complaint(
        complainant={"name": "吴小莉", "phone": "13800138000"},
        **{f"matter_{name}": "吴小莉的13812340000"},
    )
    made = (await web.post(AT, json=sent, headers=token)).json()
    got = (await web.get(f"{AT}/{made['id']}", headers=COOKIE)).json()
    assert got["matter"][name] == "吴**的138****0000"
    whole = (await web.get(f"{AT}/{made['id']}", headers=token)).json()
    assert whole["matter"][name] == "吴小莉的13812340000"
