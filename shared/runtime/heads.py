"""What whoever sends an endless head hears, before there is a request that could be answered."""

import json
import re
from collections.abc import Iterable
from http import HTTPStatus

from shared.i18n import TAGS, Language, translated
from shared.web.problems import PROBLEM_JSON
from shared.web.requests import accepted
from shared.web.statuses import DETAILS, TITLES

LANGUAGE = re.compile(rb"\r\naccept-language:[ \t]*([^\r\n]*)", re.IGNORECASE)


def too_long(target: bytes, lines: Iterable[tuple[bytes, bytes]], head: bytes, most: int) -> bytes:
    """The whole answer: 431, or 414 where the address alone is longer than half of `most` bytes.

    `target` and `lines` are what of the head was understood before, `head` the rest that came.
    """
    is_target = len(target) > most // 2 or is_line(target or head, most // 2)
    too_much = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    status = HTTPStatus.REQUEST_URI_TOO_LONG if is_target else too_much
    language = language_of(lines, head)
    document = {
        "type": "about:blank",
        "title": translated(TITLES[status], language),
        "status": int(status),
        "detail": translated(DETAILS[status], language),
        "instance": "",
        "errors": [],
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    said = (
        f"HTTP/1.1 {int(status)} {status.phrase}",
        f"Content-Type: {PROBLEM_JSON}",
        f"Content-Length: {len(body)}",
        f"Content-Language: {TAGS[language]}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return "\r\n".join((*said, "", "")).encode("ascii") + body


def is_line(head: bytes, most: int) -> bool:
    """Whether the first line of what came is longer than this."""
    return len(head.partition(b"\r\n")[0]) > most


def language_of(lines: Iterable[tuple[bytes, bytes]], head: bytes) -> Language:
    """The language that the head asks for, as far as it came."""
    found = LANGUAGE.search(head)
    understood = (value for name, value in lines if name.lower() == b"accept-language")
    said = found[1] if found else next(understood, b"")
    return accepted(said.decode("latin-1"))
