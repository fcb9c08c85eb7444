"""Going from one page to the next."""

from playwright.async_api import Locator, Page


async def follow(page: Page, what: str | Locator) -> None:
    """Press what leads to another page, and go on when that page is there.

    A click alone may return while the old page is still shown, and whoever looks then looks at a
    page that goes away under them.
    """
    async with page.expect_navigation():
        await (page.locator(what).first if isinstance(what, str) else what).click()
