"""One row of the trail for each thing done, in the transaction in which it is done."""

from collections.abc import Mapping, Sequence

from shared.bulk import put
from shared.ids import uuid7
from shared.trail.chain import NOTHING_BEFORE
from shared.trail.deeds import DEEDS
from shared.trail.rows import Place, audit_row, head_row
from shared.trail.said import KINDS, Chain, Doer, Noted, Said
from shared.trail.tables import AuditHeadRow, AuditRow
from shared.work import Work, table_of

HEADS = table_of(AuditHeadRow)


async def note(work: Work, chain: Chain, doer: Doer, said: Said) -> None:
    """Write one row at the end of a chain. It commits with the work, or neither does.

    Raises ValueError for a chain or an action that no list of ours has.
    """
    await note_all(work, [Noted(chain, doer, said)])


async def note_all(work: Work, noted: Sequence[Noted]) -> None:
    """Write many rows with three statements. Each chain stays locked until the work ends.

    Chains are taken in one order, so that two works never wait for each other crosswise; what is
    done together is therefore noted together, by one call.
    """
    if not noted:
        return
    for one in noted:
        check(one)
    heads = await taken(work, sorted({one.chain for one in noted}))
    rows = []
    for one in noted:
        seq, previous = heads[one.chain]
        row = audit_row(work.vault, one, Place(seq + 1, previous, uuid7(), work.now))
        heads[one.chain] = (row["seq"], row["hash"])
        rows.append(row)
    await work.insert(AuditRow, rows)
    await moved(work, heads)


def check(one: Noted) -> None:
    """Raises ValueError where no list has this kind of chain or this action."""
    if one.chain.kind not in KINDS or not one.chain.key:
        raise ValueError(f"There is no chain {one.chain.kind!r}, or it was not said which.")
    if one.said.action not in DEEDS:
        raise ValueError(f"No list of ours has the action {one.said.action!r}.")


Head = tuple[int, bytes]
"""The number and the hash of a chain's last row."""


async def taken(work: Work, chains: Sequence[Chain]) -> dict[Chain, Head]:
    """The heads of these chains, locked; new ones begin. In one statement."""
    fresh = [
        {"kind": one.kind, "key": one.key, "seq": 0, "hash": NOTHING_BEFORE, "mac": b""}
        for one in chains
    ]
    found = await put(work.session, HEADS, fresh, change=())
    return {Chain(row.kind, row.key): (row.seq, row.hash) for row in found}


async def moved(work: Work, heads: Mapping[Chain, Head]) -> None:
    """Note where the chains end now."""
    rows = [head_row(work.vault, chain, *heads[chain]) for chain in sorted(heads)]
    await put(work.session, HEADS, rows, change=("seq", "hash", "mac"))
