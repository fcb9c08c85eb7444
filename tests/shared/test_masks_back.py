"""Masks that come back are known; what is no mask of the secret is a change."""

import pytest
from hypothesis import example, given

from shared.masks import is_mask_of, looks_masked, masked_text
from tests.shared.test_masks import ANYTHING, EVERY_MASK


@pytest.mark.parametrize(
    ("shown", "secret"),
    [
        ("张**", "张三丰"),
        ("张＊＊", "张三丰"),
        ("张﹡﹡", "张三丰"),
        ("张∗✱", "张三丰"),
        (" 138****0000", "13800000000"),
        ("138****0000", "138 0000 0000"),
        ("0825-****567", "0825-1234567"),
        ("z***@example.com", "zhang@example.com"),
        ("510***********123X", "51090319900101123X"),
        ("四川省遂宁市船山区****", "四川省遂宁市船山区凯旋路88号"),
        ("打138****0000找我", "打13800000000找我"),
    ],
)
def test_a_mask_that_comes_back_is_known(shown: str, secret: str) -> None:
    assert is_mask_of(shown, secret)
    assert looks_masked(shown)


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        ("李**", "张三丰"),
        ("138****0001", "13800000000"),
        ("13800000000", "13800000000"),
        ("张三", "张三丰"),
        ("", "张三丰"),
        ("张**", ""),
        ("张**", None),
    ],
)
def test_what_is_no_mask_of_the_secret_is_a_change(typed: str, secret: str | None) -> None:
    assert not is_mask_of(typed, secret)


@given(ANYTHING)
@example("0000＊")
@example("我**说﹡")
def test_whatever_is_shown_hidden_is_known_when_it_comes_back(secret: str) -> None:
    for mask in EVERY_MASK:
        shown = mask(secret)
        assert not looks_masked(shown) or is_mask_of(shown, secret), mask.__name__
    shown = masked_text(secret)
    assert shown == secret or is_mask_of(shown, secret)
