"""Where a letter stands, why, and what a person may do with it there."""

from enum import StrEnum


class State(StrEnum):
    """The state of one letter (函件状态).

    `owed` 待制作; `held` 待补正; `waiting` 邮件待发; `sending` 正在发送; `sent` 已用邮件发出;
    `to_print` 待打印寄送; `printed` 已打印寄送; `failed` 没有送出; `void` 不再发送.
    """

    OWED = "owed"
    """It has its number; the facts are still to be fetched."""
    HELD = "held"
    """A person must supply something before it can be printed."""
    WAITING = "waiting"
    """The e-mail is written, and nothing is there that could send it."""
    SENDING = "sending"
    """The e-mail is to be handed over, or tried again."""
    SENT = "sent"
    TO_PRINT = "to_print"
    """There is no e-mail address to use: a person prints and posts it."""
    PRINTED = "printed"
    """Printed and posted or handed over."""
    FAILED = "failed"
    """We gave up; a person must choose another way."""
    VOID = "void"
    """The case was over before it left; its number stays in the register."""


class Reason(StrEnum):
    """Why a letter is where it is, or why an attempt failed (原因).

    `not_complaint` 不是投诉; `missing` 缺少必备事项; `glyphs` 字库里没有的字;
    `erased` 投诉内容已按规定删除;
    `unknown` 案件资料还没有取到; `case_over` 案件已经撤回或者结案; `late` 答复期限前已来不及送出;
    `no_address` 没有电子邮箱; `bad_address` 电子邮箱写得不对; `to_fill_in` 有空白处要人填写;
    `address` 没有这个邮箱; `refused` 邮件服务器拒收; `deferred` 邮件服务器要求稍后再试;
    `unreachable` 邮件服务器没有应答; `login` 邮件服务器不认用户名和密码; `unmade` 函件没有做成;
    `unprintable` 函件没有排印出来; `interrupted` 发送中断，可能已经送到.
    """

    NOT_COMPLAINT = "not_complaint"
    """An inquiry, a report or the like: no forwarding letter is written of it."""
    MISSING = "missing"
    """Facts that a letter must carry are missing."""
    GLYPHS = "glyphs"
    """No font has some of its characters."""
    ERASED = "erased"
    """The words of the complaint were erased on lawful request."""
    UNKNOWN = "unknown"
    """A sister service does not know the case yet."""
    CASE_OVER = "case_over"
    """The case was withdrawn or closed before the letter left."""
    LATE = "late"
    """It can no longer leave before its reply date."""
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    TO_FILL_IN = "to_fill_in"
    """A line is left blank that a person fills in by hand."""
    ADDRESS = "address"
    """The mail server says that there is no such mailbox."""
    REFUSED = "refused"
    """The mail server will not take it."""
    DEFERRED = "deferred"
    """The mail server asks to come back later."""
    UNREACHABLE = "unreachable"
    """The mail server does not answer."""
    LOGIN = "login"
    """The mail server does not accept our name and password."""
    UNMADE = "unmade"
    """It could not be made; why stands in the log."""
    UNPRINTABLE = "unprintable"
    """The letter could not be printed, so nothing was sent."""
    INTERRUPTED = "interrupted"
    """We stopped between handing it over and noting it; it may have arrived."""


class Action(StrEnum):
    """What a person may do (可以办的).

    `send` 再发一次; `printed` 已打印寄送; `make` 重新制作.
    """

    SEND = "send"
    PRINTED = "printed"
    MAKE = "make"


MAY: dict[Action, frozenset[State]] = {
    Action.SEND: frozenset({State.WAITING, State.FAILED, State.SENT, State.SENDING}),
    Action.PRINTED: frozenset({State.TO_PRINT, State.WAITING, State.FAILED, State.SENDING}),
    Action.MAKE: frozenset({State.HELD, State.WAITING, State.TO_PRINT, State.FAILED}),
}
"""In which states a person may do what."""

FINISHED = frozenset({State.SENT, State.PRINTED})
"""Out of the house: its words no longer change."""

OVER = FINISHED | {State.VOID}
"""Nothing is left to be done with it."""


def is_under_way(state: State) -> bool:
    """Whether somebody still has to make, check, print or send it."""
    return state not in OVER


def may(state: State) -> tuple[Action, ...]:
    """What a person may do with a letter in this state."""
    return tuple(action for action in Action if state in MAY[action])
