"""Which network addresses a request may reach, decided for the very address that is connected to.

Addresses of portals come from people, redirects and DNS answers from strangers. The name is
resolved here, the answers are judged, and the socket connects to a judged answer: a name that
answers differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

from ckanext.cn_govdata.crawl.errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of `host` in the system's order.

    Raises `OSError` if there are none.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def networks(values: Iterable[str]) -> tuple[Network, ...]:
    """Parse CIDR notations; host bits may be set. Raises `ValueError` naming the bad one."""
    return tuple(ipaddress.ip_network(value.strip(), strict=False) for value in values)


class AddressPolicy:
    """Public unicast addresses, plus the networks that an operator allows by name."""

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._allowed = networks(allowed)
        self._resolver = resolver

    def permits(self, text: str) -> bool:
        """Whether a socket may connect to this IP address."""
        address: Address = ipaddress.ip_address(text)
        # ::ffff:10.0.0.1 reaches 10.0.0.1, so it is judged as what it reaches.
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._allowed):
            return True
        return _is_public(address)

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the permitted addresses of `host`, at least one.

        Raises `AddressRefused` if it has only others, `OSError` if it has none.
        """
        found = self._resolver(host, port)
        permitted = [address for address in found if self.permits(address)]
        if not permitted:
            raise AddressRefused(
                f"{host} leads to {', '.join(found)}, which is not a public address; "
                "networks to be reached all the same are listed in http.allowed_networks"
            )
        return permitted


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.sixtofour or (address.teredo and address.teredo[1])
        if embedded and not _is_public(embedded):
            return False
        if address.is_site_local:
            return False
    # is_global leaves out private, loopback, link-local, shared (RFC 6598) and test networks,
    # but counts most multicast in.
    return address.is_global and not (address.is_multicast or address.is_reserved)
