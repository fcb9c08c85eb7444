"""Words as they are searched: normal form, grams, tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.tokens import (
    BITS,
    MOST_GRAMS,
    grams,
    holds,
    normal,
    searchable,
    token,
    tokens_asked,
    tokens_for,
    words_in,
)

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("ｉＰｈｏｎｅ　13 Pro，坏了！", "iphone 13 pro 坏了"),
        ("订单12345678，退款￥129.00", "订单12345678 退款¥129 00"),
        ("𠮷野家\n不退款", "𠮷野家 不退款"),
        ("气死我了😡😡！", "气死我了😡😡"),
        ("👩‍👧在一起", "👩👧在一起"),
        ("葛\U000e0100城", "葛城"),
        ("退\u200b款", "退款"),
        ("Straße ﬀ", "strasse ff"),
        ("a\u0301 = á", "á = á"),
        ("\ue000家", "\ue000家"),
        ("……（）", ""),
    ],
)
def test_the_normal_form_of_a_text_is_its_runs(text: str, runs: str) -> None:
    assert normal(text) == runs


@given(st.text(max_size=60))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_what_is_typed_is_taken_apart_into_words() -> None:
    assert words_in("退款，退款 iPhone 坏 ") == ["退款", "iphone", "坏"]
    assert searchable(words_in("退款 坏 𠮷")) == ["退款"]
    assert words_in(" ，！") == []


def test_every_pair_of_neighbours_is_a_gram_and_none_crosses_a_border() -> None:
    assert grams(["健身房", "a1"]) == {"健身", "身房", "a1"}
    assert grams(normal("退款。健身").split()) == {"退款", "健身"}
    assert grams(["坏"]) == set()
    assert grams(["𠮷野家"]) == {"𠮷野", "野家"}


def test_a_word_is_held_by_a_text_in_part_and_by_a_name_only_whole() -> None:
    assert holds(["裂开", "周晓明"], "桌面中间裂开一条缝", ["周晓明"])
    assert not holds(["裂开", "周晓"], "桌面中间裂开一条缝", ["周晓明"])
    assert not holds(["退款"], "退 款", [])


def test_a_token_is_keyed_short_and_the_same_every_time() -> None:
    assert token(KEY, "退款") == token(KEY, "退款") != token(OTHER, "退款")
    assert all(0 <= token(KEY, chr(0x4E00 + n) * 2) < 1 << BITS for n in range(2000))
    assert token(KEY, "退款") == 3337774


def test_tokens_tell_neither_order_nor_number() -> None:
    assert tokens_for(KEY, ["退款退款", "健身房"]) == tokens_for(KEY, ["健身房", "退款退"])
    assert tokens_for(KEY, ["坏"]) == []


def test_a_very_long_search_asks_for_some_of_its_tokens() -> None:
    word = "".join(chr(0x4E00 + n) for n in range(300))
    asked = tokens_asked(KEY, [word])
    assert len(asked) == MOST_GRAMS
    assert set(asked) < set(tokens_for(KEY, [word]))
