"""Logging in by way of another system (统一登录, OpenID Connect)."""

from services.mediation.use_cases.oidc.accounts import Place
from services.mediation.use_cases.oidc.flow import Back, Question, arrive, ask

__all__ = ["Back", "Place", "Question", "arrive", "ask"]
