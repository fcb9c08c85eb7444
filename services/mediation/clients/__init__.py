"""Whom mediation calls: its sisters, over the wire or in one process; a provider of log-ins."""

from services.mediation.clients.intake import IntakeClient
from services.mediation.clients.notification import NotificationClient
from services.mediation.clients.provider import OpenIdProvider

__all__ = ["IntakeClient", "NotificationClient", "OpenIdProvider"]
