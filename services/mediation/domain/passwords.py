"""Which passwords people may choose (口令规则): NIST SP 800-63B, 5.1.1.2.

Long enough, not one that everybody tries first, not the account's own name or number. Nothing is
demanded of its characters and it never runs out: both make people choose worse ones.
"""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from shared.kernel import RuleError

LONGEST = 200
"""Characters; more would only cost time."""
BESIDES = 4
"""A password must say more than so many characters besides what everybody knows of its owner."""
FEWEST_DIFFERENT = 3
ONE_TIME = timedelta(days=7)
"""How long a password that somebody else was given to hand over opens an account."""


class WeakPasswordError(RuleError):
    """The new password is too short, the old one again, or one that is guessed first."""


def is_over(until: datetime | None, now: datetime) -> bool:
    """Whether a one-time password is worth nothing any more; one's own (None) never is."""
    return until is not None and now >= until


def check_chosen(typed: str, *, known: Sequence[str], common: Collection[str], fewest: int) -> None:
    """Refuse a password that is guessed first. Raises WeakPasswordError.

    `known` is what everybody knows of the account (its name, its number); `common` the most
    common passwords in lower case; `fewest` counts characters.
    """
    if len(typed) < fewest:
        raise WeakPasswordError("新密码至少{fewest}个字。", pointer="/new_password", fewest=fewest)
    if len(typed) > LONGEST:
        raise WeakPasswordError("新密码最多{most}个字。", pointer="/new_password", most=LONGEST)
    plain = folded(typed)
    if plain in common or is_run(plain):
        raise WeakPasswordError(
            "这个密码太常见，别人最先就试它。换一个别人想不到的，比如几个不相干的词连在一起。",
            pointer="/new_password",
        )
    if any(is_about(plain, folded(one)) for one in known):
        raise WeakPasswordError(
            "新密码里除了账号或者电话，几乎没有别的。换一个别人想不到的。",
            pointer="/new_password",
        )


def folded(text: str) -> str:
    """Without differences of case and width."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_run(plain: str) -> bool:
    """Whether it is one or two characters again and again, or a row such as 1234567890."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(set(plain)) < FEWEST_DIFFERENT or steps in ({1}, {-1}, {1, -9}, {-1, 9})


def is_about(plain: str, own: str) -> bool:
    """Whether hardly anything is left once what is known is taken out."""
    return len(own) > 1 and own in plain and len(plain.replace(own, "")) <= BESIDES
