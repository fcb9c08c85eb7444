"""What was once published stays readable, and what is published is what the documents say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cloudevents.v1.http import from_json

from deploy.schemas import MAP, map_with_table
from shared.events import ALL, BY_TYPE, TOPICS, Event, decode, encode, topic_of
from shared.events.documents import EXAMPLES, SCHEMAS, files

EVERY = sorted(EXAMPLES.glob("*/*.json"))
PERSONAL = ("name", "phone", "email", "address", "text", "subject", "note", "id_number")


@pytest.mark.parametrize("example", EVERY, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_ever_kept_still_reads_and_says_the_same(example: Path) -> None:
    event = decode(example.read_bytes())
    assert event is not None
    said, kept = json.loads(encode(event)), json.loads(example.read_bytes())
    added = dict.fromkeys(said["data"].keys() - kept["data"].keys())
    assert said == kept | {"data": kept["data"] | added}


@pytest.mark.parametrize("example", EVERY, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_fits_its_schema(example: Path) -> None:
    schema = json.loads((SCHEMAS / f"{example.parent.name}.json").read_text())
    jsonschema.validate(json.loads(example.read_bytes()), schema)


@pytest.mark.parametrize("example", EVERY, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_is_a_cloud_event_for_others_too(example: Path) -> None:
    event = from_json(example.read_bytes())
    assert event["type"] == example.parent.name
    assert event["specversion"] == "1.0"
    assert event["partitionkey"] == event["subject"]


def test_no_event_without_an_example_and_no_example_without_an_event() -> None:
    assert {path.parent.name for path in EVERY} == set(BY_TYPE)


def test_the_committed_documents_are_those_of_the_code() -> None:
    for path, text in files().items():
        assert path.read_text() == text, f"{path.name} is old: run make schemas"


def test_every_event_travels_on_a_topic_that_exists() -> None:
    assert {topic_of(event) for event in ALL} == set(TOPICS)


@pytest.mark.parametrize("event", ALL, ids=lambda event: event.TYPE)
def test_no_event_has_a_field_for_personal_data(event: type[Event]) -> None:
    for field in event.model_fields:
        assert field not in PERSONAL


def test_an_unknown_type_is_left_to_newer_code() -> None:
    assert decode(b'{"type": "intake.never_heard_of.v9"}') is None


def test_unknown_fields_are_left_to_newer_code() -> None:
    message = json.loads(EVERY[0].read_bytes())
    message["data"]["never_heard_of"] = 1
    assert decode(json.dumps(message).encode()) == decode(EVERY[0].read_bytes())


def breaks(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Name the fields that a reader of `old` would miss, or a writer of `old` would lack."""
    gone: set[str] = old["properties"].keys() - new["properties"].keys()
    demanded = set(new.get("required", ())) - set(old.get("required", ()))
    return gone | demanded


def test_a_new_demand_and_a_missing_field_are_breaks() -> None:
    v1 = BY_TYPE["intake.complaint_received.v1"].model_json_schema()
    assert breaks(v1, v1) == set()
    less = v1 | {"properties": {k: v for k, v in v1["properties"].items() if k != "region"}}
    assert breaks(v1, less) == {"region"}
    assert breaks(v1, v1 | {"required": [*v1["required"], "weather"]}) == {"weather"}


def test_the_map_shows_the_events_of_the_code() -> None:
    text = MAP.read_text()
    assert map_with_table(text) == text, "ARCHITECTURE.md is old: run make schemas"
