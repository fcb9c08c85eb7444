"""A file with malware: the desk sees it in quarantine, nobody gets it, no letter lists it."""

from typing import TYPE_CHECKING

from services.intake.domain.scanning import Scan
from services.intake.ports import ScannerAwayError
from services.intake.settings import IntakeSettings
from services.intake.storage import storage_of
from services.intake.use_cases.scanning import scan_due
from tests.intake.samples import png
from tests.journeys.walking import Walker

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded

HTML = {"Accept": "text/html"}
MALWARE = b"%PDF-1.7\nmalware"


class FindsMalware:
    """A scanner that knows one word."""

    async def scan(self, data: bytes) -> Scan:
        if not data:
            raise ScannerAwayError
        return Scan.INFECTED if b"malware" in data else Scan.CLEAN


async def test_the_desk_sees_what_is_in_quarantine_and_cannot_get_it(
    walker: Walker, platform: "Embedded"
) -> None:
    receipt = await walker.complain()
    files = [("files", ("照片.png", png(), "")), ("files", ("合同.pdf", MALWARE, ""))]
    answer = await walker.http.post(
        f"/intake/api/v1/complaints/{receipt['number']}/attachments",
        files=files,
        headers={"X-Query-Code": receipt["query_code"]},
    )
    assert answer.json() == {"files": 2}
    await walker.settle()
    address = f"/mediation/cases/{receipt['number']}"
    assert (await walker.http.get(address, headers=HTML)).text.count("没有查过毒") == 2
    intake = platform.running["intake"]
    storage = storage_of(IntakeSettings(), platform.common)
    assert await scan_due(intake.database, storage, FindsMalware()) == 2
    page = (await walker.http.get(address, headers=HTML)).text
    assert ("有病毒，已隔离" in page, "没有查过毒" in page) == (True, False)
    record = (await walker.http.get(f"/intake/api/v1/complaints/{receipt['id']}")).json()
    for file in record["files"]:
        got = await walker.http.get(
            f"/intake/api/v1/complaints/{receipt['id']}/attachments/{file['id']}"
        )
        assert got.status_code == (409 if file["scan"] == "infected" else 200)
        assert b"malware" not in got.content
        assert (file["id"] in page) is (file["scan"] == "clean")
