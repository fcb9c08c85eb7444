"""Fictitious complaints are found by their words like all others, and not once they are gone."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text

from deploy.cli.operations import books_of, remove_demo, status
from deploy.cli.say import nobody_watches
from deploy.demo.keep import Books
from deploy.demo.load import load
from deploy.demo.stories import story
from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.finding import find_cases

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded

NOW = datetime(2026, 6, 23, 4, tzinfo=UTC)
STORIES = 40


async def subjects_with(books: Books, word: str) -> set[str | None]:
    """The subjects of all cases that a word finds."""
    page = await find_cases(books.mediation, Filters(("demo",), q=word), None, STORIES)
    return {one.words["matter"]["subject"] for one in page.cases}


async def test_loaded_complaints_are_found_by_their_words_until_they_are_removed(
    platform: "Embedded",
) -> None:
    books = books_of(platform)
    told = [story(1, one, NOW).complaint for one in range(STORIES)]
    word = told[0]["matter"]["subject"][:4]
    named = {one["matter"]["subject"] for one in told if word in one["matter"]["subject"]}
    async with platform.running["analytics"].at_work():
        await load(books, STORIES, 1, NOW)
        facts = await status(platform, {}, nobody_watches)
        assert facts["services"]["mediation"]["search_waiting"] == STORIES
        await platform.settle()
        assert await subjects_with(books, word) >= named
        facts = await status(platform, {}, nobody_watches)
        assert facts["services"]["mediation"]["search_waiting"] == 0
        await load(books, STORIES + 5, 1, NOW)
        await remove_demo(platform, {}, nobody_watches)
        await platform.settle()
    assert await subjects_with(books, word) == set()
    async with books.mediation.reading() as session:
        for table in ("search_texts", "search_wanted", "search_tokens_1"):
            counted = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
            assert await session.scalar(counted) == 0, table


async def test_who_reported_in_a_fictitious_complaint_is_found_by_nothing(
    platform: "Embedded",
) -> None:
    books = books_of(platform)
    told = [story(1, one, NOW).complaint for one in range(STORIES)]
    reporters = {one["complainant"]["name"] for one in told if one["kind"] == "report"}
    others = {one["complainant"]["name"] for one in told if one["kind"] != "report"}
    assert reporters
    async with platform.running["analytics"].at_work():
        await load(books, STORIES, 1, NOW)
        await platform.settle()
    for name in reporters - others:
        assert await subjects_with(books, name) == set(), name
