"""The catalogue as documents: a JSON Schema per event, one AsyncAPI 3.0 document, examples.

`make schemas` writes them; a test compares them with the code. Python -m shared.events.documents.
"""

import json
from pathlib import Path
from typing import Any

from shared.events import ALL, TOPICS, Event, topic_of
from shared.events.base import envelope_of, source_of

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
EXAMPLES = HERE / "examples"
ASYNCAPI = HERE / "asyncapi.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """JSON Schema of the message as it is on the wire: envelope (CloudEvents 1.0) and data."""
    facts = event.model_json_schema(mode="serialization")
    properties, required = dict(facts["properties"]), set(facts.get("required", ()))
    for outer in envelope_of(event):
        properties.pop(outer)
        required.discard(outer)
    data = {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": True,
    }
    if "$defs" in facts:
        data["$defs"] = facts["$defs"]
    text = {"type": "string"}
    about = f"The {event.SUBJECT.removesuffix('_id')}'s id."
    envelope: dict[str, Any] = {
        "specversion": {"const": "1.0"},
        "id": text | {"format": "uuid"},
        "source": {"const": "/" + source_of(event)},
        "type": {"const": event.TYPE},
        "subject": text | {"format": "uuid", "description": about},
        "time": text | {"format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "partitionkey": text | {"format": "uuid", "description": about},
        "data": data,
    }
    return {
        "$schema": DIALECT,
        "title": event.TYPE,
        "description": facts["description"],
        "type": "object",
        "properties": envelope,
        "required": sorted(envelope),
    }


def asyncapi() -> dict[str, Any]:
    """The topics and what is said on them, as an AsyncAPI 3.0 document."""
    messages = {
        event.TYPE: {
            "name": event.TYPE,
            "title": event.__name__,
            "summary": (event.__doc__ or "").partition("\n")[0],
            "contentType": "application/cloudevents+json",
            "payload": {"schemaFormat": f"application/schema+json;version={DIALECT[-21:-7]}"}
            | {"schema": {"$ref": f"./schemas/{event.TYPE}.json"}},
        }
        for event in ALL
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Redress events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0, structured JSON. Ids and facts, no personal data."
            " Order is kept per subject (partitionkey); delivery is at least once.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {topic: channel(topic) for topic in TOPICS},
        "operations": {f"say-{topic}": operation(topic) for topic in TOPICS},
        "components": {"messages": messages},
    }


def channel(topic: str) -> dict[str, Any]:
    said = [event.TYPE for event in ALL if topic_of(event) == topic]
    return {
        "address": topic,
        "description": "Kept for ever; key is the subject's id.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in said},
    }


def operation(topic: str) -> dict[str, Any]:
    return {"action": "send", "channel": {"$ref": f"#/channels/{topic}"}}


def written(document: dict[str, Any]) -> str:
    """A document as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def files() -> dict[Path, str]:
    """Every generated file with its content."""
    made = {SCHEMAS / f"{event.TYPE}.json": written(schema_of(event)) for event in ALL}
    return made | {ASYNCAPI: written(asyncapi())}


def main() -> None:
    """Write them all; schemas of events that are gone stay for those who still read them."""
    SCHEMAS.mkdir(exist_ok=True)
    for path, text in files().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
