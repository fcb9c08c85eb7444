"""What notification says in public about its letters: the only place that makes its events."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.notification.domain.states import Reason
from services.notification.tables import LetterRow, SpokenRow
from shared.bulk import upsert
from shared.events import LetterEvent, LetterFailed, LetterPrepared, LetterSent
from shared.kernel import ComplaintId
from shared.work import Work, table_of


@dataclass(frozen=True)
class Saying:
    """Something to be said about a letter."""

    letter: LetterRow
    make: Callable[[dict[str, Any]], LetterEvent]


def prepared(letter: LetterRow) -> Saying:
    """It was made and has its document number."""
    own = {"document_number": letter.document_number, "prepared_on": letter.issued_on}
    return Saying(letter, lambda facts: LetterPrepared.model_validate(facts | own))


def sent(letter: LetterRow, way: str, attempts: int) -> Saying:
    """It left the house."""
    own = {"way": way, "attempts": attempts}
    return Saying(letter, lambda facts: LetterSent.model_validate(facts | own))


def failed(letter: LetterRow, reason: Reason | str, attempts: int) -> Saying:
    """A person must choose another way, or supply what is lacking."""
    own = {"reason": str(reason), "attempts": attempts}
    return Saying(letter, lambda facts: LetterFailed.model_validate(facts | own))


async def say(work: Work, sayings: Sequence[Saying]) -> None:
    """Announce all of it, numbered per complaint in this order."""
    versions = await next_versions(work, Counter(one.letter.complaint_id for one in sayings))
    for one in sayings:
        letter = one.letter
        facts = {
            "occurred_at": work.now,
            "complaint_id": letter.complaint_id,
            "version": versions[letter.complaint_id],
            "letter_id": letter.id,
            "case_id": letter.case_id,
            "kind": letter.kind,
        }
        versions[letter.complaint_id] += 1
        work.announce(one.make(facts))


async def next_versions(work: Work, counts: Counter[ComplaintId]) -> dict[ComplaintId, int]:
    """The first free version of each complaint, after taking as many as are counted."""
    if not counts:
        return {}
    table = table_of(SpokenRow)
    rows = [{"complaint_id": one, "version": counts[one]} for one in sorted(counts)]
    new = upsert(work.session, table).values(rows)
    taken = new.on_conflict_do_update(
        index_elements=[table.c.complaint_id],
        set_={"version": table.c.version + new.excluded.version},
    ).returning(table.c.complaint_id, table.c.version)
    answer = await work.session.execute(taken)
    return {complaint: last - counts[complaint] + 1 for complaint, last in answer}
