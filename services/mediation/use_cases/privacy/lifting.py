"""A legal hold (暂停删除) is lifted: the case goes on, and is listed at once where it is due."""

from uuid import UUID

from services.mediation.tables import HoldRow
from services.mediation.use_cases.privacy.errors import DecidedAlreadyError, NoSuchThingError
from services.mediation.use_cases.privacy.holds import Officer, locked
from services.mediation.use_cases.privacy.listing import list_cases
from shared.clock import local_day
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.work import Work


async def lift_hold(work: Work, hold: UUID, officer: Officer) -> None:
    """Let the case go on. Raises NoSuchThingError, DecidedAlreadyError.

    The case is locked before the hold, as by whoever erases it.
    """
    row = await work.session.get(HoldRow, hold)
    if row is None or not officer.rights.reach(Action.RETENTION_MANAGE).whole(row.body):
        error = NoSuchThingError("没有这一条暂停删除的记录。")
        raise error.beyond("hold", row.id if row else None)
    doer = officer.doing(Action.RETENTION_MANAGE, row.body)
    await locked(work, row.case_id)
    await work.session.refresh(row, with_for_update=True)
    if row.lifted_at is not None:
        raise DecidedAlreadyError("这一条已经解除。")
    row.lifted_by, row.lifted_at = officer.id, work.now
    await work.session.flush()
    await list_cases(work, [row.case_id], local_day(work.now))
    said = Said(Deed.HOLD_LIFTED.value, {"hold": hold, "until": row.until})
    await note(work, Chain("case", str(row.case_id)), doer, said)
