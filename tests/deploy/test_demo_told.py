"""Stories are told quickly, and what is told is what the services themselves would have kept."""

import json
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deploy.demo import steps
from deploy.demo.around import Around
from deploy.demo.identity import Identity, Telling
from deploy.demo.keep import HEARD
from deploy.demo.letters import letters_of
from deploy.demo.load import tell
from deploy.demo.received import CALLER, canonical, complaint_of
from deploy.demo.rows import Told
from deploy.demo.said import Said, message
from deploy.demo.stories import stories
from services.intake.consumers import subscriptions as intake_hears
from services.intake.domain.complaint import check
from services.intake.use_cases import hearing as intake_hearing
from services.intake.use_cases.checking import Sender, submitted
from services.intake.use_cases.receiving import row_of
from services.intake.use_cases.reporters import reporter_row
from services.intake.use_cases.submission import ComplaintForm
from services.mediation.consumers import subscriptions as mediation_hears
from services.mediation.tables import CaseLogRow, HeardRow
from services.mediation.use_cases.hearing import note_letters
from services.mediation.use_cases.keeping import COLUMNS, WITH_ID, opened, public_facts
from services.notification.consumers import listening
from shared.bodies import Bodies
from shared.clock import local_day
from shared.events import ComplaintEvent, LetterEvent, decode, encode
from shared.ids import uuid7
from shared.trail.chain import canonical as spelled
from shared.trail.chain import chained, commit_to
from shared.vault import Key, Ring, Vault
from tests.mediation.seeds import shipped_calendar

UNTIL = datetime(2026, 11, 22, 1, tzinfo=UTC)
TELLING = Telling(7, UNTIL)


@pytest.fixture(scope="module")
def around() -> Around:
    """One key for every run: ids come from it, and from ids what becomes of a letter."""
    vault = Vault(Ring(b"1" * 32, "k1", {"k1": Key(b"1" * 32)}))
    return Around(vault, shipped_calendar(), Bodies(), uuid7())


@pytest.fixture(scope="module")
def told(around: Around) -> list[Told]:
    return tell(range(300), TELLING, around)


@pytest.fixture(scope="module")
def said(around: Around, told: list[Told]) -> list[Said]:
    return [one for each in told for one in (*each.said, *letters(each, around))]


def letters(told: Told, around: Around) -> list[Said]:
    numbers = count(1)
    return letters_of(told, {one.id: next(numbers) for one in told.forwarded}, around, UNTIL).said


def heard(said: Said) -> ComplaintEvent:
    """The event as a sister reads it from the bus."""
    event = decode(message(said).body)
    assert isinstance(event, ComplaintEvent)
    return event


def test_the_complaint_is_what_the_form_makes_of_it_and_may_be_received() -> None:
    for one in stories(300, 7, UNTIL):
        form = ComplaintForm.model_validate(one.complaint)
        complaint = complaint_of(one)
        assert complaint == form.record()
        assert canonical(one.complaint) == form.canonical()
        from_elsewhere = complaint.external.source is not None
        check(complaint, local_day(one.received_at), may_know_less=from_elsewhere)


def test_the_row_of_a_complaint_is_what_intake_makes_of_it(around: Around) -> None:
    for one in stories(50, 7, UNTIL):
        [mine] = tell([one.index], TELLING, around)
        form, key = ComplaintForm.model_validate(one.complaint), TELLING.key(one.index)
        sender = Sender(CALLER, trusted=True)
        submission = submitted(form, sender, key, Bodies(), one.received_at)
        theirs = row_of(submission, one.received_at, around.vault)
        own = {"id", "number", "complainant", "respondent", "words"}
        assert mine.complaint.keys() == theirs.keys()
        for name in theirs.keys() - own:
            assert mine.complaint[name] == theirs[name], name
        identity, id_ = mine.complaint["id"], theirs["id"]
        apart = reporter_row(submission.complaint, id_, around.vault, one.received_at)
        sealed = [(mine.complaint[name], theirs[name]) for name in ("respondent", "words")]
        if apart is None:
            assert mine.reporter is None
            sealed.append((mine.complaint["complainant"], theirs["complainant"]))
        else:
            assert mine.reporter is not None
            assert mine.reporter["complaint_id"] == identity
            assert (mine.complaint["complainant"], theirs["complainant"]) == (None, None)
            sealed.append((mine.reporter["identity"], apart["identity"]))
        for ours, as_received in sealed:
            words = around.vault.open(ours, identity)
            assert words == around.vault.open(as_received, id_)


