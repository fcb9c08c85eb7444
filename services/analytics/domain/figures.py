"""Every published figure: what it counts, on which day, and of what a ratio is a ratio.

A condition is written over the columns of the rows of `facts.py`, in the SQL of the store; `$today`
is the legal day the figure is taken on. What happened counts on the day it happened; a ratio
follows the complaints received in the period, so that both its parts speak of the same ones.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is counted in."""

    CASES = "cases"
    LETTERS = "letters"
    FEN = "fen"
    PERCENT = "percent"


@dataclass(frozen=True)
class Count:
    """How many rows of a table fulfil a condition (or the sum of a column over them)."""

    condition: str
    day: str
    """The column that says on which legal day it happened."""
    table: str = "complaints"
    adds: str | None = None
    """The column that is summed; none: rows are counted."""
    unit: Unit = Unit.CASES


@dataclass(frozen=True)
class Ratio:
    """How many in a hundred of those that the denominator counts the numerator counts, too.

    Both speak of the complaints received in the period.
    """

    numerator: str
    denominator: str
    unit: Unit = Unit.PERCENT


STANDS = "coalesce(reopened_version, 0)"

COUNTS: dict[str, Count] = {
    # received (收到): registered with intake
    "received": Count("received_version IS NOT NULL", "received_on"),
    # accepted (受理): accepted at least once
    "accepted": Count("accepted_version IS NOT NULL", "accepted_on"),
    # refused (不予受理): refused, and not accepted later
    "refused": Count(
        f"refused_version > greatest(coalesce(accepted_version, 0), {STANDS})", "refused_on"
    ),
    # forwarded (转送): sent on to the respondent at least once; the day of the first time
    "forwarded": Count("first_forwarded_version IS NOT NULL", "first_forwarded_on"),
    # replied (商家答复): the respondent answered at least once; the day of the first time
    "replied": Count("replied_version IS NOT NULL", "replied_on"),
    # answered within the period set
    "replied_in_time": Count("replied_version IS NOT NULL AND in_time", "replied_on"),
    # agreed, failed, withdrawn (达成协议, 调解不成, 撤回): the last result, unless reopened since
    "agreed": Count(f"result = 'agreed' AND settled_version > {STANDS}", "settled_on"),
    "failed": Count(f"result = 'failed' AND settled_version > {STANDS}", "settled_on"),
    "withdrawn": Count(f"result = 'withdrawn' AND settled_version > {STANDS}", "settled_on"),
    # closed (结案): closed or refused, and not reopened since
    "closed": Count(f"closed_version > {STANDS}", "closed_on"),
    # open (在办): received and not closed
    "open": Count(f"NOT coalesce(closed_version > {STANDS}, false)", "received_on"),
    # overdue (超期): the legal day of the clock that runs is over; the day it was due
    "overdue": Count("due_on < $today", "due_on"),
    # recovered (挽回损失): in fen, of the cases closed
    "recovered": Count(
        f"closed_version > {STANDS}", "closed_on", adds="recovered_fen", unit=Unit.FEN
    ),
    # letters made, sent (by e-mail or handed over), and given up
    "letters_prepared": Count(
        "prepared_version IS NOT NULL", "prepared_on", "letters", unit=Unit.LETTERS
    ),
    "letters_sent": Count("sent_version IS NOT NULL", "sent_on", "letters", unit=Unit.LETTERS),
    "letters_failed": Count(
        "failed_version > coalesce(sent_version, 0)", "failed_on", "letters", unit=Unit.LETTERS
    ),
}  # fmt: skip

RATIOS: dict[str, Ratio] = {
    # closing rate (结案率): of those accepted
    "closing_rate": Ratio("closed", "accepted"),
    # resolution rate (解决率): of those accepted; agreements alone, no withdrawals
    "agreement_rate": Ratio("agreed", "accepted"),
    # answered in time (按期答复率): of those forwarded
    "reply_rate": Ratio("replied_in_time", "forwarded"),
}

MEASURES: tuple[str, ...] = (*COUNTS, *RATIOS)

GRAINS = ("day", "month", "year")
"""Dimensions of time; every measure counts on its own day."""

CODES: dict[str, str] = {
    "channel": "c.channel",
    "category": "c.category",
    "unit": "c.unit",
    "kind": "c.kind",
    "state": "c.state",
    "body": "coalesce(c.body, c.case_body)",
    "region": "c.region",
    "outcome": "c.outcome",
    "nature": "c.nature",
    "source": "c.source",
}
"""Dimensions of the complaint: name -> expression over its row, `c`; each is a filter, too."""

DIMENSIONS: tuple[str, ...] = (*GRAINS, *CODES)


def percentage(numerator: int, denominator: int) -> Decimal | None:
    """One in a hundred of the other, two decimals, rounded half up; None of nothing."""
    if not denominator:
        return None
    exact = Decimal(100 * numerator) / Decimal(denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
