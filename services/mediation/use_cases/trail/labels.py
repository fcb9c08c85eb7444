"""The words for everything that a line of the trail has codes for."""

from collections.abc import Mapping
from typing import Any

from services.mediation.use_cases.labels import HAPPENINGS
from services.mediation.use_cases.masking import Part
from services.mediation.use_cases.trail.sources import STEP
from shared.i18n import N_, Language, translated
from shared.masks.reasons import Reason
from shared.rights import Role
from shared.terms import Term, label_of
from shared.trail.deeds import Deed
from shared.trail.searches import Sought

KINDS = {
    "staff": N_("人员"),
    "unit": N_("部门"),
    "role": N_("角色"),
    "setting": N_("设置"),
    "pack": N_("规则包"),
    "case": N_("案件"),
    "letter": N_("函件"),
    "token": N_("接口令牌"),
    "key": N_("密钥"),
    "session": N_("登录"),
    "audit": N_("审计"),
    "refused": N_("被拒绝的请求"),
    "retention": N_("保存期限"),
    "complaint": N_("投诉"),
    "notice": N_("隐私告知"),
    "figures": N_("统计"),
    "search": N_("查找"),
}
THINGS = KINDS | {
    "account": N_("账号"),
    "person": N_("人员"),
    "file": N_("文件"),
    "hold": N_("暂停清除"),
    "request": N_("个人信息请求"),
}
"""What a refused request was about."""
DOERS = {
    "citizen": N_("投诉人"),
    "respondent": N_("被投诉方"),
    "service": N_("系统服务"),
    "console": N_("控制台"),
    "system": N_("系统"),
    "stranger": N_("没有登录的人"),
}
VALUES = {
    "state": N_("状态"),
    "source": N_("依据"),
    "reason": N_("理由"),
    "why": N_("理由"),
    "note": N_("补充说明"),
    "parts": N_("看了什么"),
    "number": N_("编号"),
    "in_hand": N_("本人经办"),
    "method": N_("方法"),
    "route": N_("地址"),
    "error": N_("错误"),
    "address": N_("来源（只能比较）"),
    "at": N_("时间"),
    "minute": N_("时间"),
    "count": N_("次数"),
    "name": N_("名称"),
    "display": N_("姓名"),
    "role": N_("角色"),
    "body": N_("机构"),
    "unit": N_("部门"),
    "phone": N_("电话"),
    "changed": N_("改动"),
    "before": N_("原来"),
    "after": N_("现在"),
    "first_on": N_("从"),
    "last_on": N_("到"),
    "stand_in": N_("代理人"),
    "for_complainant": N_("代投诉人"),
    "files": N_("文件"),
    "intact": N_("完好"),
    "services": N_("服务"),
    "since": N_("从"),
    "until": N_("到"),
    "person": N_("谁"),
    "kind": N_("哪一类"),
    "action": N_("做了什么"),
    "case": N_("案件编号"),
    "service": N_("服务"),
    "year": N_("年份"),
    "days": N_("天数"),
    "days_changed": N_("改动的天数"),
    "version": N_("版本"),
    "valid_from": N_("从哪天起"),
    "pack": N_("规则包"),
    "tried": N_("想看什么"),
    "id": N_("哪一个"),
    "named": N_("地址里的编号"),
    "hash": N_("输入的内容（只能比较）"),
    "people": N_("按人员"),
    "addresses": N_("按来源"),
    "elsewhere": N_("其余"),
    "sought": N_("按什么查"),
    "where": N_("在哪里"),
    "typed": N_("查了什么"),
    "words": N_("几个词（只能比较）"),
    "found": N_("找到几件"),
    "more": N_("还有更多"),
}
"""What values of a row are called; others show the name they are kept under."""
UNSHOWN = frozenset({"settings"})
"""What lies in a row for the next one to compare with, and is too long to be read."""
TERMS: Mapping[str, type[Term]] = {
    "reason": Reason,
    "parts": Part,
    "role": Role,
    "sought": Sought,
}
"""Values that are codes."""
SERVICES = {
    "intake": N_("登记服务"),
    "mediation": N_("调解服务"),
    "notification": N_("函件服务"),
    "analytics": N_("统计服务"),
}


def called(name: str, language: Language) -> str:
    """What a value is called."""
    return translated(VALUES.get(name, name), language)


def coded(name: str, value: Any, language: Language) -> Any:
    """The words for codes among the values, however deep; what is no code of ours stays."""
    if isinstance(value, Mapping):
        return {part: coded(part, one, language) for part, one in value.items()}
    if name == "kind" and isinstance(value, str):
        return translated(THINGS.get(value, value), language)
    terms = TERMS.get(name)
    if terms is None:
        return value
    if isinstance(value, list):
        return [coded(name, one, language) for one in value]
    return label_of(terms, value, language) if isinstance(value, str) else value


def action_words(action: str, language: Language) -> str:
    """What was done, in words."""
    if action.startswith(STEP):
        step = action.removeprefix(STEP)
        return translated(HAPPENINGS.get(step, step), language)
    return label_of(Deed, action, language)
