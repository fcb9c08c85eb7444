"""Whose the things are that mediation's trail tells of: cases, people, units, requests."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from services.mediation.tables import (
    ApiTokenRow,
    CaseRow,
    ErasureRow,
    HoldRow,
    PrivacyRequestRow,
    SessionRow,
    StaffRow,
    UnitRow,
)
from shared.trail.belonging import Belonging, Ids


def cases(bodies: Collection[str]) -> Ids:
    """Their cases."""
    return select(CaseRow.id).where(CaseRow.body.in_(bodies))


def cases_of(complaint: UUID) -> Ids:
    """The case of a complaint."""
    return select(CaseRow.id).where(CaseRow.complaint_id == complaint)


def staff(bodies: Collection[str]) -> Ids:
    """Who works for them, or did."""
    return select(StaffRow.id).where(StaffRow.body.in_(bodies))


def logins(bodies: Collection[str]) -> Ids:
    """Where their people are logged in; refusals alone are about one."""
    return select(SessionRow.id).where(SessionRow.staff_id.in_(staff(bodies)))


def holds(bodies: Collection[str]) -> Ids:
    """Legal holds on their cases; refusals alone are about one."""
    return select(HoldRow.id).where(HoldRow.body.in_(bodies))


def units(bodies: Collection[str]) -> Ids:
    """Their units."""
    return select(UnitRow.id).where(UnitRow.body.in_(bodies))


def tokens(bodies: Collection[str]) -> Ids:
    """The tokens of their people."""
    return select(ApiTokenRow.id).where(ApiTokenRow.staff_id.in_(staff(bodies)))


def requests(bodies: Collection[str]) -> Ids:
    """What persons asked of them, and what led to the erasure of one of their cases."""
    erased = select(ErasureRow.request).where(ErasureRow.case_id.in_(cases(bodies)))
    mine = PrivacyRequestRow.body.in_(bodies) | PrivacyRequestRow.id.in_(erased)
    return select(PrivacyRequestRow.id).where(mine)


def requests_about(complaint: UUID) -> Ids:
    """What led to the erasure of a complaint."""
    request = ErasureRow.request
    return select(request).where(ErasureRow.complaint_id == complaint, request.is_not(None))


THINGS: Mapping[str, Belonging] = MappingProxyType(
    {
        "case": Belonging(cases, cases_of, number=CaseRow.number),
        "staff": Belonging(staff),
        "session": Belonging(staff),
        "login": Belonging(logins),
        "hold": Belonging(holds),
        "unit": Belonging(units),
        "token": Belonging(tokens),
        "retention": Belonging(requests, requests_about, by_code=True),
    }
)
