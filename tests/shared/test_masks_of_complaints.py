"""The record of a complaint, masked: one way for every service that shows one."""

from typing import Any

import pytest

from shared.masks import Secrets, masked_record

RECORD: dict[str, Any] = {
    "id": 7,
    "complainant": {"name": "周晓明", "address": "四川省遂宁市船山区商业中心88号3楼"},
    "agent": {"name": "王五", "authority": "代周晓明投诉，电话13900139000"},
    "joint": {"people": [{"name": "赵六六"}], "representatives": ["赵六六"]},
    "respondent": {"name": "老周家电", "phone": "+86 137-0013-7000"},
    "matter": {"text": "赵六六也在，住商业中心88号3楼", "amount_fen": 12800, "subject": None},
    "evidence": ["周晓明的小票"],
    "files": [{"id": 1, "name": "周晓明.jpg"}],
}
MASKED: dict[str, Any] = {
    "id": 7,
    "complainant": {"name": "周**", "address": "四川省遂宁市船山区****"},
    "agent": {"name": "王*", "authority": "代周**投诉，电话139****9000"},
    "joint": {"people": [{"name": "赵**"}], "representatives": ["赵**"]},
    "respondent": {"name": "老周家电", "phone": "137****7000"},
    "matter": {"text": "赵**也在，住****", "amount_fen": 12800, "subject": None},
    "evidence": ["周**的小票"],
    "files": [{"id": 1, "name": "周**.jpg"}],
}


def test_every_part_hides_what_is_somebodys_own_and_keeps_the_rest() -> None:
    assert masked_record(RECORD) == MASKED


@pytest.mark.parametrize(
    ("part", "members"),
    [
        ("complainant", ("complainant",)),
        ("parties", ("agent", "joint")),
        ("respondent", ("respondent",)),
        ("words", ("matter", "evidence", "files")),
    ],
)
def test_who_looked_at_one_part_sees_that_part_alone(part: str, members: tuple[str, ...]) -> None:
    open_ones = {name: RECORD[name] for name in members}
    assert masked_record(RECORD, {part}) == MASKED | open_ones


def test_what_is_lacking_stays_so() -> None:
    assert masked_record({"complainant": None, "respondent": {}}) == {
        "complainant": None,
        "respondent": {},
    }


def test_an_address_is_hidden_whole_and_where_its_region_is_left_out() -> None:
    secrets = Secrets((), ("四川省遂宁市船山区滨江路7号", "滨江路7号"))
    text = "住四川省遂宁市船山区滨江路7号，就是滨江路7号"
    assert secrets.hidden_in(text) == "住四川省遂宁市船山区****，就是****"
