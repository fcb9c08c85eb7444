"""Somebody lost the query code: the desk gives them another, the old one opens nothing."""

import re

from tests.journeys.walking import Walker

HTML = {"Accept": "text/html", "Origin": "http://test"}


async def test_a_code_is_replaced_at_the_desk_and_the_old_one_opens_nothing(
    walker: Walker,
) -> None:
    receipt = await walker.complain()
    await walker.settle()
    address = f"/mediation/cases/{receipt['number']}/query-code"
    page = (await walker.http.get(address, headers=HTML)).text
    form = dict(re.findall(r'name="(form_token|version)" value="([^"]+)"', page))
    sent = form | {"identity_checked": "true"}
    assert (await walker.http.post(address, data=sent, headers=HTML)).status_code == 303
    shown = re.search(
        r'class="code">([0-9A-Z]{12})<', (await walker.http.get(address, headers=HTML)).text
    )
    assert shown
    await walker.settle()
    for code, status in ((receipt["query_code"], 404), (shown[1], 200)):
        asked = {"number": receipt["number"], "query_code": code}
        answer = await walker.http.post("/intake/api/v1/status", json=asked)
        assert answer.status_code == status
