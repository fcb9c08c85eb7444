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
    tokens_for,
    ways_asked,
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


def test_what_is_known_whole_has_one_token_for_all_of_it_and_none_of_a_text() -> None:
    """Pairs of digits would give a telephone number away to who knows the pairs."""
    [phone] = tokens_for(KEY, [], ["13800001234"])
    assert phone not in tokens_for(KEY, ["13800001234"])
    [name] = tokens_for(KEY, [], ["张三"])
    assert [name] != tokens_for(KEY, ["张三"])
    assert tokens_for(KEY, ["退款"], ["张三", "张三"]) == sorted({name, token(KEY, "退款")})


def test_each_word_may_stand_in_the_text_or_be_known_whole_two_of_them_at_most() -> None:
    words = ["退款", "张三", "李四"]
    gram = {one: token(KEY, one) for one in words}
    [first, second, third] = (tokens_for(KEY, [], [one])[0] for one in words)
    ways = [sorted(one) for one in ways_asked(KEY, words)]
    assert ways == [
        sorted(one)
        for one in (
            [*gram.values()],
            [first, gram["张三"], gram["李四"]],
            [second, gram["退款"], gram["李四"]],
            [third, gram["退款"], gram["张三"]],
            [first, second, gram["李四"]],
            [first, third, gram["张三"]],
            [second, third, gram["退款"]],
        )
    ]
    assert ways_asked(KEY, []) == []


def test_a_very_long_search_asks_for_some_of_its_tokens_in_a_few_ways() -> None:
    word = "".join(chr(0x4E00 + n) for n in range(300))
    grammatical, whole = ways_asked(KEY, [word])
    assert len(grammatical) == MOST_GRAMS
    assert set(grammatical) < set(tokens_for(KEY, [word]))
    assert whole == tokens_for(KEY, [], [word])
    many = [chr(0x4E00 + n) * 2 for n in range(50)]
    assert len(ways_asked(KEY, many)) == 1 + 8 + 28
