"""Where calls to other programs may go, and the address that was looked at is the one that is used.

Whoever may name an address for us to call could otherwise make us call ourselves, the house's own
machines or the cloud's metadata (server-side request forgery, CWE-918). Python's `is_global` and
`is_private` differ between versions and miss ranges, so the list is our own.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


def networks(*named: str) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in named)


NEVER = networks(
    "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
    "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32",
    "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128", "fd20:ce::254/128",
)  # fmt: skip
"""Nobody's server: this host, link-local with the metadata of clouds, multicast, reserved."""
INSIDE = networks(
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "::1/128", "64:ff9b:1::/48", "100::/64", "2001:2::/48", "2001:db8::/32", "3fff::/20",
    "5f00::/16", "fc00::/7",
)  # fmt: skip
"""This machine, the house's own networks, and what is set aside for examples and tests."""
NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")


class AddressRefusedError(ConnectionError):
    """A name that leads where our calls may not go. Says the name, not the address."""


@dataclass(frozen=True)
class Reach:
    """Where calls of one kind may go."""

    inside: bool = False
    """Whether our own networks are fine: for servers that an administrator has configured."""
    trusted: frozenset[str] = frozenset()
    """Host names and addresses that the settings name as trusted, wherever they lie."""
    ports: frozenset[int] = frozenset()
    """The only ports; none named: any."""
    setting: str = ""
    """What an administrator set to name the server; who is refused reads it, and how to mend it."""

    def allows(self, address: Address) -> bool:
        """Whether a call may go to this address; what is wrapped in it counts as well."""
        refused = NEVER if self.inside else NEVER + INSIDE
        return not any(each in network for each in unwrapped(address) for network in refused)

    def refusal(self, host: str, port: int) -> AddressRefusedError:
        """Why a call may not go there, and what is to be set instead."""
        said = f"Calls to {host}:{port} are not allowed."
        if not self.setting:
            return AddressRefusedError(said)
        return AddressRefusedError(
            f"{said} {self.setting} must lead to the server's own address: none that is link-local "
            "(clouds keep their metadata there), unspecified, multicast or reserved."
        )


CONFIGURED = Reach(inside=True)
"""For the servers that an administrator has set: sisters, database, broker, mail, scanner, store,
log-in."""
OUTSIDE = Reach(ports=frozenset({80, 443}))
"""For addresses that others give us."""


def configured(setting: str) -> Reach:
    """The same for the server that this setting names."""
    return replace(CONFIGURED, setting=setting)


def unwrapped(address: Address) -> Iterable[Address]:
    """An address, and the IPv4 address that its IPv6 form carries (RFC 4291, 3056, 4380, 6052)."""
    yield address
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def checked(host: str, port: int, found: Sequence[str], reach: Reach) -> list[str]:
    """The addresses of a name, if all of them may be called.

    One that may not refuses all: a name that leads to several places is used to slip through.
    Raises AddressRefusedError.
    """
    if host.lower().rstrip(".") in reach.trusted:
        return list(found)
    addresses = [ip_address(one.partition("%")[0]) for one in found]
    wrong_port = bool(reach.ports) and port not in reach.ports
    if wrong_port or not addresses or not all(map(reach.allows, addresses)):
        raise reach.refusal(host, port)
    return list(found)


async def addresses_of(host: str, port: int, reach: Reach) -> list[str]:
    """Where a name leads, each address checked; the system reads it, however it is written.

    Raises AddressRefusedError, OSError where there is no such name.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return checked(host, port, named_in(found), reach)


def addresses_at_once(host: str, port: int, reach: Reach) -> list[str]:
    """The same for libraries that run in threads."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return checked(host, port, named_in(found), reach)


async def look_at(places: Iterable[tuple[str, int]], reach: Reach) -> None:
    """Look where these hosts and ports lead, before a library that resolves names is told of them.

    A name that leads nowhere yet is no fault. Raises AddressRefusedError.
    """
    for host, port in places:
        try:
            await addresses_of(host, port, reach)
        except AddressRefusedError:
            raise
        except OSError:
            continue


def named_in(found: Iterable[tuple[object, ...]]) -> list[str]:
    """The addresses in the answer of `getaddrinfo`, each once, in its order."""
    places = [one[4] for one in found]
    return list(dict.fromkeys(str(one[0]) for one in places if isinstance(one, tuple)))


async def open_socket(host: str, port: int, reach: Reach) -> socket.socket:
    """A connection to the first address that answers. Raises AddressRefusedError, OSError."""
    loop = asyncio.get_running_loop()
    refused: OSError | None = None
    for address in await addresses_of(host, port, reach):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setblocking(False)  # noqa: FBT003 - takes no name
        try:
            await loop.sock_connect(made, (address, port))
        except OSError as error:
            made.close()
            refused = error
        except BaseException:
            made.close()
            raise
        else:
            return made
    raise refused or OSError(f"{host} has no address.")


async def open_stream(
    host: str, port: int, reach: Reach, tls: ssl.SSLContext | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The same as a stream; with `tls` the certificate must be the name's."""
    made = await open_socket(host, port, reach)
    return await asyncio.open_connection(sock=made, ssl=tls, server_hostname=host if tls else None)
