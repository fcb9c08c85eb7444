"""Whoever complained reads the letter that went out, through all services, with number and code."""

import io

from pypdf import PdfReader

from shared.runtime.embedded import Embedded
from tests.journeys.walking import Walker

API = "/intake/api/v1/letters"


async def test_a_letter_opens_to_whoever_complained_once_it_is_out(
    platform: Embedded, walker: Walker
) -> None:
    mine, other = await walker.complain(), await walker.complain()
    await platform.settle()
    for receipt in (mine, other):
        case = await walker.went(await walker.case_of(receipt["number"]), "accept")
        await walker.went(case, "forward")
    await platform.settle()
    shown = {"number": mine["number"], "query_code": mine["query_code"]}
    assert (await walker.http.post(API, json=shown)).json()["items"] == []
    letters = (await walker.http.get("/notification/api/v1/letters")).json()["items"]
    for one in letters:
        address = f"/notification/api/v1/letters/{one['id']}/printed"
        assert (await walker.http.post(address, headers=walker.headers)).status_code == 200
    [letter] = (await walker.http.post(API, json=shown)).json()["items"]
    pdf = await walker.http.post(f"{API}/{letter['id']}/pdf", json=shown)
    words = "".join(PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().split())
    assert letter["number"] in words
    assert "投诉转送函" in words
    [foreign] = [one["id"] for one in letters if one["id"] != letter["id"]]
    refused = await walker.http.post(f"{API}/{foreign}/pdf", json=shown)
    assert refused.status_code == 404
    wrong = shown | {"query_code": other["query_code"]}
    assert (await walker.http.post(API, json=wrong)).status_code == 404
