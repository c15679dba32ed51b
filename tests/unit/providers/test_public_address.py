import socket

import pytest

from leadloop.providers.public_address import NotPublic, is_public_address, resolve_public_address


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
        "not an address",
    ],
)
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "157.240.1.35", "2606:4700::1111"])
def test_what_is_public_is_taken(address: str) -> None:
    assert is_public_address(address)


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
