"""Which urls of attachments may be fetched, and at which addresses their servers may be.

A document names the url, so without rules whoever sends documents could have a worker read what
only the worker reaches (server-side request forgery, CWE-918). Fetching is allowed by host, and the
address that the host's name resolves to is judged, whichever way it is written.
"""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS: Final = {"https": 443, "http": 80}
_NAT64: Final = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_SITE_LOCAL: Final = ip_network("fec0::/10")  # RFC 3879: inner, though no longer assigned
_LAST_32: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Server:
    """A server that may be asked."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """The servers that may be asked, and the networks besides the public ones where they may be."""

    servers: frozenset[Server]
    networks: tuple[Network, ...] = ()

    def admits(self, server: Server) -> bool:
        """Whether a server may be asked; one in clear only where it is listed so."""
        return server in self.servers

    def admits_address(self, address: Address) -> bool:
        """Whether a server may be at an address: a public one, or one in a listed network."""
        inner = carried(address)
        if any(inner in network for network in self.networks if network.version == inner.version):
            return True
        return inner.is_global and not (
            inner.is_multicast or inner.is_reserved or inner.is_unspecified or inner in _SITE_LOCAL
        )


def allowed(said: str) -> Allowed:
    """Return what a list such as `ehr.example.org,http://lab.example.org:8080,10.2.0.0/16` allows.

    Raises:
        ValueError: an entry is neither a server nor a network.
    """
    servers: set[Server] = set()
    networks: list[Network] = []
    for entry in filter(None, map(str.strip, said.split(","))):
        network = _network(entry)
        if network is not None:
            networks.append(network)
        if network is None or network.num_addresses == 1:
            servers.add(_server(entry, network))
    return Allowed(frozenset(servers), tuple(networks))


def _network(entry: str) -> Network | None:
    """Return the network that an entry is; an address is one of its own."""
    try:
        return ip_network(entry)
    except ValueError:
        return None


def _server(entry: str, address: Network | None) -> Server:
    host = f"[{address.network_address}]" if isinstance(address, IPv6Network) else entry
    url = urlsplit(host if "://" in host else f"https://{host}")
    if url.path or url.query or url.fragment or url.username is not None:
        raise ValueError("BIOMED_ATTACHMENT_HOSTS has an entry that is no server and no network")
    return server_of(url)


def server_of(url: SplitResult) -> Server:
    """Return the server that a url names.

    Raises:
        ValueError: it names none, or one at port 0 or by another scheme than http and https.
    """
    if url.scheme not in PORTS or not url.hostname or url.port == 0:
        raise ValueError("a url without a server of http or https")
    return Server(url.scheme, url.hostname.lower().rstrip("."), url.port or PORTS[url.scheme])


def carried(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, else the address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & _LAST_32)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


def address_of(written: str) -> Address:
    """Return an address as the system's resolver writes it, without the zone of a link."""
    return ip_address(written.partition("%")[0])
