"""Which servers may be asked, and at which addresses they may be."""

import pytest
from pydantic import ValidationError

from worker.settings import Settings
from worker.url_rules import Server, address_of, allowed

PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822")
INNER = (
    "127.0.0.1",
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 an address to refuse
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "fec0::1",
    "feff:ffff::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked(address: str) -> None:
    """Those of the Internet need no entry of their own."""
    assert allowed("a.example.org").admits_address(address_of(address))


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_may_not_be_asked(address: str) -> None:
    """Private, loopback and link-local ones, in whatever IPv6 form they come, are refused."""
    assert not allowed("a.example.org").admits_address(address_of(address))


@pytest.mark.parametrize(
    ("said", "address", "admitted"),
    [
        ("a.example.org,10.2.0.0/16", "10.2.3.4", True),
        ("a.example.org,10.2.0.0/16", "::ffff:10.2.3.4", True),
        ("a.example.org,10.2.0.0/16", "10.3.0.1", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("fd00::/8", "fd00::7", True),
    ],
)
def test_a_listed_network_may_be_asked(said: str, address: str, admitted: bool) -> None:  # noqa: FBT001
    """A hospital's own servers are at inner addresses, and it says at which."""
    assert allowed(said).admits_address(address_of(address)) is admitted


def test_servers_as_they_are_listed() -> None:
    """https unless it says otherwise, the usual port unless it names one."""
    said = "A.example.org, b.example.org:8443, http://c.example.org, 10.0.0.8, fd00::7, 10.2.0.0/16"
    assert allowed(said).servers == {
        Server("https", "a.example.org", 443),
        Server("https", "b.example.org", 8443),
        Server("http", "c.example.org", 80),
        Server("https", "10.0.0.8", 443),
        Server("https", "fd00::7", 443),
    }


@pytest.mark.parametrize(
    "said",
    [
        "ftp://a.example.org",
        "https://a.example.org/x",
        "a@b.org",
        "a.example.org:0",
        "https://10.0.0.8:0",
    ],
)
def test_what_is_no_server_is_a_wrong_setting(said: str) -> None:
    """A list that cannot be meant is refused when the process starts."""
    with pytest.raises(ValidationError, match="attachment_hosts"):
        Settings(attachment_hosts=said)
