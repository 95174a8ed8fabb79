"""Finds the visitor's address of a connection, believing only trusted proxies, as anybody else could make one up."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SUBSCRIBER = 64  # bits of an IPv6 address that name a line: a provider gives each line at least a /64


def network(text: str) -> Network:
    """Parse a numeric address or network. Raises ValueError."""
    return ip_network(text, strict=False)


def visitor(peer: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> str | None:
    """The address to count by, or None if no trusted proxy names one.

    `forwarded`: all X-Forwarded-For headers in their order. Each proxy appends the address that it was asked from, so
    our proxies' entries are at the right end; the visitor may have written those further left.
    """
    here = _address(peer or "")
    if not trusted or here is None:
        return None
    named = [text for header in forwarded for text in header.split(",")]
    while _is_trusted(here, trusted):
        if not named:
            return None  # the proxy names nobody, or asks for itself
        further = _address(named.pop())
        if further is None:
            break  # an invalid entry counts as the proxy that wrote it
        here = further
    return _group(here)


def _address(text: str) -> Address | None:
    """Parse an address with or without a port; an IPv4-mapped IPv6 address becomes IPv4. None if invalid."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _group(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), _SUBSCRIBER), strict=False))
