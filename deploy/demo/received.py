"""The complaint of a story as intake keeps it, under the story's own ids.

The story is already what the form would make of it; tests hold that, and that it may be received.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic_core import to_json

from deploy.demo.identity import Identity, Telling
from deploy.demo.said import Said
from deploy.demo.stories import Story
from services.intake.domain import record
from services.intake.use_cases.receiving import BODY_PURPOSE, KEY_PURPOSE
from services.intake.use_cases.sealing import sealed_words
from shared.bodies import DEMO
from shared.events import ComplaintReceived
from shared.terms import CATEGORIES_VERSION
from shared.vault import Vault

CALLER = "demo"
NOBODY: Mapping[str, Any] = {}


def complaint_of(story: Story) -> record.Complaint:
    """The complaint as the rules know it."""
    told = story.complaint
    who, whom, matter = told["complainant"], told["respondent"] or NOBODY, told["matter"]
    consents, external = told["consents"], told["external"] or NOBODY
    return record.Complaint(
        kind=told["kind"],
        channel=told["channel"],
        body=told["body"],
        complainant=record.Complainant(
            who["name"], who["phone"], who["email"], address=who["address"]
        ),
        respondent=record.Respondent(
            whom.get("name"), None, whom.get("address"), whom.get("phone"), whom.get("email")
        ),
        matter=record.Matter(
            text=matter["text"],
            subject=matter["subject"],
            happened_on=date.fromisoformat(matter["happened_on"]),
            region=matter["region"],
            goods_or_service=matter["goods_or_service"],
            amount_fen=matter["amount_fen"],
            nature=matter["nature"],
            category=matter["category"],
        ),
        claims=tuple(
            record.ClaimedThing(one["kind"], one.get("amount_fen")) for one in told["claims"]
        ),
        evidence=tuple(told["evidence"]),
        consents=record.Consents(consents["forwarding"], consents["mediation"]),
        external=record.External(
            external.get("source"), external.get("id"), story.received_at if external else None
        ),
    )


def canonical(told: Mapping[str, Any]) -> bytes:
    """As `ComplaintForm.canonical`: what is usual or not known is left out."""
    usual = {"kind": "complaint", "channel": "web"}
    parts = {
        name: {inner: value for inner, value in part.items() if value is not None}
        if isinstance(part, dict)
        else part
        for name, part in told.items()
        if part is not None and usual.get(name) != part
    }
    return to_json(parts)


def row_of(story: Story, telling: Telling, identity: Identity, vault: Vault) -> dict[str, Any]:
    """The row of the complaint, as `services.intake.use_cases.receiving` makes it."""
    complaint = complaint_of(story)
    matter = complaint.matter
    return {
        "id": identity.complaint,
        "number": identity.number(story.received_at),
        "caller": CALLER,
        "key_hash": vault.mac(KEY_PURPOSE, telling.key(story.index).encode()),
        "body_mac": vault.mac(BODY_PURPOSE, canonical(story.complaint)),
        "body": DEMO.code,
        "demo": DEMO.demo,
        "kind": complaint.kind,
        "channel": complaint.channel,
        "registrar": None,
        "received_at": story.received_at,
        "registered_at": story.received_at,
        "region": matter.region,
        "category": matter.category,
        "category_version": CATEGORIES_VERSION if matter.category else None,
        "nature": matter.nature,
        "amount_fen": matter.amount_fen,
        "happened_on": matter.happened_on,
        "respondent_known": complaint.respondent_known,
        "source": complaint.external.source,
        "code_generation": 1,
        "version": 1,
        "files": 0,
        "withdrawn_at": None,
        "notice": None,
        **sealed_words(complaint, identity.complaint, vault),
    }


PUBLIC = (
    "version", "number", "body", "demo", "kind", "channel", "received_at", "region", "category",
    "nature", "amount_fen", "happened_on", "respondent_known", "source",
)  # fmt: skip


def received(row: dict[str, Any], identity: Identity, story: Story) -> Said:
    """What everybody may hear of it."""
    told = story.complaint
    facts = {name: row[name] for name in PUBLIC} | {
        "forwarding_consent": told["consents"]["forwarding"],
        "respondent_named": bool((told["respondent"] or {}).get("name")),
    }
    return Said(ComplaintReceived, identity.received, row["registered_at"], row["id"], facts)
