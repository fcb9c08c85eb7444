"""What cannot be acted on is kept where a person sees it."""

import json
from hashlib import sha256
from uuid import UUID

from shared.log import logger
from shared.messaging.tables import DeadLetterRow
from shared.metrics import DELIVERED
from shared.work import Database


async def bury(database: Database, service: str, body: bytes, reason: str) -> None:
    """Keep an event where a person sees it, with the reason. The same body is kept once."""
    row = {"id": UUID(bytes=sha256(body).digest()[:16]), "body": body, "type": type_of(body)}
    async with database.work() as work:
        facts = {"error": reason, "buried_at": work.now, "replayed_at": None}
        await work.insert_new(DeadLetterRow, [row | facts], ["id"])
    DELIVERED.labels(service, "buried").inc()
    logger(service=service).error("buried", type=row["type"], reason=reason)


def type_of(body: bytes) -> str:
    """The type a message says it has; empty where it cannot be read."""
    try:
        return str(json.loads(body)["type"])[:100]
    except (ValueError, KeyError, TypeError):
        return ""
