"""What an import carries from page to page: its rows, and the passwords it made."""

import csv
import io
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.mediation.use_cases.people.importing import Line, lines_from
from shared.acting import Staff
from shared.kernel import RuleError
from shared.sheets.formulas import harmless
from shared.web.cookies import seal, unseal

LARGEST = 8 * 2**20
"""Bytes of rows when they are unpacked."""
AN_HOUR = 3600
PLACE = "pages.mediation.one_time_passwords"


class LostRowsError(RuleError):
    """The rows that a page carried did not come back as they were."""


def packed(lines: Sequence[Line]) -> str:
    """Rows for a hidden field."""
    return squeezed([one.as_json() for one in lines])


def squeezed(rows: Sequence[Any]) -> str:
    """As little text as can be: a field of a form holds 1 MiB."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> list[Line]:
    """Read what `packed` wrote. Raises LostRowsError for anything else, bombs included."""
    try:
        opened = zlib.decompressobj()
        content = opened.decompress(urlsafe_b64decode(text), LARGEST)
        whole = b"" if opened.unconsumed_tail else content  # no rows of ours are as large
        return lines_from(json.loads(whole))
    except (ValueError, TypeError, zlib.error, RecursionError) as error:
        raise LostRowsError("表里的行没有完整传回来，什么也没有导入；请重新选择文件。") from error


def sealed(request: Request, who: Staff, made: Sequence[Sequence[str]]) -> str:
    """Passwords for a hidden field of the page of whoever made them."""
    database = request.app.state.database
    until = int(database.clock().timestamp()) + AN_HOUR
    known = {"until": until, "who": str(who.id), "made": squeezed([list(one) for one in made])}
    return seal(database.vault, PLACE, known)


def handed_out(request: Request, who: Staff, text: str) -> list[list[str]]:
    """Open them again for the same person within the hour. Raises LostRowsError."""
    database = request.app.state.database
    known = unseal(database.vault, PLACE, text)
    late = known is None or known["until"] < database.clock().timestamp()
    if known is None or late or known["who"] != str(who.id):
        raise LostRowsError("这份密码已经不能再下载；请给需要的人重设密码。")
    made: list[list[str]] = json.loads(zlib.decompress(urlsafe_b64decode(known["made"])))
    return made


def csv_of(rows: Iterable[Sequence[str]], name: str) -> Response:
    """A table that Excel opens with its Chinese whole; nothing in it becomes a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv", headers=headers)
