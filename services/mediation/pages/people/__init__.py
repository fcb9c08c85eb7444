"""Pages about people: units, staff, one person, who stands in for me, and who may do what."""

from fastapi import APIRouter

from services.mediation.pages.people.held import HeldPages
from services.mediation.pages.people.imports import ImportPages
from services.mediation.pages.people.permissions import PermissionPages
from services.mediation.pages.people.person import PersonPages
from services.mediation.pages.people.staff import StaffPages
from services.mediation.pages.people.stand_in import StandInPages
from services.mediation.pages.people.start import StartPages
from services.mediation.pages.people.units import UnitPages
from services.mediation.settings import MediationSettings
from shared.bodies import Bodies


def people_pages(bodies: Bodies, settings: MediationSettings) -> list[APIRouter]:
    """All of them, each with its guard."""
    return [
        StartPages().router(),
        ImportPages(bodies, "units").router(),
        ImportPages(bodies, "staff").router(),
        UnitPages(bodies).router(),
        StaffPages(bodies).router(),
        PersonPages(bodies).router(),
        HeldPages(bodies, settings).router(),
        StandInPages(settings).router(),
        PermissionPages().router(),
    ]
