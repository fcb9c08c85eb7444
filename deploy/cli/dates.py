"""`redress calendar` and `redress clock`: the rules of mediation, asked from the console."""

import csv
import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.urls import database_url
from deploy.cli.words import in_words
from services.mediation.domain.calendar import Calendar, calendar_of
from services.mediation.domain.explanation import explain
from services.mediation.domain.legal_clock import Course, Pause, deadline
from services.mediation.use_cases.calendar import calendar_for, read_days
from services.mediation.use_cases.rules import FOLDER, pack_named
from shared.clock import local_day, system_clock
from shared.database import open_engine
from shared.i18n import Language
from shared.kernel import RuleError
from shared.settings import CommonSettings
from shared.sheets.csv import decoded, open_csv
from shared.vault import new_vault
from shared.work import Database

SEEDS = FOLDER.parent / "calendar"
ANSWERS = ("target_due", "legal_due", "status", "sentence", "error")


@dataclass(frozen=True)
class Question:
    """One date that is asked for, as it was typed."""

    pack: str
    clock: str
    start: str
    pauses: tuple[str, ...] = ()
    extension: str | None = None


async def calendar_in_use(common: CommonSettings) -> Calendar:
    """The installation's calendar; the shipped one where there is no installation yet."""
    url = installed(common)
    if url is None:
        files = sorted(SEEDS.glob("*.csv"))
        return calendar_of(day for file in files for day in read_days(open_csv(file).rows))
    database = Database(open_engine(url), system_clock, new_vault())
    try:
        return await calendar_for(database, system_clock())
    finally:
        await database.close()


def installed(common: CommonSettings) -> str | None:
    """Where mediation's database is, if there is one."""
    if url := database_url("mediation"):
        return url
    file = common.data / "mediation.db"
    return f"sqlite+aiosqlite:///{file}" if file.exists() else None


async def year_of(common: CommonSettings, year: int) -> dict[str, Any]:
    """One year of the calendar, as facts."""
    return facts_of_year(await calendar_in_use(common), year)


async def answer_one(common: CommonSettings, asked: Question, lang: Language) -> dict[str, Any]:
    """One date with its derivation and its sentence."""
    return answered(asked, await calendar_in_use(common), lang)


async def answer_all(common: CommonSettings, file: Path, lang: Language) -> int:
    """Answer each line of a csv on stdout; returns how many could not be answered.

    Raises CannotError, FileRefusedError for what is no csv in an encoding that imports know.
    """
    calendar = await calendar_in_use(common)
    reader = csv.DictReader(io.StringIO(text_in(file), newline=""), restval="")
    try:
        return answer_lines(file, reader, lambda line: attempted(line, calendar, lang))
    except csv.Error as error:
        raise CannotError(f"{file}, line {reader.line_num}: {error}.") from error


def text_in(file: Path) -> str:
    """The file in the encoding an import would read it in."""
    return decoded(file.read_bytes())[0]


def answer_lines(
    file: Path, reader: "csv.DictReader[str]", answer: Callable[[dict[str, str]], dict[str, Any]]
) -> int:
    """Write each line with its answer; how many have none."""
    columns = [name for name in reader.fieldnames or () if name not in ANSWERS]
    if missing := {"clock", "from"} - set(columns):
        raise CannotError(f"{file} lacks the columns {', '.join(sorted(missing))}.")
    writer = csv.DictWriter(sys.stdout, [*columns, *ANSWERS], extrasaction="ignore")
    writer.writeheader()
    wrong = 0
    for line in reader:
        found = answer(line)
        wrong += bool(found.get("error"))
        writer.writerow({name: line[name] for name in columns} | found)
    return wrong


def attempted(line: Mapping[str, Any], calendar: Calendar, lang: Language) -> dict[str, Any]:
    """The answer to one line, or why there is none."""
    if None in line:
        return {"error": "This line has more cells than there are columns."}
    if lacking := [name for name in ("clock", "from") if not line[name].strip()]:
        return {"error": f"This line says nothing under {', '.join(lacking)}."}
    pauses = tuple((line.get("pauses") or "").replace(";", " ").split())
    asked = Question(
        line.get("pack") or "association",
        line["clock"].strip(),
        line["from"].strip(),
        pauses,
        line.get("extension") or None,
    )
    try:
        return answered(asked, calendar, lang)
    except (CannotError, RuleError) as error:
        return {"error": in_words(error, lang)}


def answered(asked: Question, calendar: Calendar, lang: Language) -> dict[str, Any]:
    """Raises CannotError for what is no date, RuleError for what the rules refuse."""
    start = day_in(asked.start)
    rule = pack_named(asked.pack, start).clock(asked.clock)
    longer = rule.extended(day_in(asked.extension)) if asked.extension else None
    course = Course(tuple(map(pause_in, asked.pauses)), longer, local_day(system_clock()))
    try:
        found = deadline(rule.period, start, calendar, course)
    except OverflowError:
        raise CannotError(f"{asked.start}: the last day lies beyond the calendar.") from None
    derivation = found.derivation()
    return {
        "target_due": derivation["target_due"],
        "legal_due": derivation["legal_due"],
        "status": derivation["status"],
        "derivation": derivation,
        "sentence": explain(derivation, rule, lang),
    }


def day_in(text: str) -> date:
    """A day, or the legal day of an instant; without a zone it is Shanghai time."""
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
        return local_day(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        raise CannotError(f"{text!r} is no day or instant: write 2026-02-11.") from None


def pause_in(text: str) -> Pause:
    first, mark, end = text.partition("..")
    if not mark:
        raise CannotError(f"{text!r} is no pause: write 2026-02-11..2026-02-20.")
    return Pause(day_in(first), day_in(end) if end else None)


def facts_of_year(calendar: Calendar, year: int) -> dict[str, Any]:
    days = calendar.of_year(year)
    return {
        "year": year,
        "version": calendar.version,
        "confirmed": year in calendar.published,
        "working_days": sum(calendar.is_working(one.day) for one in days),
        "days": [
            {"date": one.day.isoformat(), "kind": one.kind.value, "festival": one.festival}
            for one in days
        ],
    }
