"""Receiving complaints: those that arrive together are kept together, each once."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.intake.domain.number import CHANCE_BITS, public_number
from services.intake.use_cases.checking import Submission
from services.intake.use_cases.keeping import keep, keep_besides
from services.intake.use_cases.receipts import FIRST, Receipt, receipt_of
from services.intake.use_cases.repeating import repetitions
from services.intake.use_cases.sealing import sealed_words
from shared.clock import local_day
from shared.events import ComplaintReceived
from shared.ids import uuid7
from shared.kernel import ComplaintId
from shared.terms import CATEGORIES_VERSION
from shared.vault import Vault
from shared.work import Database

BODY_PURPOSE = "complaint-body"
KEY_PURPOSE = "idempotency-key"
TRIES = 3


async def receive_complaints(
    database: Database, submissions: Sequence[Submission]
) -> Sequence[Receipt | Exception]:
    """Keep what is new and announce it; answer repetitions as the first time.

    One answer for each: a Receipt, or KeyUsedError where the key came with another complaint.
    """
    now = database.clock()
    rows = [row_of(one, now, database.vault) for one in submissions]
    told = {row["id"]: one for row, one in zip(rows, submissions, strict=True)}
    answers: dict[int, Receipt | Exception] = {}
    waiting_for = dict(enumerate(rows))
    for _ in range(TRIES):
        new = [(row, received(row, told[row["id"]])) for row in waiting_for.values()]
        kept = await keep(database, new, now, told) | await keep_besides(database, new, told)
        for place, row in list(waiting_for.items()):
            if row["id"] in kept:
                answers[place] = receipt_of(row, database.vault)
                del waiting_for[place]
        if not waiting_for:
            break
        answers |= await repetitions(database, waiting_for)
        waiting_for = {place: row for place, row in waiting_for.items() if place not in answers}
        for row in waiting_for.values():  # its public number was taken: another one
            row["number"] = new_number(now)
    return [answers[place] for place in range(len(rows))]


async def would_receive(
    database: Database, submissions: Sequence[Submission]
) -> Sequence[Receipt | Exception]:
    """The answers `receive_complaints` would give, without keeping anything."""
    now = database.clock()
    rows = dict(enumerate(row_of(one, now, database.vault) for one in submissions))
    known = await repetitions(database, rows)
    return [known.get(n) or receipt_of(row, database.vault) for n, row in rows.items()]


def row_of(one: Submission, now: datetime, vault: Vault) -> dict[str, Any]:
    """The row of a new complaint."""
    complaint, matter = one.complaint, one.complaint.matter
    identity = uuid7()
    caller, key = one.caller_and_key()
    return {
        "id": identity,
        "number": new_number(now),
        "caller": caller,
        "key_hash": vault.mac(KEY_PURPOSE, key.encode()) if key else None,
        "body_mac": vault.mac(BODY_PURPOSE, one.canonical),
        "body": one.body.code,
        "demo": one.body.demo,
        "kind": str(complaint.kind),
        "channel": str(complaint.channel),
        "registrar": one.sender.registrar,
        "received_at": complaint.external.received_at or now,
        "registered_at": now,
        "region": matter.region,
        "category": matter.category,
        "category_version": CATEGORIES_VERSION if matter.category else None,
        "nature": str(matter.nature) if matter.nature else None,
        "amount_fen": matter.amount_fen,
        "happened_on": matter.happened_on,
        "respondent_known": complaint.respondent_known,
        "source": complaint.external.source,
        "code_generation": FIRST,
        "version": 1,
        "files": 0,
        "withdrawn_at": None,
        "notice": complaint.notice,
        **sealed_words(complaint, identity, vault),
    }


def new_number(now: datetime) -> str:
    return public_number(local_day(now), secrets.randbits(CHANCE_BITS))


def received(row: dict[str, Any], one: Submission) -> ComplaintReceived:
    """What everybody may hear of it."""
    complaint, doer = one.complaint, one.doer
    return ComplaintReceived(
        occurred_at=row["registered_at"],
        complaint_id=ComplaintId(row["id"]),
        version=1,
        number=row["number"],
        body=row["body"],
        demo=row["demo"],
        kind=row["kind"],
        channel=row["channel"],
        received_at=row["received_at"],
        region=row["region"],
        category=row["category"],
        nature=row["nature"],
        amount_fen=row["amount_fen"],
        happened_on=row["happened_on"],
        respondent_known=row["respondent_known"],
        source=row["source"],
        forwarding_consent=complaint.consents.forwarding,
        registrar=row["registrar"],
        registrar_role=(doer.role or None) if doer else None,
        behalf=doer.for_id if doer else None,
        respondent_named=bool(complaint.respondent.name),
    )
