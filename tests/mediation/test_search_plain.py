"""Whatever is written and whatever is looked for: found as a plain look through all texts finds it.

Chinese, Latin, digits, emoji, combining signs, and characters beyond the first plane such as 𠮷.
"""

import unicodedata
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.mediation.domain.tokens import normal
from services.mediation.steps import index_texts
from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.finding import TooShortError, hits_of
from services.mediation.use_cases.searching import candidates, spans
from services.mediation.use_cases.searching.texts import Searched, forget_texts, keep_texts
from shared.work import Database
from tests.mediation.things import a_case

LETTERS = "退款不给商家健身房aAbBé1２😡👩👧\u200d\ufe0f\u0301𠮷𠮶龥\ue000\U0003134aﬁ①。， \n"
SHORT = st.text(alphabet=LETTERS, max_size=12)
TEXTS = st.lists(SHORT | st.text(max_size=20), min_size=1, max_size=6)
EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
UNSEEN = [*range(0xFE00, 0xFE10), *range(0x180B, 0x1810), *range(0xE0100, 0xE01F0)]


def plain(text: str) -> str:
    """Folded sign by sign until nothing changes, without what is unseen; borders are blanks."""
    before = None
    while before != text:
        before = text
        text = unicodedata.normalize("NFKC", text).casefold()
        text = "".join(
            one for one in text if unicodedata.category(one) != "Cf" and ord(one) not in UNSEEN
        )
    categories = ((one, unicodedata.category(one)) for one in text)
    return "".join(" " if at[0] in "ZP" or at in {"Cc", "Cs"} else one for one, at in categories)


def stands_in(q: str, text: str) -> bool:
    """Whether every word of `q` stands somewhere in the text."""
    return all(word in plain(text) for word in plain(q).split())


async def found(database: Database, q: str) -> list[UUID]:
    """The cases that are found, the newest first."""
    async with database.reading() as session:
        hits = await hits_of(session, database.vault, Filters(("main",), q=q), None, 1000)
    return [one.case_id for one in hits.found]


async def indexed(database: Database) -> None:
    while await index_texts(database):
        pass


@pytest.fixture
async def cases(database: Database) -> list[UUID]:
    return [(await a_case(database)).id for _ in range(6)]


@EXAMPLES
@given(texts=TEXTS, data=st.data())
async def test_words_are_found_where_they_stand_and_nowhere_else(
    database: Database, cases: list[UUID], texts: list[str], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spans, "STRETCH", 1)
        patched.setattr(candidates, "FEWEST", 1)
        patched.setattr(candidates, "BATCH", 2)
        patched.setattr(candidates, "CHUNK", 2)
        kept = dict(zip(cases, texts, strict=False))
        async with database.work() as work:
            await forget_texts(work, cases)
            await keep_texts(work, {one: Searched(normal(text)) for one, text in kept.items()})
        await indexed(database)
        whole = data.draw(st.sampled_from(texts))
        first = data.draw(st.integers(0, max(len(whole) - 1, 0)))
        part = whole[first : first + data.draw(st.integers(1, 5))]
        q = data.draw(st.sampled_from([part, f"{part} {texts[0][:3]}"]) | SHORT)
        assume("\x00" not in q)
        words = plain(q).split()
        if len("".join(set(words))) == 1:
            with pytest.raises(TooShortError):
                await found(database, q)
            return
        hits = [one for one in reversed(cases) if one in kept and stands_in(q, kept[one])]
        long_enough = any(len(word) > 1 for word in words)
        assert await found(database, q) == (hits if long_enough else [])


@pytest.mark.parametrize(
    "word", ["𠮷野", "野家", "👩👧", "😡😡", "ＡＢ", "ab", "①2", "12345678", "\ue000家"]
)
async def test_words_of_every_kind_of_sign_are_found(
    database: Database, cases: list[UUID], word: str
) -> None:
    text = "𠮷野家\ue000家的AB套餐①2，气死我了😡😡👩\u200d👧，单号12345678"
    async with database.work() as work:
        await keep_texts(work, {cases[0]: Searched(normal(text)), cases[1]: Searched("别的")})
    await indexed(database)
    assert await found(database, word) == [cases[0]]
