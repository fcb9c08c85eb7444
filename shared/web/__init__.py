"""What every service's HTTP edge has in common."""

from shared.web.access import (
    MaybeWho,
    Who,
    enrolling,
    public,
    service,
    staff,
    staff_or_token,
)
from shared.web.cookies import (
    clear_session_cookie,
    forget,
    keep,
    kept,
    recall,
    remember,
    set_session_cookie,
)
from shared.web.csrf import csrf_token
from shared.web.edge import edge
from shared.web.forms import (
    CheckedForm,
    checked_form,
    nested,
    safe_next,
    see_other,
    uploads,
    wrongs,
)
from shared.web.marks import body_limit, guessing, limited
from shared.web.options import EdgeOptions
from shared.web.pages import page
from shared.web.paging import decode_cursor, encode_cursor
from shared.web.queries import only
from shared.web.requests import log_ids, secure_cookies
from shared.web.transactions import OpenRead, OpenWork, TheDatabase

__all__ = [
    "CheckedForm",
    "EdgeOptions",
    "MaybeWho",
    "OpenRead",
    "OpenWork",
    "TheDatabase",
    "Who",
    "body_limit",
    "checked_form",
    "clear_session_cookie",
    "csrf_token",
    "decode_cursor",
    "edge",
    "encode_cursor",
    "enrolling",
    "forget",
    "guessing",
    "keep",
    "kept",
    "limited",
    "log_ids",
    "nested",
    "only",
    "page",
    "public",
    "recall",
    "remember",
    "safe_next",
    "secure_cookies",
    "see_other",
    "service",
    "set_session_cookie",
    "staff",
    "staff_or_token",
    "uploads",
    "wrongs",
]
