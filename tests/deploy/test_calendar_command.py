"""The holidays of a year, as they are entered on the console."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from deploy.cli.app import app
from services import mediation
from shared.clock import system_clock
from shared.database import open_engine
from shared.runtime.keys import vault_of
from shared.runtime.migrate import migrate
from shared.settings import CommonSettings
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.vault import Vault, write_key_file
from shared.work import Database
from tests.deploy.installation import Installation

SHIPPED = (Path(mediation.__file__).parent / "calendar" / "2027.csv").read_text("utf-8")
NOTICE = (
    SHIPPED.replace(",no\n", ",yes\n").replace("2027-", "2027/")
    + "2027/1/2,REST,元旦,通知,yes\n2027/1/4,IN_LIEU,元旦,通知,yes\n"
    + "2027/1/9,ADJUSTED_WORK,元旦,通知,yes\n"
)
"""As Excel saves it: days with slashes, GB18030."""
STAY = (
    "Dates that cases have already stay as they were computed, until a step starts their clock "
    "anew; open cases whose next day is provisional: 0.\n"
)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """A file of the year as the State Council announced it."""
    file = tmp_path / "2027.csv"
    file.write_bytes(NOTICE.encode("gb18030"))
    return file


async def trail_of(database: Database) -> list[tuple[str, str, object]]:
    """What the trail of the calendar says: what was done, by which kind of doer, of which year."""
    async with database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.kind == "setting", AuditRow.key == "calendar")
        rows = list(await session.scalars(wanted.order_by(AuditRow.id)))
    found = []
    for row in rows:
        told = opened(database.vault, row.sealed, row.id)
        assert told is not None
        found.append((row.action, row.doer_kind, told[1]["said"]["year"]))
    return found


async def test_a_year_is_looked_at_and_then_entered_beside_the_server_that_runs(
    tmp_path: Path, notice: Path
) -> None:
    here = Installation(tmp_path / "data")
    here.up("--no-demo")
    try:
        before = here.facts("calendar", "show", "2027")
        dry = here.run("calendar", "import", str(notice), "--dry-run")
        assert dry.endswith("Dry run: nothing was kept.\n" + STAY)
        assert here.facts("calendar", "show", "2027") == before
        done = here.run("calendar", "import", str(notice))
        after = here.facts("calendar", "show", "2027")
    finally:
        here.down()
    lines = done.splitlines()
    assert lines[0] == (
        "2027: 254 working days, published (was: 254 working days, provisional); 16 lines differ"
    )
    assert [line.split() for line in lines[2:5]] == [
        ["2027-01-02", "周六", "REST", "REST", "元旦"],
        ["2027-01-04", "周一", "WORK", "IN_LIEU", "元旦"],
        ["2027-01-09", "周六", "REST", "ADJUSTED_WORK", "元旦"],
    ]
    assert lines[5] == (
        f"The calendar is {after['version']} now (was {before['version']}); what runs works with "
        "it within a minute."
    )
    assert (before["confirmed"], after["confirmed"]) == (False, True)
    vault = vault_of(CommonSettings(data=here.folder))
    database = Database(
        open_engine(f"sqlite+aiosqlite:///{here.folder}/mediation.db"), system_clock, vault
    )
    try:
        assert await trail_of(database) == [("calendar.changed", "console", 2027)]
    finally:
        await database.close()


async def test_a_distributed_installation_takes_it_into_the_database_of_mediation(
    tmp_path: Path, notice: Path, monkeypatch: pytest.MonkeyPatch, vault: Vault
) -> None:
    key, url = tmp_path / "data.key", f"sqlite+aiosqlite:///{tmp_path}/mediation.db"
    write_key_file(vault, key)
    monkeypatch.setenv("REDRESS_KEY_FILE", str(key))
    monkeypatch.setenv("MEDIATION_DATABASE_URL", url)
    database = Database(open_engine(url), system_clock, vault)
    await migrate(database.engine, "mediation")
    asked = ["calendar", "import", str(notice), "--json", "--data", str(tmp_path / "data")]
    done = await asyncio.to_thread(CliRunner().invoke, app, asked)
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert facts["years"] == [
        {
            "year": 2027,
            "days": 16,
            "days_changed": 16,
            "published": {"before": False, "after": True},
            "working_days": {"before": 254, "after": 254},
        }
    ]
    assert facts["days"][1] == {
        "date": "2027-01-04",
        "before": {"kind": "WORK", "festival": ""},
        "after": {"kind": "IN_LIEU", "festival": "元旦"},
    }
    assert (facts["dry_run"], facts["provisional_cases"]) == (False, 0)
    assert await trail_of(database) == [("calendar.changed", "console", 2027)]
    await database.close()


@pytest.mark.parametrize(
    ("content", "language", "sentence"),
    [
        (b"\xff\xff\xff,kind\n", "en", "The file is not UTF-8 throughout: reading ends at line 1;"),
        (SHIPPED.replace("kind", "类别").encode(), "zh", "第一行应当是：date,kind,festival"),
        (NOTICE.replace("IN_LIEU", "OFF").encode(), "en", "Line 16: there is no kind “OFF”;"),
        (NOTICE.replace("IN_LIEU", "OFF").encode(), "zh", "第16行的类别“OFF”不认识，应当是 WORK、"),
        ((NOTICE + "2027/1/2,REST,元旦,x,yes\n").encode(), "en", "Line 18: 2027-01-02 stands in"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_before_anything_is_opened(
    tmp_path: Path, content: bytes, language: str, sentence: str
) -> None:
    here, file = Installation(tmp_path / "data"), tmp_path / "x.csv"
    file.write_bytes(content)
    done = here.ended("calendar", "import", str(file), "--lang", language)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(sentence)
    assert not here.folder.exists()


def test_a_year_that_is_half_there_is_refused_by_whoever_has_the_data(tmp_path: Path) -> None:
    here, file = Installation(tmp_path / "data"), tmp_path / "half.csv"
    here.run("staff", "add", "lin")
    before = here.facts("calendar", "show", "2026")
    file.write_text(SHIPPED + "2026-12-31,IN_LIEU,元旦,x,yes\n", "utf-8")
    done = here.ended("calendar", "import", str(file), "--lang", "en")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "2026 is not whole: it has no days off of 春节、清明节、劳动节、端午节、国庆节. "
        "The whole year is replaced; write down all of its days.\n"
    )
    assert here.facts("calendar", "show", "2026") == before
