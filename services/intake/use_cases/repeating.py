"""Complaints that come again under the same key: answered as the first time."""

from typing import Any

from sqlalchemy import and_, or_, select

from services.intake.domain.errors import KeyUsedError
from services.intake.tables import ComplaintRow
from services.intake.use_cases.checking import EXTERNAL
from services.intake.use_cases.receipts import FIRST, Receipt, receipt_of
from shared.vault import Vault
from shared.work import Database


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
