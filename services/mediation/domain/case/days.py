"""Days that are given for a step: when a reply is due, and when it came."""

from datetime import date

from shared.kernel import RuleError


class UnlawfulDayError(RuleError):
    """A day that is given for a step lies where it cannot."""


def check_reply_due(designated: date, forwarded_on: date, limit: date | None) -> None:
    """A designated day of reply lies after the forwarding and not after the legal limit.

    It stands as named, also on a rest day (reading X). Raises UnlawfulDayError.
    """
    if designated <= forwarded_on:
        raise UnlawfulDayError(
            "答复期限要晚于转送当天（{day}）。", pointer="/reply_due", day=forwarded_on.isoformat()
        )
    if limit and designated > limit:
        raise UnlawfulDayError(
            "答复期限不能晚于调解期限 {day}。", pointer="/reply_due", day=limit.isoformat()
        )


def check_replied_on(replied_on: date, forwarded_on: date, today: date) -> None:
    """A reply comes on or after the day of forwarding and is never dated ahead.

    Raises UnlawfulDayError.
    """
    if replied_on < forwarded_on:
        raise UnlawfulDayError(
            "答复日期不能早于转送日 {day}。", pointer="/replied_on", day=forwarded_on.isoformat()
        )
    if replied_on > today:
        raise UnlawfulDayError(
            "答复日期不能晚于今天（{day}）。", pointer="/replied_on", day=today.isoformat()
        )
