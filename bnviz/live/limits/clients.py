"""Who is at the other end of a connection, as far as limits are concerned."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network


def name_of(address: str) -> str:
    """One name for a client: IPv4 in one spelling, IPv6 by its network of 64 bits, since a home has a whole one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False).network_address)
