"""What tests of the door need: a telephone that knows a secret, and ways in."""

from dataclasses import dataclass
from typing import Any

import httpx
import pyotp
from sqlalchemy import select

from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import PASSWORD, Colleague, form_token

API = "/mediation/api/v1"
LOGIN = f"{API}/login"
ME = f"{API}/me"
MY_PAGE = "/mediation/me"
HTML = {"Accept": "text/html", "Origin": "http://test"}


@dataclass
class Telephone:
    """A telephone that was shown a secret, with a clock that tells the platform's time."""

    secret: str
    clock: StandingClock

    def code(self, later: int = 0) -> str:
        """The code of this half minute, or of one before or after it."""
        totp = pyotp.TOTP(self.secret)
        return totp.at(self.clock(), counter_offset=later)

    def next_code(self) -> str:
        """The code of the next half minute, once it has come."""
        self.clock.move(seconds=30)
        return self.code()


async def enrolled(who: Colleague, clock: StandingClock) -> tuple[Telephone, list[str]]:
    """Turn the second factor of a colleague on; their telephone, and their codes on paper."""
    begun = await who.client.post(f"{ME}/second-factor", headers=who.header)
    assert begun.status_code == 200, begun.text
    telephone = Telephone(begun.json()["secret"], clock)
    form = {"code": telephone.code()}
    done = await who.client.post(f"{ME}/second-factor/confirm", json=form, headers=who.header)
    assert done.status_code == 200, done.text
    who.header["X-CSRF-Token"] = done.headers["X-CSRF-Token"]
    return telephone, done.json()["paper"]


async def log_in(client: httpx.AsyncClient, name: str, **more: Any) -> httpx.Response:
    """Try to log in with the usual password."""
    return await client.post(LOGIN, json={"name": name, "password": PASSWORD} | more)


async def rows(database: Database, table: type[Any]) -> list[Any]:
    """All rows of a table."""
    async with database.reading() as session:
        return list(await session.scalars(select(table)))


async def post(
    client: httpx.AsyncClient, path: str, page: str = MY_PAGE, **fields: str
) -> httpx.Response:
    """Send a form of a page."""
    token = form_token(await client.get(page, headers=HTML))
    return await client.post(path, data={"form_token": token} | fields, headers=HTML)
