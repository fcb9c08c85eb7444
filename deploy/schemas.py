"""Writes what is generated from the events: schemas, AsyncAPI, and the table in ARCHITECTURE.md."""

from pathlib import Path

import services.intake.consumers as intake
import services.mediation.consumers as mediation
import services.notification.consumers as notification
from shared.bodies import Bodies
from shared.events import ALL, Event, topic_of
from shared.events.documents import main as write_documents

MAP = Path(__file__).parents[1] / "ARCHITECTURE.md"
BEGIN, END = "<!-- events -->\n", "<!-- /events -->"


def ears() -> dict[str, frozenset[type[Event]]]:
    """Which service hears which events."""
    heard = {
        "intake": intake.subscriptions.heard,
        "mediation": mediation.subscriptions.heard,
        "notification": notification.listening(Bodies()).heard,
        "analytics": ALL,
    }
    return {service: frozenset(events) for service, events in heard.items()}


def table() -> str:
    """Every event, what it says, and who hears it."""
    heard = ears()
    lines = ["| event | topic | says | heard by |", "| --- | --- | --- | --- |"]
    for event in ALL:
        said = (event.__doc__ or "").partition("\n")[0]
        by = ", ".join(service for service, events in heard.items() if event in events)
        lines.append(f"| `{event.TYPE}` | `{topic_of(event)}` | {said} | {by} |")
    return "\n".join(lines) + "\n"


def map_with_table(text: str) -> str:
    """The map, with the table of today."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


def main() -> None:
    """Write everything."""
    write_documents()
    MAP.write_text(map_with_table(MAP.read_text()))


if __name__ == "__main__":
    main()
