"""The JSON interface of mediation."""

from fastapi import APIRouter

from services.mediation.ports import Intake
from services.mediation.routes.cases import CaseRoutes
from services.mediation.routes.door import DoorRoutes
from services.mediation.routes.looks import LookRoutes
from services.mediation.routes.mine import MyRoutes
from services.mediation.routes.people import StaffRoutes
from services.mediation.routes.second_factor import FactorRoutes
from services.mediation.routes.seconded import SecondedRoutes
from services.mediation.routes.units import UnitRoutes
from services.mediation.settings import MediationSettings
from shared.bodies import Bodies


def routes(intake: Intake, bodies: Bodies, settings: MediationSettings) -> list[APIRouter]:
    """All of it, each route with its guard."""
    return [
        DoorRoutes(settings).router(),
        MyRoutes(settings).router(),
        FactorRoutes(settings).router(),
        CaseRoutes(intake, bodies).router(),
        LookRoutes(intake).router(),
        StaffRoutes(bodies).router(),
        SecondedRoutes(bodies).router(),
        UnitRoutes(bodies, settings).router(),
    ]
