"""Intake, put together."""

from datetime import timedelta

from fastapi import FastAPI

from services.intake import pages, routes
from services.intake.clients import NotificationClient
from services.intake.consumers import subscriptions
from services.intake.domain.waiting import MEGA, Room
from services.intake.internal import Internal
from services.intake.internal_privacy import InternalPrivacy
from services.intake.ledger import FileLedger
from services.intake.ports import Means
from services.intake.scanner import scanner_of
from services.intake.settings import IntakeSettings
from services.intake.steps import (
    AnswerLostCodes,
    ForgetCodes,
    ForgetUploads,
    ScanFiles,
    SendLettersCodes,
    SweepFiles,
)
from services.intake.steps_keeping import DropErasedFiles, EraseAgain
from services.intake.storage import storage_of
from services.intake.tables import Base
from services.intake.use_cases.belonging import THINGS
from services.intake.use_cases.keeping_status import keeping_status
from services.intake.use_cases.reporters import move_reporters
from services.intake.use_cases.resealing import SealedFiles
from shared.limits.challenge import Flood
from shared.runtime.service import Around, Service


def build(around: Around) -> Service:
    """Intake among its sisters."""
    settings = IntakeSettings()
    scanner = scanner_of(settings)
    ledger = FileLedger(around.common.erased_path)
    means = Means(
        around.common.organisations,
        storage_of(settings, around.common),
        NotificationClient(around.client_of("notification")),
        Flood(settings.flood_per_minute),
        Room(settings.waiting_mb_per_address * MEGA, settings.waiting_mb * MEGA),
    )
    return Service(
        name="intake",
        tables=Base.metadata,
        subscriptions=subscriptions,
        things=THINGS,
        settings=[settings],
        routers=[*routes.routers(means), *pages.routers(means)],
        internal=[Internal(means).router, InternalPrivacy(means.storage, ledger).router],
        held=[SealedFiles(means.storage)],
        status=keeping_status,
        steps=[
            ForgetUploads(means.storage, timedelta(hours=settings.upload_hours)),
            SweepFiles(means.storage),
            AnswerLostCodes(
                means.office,
                around.common.public_url.rstrip("/") + "/intake/status/lost/code",
            ),
            SendLettersCodes(means.office),
            ForgetCodes(),
            EraseAgain(ledger),
            DropErasedFiles(means.storage),
            move_reporters,
            *([ScanFiles(means.storage, scanner)] if scanner else []),
        ],
    )


def app() -> FastAPI:
    """Intake alone, for a server of its own."""
    from shared.runtime.distributed import serve  # noqa: PLC0415 - Kafka only where it is used

    return serve("intake", build, IntakeSettings())
