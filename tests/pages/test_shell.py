"""What all pages share, in a real browser: shell, fields, lists, charts, problems."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import APIRouter, Request
from jinja2 import ChoiceLoader, FileSystemLoader
from starlette.responses import Response

from deploy.processes import free_port
from shared.vault import Vault
from shared.web import CheckedForm, nested, page, public, see_other, staff
from shared.web.charts import Series, bar_chart, line_chart
from shared.web.edge import edge
from shared.web.pages import environment
from tests.conftest import StandingClock
from tests.pages.conftest import Open, listening, shot, sideways, violations
from tests.pages.going import follow
from tests.shared.webs import COOKIE, database_of, options

router = APIRouter(include_in_schema=False)
WRONG = {
    "matter.subject": "这一项必须填写。",
    "matter.text": "最多写20个字，请缩短。",
    "claims": "这一项必须填写。",
    "consents.forwarding": "这一项必须填写。",
    "files": "这一项的值不对，请按说明填写。",
}
PLACES = ["/", "/x/nowhere", "/x/gallery", "/x/desk"]


def shown(request: Request, status: int = 200, **more: object) -> Response:
    """Every field, list and chart there is."""
    runs = [Series("受理", [3, 5]), Series("办结", [1, 4])]
    return page(
        request,
        "gallery.html",
        status,
        today=request.app.state.database.clock().date(),
        bars=bar_chart("c1", "性质", "售后最多。", [("售后", 142), ("合同", 71)]),
        lines=line_chart("c2", "每月", "逐月上升。", ["1月", "2月"], runs),
        **more,
    )


@router.get("/x/gallery", dependencies=[public()])
async def gallery(request: Request) -> Response:
    return shown(request)


@router.post("/x/gallery", dependencies=[public()])
async def post_gallery(request: Request, form: CheckedForm) -> Response:
    if nested(form).get("kind") == "b":
        return see_other("/x/gallery?sent=yes")
    return shown(request, 422, typed=form, wrong=WRONG)


@router.get("/x/desk", dependencies=[staff()])
async def desk(request: Request) -> Response:
    return shown(request, demo=True)


@pytest_asyncio.fixture(loop_scope="session")
async def address(
    vault: Vault, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[str]:
    """A server of the shared pages alone."""
    ours = FileSystemLoader(Path(__file__).parent / "templates")
    loader = environment().loader
    assert loader is not None
    monkeypatch.setattr(environment(), "loader", ChoiceLoader([ours, loader]))
    database = database_of(vault, clock)
    async with listening(edge("x", [router], database, options=options()), free_port()) as url:
        yield url
    await database.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("place", PLACES)
async def test_everybody_can_use_it_at_every_width(
    open_page: Open, address: str, place: str, width: int
) -> None:
    page = await open_page(
        address + place,
        narrow=width == 360,
        session=COOKIE if "desk" in place else "",
        status=404 if "nowhere" in place else 200,
    )
    assert await violations(page) == []
    assert await sideways(page) <= 0
    await shot(page, f"shell{place.replace('/', '-')}-{width}")


async def test_a_form_comes_back_with_what_was_typed_and_what_to_mend(
    open_page: Open, address: str
) -> None:
    page = await open_page(address + "/x/gallery")
    await page.fill("#matter-subject", "桌子裂了")
    await page.check("text=修理")
    await follow(page, "button.button >> nth=0")
    assert await page.locator(".summary h2").inner_text() == "还有5处要改，改好就能提交"
    assert await page.evaluate("document.activeElement.className") == "summary stack tight"
    assert await page.input_value("#matter-subject") == "桌子裂了"
    assert await page.is_checked("text=修理")
    assert await page.locator("#matter-text-error").inner_text() == "最多写20个字，请缩短。"
    assert await violations(page) == []
    await page.select_option("#kind", "b")
    await follow(page, "button.button >> nth=0")
    await page.wait_for_url("**/x/gallery?sent=yes")


async def test_the_form_works_without_script(open_page: Open, address: str) -> None:
    page = await open_page(address + "/x/gallery", script=False)
    await page.select_option("#kind", "b")
    await follow(page, "button.button >> nth=0")
    await page.wait_for_url("**/x/gallery?sent=yes")


async def test_script_counts_the_characters_that_are_left(open_page: Open, address: str) -> None:
    page = await open_page(address + "/x/gallery")
    await page.fill("#matter-text", "四个字了")
    assert await page.locator("#matter-text + p").inner_text() == "还可以写16字"


async def test_language_and_large_type_are_one_click_away(open_page: Open, address: str) -> None:
    page = await open_page(address)
    await follow(page, "text=English")
    assert await page.get_attribute("html", "lang") == "en"
    await follow(page, "text=Large type")
    assert await page.get_attribute("html", "class") == "large"
    assert await sideways(page) <= 0
    assert await page.locator("h1").inner_text() == (
        "Something went wrong with what you bought? Tell us what happened."
    )
    await page.goto(address + "/x/nowhere")
    assert await page.locator("h1").inner_text() == "Not found"


async def test_the_keyboard_reaches_the_content_first(open_page: Open, address: str) -> None:
    page = await open_page(address)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
