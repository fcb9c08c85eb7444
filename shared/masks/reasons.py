"""Why somebody looks at what is masked: chosen from a list, in words where the list has none."""

from dataclasses import dataclass, field

from shared.kernel import RuleError
from shared.terms import Term
from shared.text import clean

LONGEST = 200
"""Characters of a note."""


class Reason(Term):
    """Why somebody looks behind a mask."""

    CONTACT = "contact", "联系当事人", "To contact a party"
    IDENTITY = "identity", "核对身份", "To check an identity"
    DOCUMENT = "document", "制作或者核对文书", "To make or check a document"
    MERGE = "merge", "核对是否重复投诉", "To see whether it was complained of before"
    OTHER = "other", "其他（请写明）", "Other (say what)"


REASONS = {one.value: one for one in Reason}


class NoReasonError(RuleError):
    """Nobody looks behind a mask without saying why."""


@dataclass(frozen=True)
class Why:
    """Why, as it was typed: a code of `Reason`, and words."""

    reason: str
    note: str = field(default="", repr=False)

    def checked(self) -> dict[str, object]:
        """What the trail keeps. Raises NoReasonError."""
        reason, words = REASONS.get(self.reason), clean(self.note)
        if reason is None:
            raise NoReasonError("请选择为什么要看。", pointer="/reason")
        if reason is Reason.OTHER and not words:
            raise NoReasonError("请写明为什么要看。", pointer="/note")
        if len(words) > LONGEST:
            raise NoReasonError("最多{most}个字。", pointer="/note", most=LONGEST)
        return {"reason": reason.value, "note": words}
