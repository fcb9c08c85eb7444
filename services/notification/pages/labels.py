"""What states, reasons and ways are called on pages, and how they look."""

from typing import Any

from services.notification.domain.glyphs import named
from services.notification.domain.states import Reason, State
from shared.i18n import N_

STATES = {
    State.OWED: N_("待制作"),
    State.HELD: N_("待补正"),
    State.WAITING: N_("邮件待发（没有邮件服务器）"),
    State.SENDING: N_("正在发送"),
    State.SENT: N_("已用邮件发出"),
    State.TO_PRINT: N_("待打印寄送"),
    State.PRINTED: N_("已打印寄送"),
    State.FAILED: N_("没有送出"),
    State.VOID: N_("不再发送"),
}
LOOKS = {
    State.OWED: "run",
    State.HELD: "late",
    State.WAITING: "pause",
    State.SENDING: "run",
    State.SENT: "done",
    State.TO_PRINT: "soon",
    State.PRINTED: "done",
    State.FAILED: "late",
    State.VOID: "idle",
}
"""How a state looks: classes of the stylesheet."""

REASONS = {
    Reason.NOT_COMPLAINT: N_("这件不是投诉，不发投诉转送函"),
    Reason.MISSING: N_("缺少必备事项"),
    Reason.GLYPHS: N_("有的字字库里没有，需要人工处理"),
    Reason.ERASED: N_("投诉内容已按规定删除"),
    Reason.UNKNOWN: N_("案件资料还没有取到"),
    Reason.CASE_OVER: N_("案件已经撤回或者结案，文号保留"),
    Reason.LATE: N_("答复期限前已来不及送出"),
    Reason.NO_ADDRESS: N_("没有电子邮箱"),
    Reason.BAD_ADDRESS: N_("电子邮箱写得不对"),
    Reason.TO_FILL_IN: N_("有空白处要人填写"),
    Reason.ADDRESS: N_("对方邮件服务器说没有这个邮箱"),
    Reason.REFUSED: N_("邮件服务器拒收"),
    Reason.DEFERRED: N_("邮件服务器要求稍后再试"),
    Reason.UNREACHABLE: N_("邮件服务器没有应答"),
    Reason.LOGIN: N_("邮件服务器不认我们的用户名和密码"),
    Reason.UNMADE: N_("函件没有做成，原因见系统日志"),
    Reason.UNPRINTABLE: N_("函件没有排印出来"),
    Reason.INTERRUPTED: N_("发送中断，可能已经送到"),
}
FACTS = {
    "被投诉人名称": N_("被投诉人名称"),
    "投诉内容": N_("投诉内容"),
    "转送单位名称": N_("转送单位名称"),
    "联系电话": N_("联系电话"),
}
WHERE = {
    "被投诉人名称": N_("被投诉人在案件里填写"),
    "投诉内容": N_("投诉内容在案件里更正"),
    "转送单位名称": N_(
        "转送单位的名称由系统管理员写在设置 REDRESS_BODIES 里（见说明书“写明本单位”），"
        "重新启动以后再点重新制作"
    ),
    "联系电话": N_(
        "单位电话由系统管理员写在设置 REDRESS_BODIES 里（见说明书“写明本单位”），"
        "调解员自己的办公电话用命令 redress staff change 登记；写好以后点重新制作，"
        "也可以打印出来用笔填写"
    ),
}
"""Where a person fills in what a letter lacks."""
ADDRESS = N_("电子邮箱在案件里登记被投诉人时填写；填好以后点重新制作，也可以打印寄送")
REMEDIES = {
    Reason.NO_ADDRESS: ADDRESS,
    Reason.BAD_ADDRESS: ADDRESS,
    Reason.NOT_COMPLAINT: N_("请在案件里按它的性质办理，结案以后这份函件作废，文号保留"),
}
"""What to do where a reason names nothing that is lacking."""
BY_ITSELF = frozenset({"被投诉人名称", "投诉内容"})
"""Once these are filled in, the letter goes on without anybody."""
WAYS = {"email": N_("电子邮件"), "print": N_("打印寄送")}
LABELS: dict[str, Any] = {
    "states": STATES,
    "looks": LOOKS,
    "reasons": REASONS,
    "ways": WAYS,
    "names": FACTS,
    "where": WHERE,
    "remedies": REMEDIES,
    "by_itself": BY_ITSELF,
    "named": named,
}
"""What templates are given."""
