"""An OpenID Connect provider: discovery, the code flow's calls, the signature of its tokens.

OpenID Connect Discovery 1.0, Core 1.0, RFC 7636 (PKCE), RFC 8725 (algorithms are ours to name).
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from shared.net import Client, Unanswered, answer_of

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA"]
"""Signatures with a key pair only: never `none`, never a shared secret (RFC 8725, 3.1)."""
BELIEVED = 3600.0
"""Seconds that discovery and keys are kept."""
AGAIN = 60.0
"""Seconds before keys are fetched again because of one that nobody knows."""
LARGEST = 256 * 1024
"""Bytes of an answer; what is longer is not read on."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderError(Unanswered):
    """The provider answers, but not as one does."""


@dataclass
class OpenIdProvider:
    """A provider as its issuer describes it."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    client: Client
    ticks: Callable[[], float] = monotonic
    _known: dict[str, str] | None = None
    _known_at: float = 0.0
    _keys: list[Key] = field(default_factory=list)
    _keys_at: float | None = None

    def __post_init__(self) -> None:
        if not is_safe(self.issuer):
            raise ValueError(f"MEDIATION_OIDC_ISSUER: {self.issuer} is no https address.")

    async def close(self) -> None:
        """Hang up."""
        await self.client.aclose()

    async def address(self, asked: Mapping[str, str]) -> str:
        """Where somebody is sent to prove who they are. Raises Unanswered."""
        endpoint = (await self._endpoints())["authorization_endpoint"]
        usual = {"response_type": "code", "client_id": self.client_id}
        joint = "&" if urlsplit(endpoint).query else "?"
        return f"{endpoint}{joint}{urlencode(usual | dict(asked))}"

    async def claims(self, code: str, verifier: str, back: str) -> Mapping[str, Any] | None:
        """What the ID token says that a code is worth; None for none. Raises Unanswered."""
        token = await self._exchanged(code, verifier, back)
        return await self._signed(token) if token else None

    async def _exchanged(self, code: str, verifier: str, back: str) -> str | None:
        """The ID token for a code; None where the provider does not take it."""
        endpoint = (await self._endpoints())["token_endpoint"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        status, content = await answer_of(
            self.client, "POST", endpoint, LARGEST, data=form, headers=self._proof()
        )
        if status != HTTPStatus.OK:
            return None
        token = read(content).get("id_token")
        return token if isinstance(token, str) else None

    def _proof(self) -> dict[str, str]:
        """That it is us who ask (RFC 6749, 2.3.1); a public client has PKCE alone."""
        if not self.secret:
            return {}
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    async def _signed(self, token: str) -> Mapping[str, Any] | None:
        """The claims of a token that a key of the provider's signed."""
        try:
            named = jws.extract_compact(token.encode()).headers()
            key = await self._key(named.get("kid"))
            return jwt.decode(token, key, algorithms=ALGORITHMS).claims if key else None
        except (JoseError, ValueError, TypeError, AttributeError):
            return None

    async def _key(self, kid: object) -> Key | None:
        """The key of this id; one that is not known is looked for again, but not all the time."""
        age = BELIEVED if self._keys_at is None else self.ticks() - self._keys_at
        found = self._named(kid)
        if age >= BELIEVED or (found is None and age >= AGAIN):
            await self._fetch_keys()
            found = self._named(kid)
        return found

    def _named(self, kid: object) -> Key | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == kid), None)

    async def _fetch_keys(self) -> None:
        said = await self._document((await self._endpoints())["jwks_uri"])
        public = [one for one in said.get("keys", ()) if isinstance(one, dict) and usable(one)]
        try:
            self._keys = list(KeySet.import_key_set({"keys": public}).keys) if public else []
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderError("The keys of the provider cannot be read.") from error
        self._keys_at = self.ticks()

    async def _endpoints(self) -> dict[str, str]:
        """Where the provider says it can be called (Discovery, 4)."""
        if self._known is None or self.ticks() - self._known_at >= BELIEVED:
            said = await self._document(
                self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            )
            found = {name: said.get(name) for name in ENDPOINTS}
            if said.get("issuer") != self.issuer or not all(map(is_safe, found.values())):
                raise ProviderError("The provider describes itself as somebody else.")
            self._known = {name: str(value) for name, value in found.items()}
            self._known_at = self.ticks()
        return self._known

    async def _document(self, url: str) -> Mapping[str, Any]:
        status, content = await answer_of(self.client, "GET", url, LARGEST)
        if status != HTTPStatus.OK:
            raise ProviderError(f"The provider answers {status}.")
        return read(content)


def read(content: bytes) -> Mapping[str, Any]:
    """A JSON object. Raises ProviderError for anything else."""
    try:
        said = json.loads(content)
    except ValueError as error:
        raise ProviderError("The provider does not answer in JSON.") from error
    if not isinstance(said, dict):
        raise ProviderError("The provider does not answer with an object.")
    return said


def usable(key: Mapping[str, Any]) -> bool:
    """Whether it is a key pair's, and for signatures."""
    return key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"


def is_safe(url: object) -> bool:
    """An https address; without it only on this machine."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    )
