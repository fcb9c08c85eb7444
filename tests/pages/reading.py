"""How a page reads: in which order people meet its parts, and whether words stay whole."""

from playwright.async_api import Page

from tests.pages.conftest import shot, sideways, violations

TRIES = 100
LABELS = "dt, th, label, legend, summary, button, h1, h2, h3, .tag, .state, .tabs a"
BROKEN = """
(labels) => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest(labels)) continue;
    for (const word of node.data.matchAll(/[A-Za-z’']{2,}/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((one) => Math.round(one.top)));
      if (lines.size > 1) found.push(word[0]);
    }
  }
  return found;
}
"""
"""Words of labels and headings that stand on more than one line."""


async def usable(page: Page, name: str) -> None:
    """Usable for everybody, not wider than the window, and kept as a picture of this name."""
    assert await violations(page) == [], name
    assert await sideways(page) <= 0, name
    await shot(page, name)


async def broken_words(page: Page) -> list[str]:
    """English words of labels that are broken in their middle."""
    return list(await page.evaluate(BROKEN, LABELS))


async def reload_until(page: Page, part: str, words: str) -> None:
    """Look again until a part of the page says so: the services act in their own time."""
    for _ in range(TRIES):
        if words in await page.inner_text(part):
            return
        await page.wait_for_timeout(100)
        await page.reload()
    raise AssertionError(await page.inner_text(part))


async def from_above(page: Page, *parts: str) -> list[str]:
    """These parts of a page (CSS selectors), by where each of them begins."""
    tops = {}
    for part in parts:
        box = await page.locator(part).first.bounding_box()
        assert box is not None, part
        tops[part] = box["y"]
    return sorted(parts, key=lambda part: tops[part])


async def in_order(page: Page, *parts: str) -> list[str]:
    """The same parts by the order in which a keyboard or a screen reader meets them."""
    places = {part: await page.evaluate(PLACE, part) for part in parts}
    return sorted(parts, key=lambda part: places[part])


PLACE = "(part) => [...document.querySelectorAll('*')].indexOf(document.querySelector(part))"
