"""Commands about legal dates: the working-day calendar, and one date explained."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli import say
from deploy.cli.commands.options import Data, Json, Lang, settings
from deploy.cli.errors import CannotError, WrongUsageError
from shared.kernel import RuleError


def register(app: typer.Typer) -> None:
    calendar = typer.Typer(help="The working-day calendar.", no_args_is_help=True)
    calendar.command("show")(show)
    calendar.command("import")(import_calendar)
    app.add_typer(calendar, name="calendar")
    clock = typer.Typer(help="Legal dates, explained.", no_args_is_help=True)
    clock.command("explain")(explain)
    app.add_typer(clock, name="clock")


def show(
    year: Annotated[int, typer.Argument(help="The year.", min=1990, max=2100)],
    data: Data = None,
    json: Json = False,
) -> None:
    """One year: days off, days worked instead, and whether the notice is published.

    **Example:** redress calendar show 2026
    """
    from deploy.cli.dates import year_of

    facts = asyncio.run(year_of(settings(data), year))
    if json:
        say.facts_as_json(facts)
        return
    sure = "published" if facts["confirmed"] else "PROVISIONAL: the notice is not in the data"
    say.say(f"{year}: {facts['working_days']} working days, {sure} (version {facts['version']})")
    named = [one for one in facts["days"] if one["festival"] or one["kind"] == "ADJUSTED_WORK"]
    rows = ([one["date"], weekday(one["date"]), one["kind"], one["festival"]] for one in named)
    say.show_table(["day", "", "kind", "festival"], rows)


def weekday(day: str) -> str:
    return "周" + "一二三四五六日"[date.fromisoformat(day).weekday()]


def import_calendar(
    file: Annotated[Path, typer.Argument(help="csv (UTF-8 or GB18030) or xlsx.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, keep nothing.")] = False,
    lang: Lang = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Enter the holidays of a year when its notice is out; each year in the file is replaced whole.

    Columns: date, kind (STATUTORY, REST, IN_LIEU: off; ADJUSTED_WORK: worked), festival, source,
    confirmed (yes once the notice is published). Days that nobody names are worked from Monday to
    Friday. Dates that cases have already stay as they were computed.

    **Example:** redress calendar import 2027.csv --dry-run
    """
    from deploy.cli.calendar import rows_in
    from deploy.cli.reach import ask
    from deploy.cli.words import language_of

    common = settings(data)
    language = language_of(common, lang)
    asked = {"rows": rows_in(file, language), "dry_run": dry_run, "language": language}
    done = asyncio.run(ask(common, "calendar-import", asked))
    if json:
        say.facts_as_json(done)
        return
    for one in done["years"]:
        say.say(year_in_words(one))
    rows = (
        [one["date"], weekday(one["date"]), kind_of(one["before"]), kind_of(one["after"])]
        for one in done["days"]
    )
    say.show_table(["day", "", "was", "becomes"], rows)
    say.say(KEPT_NOTHING if dry_run else IN_USE.format(**done["version"]))
    say.say(STAY.format(**done))


KEPT_NOTHING = "Dry run: nothing was kept."
IN_USE = "The calendar is {after} now (was {before}); what runs works with it within a minute."
STAY = (
    "Dates that cases have already stay as they were computed, until a step starts their clock "
    "anew; open cases whose next day is provisional: {provisional_cases}."
)


def year_in_words(one: Any) -> str:
    """A year, how it was and how it becomes."""
    was, becomes = (
        f"{one['working_days'][at]} working days, "
        + ("published" if one["published"][at] else "provisional")
        for at in ("before", "after")
    )
    return f"{one['year']}: {becomes} (was: {was}); {one['days_changed']} lines differ"


def kind_of(one: Any) -> str:
    return f"{one['kind']} {one['festival']}".rstrip()


def explain(
    pack: Annotated[str, typer.Option(help="The rule pack, such as association.")] = "association",
    clock: Annotated[
        str | None, typer.Option(help="The clock: accept, forward, reply, mediate.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Day 0, or an instant on it (Shanghai).")
    ] = None,
    pause: Annotated[
        list[str] | None,
        typer.Option(help="A..B: not counted from A up to but without B; A.. is open."),
    ] = None,
    extension: Annotated[
        str | None, typer.Option(help="The day on which the extension was approved.")
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            help="A csv with the columns pack, clock, from, pauses, extension; answered as csv."
        ),
    ] = None,
    lang: Lang = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """One legal date with its sentence, or thousands of them from a file.

    **Example:** redress clock explain --pack association --clock accept --from 2026-02-11
    """
    from deploy.cli.dates import Question, answer_all, answer_one
    from deploy.cli.words import in_words, language_of

    common = settings(data)
    language = language_of(common, lang)
    if cases is not None:
        try:
            wrong = asyncio.run(answer_all(common, cases, language))
        except RuleError as error:
            say.fail(in_words(error, language))
        if wrong:
            say.fail(f"{wrong} lines could not be answered; see their last column.")
        return
    if clock is None or from_ is None:
        raise typer.BadParameter("--clock and --from are needed (or --cases FILE)")
    asked = Question(pack, clock, from_, tuple(pause or ()), extension)
    try:
        answer = asyncio.run(answer_one(common, asked, language))
    except (CannotError, RuleError) as error:
        raise WrongUsageError(in_words(error, language)) from error
    if json:
        say.facts_as_json(answer)
    else:
        say.say(answer["sentence"])
