"""The complaint of a story as intake keeps it, under the story's own ids."""

from typing import Any

from deploy.demo.identity import Identity, Telling
from deploy.demo.said import Said
from deploy.demo.stories import Story
from services.intake.use_cases.receiving import (
    BODY_PURPOSE,
    KEY_PURPOSE,
    Sender,
    submitted,
)
from services.intake.use_cases.sealing import sealed_words
from services.intake.use_cases.submission import ComplaintForm
from shared.bodies import Bodies
from shared.events import ComplaintReceived
from shared.terms import CATEGORIES_VERSION
from shared.vault import Vault

CALLER = "demo"
SENDER = Sender(CALLER, trusted=True)


def row_of(
    story: Story, telling: Telling, identity: Identity, vault: Vault, bodies: Bodies
) -> dict[str, Any]:
    """The row of the complaint, as `services.intake.use_cases.receiving` makes it.

    The form is checked as everybody's is.
    """
    form = ComplaintForm.model_validate(story.complaint)
    key = telling.key(story.index)
    one = submitted(form, SENDER, key, bodies, story.received_at)
    complaint, matter = one.complaint, one.complaint.matter
    return {
        "id": identity.complaint,
        "number": identity.number(story.received_at),
        "caller": CALLER,
        "key_hash": vault.mac(KEY_PURPOSE, key.encode()),
        "body_mac": vault.mac(BODY_PURPOSE, one.canonical),
        "body": one.body.code,
        "demo": one.body.demo,
        "kind": str(complaint.kind),
        "channel": str(complaint.channel),
        "registrar": None,
        "received_at": complaint.external.received_at or story.received_at,
        "registered_at": story.received_at,
        "region": matter.region,
        "category": matter.category,
        "category_version": CATEGORIES_VERSION if matter.category else None,
        "nature": str(matter.nature) if matter.nature else None,
        "amount_fen": matter.amount_fen,
        "happened_on": matter.happened_on,
        "respondent_known": complaint.respondent_known,
        "source": complaint.external.source,
        "code_generation": 1,
        "version": 1,
        "files": 0,
        "withdrawn_at": None,
        **sealed_words(complaint, identity.complaint, vault),
    }


PUBLIC = (
    "version", "number", "body", "demo", "kind", "channel", "received_at", "region", "category",
    "nature", "amount_fen", "happened_on", "respondent_known", "source",
)  # fmt: skip


def received(row: dict[str, Any], identity: Identity) -> Said:
    """What everybody may hear of it."""
    facts = {name: row[name] for name in PUBLIC}
    return Said(ComplaintReceived, identity.received, row["registered_at"], row["id"], facts)
