"""Mediation, assembled."""

from datetime import timedelta

from fastapi import APIRouter, FastAPI

from services.mediation.clients import IntakeClient, NotificationClient, OpenIdProvider
from services.mediation.consumers import subscriptions
from services.mediation.internal import Internal
from services.mediation.internal_privacy import internal_privacy
from services.mediation.pages import pages
from services.mediation.pages.audit import AuditPages
from services.mediation.pages.keeping import keeping_pages
from services.mediation.pages.review import ReviewPages
from services.mediation.pages.sign_on import SignOnPages
from services.mediation.routes import routes
from services.mediation.routes.audit import AuditRoutes
from services.mediation.routes.keeping import KeepingRoutes
from services.mediation.settings import MediationSettings
from services.mediation.steps import (
    FetchWords,
    PushAmendments,
    Rarely,
    index_texts,
    purge_sessions,
)
from services.mediation.steps_keeping import keeping_steps
from services.mediation.tables import SEALED_WORDS, Base
from services.mediation.use_cases.audit import LOGS
from services.mediation.use_cases.resealing import rebuild_lookups
from services.mediation.use_cases.rules import packs, packs_told
from services.mediation.use_cases.searching.generations import generations_in_use
from services.mediation.use_cases.standing import status_of
from services.mediation.use_cases.trail.belonging import THINGS
from services.mediation.use_cases.trail.listing import Installation
from shared.net import to_others
from shared.outgoing import CONFIGURED
from shared.runtime.service import Around, Service

A_MINUTE = timedelta(minutes=1)


def build(around: Around) -> Service:
    """The service. Raises BrokenPackError where a rule pack cannot be applied."""
    packs()
    settings = MediationSettings()
    bodies = around.common.organisations
    intake = IntakeClient(around.client_of("intake"))
    notification = NotificationClient(around.client_of("notification"))
    sisters = {name: around.client_of(name) for name in ("intake", "notification", "analytics")}
    here = Installation(sisters, bodies)
    provider = provider_of(settings) if settings.oidc_issuer else None
    return Service(
        name="mediation",
        tables=Base.metadata,
        subscriptions=subscriptions,
        routers=[
            *routes(intake, bodies, settings),
            *pages(intake, bodies, settings),
            *keeping_pages(intake, bodies),
            KeepingRoutes(bodies).router(),
            *sign_on(provider, settings),
            AuditRoutes(here, settings).router(),
            AuditPages(here, settings).router(),
            ReviewPages(here, settings).router(),
        ],
        internal=[internal_privacy(intake, bodies), Internal(intake, settings).router()],
        steps=[
            FetchWords(intake),
            PushAmendments(intake),
            index_texts,
            Rarely(purge_sessions, A_MINUTE),
            *keeping_steps(intake, notification, bodies),
        ],
        logs=LOGS,
        things=THINGS,
        settings=[settings],
        packs=packs_told,
        companions={SEALED_WORDS: rebuild_lookups},
        in_use=[generations_in_use],
        closing=[provider.close] if provider else [],
        status=status_of,
    )


def sign_on(provider: OpenIdProvider | None, settings: MediationSettings) -> list[APIRouter]:
    """The way in by another system, where one is set. Raises ValueError for one that cannot be."""
    if provider is None:
        return []
    if not settings.group_rules:
        raise ValueError("MEDIATION_OIDC_GROUPS names no group: nobody could log in.")
    return [SignOnPages(provider, settings).router()]


def provider_of(settings: MediationSettings) -> OpenIdProvider:
    """The provider that the settings name. Raises ValueError for an address that is not safe."""
    secret = settings.oidc_secret.get_secret_value()
    client = to_others(CONFIGURED)
    return OpenIdProvider(settings.oidc_issuer, settings.oidc_client, secret, client)


def app() -> FastAPI:
    """The service on its own, for `redress serve mediation`."""
    from shared.runtime.distributed import serve  # noqa: PLC0415 - Kafka only where it is used

    return serve("mediation", build, MediationSettings())
