"""Erased everywhere: tables, files and log; figures and chains stay; no backup brings it back."""

import json
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from deploy.embedded import assemble
from services.mediation.tables import CaseRow
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.privacy.deciding import decide
from services.mediation.use_cases.privacy.requests import Subject, take_down
from shared.messaging import tables as messaging
from shared.runtime.embedded import Embedded
from shared.runtime.rotation.columns import sealed_tables
from shared.settings import CommonSettings
from shared.trail import tables as trail
from shared.trail.verifying import verify
from shared.vault import Sealed, Vault
from tests.conftest import StandingClock
from tests.intake.samples import png
from tests.journeys.marked import LATER, NAME, PHONE, REASON, marked
from tests.journeys.walking import Walker
from tests.mediation.keeping import WU, ZHOU

MARKS = (NAME, PHONE, LATER, REASON, "独角兽牌空调", "和平里七号", "110101199003074514")
AGENT = "受托人秦七"


async def walked(walker: Walker, **changes: Any) -> dict[str, Any]:
    """A complaint with a file, corrected, noted, forwarded, printed, closed."""
    receipt = await walker.complain(**changes)
    files = {"files": (f"{NAME}的收条.png", png(), "image/png")}
    address = f"/intake/api/v1/complaints/{receipt['number']}/attachments"
    code = {"X-Query-Code": receipt["query_code"]}
    added = await walker.http.post(address, files=files, headers=code)
    assert added.status_code == 201, added.text
    await walker.settle()
    case = await walker.case_of(receipt["number"])
    case = await walker.went(case, "accept")
    case = await walker.went(case, "note", text=f"{NAME}说：{REASON}")
    if changes.get("kind") != "report":
        case = await walker.went(case, "amend", changes={"/complainant/phone": LATER})
        case = await walker.went(case, "forward")
    await walker.settle()
    case = await walker.went(case, "withdraw")
    case = await walker.went(case, "close")
    await walker.settle()
    return case


async def erase(platform: Embedded, *numbers: str) -> None:
    """One officer takes it down, another one decides."""
    database = platform.running["mediation"].database
    async with database.work() as work:
        cases = [await case_of(work.session, one) for one in numbers]
        who = Subject(NAME, PHONE, "", "当面核对身份证")
        request = await take_down(work, "erasure", who, cases, ZHOU)
    async with database.work() as work:
        row = await decide(work, request, "符合第四十七条第一款", WU, erase=True)
    assert set(row.outcome.values()) == {"erased"}
    await platform.settle()


async def plain_values(platform: Embedded) -> AsyncIterator[tuple[str, str]]:
    """Everything that is sealed in any table, opened; and everything that is not."""
    for name, running in platform.running.items():
        database = running.database
        known = [running.service.tables, trail.Base.metadata, messaging.Base.metadata]
        bound = {one.table: one.columns for one in sealed_tables(known)}
        async with database.reading() as session:
            for table in [one for each in known for one in each.sorted_tables]:
                for row in (await session.execute(select(table))).mappings():
                    for column in table.columns:
                        value = row[column.name]
                        if isinstance(value, Sealed):
                            value = database.vault.open(
                                value, row[bound[table][column].name]
                            ).decode("utf-8", "replace")
                        yield f"{name}.{table.name}.{column.name}", str(value)


async def told(platform: Embedded) -> set[str]:
    """Where one of the marks stands."""
    found = {
        place
        async for place, value in plain_values(platform)
        for mark in (*MARKS, AGENT)
        if mark in value or json.dumps(mark)[1:-1] in value
    }
    for path in platform.common.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found |= {path.name for mark in (*MARKS, AGENT) if mark.encode() in content}
    return found


async def intact(platform: Embedded) -> bool:
    """Whether every chain of every service is whole."""
    found = [await verify(one.database, one.service.logs) for one in platform.running.values()]
    return not [one.breaks for one in found if one.breaks]


async def test_what_was_erased_is_nowhere_and_chains_and_figures_are_whole(
    platform: Embedded, walker: Walker
) -> None:
    case = await walked(walker, **marked())
    agent = {"name": AGENT, "phone": "13600136000"}
    report = await walked(walker, **marked() | {"kind": "report", "agent": agent})
    assert {
        "intake.complaints.words", "intake.reporters.identity", "intake.attachments.name",
        "mediation.case_words.words", "mediation.case_log.sealed", "mediation.amendments.changes",
        "notification.letters.facts",
    } <= await told(platform)  # fmt: skip
    files = platform.common.data / "attachments"
    assert len([one for one in files.rglob("*") if one.is_file()]) == 2
    before = await walker.figures()
    await erase(platform, case["number"], report["number"])
    assert await told(platform) == set()
    assert [one for one in files.rglob("*") if one.is_file()] == []
    assert await intact(platform)
    assert await walker.figures() == before
    [letter] = (await walker.http.get("/notification/api/v1/letters")).json()["items"]
    assert letter["document_number"] == "消转〔2026〕1号"


async def test_the_other_persons_words_stay(platform: Embedded, walker: Walker) -> None:
    gone = await walked(walker, **marked())
    stays = await walker.complain(complainant={"name": "王重阳", "phone": "13900000002"})
    await walker.settle()
    await erase(platform, gone["number"])
    values = [value async for _, value in plain_values(platform)]
    assert any("王重阳" in value for value in values)
    assert (await walker.case_of(stays["number"]))["state"] == "registered"


async def test_a_restored_backup_does_not_bring_it_back(
    platform: Embedded,
    walker: Walker,
    common: CommonSettings,
    vault: Vault,
    clock: StandingClock,
) -> None:
    case = await walked(walker, **marked())
    backup = common.data.with_name("backup")
    shutil.copytree(common.data, backup)
    await erase(platform, case["number"])
    assert await told(platform) == set()
    known = {"data": backup, "erased_file": common.erased_path}
    restored = assemble(common.model_copy(update=known), vault, clock)
    assert "intake.complaints.words" in await told(restored)
    await restored.settle()
    assert await told(restored) == set()
    assert await intact(restored)
    async with restored.running["mediation"].database.reading() as session:
        row = (await session.scalars(select(CaseRow))).one()
    assert (row.number, row.state) == (case["number"], "closed")
    await restored.close()


@pytest.mark.parametrize("stopped", ["before intake was told", "before sisters heard"])
async def test_a_crash_in_between_holds_nothing_up(
    platform: Embedded, walker: Walker, stopped: str
) -> None:
    case = await walked(walker, **marked())
    database = platform.running["mediation"].database
    async with database.work() as work:
        one = await case_of(work.session, case["number"])
        who = Subject(NAME, PHONE, "", "核对身份证")
        request = await take_down(work, "erasure", who, [one], ZHOU)
    async with database.work() as work:
        await decide(work, request, "符合", WU, erase=True)
    steps = {job.health.name: job.step for job in platform.running["mediation"].jobs()}
    if stopped == "before sisters heard":
        assert await steps["carry_out_erasures"]() == 1
    assert await told(platform) != set()
    await platform.settle()
    assert await told(platform) == set()
    assert await intact(platform)
