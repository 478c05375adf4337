"""Who holds how many sockets, and how fast each client opens new ones. No clock, no socket: the caller brings both."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from bnviz.live.limits import SocketLimits

MOST_KNOWN = 10_000
"""So many clients are remembered after they left; beyond, those without a socket are forgotten."""

SHARE_A_SECOND = 0.05
"""A client may open as many sockets at once as it may hold, and from then on this share of them a second: a class that
comes back after a restart is let in at once, a client that opens and closes in a loop is not."""


@dataclass
class Client:
    """One address: how many sockets it holds, and how many more it may open now."""

    held: int
    allowance: float
    counted: float


class Crowd:
    """Every open socket, counted in all and by client."""

    def __init__(self, limits: SocketLimits) -> None:
        self._limits = limits
        self._clients: dict[str, Client] = {}
        self.held = 0

    @property
    def full(self) -> bool:
        """Whether nobody else is let in."""
        return self.held >= self._limits.in_all

    def enter(self, name: str, now: float) -> str:
        """Let one socket of this client in; or say why not: full, client or hurry. ``now`` is in seconds."""
        most = self._limits.per_client
        client = self._clients.get(name) or Client(0, most, now)
        client.allowance = min(most, client.allowance + (now - client.counted) * most * SHARE_A_SECOND)
        client.counted = now
        self._remember(name, client)
        if self.full:
            return "full"
        if client.held >= most:
            return "client"
        if client.allowance < 1:
            return "hurry"
        client.allowance -= 1
        client.held += 1
        self.held += 1
        return ""

    def leave(self, name: str) -> None:
        """One socket of this client is closed."""
        self._clients[name].held -= 1
        self.held -= 1

    def _remember(self, name: str, client: Client) -> None:
        self._clients[name] = client
        if len(self._clients) > MOST_KNOWN:
            self._clients = {one: known for one, known in self._clients.items() if known.held or one == name}


def name_of(address: str) -> str:
    """One name for a client: IPv4 in one spelling, IPv6 by its network of 64 bits, since a home has a whole one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False).network_address)
