"""The coded words of a complaint."""

import re

import pytest

from shared.terms import (
    CATEGORIES,
    CATEGORIES_VERSION,
    REGIONS,
    Channel,
    Claim,
    IdType,
    Kind,
    Nature,
    PersonKind,
    Term,
    category_label,
    is_region,
    label_of,
    region_choices,
    region_name,
)


@pytest.mark.parametrize("terms", [Kind, Channel, PersonKind, IdType, Nature, Claim])
def test_every_code_is_lower_snake_case_and_has_its_own_names(terms: type[Term]) -> None:
    for one in terms:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.value)
        assert one.chinese
        assert one.english.isascii()
    assert len({one.chinese for one in terms}) == len(terms)


def test_a_code_is_named_in_both_languages() -> None:
    assert label_of(Kind, "complaint") == "投诉"
    assert label_of(Kind, "complaint", "en") == "Complaint"
    assert label_of(Kind, "unheard_of") == "unheard_of"
    assert label_of(Kind, None) == ""
    assert category_label("goods_food") == "食品类"
    assert category_label("goods_food", "en") == "Food"


def test_the_association_counts_ten_natures() -> None:
    assert len(Nature) == 10


def test_the_category_file_has_a_version_and_codes_of_one_form() -> None:
    assert CATEGORIES_VERSION == "2026-1"
    assert len(CATEGORIES) == 24
    assert all(re.fullmatch(r"(goods|services)_[a-z_]+|other", code) for code in CATEGORIES)


def test_regions_know_their_provinces_and_cities() -> None:
    assert region_name("510903") == "四川省遂宁市船山区"
    assert region_name("441900") == "广东省东莞市"
    assert region_name("510921") == "四川省遂宁市"
    assert region_name("110101") == "北京市"
    assert region_name("990101") == "990101"
    assert len([code for code in REGIONS if code.endswith("0000")]) == 34


def test_regions_are_chosen_by_city_in_chinese_and_by_province_in_english() -> None:
    assert ("510900", "四川省遂宁市") in region_choices()
    assert "510903" not in dict(region_choices())
    assert len(region_choices("en")) == 34
    assert dict(region_choices("en"))["510000"] == "Sichuan"


@pytest.mark.parametrize("code", ["510903", "110000", "441900", "820000"])
def test_six_digits_of_a_known_province_are_a_region(code: str) -> None:
    assert is_region(code)


@pytest.mark.parametrize(
    "code", ["", "51", "5109031", "990000", "010203", "51090x", "５１０９０３"]
)
def test_anything_else_is_no_region(code: str) -> None:
    assert not is_region(code)
