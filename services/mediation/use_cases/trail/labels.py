"""The words for everything that a line of the trail has codes for."""

from services.mediation.use_cases.labels import HAPPENINGS
from services.mediation.use_cases.trail.sources import STEP
from shared.i18n import N_, Language, translated
from shared.terms import label_of
from shared.trail.deeds import Deed

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
    "hold": N_("暂停删除"),
    "request": N_("个人信息请求"),
    "number": N_("编号"),
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
    "stand_in": N_("由谁代理"),
    "for_complainant": N_("代投诉人"),
    "notice": N_("隐私告知"),
    "file": N_("文件"),
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
    "device": N_("设备"),
    "ended": N_("结束了几个"),
    "scopes": N_("权限"),
    "expires_at": N_("到期"),
    "code": N_("代码"),
    "parent": N_("上级部门"),
    "region": N_("地区"),
    "issuer": N_("统一登录"),
    "asked_by": N_("谁申请的"),
    "roles": N_("角色"),
    "purpose": N_("用途"),
    "review_on": N_("下次评估"),
    "class": N_("档案类别"),
    "now": N_("现在"),
    "hold": N_("暂停删除"),
    "outcome": N_("结果"),
    "cases": N_("案件"),
    "checked": N_("怎样核对的身份"),
    "document_number": N_("文号"),
    "issued_on": N_("发文日期"),
    "reply_due": N_("答复期限"),
    "letter_state": N_("函件状态"),
    "because": N_("原因"),
    "attempt": N_("第几次发送"),
    "sent_at": N_("送出时间"),
    "sha256": N_("文件的SHA-256"),
    "scan": N_("查毒结果"),
    "complaint": N_("投诉"),
    "letter": N_("函件"),
    "key_id": N_("密钥编号"),
    "against": N_("和签名的链头核对"),
    "renewed": N_("重新加密的数量"),
    "cipher": N_("加密算法"),
    "instead": N_("改用"),
    "picked": N_("选了哪些"),
    "bodies": N_("机构"),
    "for": N_("用于"),
    "by": N_("方式"),
    "rows": N_("行数"),
    "searched": N_("按内容查找"),
    "form": N_("格式"),
    "reopened": N_("重新启用账号"),
    "channel": N_("渠道"),
    "case_kind": N_("种类"),
    "assignee": N_("承办"),
    "due_before": N_("期限在此之前"),
}
"""What values of a row are called; others show the name they are kept under."""
UNSHOWN = frozenset({"settings", "stand_in_name", "asked_by_name"})
"""What lies in a row for the next one to compare with, and is too long to be read; names that stand
beside the id of the same person."""
SERVICES = {
    "intake": N_("登记服务"),
    "mediation": N_("调解服务"),
    "notification": N_("函件服务"),
    "analytics": N_("统计服务"),
}


def called(name: str, language: Language) -> str:
    """What a value is called."""
    return translated(VALUES.get(name, name), language)


def action_words(action: str, language: Language) -> str:
    """What was done, in words."""
    if action.startswith(STEP):
        step = action.removeprefix(STEP)
        return translated(HAPPENINGS.get(step, step), language)
    return label_of(Deed, action, language)
