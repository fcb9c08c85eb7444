"""What people do in a browser with marked values: who complains, then who works on it."""

import asyncio
from typing import Any

import httpx
from playwright.async_api import BrowserContext, Page

from tests.intake.letters import code_in
from tests.journeys.marked import ID, ITEM, LATER, MAIL, NAME, PHONE, REASON, SHOP, STREET
from tests.journeys.marked_letters import text_of
from tests.journeys.post import Mailbox
from tests.journeys.walking import Walker
from tests.pages.going import follow
from tests.pages.profile import numbered
from tests.pages.reading import reload_until

AT_THE_COUNTER = "1380013"
"""A telephone that lacks digits."""
WRITTEN = {
    "#respondent-name": "蓝天电器商行",
    "#matter-subject": f"{ITEM}不制冷",
    "#matter-text": f"{NAME}买的{ITEM}，修了三次。",
    "#complainant-name": NAME,
    "#complainant-email": MAIL,
    "#complainant-address": STREET,
}


async def complain(page: Page, url: str) -> dict[str, str]:
    """The form, once wrong; number and query code."""
    await page.goto(f"{url}/intake/complaints/new")
    for folded in await page.locator("main details:not([open]) > summary").all():
        await folded.click()
    for place, value in WRITTEN.items():
        await page.fill(place, value)
    await page.fill("#complainant-phone", "1380000")
    await page.check("text=同意把处理这件事必需的内容转给商家")
    await follow(page, "button.large")
    assert await page.input_value("#complainant-name") == NAME
    await page.fill("#complainant-phone", PHONE)
    await follow(page, "button.large")
    await page.wait_for_url("**/intake/receipt")
    number, code = await page.locator("dl.slip dd").all_inner_texts()
    return {"number": numbered(number), "query_code": code}


async def forwarded(url: str, staff: dict[str, str], number: str) -> None:
    """The case goes its way until its letter is out."""
    async with httpx.AsyncClient(base_url=url, headers=staff, timeout=30) as http:
        walker = Walker(http, settle=lambda: there(http, number), headers=staff)
        await there(http, number)
        case = await walker.case_of(number)
        for step in ("accept", "take"):
            case = await walker.went(case, step)
        case = await walker.went(case, "amend", changes={"/respondent/email": SHOP})
        await walker.went(case, "forward")


async def there(http: httpx.AsyncClient, number: str) -> None:
    """Wait until the case is there, with its words."""
    for _ in range(600):
        answer = await http.get("/mediation/api/v1/cases", params={"q": number})
        if any(case["respondent"] for case in answer.json()["items"]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("The case did not come.")


async def reads_letters(page: Page, url: str, receipt: dict[str, str], mailbox: Mailbox) -> None:
    """Whoever complained reads the letter by the code that comes by mail, and loses the other."""
    await mailbox.first_to(SHOP)
    await page.goto(f"{url}/intake/status")
    await follow(page, 'form[action$="/leave"] button')
    await page.fill("#number", receipt["number"])
    await page.fill("#query_code", receipt["query_code"])
    await follow(page, "main form button")
    await follow(page, 'main a[href="/intake/status/letters"]')
    await follow(page, 'main form[action$="/code"] button')
    await page.fill("#letters_code", PHONE)
    await follow(page, 'main form[action$="/letters"] button')
    await page.fill("#letters_code", code_in(text_of(await mailbox.first_to(MAIL))))
    await follow(page, 'main form[action$="/letters"] button')
    address = await page.get_attribute('a[href$=".pdf"]', "href")
    letter = await page.request.get(f"{url}{address}")
    assert letter.headers["cache-control"] == "no-store"
    await page.goto(f"{url}/intake/status/lost")
    await page.fill("#number", receipt["number"])
    await page.fill("#contact", PHONE)
    await follow(page, "main form button")


async def at_the_desk(
    context: BrowserContext, url: str, staff: dict[str, str], number: str
) -> Page:
    """Who works on it searches, looks behind the mask, registers somebody, answers a request."""
    pairs: list[Any] = [
        dict(zip(("name", "value"), one.split("=", 1), strict=True))
        | {"url": url, "httpOnly": True}
        for one in staff["Cookie"].split("; ")
    ]
    await context.add_cookies(pairs)
    page = await context.new_page()
    await page.goto(f"{url}/mediation/cases")
    for typed in (PHONE, NAME, ITEM):
        await page.fill("#q", typed)
        await follow(page, "form[role=search] button")
        assert await page.input_value("#q") == typed
    await page.goto(f"{url}/mediation/cases/{number}")
    await page.locator("button.look[data-part=complainant]").first.click()
    await page.select_option("#look select", "other")
    await page.fill("#look [name=note]", f"{NAME}问进度")
    await follow(page, "#look button:has-text('查看并记录')")
    await reload_until(page, "main", PHONE)
    assert NAME in await page.inner_text("main")
    await registered(page, url)
    await asked(page, url)
    await page.goto(f"{url}/notification/letters")
    await page.fill("#filter-q", LATER)
    await follow(page, "form[role=search] button")
    await page.goto(f"{url}/notification/letters")
    await follow(page, "a.what")
    for path in ("/mediation/audit", "/mediation/looks", "/analytics/"):
        await page.goto(url + path)
    return page


async def registered(page: Page, url: str) -> None:
    """Somebody at the counter, with something to mend."""
    await page.goto(f"{url}/mediation/register")
    for place, value in WRITTEN.items():
        await page.fill(place, value)
    await page.fill("#complainant-phone", AT_THE_COUNTER)
    await page.fill("#complainant-id_number", ID)
    await page.fill("#respondent-email", SHOP)
    await follow(page, "main form button.button:not(.quiet)")
    assert await page.input_value("#complainant-name") == NAME


async def asked(page: Page, url: str) -> None:
    """A person asks for a copy of what is known of them."""
    await page.goto(f"{url}/mediation/keeping/requests/new")
    for name, value in {
        "name": NAME,
        "phone": PHONE,
        "checked": f"看了{NAME}的证件",
        "said": REASON,
    }.items():
        await page.fill(f"main [name={name}]", value)
    await follow(page, "main form button")
    await page.wait_for_url("**/mediation/keeping/requests/*")
