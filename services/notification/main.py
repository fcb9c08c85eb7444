"""Notification, assembled. On its own: `uvicorn services.notification.main:app --factory`."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from fastapi import FastAPI

from services.notification.clients import IntakeClient, MediationClient
from services.notification.consumers import listening
from services.notification.domain.states import State
from services.notification.internal import internal
from services.notification.internal_citizen import internal_citizen
from services.notification.internal_papers import internal_papers
from services.notification.mailers import mailer_of
from services.notification.pages import pages
from services.notification.ports import Mailer, Office
from services.notification.printer.printer import Printer
from services.notification.routes import routes
from services.notification.settings import NotificationSettings
from services.notification.tables import Base
from services.notification.texting import NoTexter, Texter, texter_of
from services.notification.use_cases.belonging import THINGS
from services.notification.use_cases.giving_up import give_up_late
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.read import counts
from services.notification.use_cases.send import send_due
from shared.clock import local_day
from shared.runtime.service import Around, Facts, Service
from shared.work import Database


def build(around: Around, mailer: Mailer | None = None) -> Service:
    """The service in these surroundings; another `mailer` than the configured one for tests."""
    settings = NotificationSettings()
    office = Office(
        bodies=around.common.organisations,
        address=around.common.public_url.rstrip("/"),
        cases=MediationClient(around.client_of("mediation")),
        complaints=IntakeClient(around.client_of("intake")),
        printer=Printer(settings.font_folders),
        mailer=mailer or mailer_of(settings),
    )
    texter = texter_of(settings)
    made = service_of(office, texter)
    return replace(made, settings=[settings], closing=[texter.close])


def service_of(office: Office, texter: Texter | None = None) -> Service:
    """What notification is, with what it has at hand; no `texter`: nothing sends text messages."""
    return Service(
        "notification",
        Base.metadata,
        listening(office.bodies),
        routers=[*routes(office), *pages(office)],
        internal=[
            internal(office),
            internal_citizen(office, texter or NoTexter()),
            internal_papers(office.printer),
        ],
        steps=[
            partial(make_letters, office=office),
            partial(send_due, office=office),
            OncePerDay(),
        ],
        things=THINGS,
        status=status,
    )


@dataclass
class OncePerDay:
    """Letters that waited for too long are looked for at the start and on each new legal day."""

    looked_on: date | None = None

    async def __call__(self, database: Database) -> int:
        """Hand letters that are too late to a person; how many."""
        today = local_day(database.clock())
        if self.looked_on == today:
            return 0
        late = await give_up_late(database)
        self.looked_on = today
        return late


async def status(database: Database) -> Facts:
    """How many letters are in each state."""
    async with database.reading() as session:
        number = await counts(session)
    return {"letters": {state.value: number[state] for state in State}}


def app() -> FastAPI:
    """The process of the distributed mode."""
    from shared.runtime.distributed import serve  # noqa: PLC0415 - Kafka only where it is used

    return serve("notification", build, NotificationSettings())
