"""A browser that was used for all journeys keeps nothing of a person: not even on its disk.

One profile serves everybody, as on the computer of a library: whoever sits down next finds nothing.
Storage packs what it keeps, so that a search of files alone would not do: what pages can put away
is asked of the browser, and what its cache holds is read from the cache's own list.
"""

from pathlib import Path
from urllib.parse import unquote

from tests.journeys.marked import MARKS, NAME, PHONE, UNKNOWN
from tests.journeys.marked_letters import STRICT
from tests.journeys.post import Mailbox, delivering
from tests.journeys.server import console, running
from tests.journeys.test_nothing_leaks import told_in
from tests.pages.marked_browser import (
    AT_THE_COUNTER,
    at_the_desk,
    complain,
    forwarded,
    reads_letters,
)
from tests.pages.profile import (
    NOTHING,
    a_browser,
    cached,
    elsewhere,
    files_of,
    history,
    remembered,
    stored,
)

ITS_OWN = ("Web Data", "Sessions")
"""What a browser keeps for whoever uses it, and no page can forbid.

What they let it fill in (looked at by itself), and the forms in tabs that it opens again after a
crash, with what was typed into them.
"""
ABOUT_ONESELF = {f"complainant.{one}" for one in ("name", "phone", "email", "address")}
"""Fields that a browser may fill in for whoever complains (WCAG 1.3.5); of staff it keeps none."""


async def test_after_all_journeys_a_browser_keeps_nothing_of_a_person(tmp_path: Path) -> None:
    profile, mailbox = tmp_path / "profile", Mailbox(unknown=UNKNOWN)
    (tmp_path / "site").mkdir()
    async with delivering(mailbox) as told:
        with running(tmp_path / "site", **STRICT, **told) as site:
            console(tmp_path / "site", "staff", "grant", "admin", "privacy_officer")
            async with a_browser(profile) as (context, visits):
                page = await context.new_page()
                receipt = await complain(page, site.url)
                await forwarded(site.url, site.headers, receipt["number"])
                await reads_letters(page, site.url, receipt, mailbox)
                last = await at_the_desk(context, site.url, site.headers, receipt["number"])
                for one in (page, last):
                    assert await stored(one) == NOTHING
                cookies = [unquote(str(one["value"])) for one in await context.cookies()]
                assert told_in("\n".join(cookies).encode()) == set()
                addresses = await visits.addresses()
                assert f"{site.url}/mediation/cases/{receipt['number']}" in addresses
                assert [one for one in addresses if told_in(one.encode())] == []
                assert all("/static/" in f"/{one}" for one in await visits.kept())
    looked_at = history(profile)
    assert any(receipt["number"] in address for address, _ in looked_at)
    assert told_in("\n".join(f"{one} {title}" for one, title in looked_at).encode()) == set()
    lying = cached(profile)
    assert any(one.endswith("redress.css") or "redress.css?" in one for one in lying)
    assert [one for one in lying if "/static/" not in one] == []
    assert {name for name, _ in remembered(profile)} == ABOUT_ONESELF
    assert AT_THE_COUNTER not in {value for _, value in remembered(profile)}
    told_by = {name: told_in(content) for name, content in elsewhere(profile, *ITS_OWN)}
    assert {name: found for name, found in told_by.items() if found} == {}


async def test_the_search_finds_what_a_browser_keeps(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    (tmp_path / "site").mkdir()
    with running(tmp_path / "site") as site:
        async with a_browser(profile) as (context, visits):
            page = await context.new_page()
            await page.goto(f"{site.url}/?who={NAME}")
            await page.evaluate(f"localStorage.setItem('who', '{PHONE}')")
            await page.evaluate(f"caches.open('{NAME}').then(() => undefined)")
            found = await stored(page)
            assert (found["local"], found["caches"]) == ({"who": PHONE}, [NAME])
            assert any(NAME in one for one in await visits.addresses())
    assert any(NAME in unquote(address) for address, _ in history(profile))
    assert set().union(*(told_in(one) for one in files_of(profile))) >= {NAME} & set(MARKS)
