"""Days and amounts that can be meant."""

from collections.abc import Iterator
from datetime import date

from services.intake.domain.record import Complaint, Matter
from shared.kernel import RuleError
from shared.record.errors import ImpossibleDateError
from shared.record.limits import check_amount, check_day


def days_in(matter: Matter, today: date) -> Iterator[RuleError]:
    """What cannot be right about the days of a matter; `today` is the legal day."""
    happened, known = matter.happened_on, matter.rights_infringement_known_on
    for day, pointer in (
        (happened, "/matter/happened_on"),
        (known, "/matter/rights_infringement_known_on"),
    ):
        if day:
            try:
                check_day(day, today, pointer)
            except RuleError as error:
                yield error
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
        if fen is not None:
            try:
                check_amount(fen, pointer)
            except RuleError as error:
                yield error
