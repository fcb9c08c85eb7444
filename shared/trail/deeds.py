"""What the trail knows how to say: every action has one code, and its words in both languages.

Whoever notes something new adds its code here; a row with an unknown code is refused.
"""

from shared.terms import Term


class Deed(Term):
    """What somebody did (操作记录)."""

    STAFF_ADDED = "staff.added", "新增人员", "Account added"
    STAFF_CHANGED = "staff.changed", "修改人员资料", "Account changed"
    STAFF_ENDED = "staff.ended", "停用人员", "Account ended"
    STAFF_RESET = "staff.reset", "重设密码", "Password reset"
    STAFF_PASSWORD = "staff.password_changed", "修改自己的密码", "Own password changed"
    STAFF_LINKED = "staff.linked", "关联统一登录", "Single sign-on linked"
    STAFF_STANDIN_BEGUN = "standin.begun", "设定代理", "Stand-in set"
    STAFF_STANDIN_ENDED = "standin.ended", "结束代理", "Stand-in ended"
    SECOND_FACTOR_SET = "factor.set", "启用第二验证", "Second factor set"
    SECOND_FACTOR_REMOVED = "factor.removed", "取消第二验证", "Second factor removed"
    PAPER_RENEWED = "factor.paper_renewed", "换发备用码", "Codes on paper replaced"
    RECOVERY_ASKED = "recovery.asked", "申请恢复账号", "Recovery asked for"
    RECOVERY_APPROVED = "recovery.approved", "同意恢复账号", "Recovery approved"
    ROLE_GRANTED = "role.granted", "授予角色", "Role granted"
    ROLE_ENDED = "role.ended", "收回角色", "Role ended"
    ROLE_ASKED = "role.asked", "申请授予角色", "Role asked for"
    ROLE_DECLINED = "role.declined", "没有授予申请的角色", "Role asked for, not granted"
    UNIT_ADDED = "unit.added", "新增部门", "Unit added"
    UNIT_CHANGED = "unit.changed", "修改部门", "Unit changed"
    UNIT_MOVED = "unit.moved", "移动部门", "Unit moved"
    UNIT_ENDED = "unit.ended", "撤销部门", "Unit ended"
    SESSION_BEGUN = "session.begun", "登录", "Logged in"
    SESSION_HALF_BEGUN = (
        "session.half_begun",
        "密码对了，还要动态口令",
        "Password right, code still asked for",
    )
    SESSION_ENDED = "session.ended", "退出登录", "Logged out"
    SESSION_PROVED = "session.proved", "再次验证本人", "Proved once more who it is"
    SESSIONS_ENDED = "session.all_ended", "结束全部登录", "All sessions ended"
    TOKEN_MADE = "token.made", "新建接口令牌", "API token made"
    TOKEN_ENDED = "token.ended", "停用接口令牌", "API token ended"
    KEY_MADE = "key.made", "新建密钥", "Key made"
    KEY_ROTATION_BEGUN = "key.rotation_begun", "开始更换密钥", "Key rotation begun"
    KEY_ROTATED = "key.rotated", "更换密钥完成", "Key rotated"
    KEY_RETIRED = "key.retired", "停用旧密钥", "Key retired"
    KEY_UNCHANGED = (
        "key.unchanged",
        "密钥没有变动，有人同时在更换",
        "Key left as it was, as somebody else rotates",
    )
    SETTING_CHANGED = "setting.changed", "修改设置", "Setting changed"
    SETTINGS_NOTED = "setting.noted", "记下现有设置", "Settings noted"
    PACK_APPLIED = "pack.applied", "启用规则包", "Rule pack applied"
    PACK_CHANGED = "pack.changed", "规则包内容变了", "Rule pack changed"
    CALENDAR_CHANGED = "calendar.changed", "修改工作日历", "Calendar changed"
    MASK_OPENED = "mask.opened", "查看隐去的内容", "Looked behind a mask"
    REPORTER_OPENED = "reporter.opened", "查看举报人", "Looked at a reporter"
    CODE_ASKED = "code.asked", "申请一次性代码", "One-time code asked for"
    CODE_SENT = "code.sent", "发出一次性代码", "One-time code sent"
    CODE_USED = "code.used", "用一次性代码", "One-time code used"
    REPORTER_APART = "reporter.apart", "举报人另行保管", "Reporter kept apart"
    CODE_RENEWED = "code.renewed", "换发查询码", "Query code replaced"
    CODE_NOT_RENEWED = (
        "code.not_renewed",
        "换发查询码没有得到答复",
        "No answer when a query code was to be replaced",
    )
    CASES_EXPORTED = "case.exported", "导出台账", "Ledger exported"
    CASE_SEARCHED = "case.searched", "查找个人", "Person searched for"
    CASES_SEARCHED = "cases.searched", "查找案件", "Cases searched"
    COMPLAINT_REGISTERED = (
        "complaint.registered",
        "代为登记投诉",
        "Complaint taken down for somebody",
    )
    COMPLAINT_WITHDRAWN = "complaint.withdrawn", "撤回投诉", "Complaint withdrawn"
    EVIDENCE_ADDED = "evidence.added", "补充证据", "Evidence added"
    FILE_SCANNED = "file.scanned", "查毒", "File looked at by the scanner"
    FILE_QUARANTINED = "file.quarantined", "查出病毒，隔离文件", "Infected file quarantined"
    FILE_OPENED = "file.opened", "下载证据文件", "File of evidence downloaded"
    INVITATION_MADE = "invitation.made", "邀请被投诉方", "Respondent invited"
    INVITATION_ENDED = "invitation.ended", "撤回邀请", "Invitation withdrawn"
    INVITATION_USED = "invitation.used", "被投诉方打开邀请", "Invitation used"
    LETTER_OWED = "letter.owed", "函件取文号", "Letter given its number"
    LETTER_MADE = "letter.made", "函件做好", "Letter made"
    LETTER_HELD = "letter.held", "函件待补正", "Letter held for a person"
    LETTER_RESUMED = (
        "letter.resumed",
        "案件资料有更正，函件接着做",
        "Letter taken up again after a correction",
    )
    LETTER_FILED = "letter.filed", "函件文件存档", "File of the letter kept"
    LETTER_RELEASED = (
        "letter.released",
        "有了邮件服务器，函件待发",
        "Letter released: there is a mail server",
    )
    LETTER_TRIED = "letter.tried", "开始用邮件发送函件", "Sending the letter by e-mail begun"
    LETTER_NOT_SENT = "letter.not_sent", "函件这一次没有送出", "Letter not delivered this time"
    LETTER_SENT = "letter.sent", "函件用邮件发出", "Letter sent by e-mail"
    LETTER_FAILED = "letter.failed", "函件没有送出，转人工办理", "Letter given up, left to a person"
    LETTER_VOIDED = "letter.voided", "函件不再发送", "Letter not sent any more"
    LETTER_OPENED = "letter.opened", "查看函件", "Letter opened"
    LETTER_HANDED = "letter.handed", "登记函件送出", "Letter handed over"
    LETTER_AGAIN = "letter.again", "重新发送函件", "Letter sent again"
    LETTER_REMADE = "letter.remade", "重新制作函件", "Letter made anew"
    DEAD_LETTERS_REPLAYED = "events.replayed", "重新处理未成功的消息", "Dead letters replayed"
    FIGURES_REBUILT = "figures.rebuilt", "重新统计", "Facts told anew"
    DEMO_LOADED = "demo.loaded", "装入演示数据", "Demonstration loaded"
    DEMO_REMOVED = "demo.removed", "清除演示数据", "Demonstration removed"
    RETENTION_CHANGED = "retention.changed", "修改保存期限", "Retention changed"
    RETENTION_APPLIED = "retention.applied", "到期清除", "Retention applied"
    HOLD_SET = "hold.set", "暂停删除", "Legal hold set"
    HOLD_LIFTED = "hold.lifted", "解除暂停删除", "Legal hold lifted"
    ERASURE_ASKED = "erasure.asked", "申请删除个人信息", "Erasure asked for"
    ERASURE_DONE = "erasure.done", "删除个人信息", "Personal data erased"
    ERASURE_REFUSED = "erasure.refused", "不予删除个人信息", "Erasure refused"
    REQUEST_EMPTIED = "erasure.request_emptied", "删去请求里写的内容", "Words of a request erased"
    COPY_ASKED = "copy.asked", "申请个人信息副本", "Copy of personal data asked for"
    COPY_GIVEN = "copy.given", "提供个人信息副本", "Copy of personal data given"
    ASSESSMENT_RECORDED = "assessment.recorded", "记录影响评估", "Impact assessment recorded"
    AUDIT_READ = "audit.read", "查看审计记录", "Trail read"
    AUDIT_EXPORTED = "audit.exported", "导出审计记录", "Trail exported"
    AUDIT_VERIFIED = "audit.verified", "核验审计记录", "Trail verified"
    AUDIT_SIGNED = "audit.signed", "导出签名的链头", "Signed head exported"
    LOOKS_READ = "looks.read", "核查查看记录", "Looks reviewed"
    REFUSED = "refused.forbidden", "没有权限，被拒绝", "Refused: not allowed"
    REFUSED_BEYOND = "refused.beyond", "不在权限范围内，被拒绝", "Refused: out of reach"
    REFUSED_STRANGER = "refused.stranger", "没有登录，被拒绝", "Refused: not logged in"
    CODE_WRONG = "code.wrong", "编号或查询码不对", "Wrong number or query code"
    PASSWORD_WRONG = "password.wrong", "账号或密码不对", "Wrong name or password"
    FACTOR_WRONG = "factor.wrong", "第二验证不对", "Wrong second factor"
    TOKEN_WRONG = "token.wrong", "令牌不对", "Wrong token"
    INVITATION_WRONG = "invitation.wrong", "邀请码不对", "Wrong invitation code"
    LEFT_OUT = "refused.left_out", "太多，只记次数", "Too many: counted only"


DEEDS = {one.value: one for one in Deed}
"""Every action by its code."""
