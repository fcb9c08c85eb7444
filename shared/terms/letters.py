"""What states of letters, and the reasons for them, are called beyond the letters' own pages."""

from shared.terms.codes import Term


class LetterState(Term):
    """Where a letter stands (函件状态)."""

    OWED = "owed", "待制作", "To be made"
    HELD = "held", "待补正", "Held: something is lacking"
    WAITING = "waiting", "邮件待发（没有邮件服务器）", "Waiting (no mail server)"
    SENDING = "sending", "正在发送", "Being sent"
    SENT = "sent", "已用邮件发出", "Sent by e-mail"
    TO_PRINT = "to_print", "待打印寄送", "To print and post"
    PRINTED = "printed", "已打印寄送", "Printed and posted"
    FAILED = "failed", "没有送出", "Not delivered"
    VOID = "void", "不再发送", "No longer sent"


class LetterReason(Term):
    """Why it stands there, or why an attempt failed (原因)."""

    NOT_COMPLAINT = (
        "not_complaint",
        "这件不是投诉，不发投诉转送函",
        "This is no complaint, and no forwarding letter is sent",
    )
    MISSING = "missing", "缺少必备事项", "Required facts are missing"
    GLYPHS = (
        "glyphs",
        "有的字字库里没有，需要人工处理",
        "No font has some of its characters; a person must see to it",
    )
    ERASED = (
        "erased",
        "投诉内容已按规定删除",
        "The words of the complaint were erased as the law demands",
    )
    UNKNOWN = "unknown", "案件资料还没有取到", "The facts of the case are not there yet"
    CASE_OVER = (
        "case_over",
        "案件已经撤回或者结案，文号保留",
        "The case was withdrawn or closed; the number stays",
    )
    LATE = "late", "答复期限前已来不及送出", "It can no longer leave before its reply date"
    NO_ADDRESS = "no_address", "没有电子邮箱", "No e-mail address"
    BAD_ADDRESS = "bad_address", "电子邮箱写得不对", "The e-mail address is not a correct one"
    TO_FILL_IN = "to_fill_in", "有空白处要人填写", "A line is left blank for a person to fill in"
    ADDRESS = (
        "address",
        "对方邮件服务器说没有这个邮箱",
        "The recipient's mail server says there is no such mailbox",
    )
    REFUSED = "refused", "邮件服务器拒收", "The mail server refused it"
    DEFERRED = "deferred", "邮件服务器要求稍后再试", "The mail server asks to try later"
    UNREACHABLE = "unreachable", "邮件服务器没有应答", "The mail server does not answer"
    LOGIN = (
        "login",
        "邮件服务器不认我们的用户名和密码",
        "The mail server does not accept our name and password",
    )
    UNMADE = (
        "unmade",
        "函件没有做成，原因见系统日志",
        "The letter could not be made; the log says why",
    )
    UNPRINTABLE = "unprintable", "函件没有排印出来", "The letter could not be printed"
    INTERRUPTED = (
        "interrupted",
        "发送中断，可能已经送到",
        "Interrupted while sending; it may have arrived",
    )
