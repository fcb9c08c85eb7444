"""Who is calling: an address that was really seen, and the group of them that one person has."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SITE = 64
"""Bits of an IPv6 address that are given out together (RFC 6177): who has them has the rest."""


def address_in(said: str) -> IPv4Address | IPv6Address | None:
    """The address in an entry of X-Forwarded-For, with or without a port; None if it is none."""
    plain = said.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ip_address(plain)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def normal(said: str) -> str | None:
    """An address in its one way of writing; None if it is none."""
    found = address_in(said)
    return str(found) if found is not None else None


def group_of(address: str) -> str:
    """Whom a limit is for: an IPv4 address, or the /64 of an IPv6 one; anything else is itself."""
    found = address_in(address)
    if not isinstance(found, IPv6Address):
        return address if found is None else str(found)
    return str(ip_network((int(found) >> SITE << SITE, SITE)))
