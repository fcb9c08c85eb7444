"""Log-ins that another system vouches for (统一登录, OpenID Connect Core 1.0): what is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel import UnauthenticatedError

SKEW = 60
"""Seconds by which the provider's clock may differ."""
LONGEST_SUBJECT = 255
"""Characters of a subject (Core, 2)."""


class NotVouchedForError(UnauthenticatedError):
    """What the provider sent, or somebody in its name, proves nothing."""


@dataclass(frozen=True)
class Expected:
    """What an ID token must say to be the answer to our question."""

    issuer: str
    client: str
    nonce: str
    proved_since: float | None = None
    """Unix time since which the person must have proved who they are; None: whenever."""


@dataclass(frozen=True, order=True)
class Post:
    """A role in a body, and in one of its units (by its code; empty: the body itself)."""

    role: str
    body: str = ""
    unit: str = ""


@dataclass(frozen=True)
class GroupRule:
    """Who is in this group of the provider's holds this post."""

    group: str
    post: Post
    claim: str = "groups"


@dataclass(frozen=True)
class Somebody:
    """Whom the provider vouches for, and as what: without posts, as nobody (any more)."""

    issuer: str
    subject: str
    name: str
    display: str
    posts: tuple[Post, ...]
    proved: float
    """Unix time at which they last proved who they are to the provider; 0: it does not say."""


def somebody_in(
    claims: Mapping[str, Any], expected: Expected, now: float, rules: Sequence[GroupRule]
) -> Somebody:
    """Who an ID token is about, its signature being good (Core, 3.1.3.7).

    Raises NotVouchedForError.
    """
    if not answers(claims, expected) or not is_fresh(claims, now):
        raise NotVouchedForError("统一登录的回答不可信，没有登录。请重新登录。")
    if not is_proved(claims, expected):
        raise NotVouchedForError("统一登录没有重新验证本人，没有登录。请重新登录。")
    subject = str(claims["sub"])
    name = text_in(claims, "preferred_username") or subject
    display = text_in(claims, "name") or name
    posts = posts_in(claims, rules)
    return Somebody(expected.issuer, subject, name, display, posts, proved_in(claims, now))


def answers(claims: Mapping[str, Any], expected: Expected) -> bool:
    """Whether it is the answer of this provider, for us, to this question."""
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    presenter = claims.get("azp")
    subject = claims.get("sub")
    return (
        claims.get("iss") == expected.issuer
        and expected.client in named
        and (presenter == expected.client or (presenter is None and len(named) == 1))
        and bool(expected.nonce)
        and claims.get("nonce") == expected.nonce
        and isinstance(subject, str)
        and 0 < len(subject) <= LONGEST_SUBJECT
    )


def is_fresh(claims: Mapping[str, Any], now: float) -> bool:
    """Whether it is neither over nor of the future."""
    until, since, earliest = (claims.get(name) for name in ("exp", "iat", "nbf"))
    return (
        is_number(until)
        and is_number(since)
        and now < float(until or 0) + SKEW
        and float(since or 0) <= now + SKEW
        and (earliest is None or (is_number(earliest) and float(earliest) <= now + SKEW))
    )


def is_proved(claims: Mapping[str, Any], expected: Expected) -> bool:
    """Whether the person proved who they are as lately as was asked (`auth_time`, Core 2)."""
    if expected.proved_since is None:
        return True
    at = claims.get("auth_time")
    return is_number(at) and float(at or 0) >= expected.proved_since - SKEW


def proved_in(claims: Mapping[str, Any], now: float) -> float:
    """When the person proved who they are, at most now (`auth_time`); 0 where nothing says so.

    A provider that knows the browser lets somebody through who proved it hours ago.
    """
    at: Any = claims.get("auth_time")
    known = is_number(at) and 0 <= at <= now + SKEW
    return min(float(at), now) if known else 0.0


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def posts_in(claims: Mapping[str, Any], rules: Sequence[GroupRule]) -> tuple[Post, ...]:
    """What somebody's groups give them here."""
    found = {one.post for one in rules if one.group in groups_in(claims, one.claim)}
    return tuple(sorted(found))


def groups_in(claims: Mapping[str, Any], claim: str) -> list[Any]:
    """The groups a claim lists; dots lead inward, as in `realm_access.roles`."""
    value: Any = claims
    for name in claim.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else [value]


def text_in(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
