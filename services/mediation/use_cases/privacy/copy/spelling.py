"""The copy spelled out for people: the same as its JSON, as a plain document to be printed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.mediation.use_cases.privacy.copy.said import Words
from shared.i18n import Language

Section = dict[str, Any]
FACTS = (
    "organisation", "contact", "kind", "part", "channel",
    "received_at", "state", "outcome", "closed_on",
)  # fmt: skip


def paper_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Title, lead and sections of a document that `telling` made."""
    words = Words(document["language"])
    made = minute(document["made_at"])
    subject, count = document["subject"], len(document["cases"])
    first = {
        "heading": words.of("words", "subject"),
        "level": 1,
        "rows": [
            row(words.of("fields", "name"), subject["name"]),
            row(words.of("words", "made"), made),
            row(words.of("words", "cases"), str(count)),
        ],
        "lines": [words.of("recipients", "copy")],
    }
    sections = [first, *(one for case in document["cases"] for one in case_of(case, words))]
    return {
        "title": words.title,
        "language": words.language,
        "lead": words.lead,
        "sections": sections,
        "foot": f"{words.title} · {made}",
    }


def case_of(case: Mapping[str, Any], words: Words) -> Iterator[Section]:
    """The sections of one case."""
    facts = [row(words.of("facts", name), plain(case[name])) for name in FACTS if case[name]]
    yield {"heading": case["number"], "level": 1, "rows": facts, "lines": []}
    yield from collected_of(case, words)
    yield part("others", [others_of(one, words) for one in case["others"]], words)
    yield part("consents", [row(one["label"], one["shown"]) for one in case["consents"]], words)
    yield part("notice", notice_of(case["notice"], words), words)
    yield part("steps", [step_of(one) for one in case["steps"]], words)
    yield part("recipients", [recipient_of(one) for one in case["recipients"]], words)
    yield part("files", [file_of(one, words) for one in case["files"]], words)
    yield part(
        "letters", [row(one["number"], one["place"] or "") for one in case["letters"]], words
    )
    yield retention_of(case["retention"], words)


def part(name: str, rows: Sequence[Mapping[str, str]], words: Words) -> Section:
    """A part of a case; where there is nothing it says so."""
    lines = [] if rows else [words.of("words", "none")]
    return {"heading": words.of("parts", name), "level": 2, "rows": list(rows), "lines": lines}


def collected_of(case: Mapping[str, Any], words: Words) -> Iterator[Section]:
    """What was collected, group by group, each with source, purpose and ground."""
    title = words.of("parts", "collected")
    if not case["collected"]:
        yield {"heading": title, "level": 2, "rows": [], "lines": [words.of("words", "erased")]}
    for group in case["collected"]:
        rows = [row(one["label"], one["shown"]) for one in group["data"].values()]
        rows += [row(words.of("about", one), group[one]) for one in ("from", "purpose", "basis")]
        heading = title + words.colon + group["label"]
        yield {"heading": heading, "level": 2, "rows": rows, "lines": []}


def others_of(one: Mapping[str, Any], words: Words) -> dict[str, str]:
    known = one["data"].values()
    said = "\n".join(each["label"] + words.colon + each["shown"] for each in known)
    return row(one["part"]["label"], said)


def notice_of(notice: Mapping[str, Any] | None, words: Words) -> list[dict[str, str]]:
    if notice is None:
        return []
    days = {"since": notice["in_force_since"], "shown": minute(notice["shown_at"])}
    said = [words.of("words", one) + words.colon + day for one, day in days.items() if day]
    return [row(notice["version"], "\n".join((notice["label"], *said)))]


def step_of(one: Mapping[str, Any]) -> dict[str, str]:
    return row(minute(one["at"]), "\n".join(filter(None, (one["label"], one["article"]))))


def recipient_of(one: Mapping[str, Any]) -> dict[str, str]:
    how = " · ".join(filter(None, (one["on"], one["how"])))
    return row(one["to"], f"{how}\n{one['what']}")


def file_of(one: Mapping[str, Any], words: Words) -> dict[str, str]:
    where = words.of("words", one["left_out"]) if one["left_out"] else one["place"]
    return row(one["name"], where)


def retention_of(one: Mapping[str, Any], words: Words) -> Section:
    rows = [row(one["class"]["label"], f"{one['shown']}\n{one['why']}")]
    held = [words.of("words", "held")] if one["held"] else []
    return {"heading": words.of("parts", "retention"), "level": 2, "rows": rows, "lines": held}


def plain(value: Any) -> str:
    """A fact as people read it."""
    if isinstance(value, Mapping):
        return str(value["label"])
    return minute(value) if "T" in value else str(value)


def minute(instant: str) -> str:
    """2026-06-03 14:05, in Shanghai."""
    return datetime.fromisoformat(instant).strftime("%Y-%m-%d %H:%M")


def row(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def language_in(typed: str) -> Language:
    """The language somebody asked for; Chinese unless it is English."""
    return "en" if typed == "en" else "zh"
