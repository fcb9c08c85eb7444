"""The words for codes, as people read them; Chinese here, translated at the edges."""

from services.mediation.domain.case import STATE_WORDS, STEP_WORDS
from shared.i18n import N_
from shared.terms.cases import OUTCOME_WORDS

STATES = {state.value: words for state, words in STATE_WORDS.items()}
STEPS = {step.value: words for step, words in STEP_WORDS.items()}
OUTCOMES = OUTCOME_WORDS
CLOCKS = {
    "accept": N_("决定是否受理"),
    "forward": N_("转送商家"),
    "reply": N_("商家答复"),
    "mediate": N_("调解"),
}
RENEW_CODE = "renew-code"
"""What the log calls it when a lost query code was replaced; no step of the case."""
HAPPENINGS = {
    **STEPS,
    RENEW_CODE: N_("换发查询码"),
    "open": N_("登记"),
    "letter_prepared": N_("投诉转送函已制作"),
    "letter_sent": N_("投诉转送函已送出"),
    "letter_failed": N_("投诉转送函没能送出"),
    "evidence_added": N_("收到新的证据"),
}
FACTS = {
    "note": N_("备注"),
    "text": N_("内容"),
    "reason": N_("理由"),
    "identity_checked": N_("已经核对身份证件"),
    "consent_override": N_("投诉人没有同意，仍然转送的理由"),
    "reply_due": N_("答复期限"),
    "replied_on": N_("答复日期"),
    "in_time": N_("按期"),
    "recovered_fen": N_("挽回损失"),
    "accepted_on": N_("受理日期"),
    "forward_due": N_("转送期限"),
    "mediate_due": N_("调解期限"),
    "forwarded_on": N_("转送日期"),
    "serial": N_("第几次"),
    "outcome": N_("结果"),
    "closed_on": N_("结案日期"),
    "due_on": N_("期限"),
    "number": N_("编号"),
    "channel": N_("渠道"),
    "assignee": N_("交给"),
    "document_number": N_("文号"),
    "prepared_on": N_("制作日期"),
    "way": N_("方式"),
    "attempts": N_("次数"),
    "files": N_("文件数"),
    "changes": N_("更正"),
    "name": N_("名称"),
    "uscc": N_("统一社会信用代码"),
    "address": N_("地址"),
    "phone": N_("电话"),
    "email": N_("电子邮箱"),
    "platform": N_("平台"),
}
"""What a log row or a letter's event keeps; other names are not shown."""
ACTORS = {"citizen": N_("投诉人"), "service": N_("系统服务"), "system": N_("系统")}
WAYS = {"email": N_("电子邮件"), "print": N_("打印寄出")}
FIELDS = {
    "/complainant/name": N_("投诉人姓名"),
    "/complainant/phone": N_("投诉人电话"),
    "/complainant/email": N_("投诉人电子邮箱"),
    "/complainant/address": N_("投诉人地址"),
    "/respondent/name": N_("被投诉人名称"),
    "/respondent/uscc": N_("统一社会信用代码"),
    "/respondent/address": N_("被投诉人地址"),
    "/respondent/phone": N_("被投诉人电话"),
    "/respondent/email": N_("被投诉人电子邮箱"),
    "/respondent/platform": N_("平台和店名"),
    "/matter/subject": N_("事由"),
    "/matter/text": N_("经过"),
    "/matter/place": N_("地点"),
    "/matter/region": N_("行政区划代码"),
    "/matter/goods_or_service": N_("商品或者服务"),
    "/matter/order_no": N_("订单号"),
    "/matter/nature": N_("投诉性质"),
    "/matter/category": N_("类别"),
    "/matter/amount_fen": N_("涉及金额"),
    "/matter/happened_on": N_("发生日期"),
}
"""What staff may correct, by JSON pointer of the complaint."""
