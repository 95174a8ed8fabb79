"""Whose connection it is: the visitor's address as trusted proxies name it, which anybody else could make up."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SUBSCRIBER = 64  # bits of an IPv6 address: a provider gives each line at least so many addresses


def network(text: str) -> Network:
    """An address or a network, in figures. Raises ValueError."""
    return ip_network(text, strict=False)


def visitor(peer: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> str | None:
    """The address to count by, or None where nobody who is trusted names one.

    `forwarded`: all X-Forwarded-For headers in their order. Each proxy writes at the right end the address that it was
    asked from, so whoever is named by a proxy of ours stands there; what is further left the visitor may have written.
    """
    here = _address(peer or "")
    if not trusted or here is None:
        return None
    named = [text for header in forwarded for text in header.split(",")]
    while _is_trusted(here, trusted):
        if not named:
            return None  # a proxy that names nobody, or a request of its own
        further = _address(named.pop())
        if further is None:
            break  # who comes with something that is no address counts as one: as the proxy that told it
        here = further
    return _group(here)


def _address(text: str) -> Address | None:
    """With or without a port; an IPv4 address in the guise of an IPv6 one is IPv4."""
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
