"""Who acts: somebody of the staff or a service, and what they may do with what lies where."""

from shared.acting.caller import Caller, caller_of, doer_of, doers_of
from shared.acting.staff import SERVICE_ROLE, Staff

__all__ = ["SERVICE_ROLE", "Caller", "Staff", "caller_of", "doer_of", "doers_of"]
