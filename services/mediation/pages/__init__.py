"""The pages of the people who work here: log-in, desk, case, staff entry, ledger."""

from fastapi import APIRouter

from services.mediation.pages.case import CasePages
from services.mediation.pages.desk import DeskPages
from services.mediation.pages.door import DoorPages
from services.mediation.pages.entry import EntryPages
from services.mediation.pages.invitation import InvitationPages
from services.mediation.pages.mine import MyPages
from services.mediation.pages.people import people_pages
from services.mediation.pages.query_code import QueryCodePages
from services.mediation.pages.recovery import RecoveryPages
from services.mediation.pages.respondent import RespondentPages
from services.mediation.pages.second_factor import SecondFactorPages
from services.mediation.ports import Intake
from services.mediation.settings import MediationSettings
from shared.bodies import Bodies


def pages(intake: Intake, bodies: Bodies, settings: MediationSettings) -> list[APIRouter]:
    """All pages, each with its guard."""
    return [
        DoorPages(settings).router(),
        MyPages(settings).router(),
        SecondFactorPages(settings).router(),
        RecoveryPages().router(),
        *people_pages(bodies, settings),
        DeskPages(bodies, settings).router(),
        EntryPages(intake).router(),
        CasePages(intake, bodies).router(),
        QueryCodePages(intake).router(),
        InvitationPages(settings).router(),
        RespondentPages(intake, bodies).router(),
    ]
