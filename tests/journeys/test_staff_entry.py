"""A clerk enters a complaint; a button pressed twice enters it once."""

import re

from tests.journeys.walking import Walker

PAGE = "/mediation/register"
TYPED = {
    "kind": "complaint",
    "channel": "phone",
    "complainant.name": "李四光",
    "complainant.phone": "13800000002",
    "respondent.name": "蓝天电器商行",
    "matter.subject": "冰箱不制冷",
    "matter.text": "冰箱买回来三天就不制冷。",
    "consents.forwarding": "true",
}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found.group(1)


async def test_a_button_pressed_twice_enters_one_complaint(walker: Walker) -> None:
    page = (await walker.http.get(PAGE, headers={"Accept": "text/html"})).text
    form = TYPED | {name: hidden(page, name) for name in ("form_token", "entry_key")}
    headers = {"Origin": "http://test", "Accept": "text/html"}
    answers = [await walker.http.post(PAGE, data=form, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    await walker.settle()
    assert (await walker.figures())["received"] == 1


async def test_a_form_sent_back_with_an_error_keeps_its_key(walker: Walker) -> None:
    page = (await walker.http.get(PAGE, headers={"Accept": "text/html"})).text
    form = TYPED | {name: hidden(page, name) for name in ("form_token", "entry_key")}
    headers = {"Origin": "http://test", "Accept": "text/html"}
    back = await walker.http.post(PAGE, data=form | {"matter.text": ""}, headers=headers)
    assert back.status_code == 422
    assert hidden(back.text, "entry_key") == form["entry_key"]
    await walker.settle()
    assert (await walker.figures())["received"] == 0


async def test_a_strange_key_is_replaced_and_not_passed_on(walker: Walker) -> None:
    page = (await walker.http.get(PAGE, headers={"Accept": "text/html"})).text
    form = TYPED | {"form_token": hidden(page, "form_token"), "entry_key": "键\r\nX: y"}
    headers = {"Origin": "http://test", "Accept": "text/html"}
    assert (await walker.http.post(PAGE, data=form, headers=headers)).status_code == 303
    await walker.settle()
    assert (await walker.figures())["received"] == 1


async def test_the_case_page_shows_what_was_agreed_to(walker: Walker) -> None:
    receipt = await walker.complain(consents={"forwarding": True, "mediation": False})
    await walker.settle()
    page = await walker.http.get(
        f"/mediation/cases/{receipt['number']}", headers={"Accept": "text/html"}
    )
    assert page.status_code == 200
    shown = re.findall(r"<dt>(同意[^<]+)</dt><dd>([^<]+)</dd>", page.text)
    assert shown == [("同意转送商家", "是"), ("同意由本会调解", "否")]


async def test_all_mistakes_of_an_entry_are_named_at_once_and_nothing_is_entered(
    walker: Walker,
) -> None:
    page = (await walker.http.get(PAGE, headers={"Accept": "text/html"})).text
    form = TYPED | {name: hidden(page, name) for name in ("form_token", "entry_key")}
    form |= {
        "matter.amount": "十二元",
        "claimed": "一些",
        "matter.happened_on": "昨天",
        "respondent.name": "",
        "respondent.uscc": "91350100M000100Y44",
        "complainant.name": "",
        "complainant.phone": "123",
    }
    headers = {"Origin": "http://test", "Accept": "text/html"}
    answer = await walker.http.post(PAGE, data=form, headers=headers)
    assert answer.status_code == 422
    assert set(re.findall(r'id="([a-z_-]+)-error"', answer.text)) == {
        "matter-amount", "claimed", "matter-happened_on", "respondent-uscc", "complainant-name",
        "complainant-phone",
    }  # fmt: skip
    alone = await walker.http.post(
        PAGE, data=form | TYPED | {"claimed": "1", "respondent.uscc": "", "matter.happened_on": ""},
        headers=headers,
    )  # fmt: skip
    assert re.findall(r'id="([a-z_-]+)-error"', alone.text) == ["matter-amount"]
    await walker.settle()
    assert (await walker.figures())["received"] == 0
