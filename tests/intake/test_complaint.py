"""When a complaint is complete and can be right."""

from datetime import date

import pytest

from services.intake.domain.complaint import check
from services.intake.domain.record import (
    Agent,
    ClaimedThing,
    Companion,
    Complainant,
    Complaint,
    Joint,
    Matter,
    Respondent,
)
from shared.kernel import RuleErrors
from shared.terms import Kind

TODAY = date(2026, 11, 22)
SOMEBODY = Complainant(name="张三", phone="13800138000")
SOME_SHOP = Respondent(name="安澜禾木家居有限公司")
WHOLE = Complaint(complainant=SOMEBODY, respondent=SOME_SHOP, matter=Matter(text="桌面开裂。"))


def wrong_in(complaint: Complaint, *, may_know_less: bool = False) -> list[tuple[str, str]]:
    """Pointer and sentence of everything wrong; empty if the complaint passes."""
    try:
        check(complaint, TODAY, may_know_less=may_know_less)
    except RuleErrors as refused:
        return [(error.pointer or "", str(error)) for error in refused.errors]
    return []


def test_text_a_reachable_person_and_a_findable_shop_are_enough() -> None:
    assert wrong_in(WHOLE) == []


def test_everything_missing_is_said_at_once() -> None:
    assert wrong_in(Complaint()) == [
        (
            "/respondent/name",
            "请填写商家名称或者统一社会信用代码；不知道全称，写招牌上的名字也行。",
        ),
        ("/complainant/name", "投诉要用真实姓名，请填写。"),
        ("/complainant/phone", "请留下电话、电子邮箱、通信地址中的一样，好联系您。"),
        ("/matter/text", "请写明事情的经过。"),
    ]


@pytest.mark.parametrize(
    "reach", [{"phone": "13800138000"}, {"email": "a@example.com"}, {"address": "某路1号"}]
)
def test_one_way_to_be_reached_is_enough(reach: dict[str, str]) -> None:
    assert wrong_in(WHOLE._replace(complainant=Complainant(name="张三", **reach))) == []


def test_a_credit_code_finds_a_respondent_without_a_name() -> None:
    known = WHOLE._replace(respondent=Respondent(uscc="91350100M000100Y43"))
    assert known.respondent_known
    assert wrong_in(known) == []


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.COMPLAINT])
def test_only_a_complaint_needs_a_name_reports_may_be_anonymous(kind: Kind) -> None:
    assert wrong_in(Complaint(kind=kind, matter=Matter(text="有人卖假货。"))) == []


def test_imports_may_know_less_but_never_nothing() -> None:
    assert wrong_in(Complaint(matter=Matter(text="留言")), may_know_less=True) == []
    assert wrong_in(Complaint(), may_know_less=True) == [("/matter/text", "请写明事情的经过。")]


def test_what_an_import_does_know_must_still_be_right() -> None:
    known = Complaint(matter=Matter(text="留言", region="999999"))
    assert [at for at, _ in wrong_in(known, may_know_less=True)] == ["/matter/region"]


@pytest.mark.parametrize(
    ("matter", "pointer", "sentence"),
    [
        (
            Matter(text="x", happened_on=date(2026, 11, 23)),
            "/matter/happened_on",
            "这一天还没有到，请填今天或者以前的日期。",
        ),
        (
            Matter(text="x", happened_on=date(1026, 11, 2)),
            "/matter/happened_on",
            "这一天太早了，请检查年份。",
        ),
        (
            Matter(
                text="x",
                happened_on=date(2026, 5, 2),
                rights_infringement_known_on=date(2026, 5, 1),
            ),
            "/matter/rights_infringement_known_on",
            "知道权益受损的日期不能早于事情发生的日期。",
        ),
        (Matter(text="x", amount_fen=-1), "/matter/amount_fen", "金额要在0元到100亿元之间。"),
        (
            Matter(text="x", amount_fen=1_000_000_000_001),
            "/matter/amount_fen",
            "金额要在0元到100亿元之间。",
        ),
        (
            Matter(text="x", region="51"),
            "/matter/region",
            "没有这个行政区划代码，应是6位数字，例如510903。",
        ),
        (
            Matter(text="x", category="goods_nothing"),
            "/matter/category",
            "没有这个代码的类别，请从类别表里选。",
        ),
    ],
)
def test_an_impossible_matter_is_told_what_to_mend(
    matter: Matter, pointer: str, sentence: str
) -> None:
    assert wrong_in(WHOLE._replace(matter=matter)) == [(pointer, sentence)]


def test_today_is_not_the_future() -> None:
    assert wrong_in(WHOLE._replace(matter=Matter(text="x", happened_on=TODAY))) == []


def test_wrong_claims_are_counted() -> None:
    claims = (ClaimedThing("refund", 100), ClaimedThing("damages", -5))
    assert [at for at, _ in wrong_in(WHOLE._replace(claims=claims))] == ["/claims/1/amount_fen"]


def test_an_identity_number_needs_its_kind() -> None:
    person = SOMEBODY._replace(id_number="11010519491231002X")
    assert wrong_in(WHOLE._replace(complainant=person)) == [
        ("/complainant/id_type", "填了证件号码，请再选证件种类。")
    ]
    right = person._replace(id_type="resident_id")
    assert wrong_in(WHOLE._replace(complainant=right)) == []
    wrong = right._replace(id_number="110105194912310021")
    assert [at for at, _ in wrong_in(WHOLE._replace(complainant=wrong))] == [
        "/complainant/id_number"
    ]


def test_a_passport_number_is_taken_as_it_is() -> None:
    person = SOMEBODY._replace(id_type="passport", id_number="E12345678")
    assert wrong_in(WHOLE._replace(complainant=person)) == []


def test_an_agent_and_companions_are_checked_too() -> None:
    agent = Agent(name="李四", phone="123")
    joint = Joint((Companion("王五", "1380000"),), ("王五", "赵六"))
    assert [at for at, _ in wrong_in(WHOLE._replace(agent=agent, joint=joint))] == [
        "/agent/phone",
        "/joint/representatives/1",
        "/joint/people/0/phone",
    ]


def test_a_complainant_may_speak_for_all() -> None:
    joint = Joint((Companion("王五"),), ("张三", "王五"))
    assert wrong_in(WHOLE._replace(joint=joint)) == []


def test_there_are_at_most_five_representatives() -> None:
    people = tuple(Companion(f"甲{n}") for n in range(6))
    joint = Joint(people, tuple(one.name for one in people))
    assert wrong_in(WHOLE._replace(joint=joint)) == [("/joint/representatives", "代表人最多5名。")]
