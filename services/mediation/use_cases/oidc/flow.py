"""The way to the provider and back: a question, an answer that fits it, an account."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from services.mediation.domain.sign_on import Expected, NotVouchedForError, somebody_in
from services.mediation.ports import IdentityProvider
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.oidc.accounts import account_for
from services.mediation.use_cases.second_factor.codes import asks_code
from services.mediation.use_cases.sessions.login import Proof, half_begun, mark_of
from shared.work import Database

RANDOM = 32
"""Bytes of each of state, nonce and verifier."""


@dataclass(frozen=True)
class Question:
    """What was asked, kept in a sealed cookie until the answer comes."""

    state: str
    nonce: str
    verifier: str
    proved_since: float | None = None
    """Unix time since which the person must show the provider anew who they are; None: whenever."""


@dataclass(frozen=True)
class Back:
    """What somebody came back with."""

    state: str
    code: str
    issuer: str | None = None
    """`iss` (RFC 9207), where the provider says it."""


async def ask(
    provider: IdentityProvider,
    settings: MediationSettings,
    back: str,
    proved_since: float | None = None,
) -> tuple[Question, str]:
    """A fresh question, and the address it is asked at.

    With `proved_since` the provider lets nobody through who merely was there before (Core,
    3.1.2.1: `prompt`, `max_age`). Raises Unanswered.
    """
    state, nonce, verifier = (secrets.token_urlsafe(RANDOM) for _ in range(3))
    asked = {
        "scope": settings.oidc_scopes,
        "redirect_uri": back,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if proved_since is not None:
        asked |= {"prompt": "login", "max_age": "0"}
    return Question(state, nonce, verifier, proved_since), await provider.address(asked)


def challenge_of(verifier: str) -> str:
    """What the provider is told of a verifier before it is shown (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


async def arrive(
    database: Database,
    provider: IdentityProvider,
    settings: MediationSettings,
    question: Question,
    came: tuple[Back, str],
) -> tuple[Proof, str]:
    """Who came back, proved; and their account's name. `came`: with what, and where to.

    Raises NotVouchedForError, NoRoleHereError, NotHereAnyMoreError, LastAdministratorError,
    Unanswered.
    """
    back, address = came
    ours = hmac.compare_digest(back.state.encode(), question.state.encode())
    if not ours or not back.code or back.issuer not in {None, settings.oidc_issuer}:
        raise NotVouchedForError("统一登录的回答不可信，没有登录。请重新登录。")
    claims = await provider.claims(back.code, question.verifier, address)
    if claims is None:
        raise NotVouchedForError("统一登录的回答不可信，没有登录。请重新登录。")
    expected = Expected(
        settings.oidc_issuer, settings.oidc_client, question.nonce, question.proved_since
    )
    now = database.clock().timestamp()
    somebody = somebody_in(claims, expected, now, settings.group_rules)
    async with database.work() as work:
        account, shut = await account_for(work, somebody, settings.oidc_role_days)
        needs_code = shut is None and await asks_code(work.session, account.id)
        if needs_code:
            await half_begun(work, account)
        proof = Proof(account.id, mark_of(account), needs_code, proved=somebody.proved)
    if shut is not None:
        raise shut
    return proof, account.name
