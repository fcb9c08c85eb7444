"""What was tampered with is not taken for erased, and stops no page and no file."""

import httpx
import pytest
from sqlalchemy import update

from services.mediation.tables import CaseLogRow
from shared.runtime.embedded import Embedded
from shared.trail.tables import SEALED, AuditRow
from shared.vault import Sealed
from shared.work import Database
from tests.mediation.test_audit_page import API, HERE, lines_in, log_in, noted
from tests.mediation.things import a_case, a_colleague, step

CHANGED = "打不开：内容被改动过，或者密钥不对"
ERASED = "内容已经删除，记录还在"
ENGLISH = "Cannot be opened: it was changed, or the key is not the right one"


@pytest.fixture
def books(platform: Embedded) -> Database:
    return platform.running["mediation"].database


async def overwritten(books: Database, key: str, blob: bytes | None) -> None:
    """What is sealed in a row becomes something else, behind the back of the program."""
    sealed = None if blob is None else Sealed(blob, SEALED)
    async with books.work() as work:
        of_key = update(AuditRow).where(AuditRow.key == key)
        await work.session.execute(of_key.values(sealed=sealed))


@pytest.mark.parametrize("blob", [b"", b"x" * 5, b"x" * 60])
async def test_what_was_overwritten_is_told_apart_from_what_was_erased(
    platform: Embedded, client: httpx.AsyncClient, books: Database, blob: bytes
) -> None:
    await log_in(client, books, "auditor")
    for key in ("erased", "changed", "whole"):
        await noted(platform, "mediation", key, note="秘密")
    await overwritten(books, "erased", None)
    await overwritten(books, "changed", blob)
    asked = {"kind": "setting", "service": "mediation"}
    page = (await client.get(HERE, params=asked)).text
    assert (page.count(CHANGED), page.count(ERASED), page.count("秘密")) == (1, 1, 1)
    assert ENGLISH in (await client.get(HERE, params=asked | {"lang": "en"})).text
    for form in ("csv", "xlsx"):
        file = await client.get(f"{API}.{form}", params=asked | {"lang": "zh"})
        told = {row[9]: row[7] for row in lines_in(form, file.content)}
        assert told["setting:changed"] == CHANGED
        assert told["setting:erased"] == ERASED
        assert told["setting:whole"] == "补充说明 秘密"
    found = (await client.get(API, params=asked)).json()["items"]
    assert {one["key"]: (one["said"], one["unreadable"]) for one in found} == {
        "erased": (None, False),
        "changed": (None, True),
        "whole": ({"note": "秘密"}, False),
    }


async def test_a_correction_that_was_overwritten_is_shown_so_in_the_list(
    client: httpx.AsyncClient, books: Database
) -> None:
    await log_in(client, books, "auditor")
    lin, case = await a_colleague(books), await a_case(books)
    case = await step(books, case, "amend", lin, changes={"/matter/place": "二楼"})
    async with books.work() as work:
        second = update(CaseLogRow).where(CaseLogRow.seq == 2)
        sealed = Sealed(b"x" * 60, "case_log.sealed")
        await work.session.execute(second.values(sealed=sealed))
    asked = {"case": case.number, "action": "step:amend"}
    assert (await client.get(HERE, params=asked)).text.count(CHANGED) == 1
