"""A way back in (账号恢复) for who lost password or telephone: two administrators, never one.

One asks and says why, another approves within a day and hands the new password over; the person
is told at their next log-in. Neither of the two is the person, and both act by a right of their
own. Where there is one administrator alone, the console does it.
"""

from services.mediation.use_cases.recovery.deciding import (
    BadReasonError,
    NoSuchRecoveryError,
    Recovered,
    RecoveryOpenError,
    approve,
    ask,
)
from services.mediation.use_cases.recovery.managing import (
    LentMoreError,
    OwnRecoveryError,
    others_for,
)
from services.mediation.use_cases.recovery.reading import Waiting, tell, untold, waiting

__all__ = [
    "BadReasonError",
    "LentMoreError",
    "NoSuchRecoveryError",
    "OwnRecoveryError",
    "Recovered",
    "RecoveryOpenError",
    "Waiting",
    "approve",
    "ask",
    "others_for",
    "tell",
    "untold",
    "waiting",
]
