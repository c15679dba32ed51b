import socket

import pytest

from leadloop.policy.public_hosts import is_public_address, may_be_public_host
from leadloop.providers.public_address import NotPublic, resolve_public_address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fd00:ec2::254",
        "::127.0.0.1",
        "::a9fe:a9fe",
        "::10.0.0.1",
        "fec0::1",
        "feff:ffff::1",
        "not an address",
    ],
)
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "157.240.1.35", "2606:4700::1111"])
def test_what_is_public_is_taken(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "printer",
        "nas.local",
        "db.internal",
        "wiki.corp",
        "box.home.arpa",
        "10.0.0.8",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[fec0::9]",
        "::ffff:10.1.2.3",
        "",
    ],
)
def test_a_host_that_cannot_be_public_is_seen_by_its_name(host: str) -> None:
    assert not may_be_public_host(host)


@pytest.mark.parametrize(
    "host", ["feeds.example", "1.1.1.1", "[2606:4700::1111]", "münchen.example", "a1.b2.example"]
)
def test_a_host_that_can_be_public_passes(host: str) -> None:
    assert may_be_public_host(host)


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_one_inner_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names(monkeypatch, "1.1.1.1", "127.0.0.1")
    with pytest.raises(NotPublic):
        resolve_public_address("rebinding.example", 443)


def test_the_address_that_was_judged_is_the_one_to_connect_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names(monkeypatch, "1.1.1.1")
    assert resolve_public_address("graph.example", 443) == "1.1.1.1"


def test_a_name_without_an_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch)
    with pytest.raises(NotPublic):
        resolve_public_address("nowhere.example", 443)
