"""Names, numbers and words of a person are in no log, metric, event or file in the clear."""

from pathlib import Path
from uuid import uuid4

import httpx

from tests.journeys.server import Site, running
from tests.journeys.walking import Walker, a_complaint

MARKS = ("赵钱孙李", "13800009999", "独角兽牌空调", "和平里七号", "110101199003074514")


def marked() -> dict[str, object]:
    """A complaint in which everything personal can be recognised."""
    usual = a_complaint()
    person = {
        "name": MARKS[0],
        "phone": MARKS[1],
        "address": MARKS[3],
        "id_type": "resident_id",
        "id_number": MARKS[4],
    }
    matter = usual["matter"] | {"subject": f"{MARKS[2]}不制冷", "text": f"{MARKS[2]}修了三次。"}
    return usual | {"complainant": person, "matter": matter}


async def walk(site: Site) -> str:
    """From the complaint to the letter, with some mistakes on the way; the metrics afterwards."""
    async with httpx.AsyncClient(base_url=site.url, headers=site.headers, timeout=30) as http:
        walker = Walker(http, settle=lambda: until_forwarded(http), headers=site.headers)
        key = {"Idempotency-Key": str(uuid4())}
        sent = await http.post("/intake/api/v1/complaints", json=marked(), headers=key)
        assert sent.status_code == 201, sent.text
        wrong = marked() | {"phone": MARKS[1], "kind": MARKS[0]}
        assert (await http.post("/intake/api/v1/complaints", json=wrong)).status_code == 422
        number = sent.json()["number"]
        case = await walker.case_of(await found(http, number))
        assert (
            await http.get("/mediation/api/v1/cases", params={"q": "无此人"})
        ).status_code == 200
        case = await walker.went(case, "accept", note=f"{MARKS[0]}来电催办")
        await walker.went(case, "forward")
        await until_forwarded(http)
        return (await http.get("/metrics")).text


async def found(http: httpx.AsyncClient, number: str) -> str:
    """Wait until the case of this number is there, with its words."""
    for _ in range(600):
        answer = await http.get("/mediation/api/v1/cases", params={"q": number})
        if any(case["respondent"] for case in answer.json()["items"]):
            return number
    raise AssertionError("The case did not come.")


async def until_forwarded(http: httpx.AsyncClient) -> None:
    """Wait until the letter is made."""
    for _ in range(600):
        letters = (await http.get("/notification/api/v1/letters")).json()["items"]
        if letters and letters[0]["state"] not in {"prepared", "owed"}:
            return
    raise AssertionError("The letter did not come.")


async def test_nothing_personal_is_in_logs_metrics_events_or_files(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        metrics = await walk(site)
    written = files_in(tmp_path)
    assert {"log", "bus.db", "intake.db", "mediation.db"} <= {path.name for path in written}
    for mark in MARKS:
        assert mark not in metrics
        for path, content in written.items():
            for encoding in ("utf-8", "gb18030", "utf-16-le"):
                assert mark.encode(encoding) not in content, f"{path.name} tells {mark}"
            assert mark.encode("unicode_escape").lower() not in content.lower(), path.name


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
