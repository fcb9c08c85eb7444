"""Who looked for whom: searches by staff, gathered beside the requests, written by a step.

A search shows masked data, so it does not wait for its row, as a look behind a mask does; a process
that is killed loses those of its last second. What was searched has a chain of its own, named by a
keyed hash: whether anybody looked for a telephone or a name is one look at an index, and when that
person's data are erased, what was typed is found and goes with them.
"""

import re
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.log import logger
from shared.terms import Term
from shared.text import clean, code, normal_number, phone_key
from shared.trail.beside import write_some
from shared.trail.deeds import Deed
from shared.trail.said import Chain, Doer, Noted, Said
from shared.vault import Vault
from shared.work import Database

KIND = "search"
"""The kind of their chains."""
ONCE_IN = timedelta(minutes=10)
"""The same search by the same person again is no row more: pages are turned, lists reloaded."""
MOST_KNOWN = 10_000
"""Searches that are remembered for that."""
MOST_WAITING = 5000
SHORTEST_PHONE = 5
LONGEST_KEPT = 40
"""Characters of one word that are kept as typed; what is longer is no name and no number."""
ID_NUMBER = re.compile(r"\d{17}[\dX]")
HASH = 16


class Sought(Term):
    """What somebody looked for (查找内容)."""

    NUMBER = "number", "编号", "Number"
    PHONE = "phone", "电话", "Telephone"
    ID_NUMBER = "id_number", "证件号码", "ID number"
    NAME = "name", "姓名", "Name"
    WORDS = "words", "文字", "Words"


OF_PEOPLE = frozenset((Sought.PHONE, Sought.ID_NUMBER, Sought.NAME))
"""What looks for a person rather than for a case."""


@dataclass(frozen=True)
class Search:
    """What was searched, in normal form: the same search is the same however it is typed."""

    sought: Sought
    words: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    where: str
    """desk, api, ledger, letters or request."""
    found: int | None = None
    """How many; None where that is not known beforehand."""
    more: bool = False
    """Whether counting stopped early."""
    named: bool = False
    """Whether it is the full name of somebody who was found."""


def search_of(typed: str) -> Search:
    """What it is that somebody typed."""
    if number := normal_number(typed):
        return Search(Sought.NUMBER, (number,))
    identity, phone = code(typed), phone_key(typed)
    if ID_NUMBER.fullmatch(identity):
        return Search(Sought.ID_NUMBER, (identity,))
    if len(phone) >= SHORTEST_PHONE and phone.lstrip("+").isdigit():
        return Search(Sought.PHONE, (phone,))
    return Search(Sought.WORDS, tuple(clean(typed).casefold().split()))


def token_of(vault: Vault, *words: str) -> str:
    """A keyed hash of what was searched, the same for ever: the name of its chain."""
    return vault.mac("searched", " ".join(words).encode("utf-8", "surrogatepass"))[:HASH].hex()


def tokens_of_person(vault: Vault, *texts: str | None) -> list[str]:
    """The chains of whoever searched for exactly this: a name, a telephone, a number."""
    return [token_of(vault, *search_of(one).words) for one in texts if one]


@dataclass(eq=False)
class Searches:
    """What was searched in this process and is not written yet."""

    database: Database
    waiting: deque[Noted] = field(default_factory=deque)
    known: OrderedDict[tuple[UUID | None, str], datetime] = field(default_factory=OrderedDict)
    """When which person searched what; the oldest first."""

    def add(self, doers: Sequence[Doer], typed: str, outcome: Outcome) -> None:
        """Take a search in, where it is a new one; nobody waits for the database.

        `doers` is one person, once for each whose right it takes (代理): each name has its row.
        """
        search, now = search_of(typed), self.database.clock()
        token = token_of(self.database.vault, *search.words)
        if not search.words or self._is_again((doers[0].id, token), now):
            return
        if len(self.waiting) + len(doers) > MOST_WAITING:
            logger().error("searches_lost", count=len(doers))
            return
        said = self._said(search, outcome, now)
        self.waiting.extend(Noted(Chain(KIND, token), one, said) for one in doers)

    async def write(self) -> int:
        """Write what waits; how many rows."""
        return await write_some(self.database, self.waiting, lambda one: one)

    async def close(self) -> None:
        """Nothing is held open."""

    def _is_again(self, who: tuple[UUID | None, str], now: datetime) -> bool:
        """Whether this person searched it a moment ago; else it is remembered."""
        before = self.known.get(who)
        if before is not None and now - before < ONCE_IN:
            return True
        self.known[who] = now
        self.known.move_to_end(who)
        if len(self.known) > MOST_KNOWN:
            self.known.popitem(last=False)
        return False

    def _said(self, search: Search, outcome: Outcome, now: datetime) -> Said:
        """What its row says: one word as it was typed, several as hashes only.

        One word can be found and erased with the person it names; a name among others cannot.
        """
        sought = Sought.NAME if outcome.named else search.sought
        values: dict[str, Any] = {"sought": sought.value, "where": outcome.where}
        if len(search.words) == 1 and len(search.words[0]) <= LONGEST_KEPT:
            values["typed"] = search.words[0]
        else:
            vault = self.database.vault
            values["words"] = [token_of(vault, one) for one in search.words]
        values |= {"found": outcome.found, "more": outcome.more, "at": now}
        of_person = sought in OF_PEOPLE
        return Said(Deed.CASE_SEARCHED if of_person else Deed.CASES_SEARCHED, values)


def searches_of(database: Database) -> Searches:
    """What waits for this database."""
    return database.once(Searches)
