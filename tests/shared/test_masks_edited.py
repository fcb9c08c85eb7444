"""A text that is shown masked, with what lies behind each mask; and edits of what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.masks import Secrets, StarsError, Unseen, Veiled

SECRETS = Secrets(
    ("周吴郑王", "吴郑"),
    ("四川省遂宁市船山区光明街八号", "光明街八号"),
    ("13800138000",),
    ("510902199001011231",),
)
EITHER = st.sampled_from([SECRETS, Unseen(*SECRETS)])
PARTS = (
    "周吴郑王", "吴郑", "周**", "**", "*", "＊", "，", "。", "\n", "13800138000", "138****8000",
    "１３８００１３８０００", "一三八零零一三八零零零", "光明街八号",
    "四川省遂宁市船山区光明街八号",
    "1-3-8-0-0-1-3-8-0-0-0", "吴 郑", "5109 0219 9001 0112 31",
    "zhou@example.com", "卡号6222021234567890123", "QQ 12345678", "餐桌裂了", "周",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@given(TEXTS, EITHER)
def test_what_is_shown_is_the_mask_and_behind_it_is_the_text(text: str, secrets: Secrets) -> None:
    veiled = secrets.veiled(text)
    assert veiled.shown == secrets.hidden_in(text)
    assert veiled.behind(0, len(veiled.shown)) == text


@given(TEXTS, EITHER)
def test_what_was_shown_comes_back_as_the_text(text: str, secrets: Secrets) -> None:
    veiled = secrets.veiled(text)
    assert veiled.edited(veiled.shown) == text


@given(TEXTS, TEXTS, EITHER)
def test_an_edit_never_puts_a_mask_in_the_place_of_what_it_hides(
    text: str, typed: str, secrets: Secrets
) -> None:
    veiled = secrets.veiled(text)
    try:
        meant = veiled.edited(typed)
    except StarsError:
        return
    assert meant.count("*") <= text.count("*")
    assert meant.count("＊") <= text.count("＊")


def test_an_address_that_holds_a_name_is_one_veil() -> None:
    veiled = Secrets(("周晓明",), ("周晓明路7号",)).veiled("住周晓明路7号")
    assert veiled == Veiled("住****", veiled.veils)
    assert [(one.start, one.end, one.behind) for one in veiled.veils] == [(1, 5, "周晓明路7号")]


def test_an_edit_that_nobody_could_follow_in_time_is_refused() -> None:
    with pytest.raises(StarsError):
        Veiled("*，" * 5000).edited("，*" * 2500 + "*，" * 2400 + "又。*")
