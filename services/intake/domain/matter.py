"""Days and amounts that can be meant."""

from collections.abc import Iterator
from datetime import date

from services.intake.domain.errors import ImpossibleAmountError, ImpossibleDateError
from services.intake.domain.record import Complaint, Matter
from shared.kernel import RuleError

EARLIEST = date(1949, 10, 1)
MOST_FEN = 1_000_000_000_000
"""Ten billion yuan: more is a slip of the finger."""


def days_in(matter: Matter, today: date) -> Iterator[RuleError]:
    """What cannot be right about the days of a matter; `today` is the legal day."""
    happened, known = matter.happened_on, matter.rights_infringement_known_on
    for day, pointer in (
        (happened, "/matter/happened_on"),
        (known, "/matter/rights_infringement_known_on"),
    ):
        if day and day > today:
            yield ImpossibleDateError("这一天还没有到，请填今天或者以前的日期。", pointer=pointer)
        if day and day < EARLIEST:
            yield ImpossibleDateError("这一天太早了，请检查年份。", pointer=pointer)
    if happened and known and known < happened:
        yield ImpossibleDateError(
            "知道权益受损的日期不能早于事情发生的日期。",
            pointer="/matter/rights_infringement_known_on",
        )


def amounts_in(complaint: Complaint) -> Iterator[RuleError]:
    """What cannot be right about the sums; they are in fen (分)."""
    sums = [(complaint.matter.amount_fen, "/matter/amount_fen")]
    sums += [(c.amount_fen, f"/claims/{n}/amount_fen") for n, c in enumerate(complaint.claims)]
    for fen, pointer in sums:
        if fen is not None and not 0 <= fen <= MOST_FEN:
            yield ImpossibleAmountError(
                "金额要在0元到{most}亿元之间。", pointer=pointer, most=MOST_FEN // 10_000_000_000
            )
