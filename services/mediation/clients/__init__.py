"""Whom mediation calls: intake, over the wire or in the same process; a provider of log-ins."""

from services.mediation.clients.intake import IntakeClient
from services.mediation.clients.provider import OpenIdProvider

__all__ = ["IntakeClient", "OpenIdProvider"]
