"""The fold: any order, any repetition, the same facts."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.analytics.domain.columns import COMPLAINTS, LETTERS
from services.analytics.domain.facts import Facts, fold
from services.analytics.domain.registers import Row, Table
from services.analytics.hearing import hear
from tests.analytics.histories import Story, complaint_id, letter_id, shuffled, stories


def facts_of(bodies: list[bytes]) -> Facts:
    return fold(hear(bodies).told)


def merged(table: Table, rows: list[dict[UUID, Row]]) -> dict[UUID, Row]:
    together: dict[UUID, Row] = {}
    for one in rows:
        for key, row in one.items():
            together[key] = table.merge(together.get(key, {}), row)
    return together


@given(st.data())
def test_any_order_and_any_repetition_of_events_gives_the_same_facts(data: st.DataObject) -> None:
    bodies = data.draw(stories(1)).bodies + data.draw(stories(2)).bodies
    assert facts_of(data.draw(shuffled(bodies))) == facts_of(bodies)


@given(st.data())
def test_facts_told_in_pieces_merge_to_the_facts_told_at_once(data: st.DataObject) -> None:
    bodies = data.draw(stories(1)).bodies
    mixed = data.draw(shuffled(bodies))
    cut = data.draw(st.integers(0, len(mixed)))
    pieces = [facts_of(mixed[:cut]), facts_of(mixed[cut:])]
    whole = facts_of(bodies)
    assert merged(COMPLAINTS, [one.complaints for one in pieces]) == whole.complaints
    assert merged(LETTERS, [one.letters for one in pieces]) == whole.letters


def test_a_whole_way_is_one_row_with_every_fact() -> None:
    story = Story(1).received(amount_fen=12_900).opened(unit="south").accepted()
    story.days_later(2).forwarded().letter_prepared().letter_sent()
    story.days_later(3).replied().days_later(1).agreed().closed(recovered_fen=12_900)
    facts = facts_of(story.bodies)
    expected = {
        "complaint_id": complaint_id(1),
        "intake_version": 1, "mediation_version": 6, "notification_version": 2,
        "received_version": 1, "body": "main", "demo": False, "kind": "complaint",
        "channel": "web", "received_on": date(2026, 6, 1), "source": None,
        "received_at": datetime.fromisoformat("2026-06-01T09:00:00+08:00"),
        "record_version": 1, "region": None, "category": "goods_daily", "nature": None,
        "amount_fen": 12_900, "respondent_known": True,
        "case_body": "main", "state": "closed", "due_on": None, "due_for": None,
        "opened_version": 1, "opened_on": date(2026, 6, 1),
        "placed_version": 1, "unit": "south", "assignee": None,
        "accepted_version": 2, "accepted_on": date(2026, 6, 1),
        "forward_due": date(2026, 6, 6), "mediate_due": date(2026, 7, 1),
        "first_forwarded_version": 3, "first_forwarded_on": date(2026, 6, 3),
        "forwarded_version": 3, "serial": 1, "forwarded_on": date(2026, 6, 3),
        "reply_due": date(2026, 6, 8),
        "replied_version": 4, "replied_on": date(2026, 6, 6), "in_time": True,
        "settled_version": 5, "result": "agreed", "settled_on": date(2026, 6, 7),
        "failed_reason": None,
        "closed_version": 6, "closed_on": date(2026, 6, 7), "outcome": "agreed",
        "recovered_fen": 12_900,
    }  # fmt: skip
    assert facts.complaints == {complaint_id(1): expected}
    assert facts.letters == {
        letter_id(11): {
            "letter_id": letter_id(11), "complaint_id": complaint_id(1), "kind": "forwarding",
            "prepared_version": 1, "prepared_on": date(2026, 6, 3),
            "sent_version": 2, "sent_on": date(2026, 6, 3), "way": "email",
        }
    }  # fmt: skip


def test_every_stated_column_is_a_column_of_the_table() -> None:
    story = Story(1).received().opened().accepted().forwarded().replied().failed().closed()
    story.reopened().refused().letter_prepared().letter_failed().letter_sent().removed()
    facts = facts_of(story.bodies)
    for table, rows in ((COMPLAINTS, facts.complaints), (LETTERS, facts.letters)):
        assert {column for row in rows.values() for column in row} <= set(table.columns)
    for register in COMPLAINTS.registers:
        if register.version != "evidence_version":
            assert facts.complaints[story.complaint_id][register.version] >= 1


def test_days_are_legal_days_of_shanghai() -> None:
    late = datetime.fromisoformat("2026-06-01T23:30:00+08:00")
    story = Story(1, began=late).received().days_later(0)
    story.now += timedelta(hours=1)
    row = facts_of(story.opened().bodies).complaints[complaint_id(1)]
    assert (row["received_on"], row["opened_on"]) == (date(2026, 6, 1), date(2026, 6, 2))


def test_an_unknown_type_is_passed_over_and_what_is_no_event_is_set_aside() -> None:
    good = Story(1).received().bodies[0]
    strange = good.replace(b"intake.complaint_received.v1", b"intake.complaint_sung.v1")
    broken = [b"{", b"[]", b"{}", good.replace(b'"channel":"web"', b'"channel":7'), b"\xff"]
    heard = hear([strange, *broken, good])
    assert [told.type for told in heard.told] == ["intake.complaint_received.v1"]
    assert [(one.body, one.error) for one in heard.unreadable] == [
        (broken[0], "no JSON object"),
        (broken[1], "no JSON object"),
        (broken[2], "missing type, id, time, subject, data"),
        (broken[3], "unreadable data.channel"),
        (broken[4], "no JSON object"),
    ]
