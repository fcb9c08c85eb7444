"""People who leave: their access ends, everything they did stays with their name."""

from uuid import UUID

from sqlalchemy import select

from services.mediation.tables import GrantRow
from services.mediation.use_cases.people.doing import By
from services.mediation.use_cases.people.last import check_not_last, line_up
from services.mediation.use_cases.people.persons import (
    check_not_oneself,
    managed_wholly,
    person_in,
)
from services.mediation.use_cases.people.standing_in import end_with
from services.mediation.use_cases.staff import log_out_everywhere
from shared.i18n import N_
from shared.trail import Chain, Deed, Said, note
from shared.work import Work


async def end_person(work: Work, staff: UUID, by: By) -> None:
    """End an account with its sessions, tokens, roles and stand-ins; their cases stay as they are.

    Raises NoSuchPersonError, NotToOneselfError, LastAdministratorError, NotAllowedError.
    """
    await line_up(work.session)
    person = await person_in(work.session, staff, lock=True)
    doer = await managed_wholly(work.session, by, person)
    check_not_oneself(doer, person.id, N_("不能停用自己的账号，请由另一位管理员办理。"))
    if person.ended_at is not None:
        return
    held = select(GrantRow).where(GrantRow.staff_id == person.id, GrantRow.ended_at.is_(None))
    grants = (await work.session.scalars(held.with_for_update())).all()
    await check_not_last(work, grants)
    person.ended_at = work.now
    for one in grants:
        one.ended_at = work.now
    await end_with(work, person.id, doer)
    await log_out_everywhere(work, person.id)
    roles = [{"role": one.role, "body": one.body, "unit": one.unit} for one in grants]
    said = {
        "name": person.name,
        "display": person.display,
        "roles": roles,
        "bodies": sorted({one.body for one in grants}),
    }
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.STAFF_ENDED, said))
