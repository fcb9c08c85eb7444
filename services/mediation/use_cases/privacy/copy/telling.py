"""One case as the person may have it: codes for machines, and beside each what it is called."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.mediation.domain.keeping.retention import CaseFacts
from services.mediation.ports import Letter
from services.mediation.tables import CaseLogRow
from services.mediation.use_cases.labels import HAPPENINGS, OUTCOMES, STATES
from services.mediation.use_cases.privacy.copy.fields import fields_of
from services.mediation.use_cases.privacy.copy.person import known, without
from services.mediation.use_cases.privacy.copy.said import Words, data
from services.mediation.use_cases.privacy.copy.whole import Whole
from shared.clock import SHANGHAI
from shared.i18n import translated
from shared.masks.complaints import FORMERLY
from shared.terms import Channel, Kind, label_of

Document = dict[str, Any]
FORMAT = "redress-personal-copy/1"
"""Of the JSON: a new number where a field changes its meaning or goes."""


def document_of(name: str, cases: Sequence[Document], words: Words, made_at: datetime) -> Document:
    """All cases of a person as JSON: in a form that another handler can read (可携带)."""
    return {
        "format": FORMAT,
        "made_at": made_at.astimezone(SHANGHAI).isoformat(),
        "language": words.language,
        "law": "个人信息保护法第四十五条",
        "subject": {"name": name},
        "cases": list(cases),
    }


def told(one: Whole, words: Words) -> Document:
    """The case as JSON."""
    return {
        **facts_of(one, words),
        "collected": collected(one, words),
        "others": [
            {"part": coded(words, "roles", part), "data": fields_of(someone, words)}
            for part, someone in one.mine.others
        ],
        "consents": consents_of(one, words),
        "notice": notice_of(one, words),
        "steps": [step_of(row, words) for row in one.here.steps],
        "recipients": recipients_of(one, words),
        "files": [asdict(each) for each in one.files],
        "letters": [letter_of(letter, place) for letter, place in one.letters],
        "retention": retention_of(one, words),
    }


def facts_of(one: Whole, words: Words) -> Document:
    """Which matter it is, who handles it, and where it stands."""
    case, body = one.here.case, one.here.body
    language = words.language
    outcome = OUTCOMES.get(case.outcome or "")
    contact = " ".join(filter(None, (body.phone, body.address))) if body else ""
    return {
        "number": case.number,
        "organisation": {"code": case.body, "label": body.name if body else case.body},
        "contact": contact or None,
        "kind": {"code": case.kind, "label": label_of(Kind, case.kind, language)},
        "part": coded(words, "roles", one.mine.part),
        "channel": {"code": case.channel, "label": label_of(Channel, case.channel, language)},
        "received_at": case.received_at.astimezone(SHANGHAI).isoformat(),
        "state": {"code": case.state, "label": translated(STATES[case.state], language)},
        "outcome": {"code": case.outcome, "label": translated(outcome, language)}
        if outcome
        else None,
        "closed_on": case.closed_on.isoformat() if case.closed_on else None,
    }


def collected(one: Whole, words: Words) -> list[Document]:
    """Each group of data with what is in it, from whom, for what and on what ground."""
    facts = {**dict(known(one.mine.data)), **what_was_written(one)}
    found = []
    for group in data()["collected"]:
        mine = {name: facts[name] for name in group["fields"] if name in facts}
        if mine:
            found.append(
                {
                    "code": group["code"],
                    "label": words.said(group["name"]),
                    "data": fields_of(mine, words),
                    "from": source_of(one, words),
                    "purpose": words.said(group["purpose"]),
                    "basis": words.said(group["basis"]),
                }
            )
    return found


def what_was_written(one: Whole) -> Document:
    """What the person wrote, without the names of others; nothing where others wrote it."""
    if not one.mine.wrote:
        return {}
    written = {**one.record.words, **one.record.facts}
    mine = [(name, value) for name, value in known(written) if name != FORMERLY]
    return {name: without(value, one.mine.names) for name, value in mine}


def source_of(one: Whole, words: Words) -> str:
    """From whom it came."""
    if one.here.case.source:
        return words.of("sources", "external", source=one.here.case.source)
    return words.of("sources", "registrar" if one.origin.by_staff else "self")


def consents_of(one: Whole, words: Words) -> list[Document]:
    """What the person agreed to and what not; nothing is presumed."""
    said = one.record.words.get("consents")
    if said is None or not one.mine.wrote:
        return []
    answers = {True: "agreed", False: "declined", None: "unsaid"}
    return [
        {
            "code": code,
            "label": words.of("consents", code),
            "given": said.get(code),
            "shown": words.of("words", answers[said.get(code)]),
        }
        for code in data()["consents"]
    ]


def notice_of(one: Whole, words: Words) -> Document | None:
    """The privacy notice they saw, with its version and dates."""
    notice = one.origin.notice
    if notice is None:
        return None
    return {
        "version": notice["version"],
        "in_force_since": notice["since"],
        "shown_at": datetime.fromisoformat(notice["shown_at"]).astimezone(SHANGHAI).isoformat(),
        "label": words.said(notice["title"]),
    }


def step_of(row: CaseLogRow, words: Words) -> Document:
    """When what was done, by which article; not by whom, and not what was said."""
    return {
        "at": row.at.astimezone(SHANGHAI).isoformat(),
        "code": row.step,
        "label": translated(HAPPENINGS.get(row.step, row.step), words.language),
        "article": row.source or None,
    }


def recipients_of(one: Whole, words: Words) -> list[Document]:
    """Who received the person's data: those to whom letters went."""
    return [
        {
            "to": letter.to,
            "on": at_day(letter.sent_at),
            "what": words.of("recipients", "what", number=letter.number),
            "how": words.of("recipients", letter.way) if letter.way else None,
        }
        for letter, _ in one.letters
        if letter.sent_at
    ]


def letter_of(letter: Letter, place: str) -> Document:
    return {"number": letter.number, "issued_on": letter.issued_on, "place": place or None}


def retention_of(one: Whole, words: Words) -> Document:
    """Until when it is kept, as what, and why."""
    case = one.here.case
    facts = CaseFacts(case.kind, case.outcome, case.pack, case.closed_on)
    kind = one.here.schedule.class_of(facts)
    months, until = one.here.schedule.months(kind), one.here.schedule.due_on(facts)
    if months is None:
        spelled = words.of("words", "for_ever")
    elif until is None:
        spelled = words.of("words", "open_yet", months=months)
    else:
        spelled = until.isoformat()
    return {
        "class": {"code": kind.code, "label": words.said(kind.name)},
        "until": until.isoformat() if until else None,
        "months": months,
        "shown": spelled,
        "why": words.said(kind.source),
        "held": one.here.held,
    }


def coded(words: Words, part: str, code: str) -> Document:
    return {"code": code, "label": words.of(part, code)}


def at_day(instant: str | None) -> str | None:
    """The legal day of an instant."""
    return (
        datetime.fromisoformat(instant).astimezone(SHANGHAI).date().isoformat() if instant else None
    )
