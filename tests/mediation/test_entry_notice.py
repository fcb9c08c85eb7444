"""Whoever takes a call reads the privacy notice out: its text and its version stand on the form."""

import pytest

from tests.mediation.test_pages import ENTRY, send
from tests.mediation.things import Colleague, IntakeInMemory

HERE = "/mediation/register"
TICKED, SHOWN = {"notice_read_out": "true"}, {"privacy_notice": "2026-11"}


async def test_the_form_of_a_clerk_shows_what_is_read_out_and_where_all_of_it_is(
    lin: Colleague,
) -> None:
    page = (await lin.client.get(HERE)).text
    assert "您填的内容由main用来办理这件事。" in page
    assert 'name="privacy_notice" value="2026-11"' in page
    assert (
        '<a href="/intake/privacy?body=main&amp;version=2026-11">隐私告知（2026-11版）</a>' in page
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (TICKED | SHOWN, {"notice_read_out": True, "privacy_notice": "2026-11"}),
        (TICKED, {"notice_read_out": True}),
        (SHOWN, {"notice_read_out": False}),
    ],
)
async def test_the_version_that_was_read_out_goes_with_the_complaint_and_no_other(
    lin: Colleague, intake: IntakeInMemory, sent: dict[str, str], kept: dict[str, object]
) -> None:
    assert (await send(lin, HERE, HERE, ENTRY | sent)).status_code == 303
    [entered] = intake.entered
    told = {
        name: entered[name] for name in ("notice_read_out", "privacy_notice") if name in entered
    }
    assert told == kept


async def test_while_intake_is_away_the_form_says_where_the_notice_is(
    lin: Colleague, intake: IntakeInMemory
) -> None:
    intake.without_notice = True
    page = await lin.client.get(HERE)
    assert page.status_code == 200
    assert "现在取不到隐私告知，请打开全文来念。" in page.text
    assert 'name="privacy_notice"' not in page.text


async def test_a_refused_entry_still_shows_it(lin: Colleague) -> None:
    answer = await send(lin, HERE, HERE, ENTRY | {"channel": ""} | TICKED | SHOWN)
    assert answer.status_code == 422
    assert 'name="privacy_notice" value="2026-11"' in answer.text


async def test_a_respondent_reads_what_becomes_of_their_data_before_they_give_the_code(
    lin: Colleague,
) -> None:
    page = (await lin.client.get("/mediation/respondent/anything")).text
    assert "您打开这份投诉的时间会记下来" in page
    assert '<a href="/intake/privacy">隐私告知</a>' in page.split("<main")[1].split("</main")[0]
