"""A report that tells in its words who reported: whoever reads it over the API learns nothing."""

from typing import Any

import httpx

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
        assert matter["subject"] == "慕容**举报"
        assert matter["text"] == "我是慕容**，住****，看到假货。"
        assert matter["place"] == "慕容**家楼下"
        assert matter["goods_or_service"] == "慕容**买的酒"
        assert matter["order_no"] == "慕容**-1"
        assert got["evidence"] == ["慕容**的小票"]
        assert [one["name"] for one in got["files"]] == ["慕容**138****0000.png"]
