"""Limits of single routes: how often, and how large."""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from shared.kernel import TooManyError
from shared.limits.rates import Rate
from shared.web.requests import options_of


class TooOftenError(TooManyError):
    """More than one caller may ask in this time."""


@dataclass(frozen=True)
class Limited:
    """A limit of its own for one purpose."""

    purpose: str
    rate: Rate

    async def __call__(self, request: Request) -> None:
        """Take one of the caller's tokens. Raises TooOftenError."""
        take(request, self.purpose, self.rate)


@dataclass(frozen=True)
class Guessing:
    """The limit of what can be guessed: log-ins and query codes."""

    async def __call__(self, request: Request) -> None:
        """Take one of the caller's tokens. Raises TooOftenError."""
        take(request, "guess", options_of(request).limits.guesses)


def take(request: Request, purpose: str, rate: Rate) -> None:
    caller = request.scope.get("redress.caller", "-")
    wait = options_of(request).buckets.wait(f"{purpose} {caller}", rate)
    if wait:
        raise TooOftenError("操作太频繁，请{retry_after}秒后再试。", retry_after=wait)


@dataclass(frozen=True)
class BodyLimit:
    """The largest body a route takes, in bytes; read before the body is."""

    size: int

    async def __call__(self) -> None:
        """Nothing is left to do: the limit was kept while the body came in."""


def limited(purpose: str, times: int, seconds: float) -> Any:
    """At most `times` per `seconds` for one account, or for one stranger's address."""
    return Depends(Limited(purpose, Rate(times / seconds, times)))


def guessing() -> Any:
    """For what can be guessed (log-in, query code): the installation's limit of tries."""
    return Depends(Guessing())


def body_limit(size: int) -> Any:
    """Take bodies of up to `size` bytes here instead of the usual limit."""
    return Depends(BodyLimit(size))
