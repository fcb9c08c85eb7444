"""The record of a complaint, masked: one way for every service that shows one."""

from typing import Any

import pytest

from shared.masks import Secrets, masked_record
from shared.masks.complaints import replaced_in, secrets_of

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


def test_name_and_contact_of_a_complainant_are_one_part_and_where_they_live_another() -> None:
    where = RECORD["complainant"]["address"]
    assert masked_record(RECORD, {"complainant"}) == MASKED | {
        "complainant": MASKED["complainant"] | {"name": "周晓明"}
    }
    assert masked_record(RECORD, {"identity"}) == MASKED | {
        "complainant": MASKED["complainant"] | {"address": where}
    }


@pytest.mark.parametrize(
    ("part", "members"),
    [
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


@pytest.mark.parametrize(
    "name", ["王建国（中国银行客户）", "王建国 (Bank of China)", "王建国【医院】"]
)
def test_in_words_a_person_is_hidden_by_what_stands_before_brackets_too(name: str) -> None:
    record = {"complainant": {"name": name}, "matter": {"text": f"我叫王建国，就是{name}"}}
    assert masked_record(record) == {
        "complainant": {"name": "王**"},
        "matter": {"text": "我叫王**，就是王**"},
    }


def test_whoever_acts_or_speaks_for_others_is_a_person_whatever_the_name_holds() -> None:
    record = {
        "agent": {"name": "Anna Bank", "authority": "Anna Bank代办"},
        "joint": {"people": [{"name": "赵医院"}], "representatives": ["Jose Co Tan"]},
        "formerly": [{"name": "钱（超市店员）"}],
        "matter": {"text": "Anna Bank、赵医院和Jose Co Tan，钱（超市店员）"},
    }
    assert masked_record(record) == {
        "agent": {"name": "A**", "authority": "A**代办"},
        "joint": {"people": [{"name": "赵**"}], "representatives": ["J**"]},
        "matter": {"text": "A**、赵**和J**，钱**"},
    }


@pytest.mark.parametrize(
    ("kind", "shown"), [("legal", "四川好又多商贸有限公司"), ("natural", "四**"), (None, "四**")]
)
def test_a_firm_that_complains_is_called_by_its_name_and_a_person_never(
    kind: str | None, shown: str
) -> None:
    name = "四川好又多商贸有限公司"
    record = {"complainant": {"name": name, "kind": kind}, "matter": {"text": f"{name}付的钱"}}
    masked = masked_record(record)
    assert masked["complainant"]["name"] == shown
    assert masked["matter"]["text"] == f"{shown}付的钱"


def test_what_a_firm_was_called_before_stays_readable_and_what_a_person_was_called_does_not() -> (
    None
):
    firm = {"name": "四川好又多商贸有限公司", "kind": "legal"}
    assert replaced_in(firm, {"name": "遂宁好又多商贸有限公司"}) == [firm]
    assert secrets_of([firm]).names == ()
    person = {"name": "王建国（中国银行客户）", "kind": "natural"}
    assert replaced_in(person, {"name": "王建国"}) == [{"name": person["name"]}]
    assert secrets_of([{"name": "老周铺", "kind": "legal"}, person]).names == (
        "老周铺",
        "王建国（中国银行客户）",
    )


def test_an_estate_that_ends_as_a_district_does_is_hidden_with_its_city_and_without() -> None:
    home = "遂宁市滨江花园东区3栋2单元"
    text = f"住{home}，就是滨江花园东区3栋2单元"
    masked = masked_record({"complainant": {"address": home}, "matter": {"text": text}})
    assert masked == {
        "complainant": {"address": "遂宁市****"},
        "matter": {"text": "住遂宁市****，就是****"},
    }