def test_events_are_written_as_their_class_writes_them(said: list[Said]) -> None:
    kinds = {one.kind for one in said}
    assert len(kinds) == 15
    for one in said:
        body, event = json.loads(message(one).body), heard(one)
        theirs = json.loads(encode(event))
        assert datetime.fromisoformat(body.pop("time")) == event.occurred_at
        del theirs["time"]
        assert body == theirs
        assert type(event) is one.kind


def test_what_services_would_note_of_what_they_hear_is_what_is_written(said: list[Said]) -> None:
    for one in said:
        if one.kind in steps.STEPS:
            assert steps.shown(one) == intake_hearing.row_of(heard(one))


async def test_timelines_show_letters_as_if_they_had_been_heard(said: list[Said]) -> None:
    noted: list[dict[str, Any]] = []

    async def insert_new(table: type[Any], rows: list[dict[str, Any]], _: Any) -> None:
        assert table is HeardRow
        noted.extend(rows)

    of_letters = [one for one in said if issubclass(one.kind, LetterEvent)]
    work = cast("Any", SimpleNamespace(insert_new=insert_new))
    await note_letters(work, cast("Any", [heard(one) for one in of_letters]))
    assert [steps.noted(one) for one in of_letters] == noted


def test_nothing_that_a_service_hears_of_a_story_is_left_to_it(said: list[Said]) -> None:
    services = (("intake", intake_hears), ("mediation", mediation_hears))
    for name, hears in (*services, ("notification", listening(Bodies()))):
        told = {one.kind for one in said if hears.hears(one.kind.TYPE)}
        assert told <= HEARD[name] <= set(hears.heard)


def test_log_rows_are_those_that_mediation_would_have_written(
    told: list[Told], around: Around
) -> None:
    for rows in (one.rows[CaseLogRow] for one in told):
        for place, row in enumerate(rows):
            assert set(row) == set(COLUMNS)
            assert row["seq"] == place + 1
            assert row["id"].int >> 80 == int(row["at"].timestamp() * 1000), "found by its day"
            assert place == 0 or row["previous"] == rows[place - 1]["hash"]
            found = opened(around.vault, row["sealed"], row["case_id"], row["id"])
            assert found is not None
            assert row["commitment"] == commit_to(*found)
            assert row["hash"] == chained(row["previous"], public_facts(row), row["commitment"])
            plain = around.vault.open(row["sealed"], row["case_id"])
            assert plain[16:] == WITH_ID + spelled(found[1])


def test_told_again_everybody_is_who_they_were(told: list[Told], around: Around) -> None:
    again = tell(range(20), TELLING, around)
    for first, second in zip(told, again, strict=False):
        assert first.complaint["number"] == second.complaint["number"]
        ids = [[one.id for one in each.said] for each in (first, second)]
        assert ids[0] == ids[1]


def test_nobody_is_somebody_else_and_another_key_gives_other_ids(
    said: list[Said], around: Around, vault: Vault
) -> None:
    ids = [one.id for one in said]
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}
    first = Identity(around.vault, TELLING, 0)
    for other in (
        Identity(vault, TELLING, 0),
        Identity(around.vault, Telling(8, UNTIL), 0),
        Identity(around.vault, Telling(7, datetime(2026, 11, 22, 2, tzinfo=UTC)), 0),
    ):
        assert other.complaint.int & (1 << 62) - 1 != first.complaint.int & (1 << 62) - 1
