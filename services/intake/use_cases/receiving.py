"""Receiving complaints: those that arrive together are kept together, each once."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select

from services.intake.domain.errors import KeyUsedError
from services.intake.domain.number import CHANCE_BITS, public_number
from services.intake.domain.record import Complaint
from services.intake.tables import ComplaintRow
from services.intake.use_cases.checking import EXTERNAL, Submission
from services.intake.use_cases.codes import code_of
from services.intake.use_cases.keeping import keep, keep_besides
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
FIRST = 1
"""The generation of the query code that the receipt shows."""


class Receipt(NamedTuple):
    """What the sender gets: the public number, and the code that opens the status page."""

    id: UUID
    number: str
    query_code: str
    received_at: datetime
    kind: str
    generation: int = 1
    """Which of its query codes this is."""
    known: bool = False
    """It was received before; this is the first answer once more."""


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
        new = [(row, received(row, told[row["id"]].complaint)) for row in waiting_for.values()]
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


async def repetitions(
    database: Database, rows: dict[int, dict[str, Any]]
) -> dict[int, Receipt | Exception]:
    """The answers to rows whose key is known already."""
    wanted: dict[str, list[bytes]] = {}
    for row in rows.values():
        if row["key_hash"]:
            wanted.setdefault(row["caller"], []).append(row["key_hash"])
    if not wanted:
        return {}
    table = ComplaintRow
    same = or_(*(and_(table.caller == c, table.key_hash.in_(keys)) for c, keys in wanted.items()))
    columns = [getattr(ComplaintRow, name) for name in REPEATED]
    async with database.reading() as session:
        found = [
            dict(one) for one in (await session.execute(select(*columns).where(same))).mappings()
        ]
    known = {(one["caller"], bytes(one["key_hash"])): one for one in found}
    answers: dict[int, Receipt | Exception] = {}
    for place, row in rows.items():
        first = known.get((row["caller"], row["key_hash"]))
        if first is not None:
            answers[place] = repeated(row, first, database.vault)
    return answers


REPEATED = (
    "id", "number", "kind", "received_at", "caller", "key_hash", "body_mac",
)  # fmt: skip


def repeated(row: dict[str, Any], first: dict[str, Any], vault: Vault) -> Receipt | Exception:
    """The first answer once more; or a refusal, if it is not the same complaint.

    A code that was replaced since is not in it: only who was checked for it gets the new one.
    """
    if bytes(first["body_mac"]) != row["body_mac"]:
        if row["caller"] == EXTERNAL:
            return KeyUsedError(
                "这个来源的这个原编号已经用于另一件投诉。要登记新的投诉，请换一个原编号；"
                "要重新提交同一件，内容不能改。",
                pointer="/external/id",
            )
        return KeyUsedError(
            "这个 Idempotency-Key 已经用于另一件投诉。要提交新的投诉，请换一个；"
            "要重新提交同一件，内容不能改。"
        )
    return receipt_of({**first, "code_generation": FIRST}, vault)._replace(known=True)


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


def received(row: dict[str, Any], complaint: Complaint) -> ComplaintReceived:
    """What everybody may hear of it."""
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
        respondent_named=bool(complaint.respondent.name),
    )


def receipt_of(row: dict[str, Any], vault: Vault) -> Receipt:
    code = code_of(vault, row["id"], row["code_generation"])
    generation = row["code_generation"]
    return Receipt(row["id"], row["number"], code, row["received_at"], row["kind"], generation)
