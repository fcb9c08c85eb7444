"""The ways a fictitious case goes, and how often each is met."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from deploy.demo.troubles import said

Span = tuple[float, float]
"""At least and at most so many days after the step before."""

TAKE = ("take", (0.0, 0.8))
ACCEPT = ("accept", (0.1, 6.0))
FORWARD = ("forward", (0.1, 3.5))
REPLY = ("record-reply", (1.0, 6.5))
AGREE = ("agree", (1.0, 12.0))
FAIL = ("fail", (2.0, 20.0))
WITHDRAW = ("withdraw", (1.0, 5.0))
CLOSE = ("close", (0.1, 3.0))
REFUSE = ("refuse", (0.2, 5.0))
REOPEN = ("reopen", (4.0, 15.0))

NO_DISPUTE = "not_a_consumer_dispute"
REFUSALS = (
    "between_operators",
    "private_deal",
    "handled_elsewhere",
    "settled",
)
WORDS = {
    "record-reply": ("text", "replies"),
    "withdraw": ("text", "withdrawals"),
    "reopen": ("note", "reopenings"),
}
FAILURES = ("no_agreement", "respondent_refuses", "no_agreement", "facts_unclear", "party_absent")


@dataclass(frozen=True)
class Course:
    """One way, with its share in a thousand."""

    share: int
    steps: tuple[tuple[str, Span], ...]
    kind: str = "complaint"
    unfinished: bool = False
    """It stays where its steps end, however long ago it began."""
    days: tuple[int, int] | None = None
    """For the unfinished: how many days ago it was received."""
    reason: str = ""
    """Why it is refused, if there is one reason only."""

    def facts(self, step: str, random: Random) -> dict[str, Any]:
        """What is said with a step, as the step wants it."""
        if step == "refuse":
            return {"reason": self.reason or random.choice(REFUSALS)}
        if step == "fail":
            return {"reason": random.choice(FAILURES)}
        if step == "agree":
            return agreed(random)
        if step in WORDS:
            name, which = WORDS[step]
            return {name: said(random, which)}
        return {}


def agreed(random: Random) -> dict[str, Any]:
    yuan = random.randrange(2, 60) * 50
    text = said(random, "agreements", yuan=yuan)
    return {"text": text} | ({"recovered_fen": yuan * 100} if str(yuan) in text else {})


USUAL = (ACCEPT, FORWARD, REPLY, AGREE, CLOSE)
REGISTERED = Course(35, (), unfinished=True, days=(0, 5))
TOO_LATE = Course(12, (), unfinished=True, days=(12, 40))
ACCEPTED = Course(25, (ACCEPT,), unfinished=True, days=(7, 9))
FORWARDED = Course(30, (ACCEPT, FORWARD), unfinished=True, days=(10, 14))
SILENT = Course(15, (ACCEPT, FORWARD), unfinished=True, days=(20, 60))
REPLIED = Course(25, (ACCEPT, FORWARD, REPLY), unfinished=True, days=(17, 30))
AGREED = Course(15, (ACCEPT, FORWARD, REPLY, AGREE), unfinished=True, days=(29, 50))
FAILED = Course(10, (ACCEPT, FORWARD, REPLY, FAIL), unfinished=True, days=(37, 60))
WITHDRAWN = Course(8, (ACCEPT, WITHDRAW), unfinished=True, days=(12, 40))
REFUSED = Course(60, (REFUSE,))
SETTLED = Course(455, USUAL)
WITHOUT_LETTER = Course(60, (ACCEPT, AGREE, CLOSE))
UNSETTLED = Course(120, (ACCEPT, FORWARD, REPLY, FAIL, CLOSE))
NO_ANSWER = Course(40, (ACCEPT, FORWARD, ("fail", (15.0, 28.0)), CLOSE))
TAKEN_BACK = Course(35, (ACCEPT, FORWARD, WITHDRAW, CLOSE))
TAKEN_BACK_EARLY = Course(20, (WITHDRAW, CLOSE))
TWICE = Course(20, (ACCEPT, FORWARD, REPLY, FORWARD, REPLY, AGREE, CLOSE))
AGAIN = Course(15, (*USUAL, REOPEN, FORWARD, REPLY, AGREE, CLOSE))
REPORT = Course(20, (REFUSE,), kind="report", reason=NO_DISPUTE)
INQUIRY = Course(15, (REFUSE,), kind="inquiry", reason=NO_DISPUTE)
SUGGESTION = Course(8, (), kind="suggestion", unfinished=True, days=(0, 6))
PRAISE = Course(3, (REFUSE,), kind="praise", reason=NO_DISPUTE)
HELP = Course(4, (), kind="help", unfinished=True, days=(0, 6))

NOT_FOUND = Course(0, (REFUSE,), reason="respondent_unclear")
"""What becomes of a complaint whose respondent nobody finds."""

COURSES = (
    SETTLED, UNSETTLED, REFUSED, WITHOUT_LETTER, NO_ANSWER, TAKEN_BACK, TAKEN_BACK_EARLY, TWICE,
    AGAIN, REGISTERED, TOO_LATE, ACCEPTED, FORWARDED, SILENT, REPLIED, AGREED, FAILED, WITHDRAWN,
    REPORT, INQUIRY, SUGGESTION, PRAISE, HELP,
)  # fmt: skip
WEIGHTS = list(accumulate(one.share for one in COURSES))
"""How far each reaches on a line of all."""
SHOWCASE = (
    REGISTERED, ACCEPTED, FORWARDED, REPLIED, AGREED, FAILED, WITHDRAWN, SETTLED, TOO_LATE, SILENT,
    REFUSED, TWICE, AGAIN, REPORT, SUGGESTION, REGISTERED,
)  # fmt: skip
"""What the first ones go through, so that even a few complaints show everything."""
