"""Logging in by way of another system (统一登录, OpenID Connect)."""

from services.mediation.use_cases.oidc.accounts import NoRoleHereError
from services.mediation.use_cases.oidc.flow import Back, Question, arrive, ask
from services.mediation.use_cases.oidc.places import Place

__all__ = ["Back", "NoRoleHereError", "Place", "Question", "arrive", "ask"]
