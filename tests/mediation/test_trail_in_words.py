"""What belongs to a row of the trail is told in the reader's language: no code, id or UTC time."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.mediation.use_cases.trail.labels import KINDS, UNSHOWN, VALUES
from services.mediation.use_cases.trail.naming import Names
from services.mediation.use_cases.trail.telling import Telling
from shared.bodies import Bodies, Body
from shared.i18n import Language
from shared.trail.chain import canonical
from shared.trail.reading import Line
from shared.trail.said import KINDS as ALL_KINDS
from tests.conftest import NOON

LIN, UNIT, CASE = UUID(int=1), UUID(int=2), UUID(int=3)
NAMES = Names({LIN: "林调解员"}, {UNIT: "城东分会"}, {CASE: "260622-000000001"})
CITY = Body("city", "安澜市消费者权益保护委员会", "安澜市消委会", "消转")
ROOT = Path(__file__).parents[2]


def told(said: dict[str, Any], action: str = "x", language: Language = "zh") -> dict[str, str]:
    """What the page shows of a row with these values."""
    line = Line(
        id=UUID(int=9), at=NOON, kind="staff", key="x", seq=1, doer_kind="staff", doer=None,
        role="", for_id=None, action=action, said=said,
    )  # fmt: skip
    return dict(Telling(NAMES, language, Bodies((CITY,))).facts(line))


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ({"role": "auditor"}, {"角色": "审计员"}, {"Role": "Auditor"}),
        ({"body": "city"}, {"机构": "安澜市消委会"}, {"Organisation": "安澜市消委会"}),
        ({"body": ""}, {"机构": "全部机构"}, {"Organisation": "All organisations"}),
        ({"unit": str(UNIT)}, {"部门": "城东分会"}, {"Unit": "城东分会"}),
        ({"asked_by": str(LIN), "asked_by_name": "x"}, {"谁申请的": "林调解员"}, None),
        ({"case": str(CASE)}, {"案件编号": "260622-000000001"}, None),
        ({"at": "2026-06-22T16:30:00+00:00"}, {"时间": "2026-06-23 00:30:00"}, None),
        ({"expires_at": "2026-06-23T04:00:00.5Z"}, {"到期": "2026-06-23 12:00:00"}, None),
        ({"first_on": "2026-06-23"}, {"从": "2026-06-23"}, None),
        ({"scopes": ["case.read"]}, {"权限": "查看案件"}, {"Permissions": "Read cases"}),
        ({"reason": "identity"}, {"理由": "核对身份"}, {"Reason": "To check an identity"}),
        ({"reason": "本人到场"}, {"理由": "本人到场"}, {"Reason": "本人到场"}),
        ({"why": "retention"}, {"理由": "保存期满"}, None),
        ({"services": ["intake", "analytics"]}, {"服务": "登记服务、统计服务"}, None),
        ({"region": "510903"}, {"地区": "四川省遂宁市船山区"}, None),
        ({"file": "docx"}, {"文件": "Word"}, None),
        ({"picked": "all"}, {"选了哪些": "全部"}, None),
        ({"intact": True}, {"完好": "是"}, {"Intact": "Yes"}),
        (
            {"action": "step:accept", "kind": "case"},
            {"做了什么": "受理投诉", "哪一类": "案件"},
            None,
        ),
        ({"state": "open", "channel": "web"}, {"状态": "未结案", "渠道": "网站"}, None),
        (
            {"letter_state": "to_print", "because": "no_address"},
            {"函件状态": "待打印寄送", "原因": "没有电子邮箱"},
            {"State of the letter": "To print and post", "Reason": "No e-mail address"},
        ),
        ({"by": "print", "attempt": 2}, {"方式": "打印寄出", "第几次发送": "2"}, None),
        ({"by": "sms"}, {"方式": "短信"}, {"By": "Text message"}),
        ({"scan": "infected"}, {"查毒结果": "有病毒"}, {"What the scanner found": "Infected"}),
        ({"settings": {"A": "b"}, "unit": None}, {}, {}),
    ],
)
def test_every_value_has_its_words(
    said: dict[str, Any], zh: dict[str, str], en: dict[str, str] | None
) -> None:
    assert told(said) == zh
    if en is not None:
        assert told(said, language="en") == en


def test_what_was_changed_is_told_with_what_it_was() -> None:
    before = {"display": "林一", "unit": None, "phone": "1"}
    after = {"display": "林二", "unit": str(UNIT), "phone": "1"}
    assert told({"before": before, "after": after}) == {
        "姓名": "林一 → 林二",
        "部门": "— → 城东分会",
    }
    changed = {"REDRESS_HOSTS": {"before": "a", "after": "b"}}
    assert told({"changed": changed}) == {"改动": "REDRESS_HOSTS a → b"}


def test_periods_are_months_and_classes_have_their_names() -> None:
    shown = told({"before": None, "now": 36, "class": "report"}, "retention.changed")
    assert shown["原来"] == "永久"
    assert shown["现在"] == "36个月"
    assert shown["档案类别"] != "report"


def test_what_became_of_each_case_stands_beside_its_number() -> None:
    outcome = {str(CASE): "erased"}
    assert told({"outcome": outcome}) == {"结果": "260622-000000001 已经删除"}


def test_things_of_organisations_and_services_are_named() -> None:
    telling = Telling(NAMES, "zh", Bodies((CITY,)))
    usual = {"id": UUID(int=9), "at": NOON, "seq": 1, "doer_kind": "staff", "doer": None}
    for kind, key, thing in (
        ("retention", "city", "安澜市消委会"),
        ("setting", "intake", "登记服务"),
        ("refused", "analytics", "统计服务"),
        ("unit", str(UNIT), "城东分会"),
    ):
        facts = {"kind": kind, "key": key, "role": "", "for_id": None, "action": "x"}
        assert telling.thing(Line.model_validate(usual | facts)) == thing


def test_each_kind_of_chain_has_its_words() -> None:
    assert ALL_KINDS - KINDS.keys() == {"checkpoint"}, "which is no row of the trail"


def test_whatever_is_noted_by_name_has_its_words() -> None:
    """Names in dictionaries that are written out where something is noted."""
    unknown = {
        f"{file.relative_to(ROOT)}: {name}"
        for folder in ("services", "shared", "deploy")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for name in noted_names(ast.parse(file.read_text("utf-8")))
        if name not in VALUES.keys() | UNSHOWN
    }
    assert not unknown


def noted_names(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Said":
            for part in call.args[1:]:
                for one in ast.walk(part):
                    if isinstance(one, ast.Dict):
                        keys = (key.value for key in one.keys if isinstance(key, ast.Constant))
                        yield from (str(key) for key in keys)


def test_values_are_read_as_the_trail_keeps_them() -> None:
    """Instants, days and ids lie in a row as text."""
    assert canonical({"at": NOON, "id": LIN}) == (
        b'{"at":"2026-06-23T04:00:00+00:00","id":"00000000-0000-0000-0000-000000000001"}'
    )
