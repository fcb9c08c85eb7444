"""A complaint, from the form to the letter and the dashboard."""

import asyncio
from io import BytesIO
from uuid import uuid4

import docx
import pypdf

from tests.journeys.walking import Walker, a_complaint


async def test_a_complaint_becomes_one_case_one_letter_and_one_dot_on_the_dashboard(
    walker: Walker,
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first, again = [
        await walker.http.post("/intake/api/v1/complaints", json=a_complaint(), headers=headers)
        for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    await walker.settle()

    case = await walker.case_of(first.json()["number"])
    assert (case["state"], case["due_on"], case["due_for"]) == (
        "registered",
        "2026-07-02",
        "accept",
    )
    case = await walker.went(case, "accept")
    assert (case["state"], case["due_on"], case["due_for"]) == ("accepted", "2026-06-29", "forward")
    case = await walker.went(case, "forward")
    assert case["state"] == "forwarded"
    await walker.settle()

    letters = (await walker.http.get("/notification/api/v1/letters")).json()["items"]
    assert [letter["document_number"] for letter in letters] == ["消转〔2026〕1号"]
    [letter] = letters
    pdf = await walker.http.get(f"/notification/api/v1/letters/{letter['id']}.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.content)).pages)
    assert "消转〔2026〕1号" in text
    assert "蓝天电器商行" in text
    assert "空调" in text
    word = await walker.http.get(f"/notification/api/v1/letters/{letter['id']}.docx")
    written = "\n".join(one.text for one in docx.Document(BytesIO(word.content)).paragraphs)
    assert "蓝天电器商行" in written

    figures = await walker.figures()
    assert (figures["received"], figures["accepted"], figures["closed"]) == (1, 1, 0)

    case = await walker.case_of(case["number"])
    case = await walker.went(case, "record-reply", replied_on="2026-06-23", text="同意退货。")
    case = await walker.went(case, "agree", text="退货退款。", recovered_fen=329900)
    case = await walker.went(case, "close")
    assert (case["state"], case["outcome"]) == ("closed", "agreed")
    await walker.settle()
    assert (await walker.figures())["closed"] == 1


async def test_a_rush_gives_each_its_own_number_and_case(walker: Walker) -> None:
    receipts = await asyncio.gather(*(walker.complain() for _ in range(60)))
    await walker.settle()
    assert len({receipt["number"] for receipt in receipts}) == 60
    assert (await walker.figures())["received"] == 60


async def test_two_people_at_once_one_succeeds_and_one_reads_who_was_first(walker: Walker) -> None:
    receipt = await walker.complain()
    await walker.settle()
    case = await walker.case_of(receipt["number"])
    answers = await asyncio.gather(walker.step(case, "accept"), walker.step(case, "accept"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [conflict] = [answer.json() for answer in answers if answer.status_code == 409]
    assert conflict["type"]
    assert (await walker.case_of(receipt["number"]))["version"] == case["version"] + 1


async def test_what_the_receipt_says_of_the_status_page_is_true(walker: Walker) -> None:
    receipt = await walker.complain()
    assert "最晚是哪一天，几分钟后在进度页上看得到" in receipt["next"]
    await walker.settle()
    asked = {"number": receipt["number"], "query_code": receipt["query_code"]}
    stands = (await walker.http.post("/intake/api/v1/status", json=asked)).json()
    assert (stands["due_for"], stands["due_on"]) == ("accept", "2026-07-02")
