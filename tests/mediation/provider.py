"""An OpenID Connect provider of our own, with keys of its own, that also lies when told to."""

import hashlib
import json
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.conftest import StandingClock

ISSUER = "https://idp.example"
CLIENT, SECRET = "redress", "s3cret:with/odd chars"


@cache
def made(kid: str, whose: str = "the provider's") -> RSAKey:
    """A key pair; each is made once, as that takes its time."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class Provider:
    """Knows people, gives codes for them, changes each code for an ID token once."""

    clock: StandingClock
    key: RSAKey = field(default_factory=lambda: made("one"))
    published: list[RSAKey | ECKey] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)
    """What it says of itself otherwise than it should."""
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    forged: str | None = None
    """What it gives instead of a token."""
    groups: list[str] = field(default_factory=lambda: ["mediators"])
    fetched: int = 0
    issuer: str = ISSUER
    """Where it is; a browser can go there when it listens."""

    def __post_init__(self) -> None:
        self.published = self.published or [self.key]

    def app(self) -> Starlette:
        """Its server."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.describe),
                Route("/authorize", self.ask),
                Route("/keys", self.keys),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def describe(self, request: Request) -> Response:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=a",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return JSONResponse(said | self.described)

    async def ask(self, request: Request) -> Response:
        """The page where somebody says who they are; proved anew where that was asked for."""
        now = int(self.clock().timestamp())
        proved = {"auth_time": now} if request.query_params.get("prompt") == "login" else {}
        came = self.log_in(str(request.url), **proved)
        back = f"{request.query_params['redirect_uri']}?{urlencode(came)}"
        page = f'<!doctype html><title>IdP</title><a href="{escape(back)}">我是周调解员</a>'
        return HTMLResponse(page)

    async def keys(self, request: Request) -> Response:
        self.fetched += 1
        return JSONResponse({"keys": [one.as_dict(private=False) for one in self.published]})

    def log_in(self, address: str, **claims: Any) -> dict[str, str]:
        """Somebody proves who they are at this address; what they are sent back with."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        now = int(self.clock().timestamp())
        usual = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "a-subject",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "preferred_username": "zhou",
            "name": "周调解员",
            "email": "zhou@example.invalid",
            "groups": self.groups,
        }
        code = f"code-{len(self.codes)}"
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        self.codes[code] = {"asked": asked, "claims": said}
        return {"code": code, "state": asked["state"]}

    async def token(self, request: Request) -> Response:
        """Change a code, once, for whoever knows the verifier and the secret."""
        form = await request.form()
        proof = request.headers.get("authorization", "").removeprefix("Basic ")
        known = self.codes.pop(str(form["code"]), None)
        verifier = str(form["code_verifier"]).encode()
        challenge = urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        if (
            known is None
            or b64decode(proof) != b"redress:s3cret%3Awith%2Fodd+chars"
            or form["redirect_uri"] != known["asked"]["redirect_uri"]
            or challenge != known["asked"]["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.forged or self.signed(known["claims"])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        """An ID token."""
        usual = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(usual | header, claims, self.key, algorithms=["RS256"])


def part(said: dict[str, Any]) -> str:
    """One part of a token, unsigned."""
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
