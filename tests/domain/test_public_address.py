"""Which addresses are public: whatever leads elsewhere than to the internet is none, in every form."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from govern.domain.public_address import read_address, why_not_for_a_name, why_not_public


@pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111"])
def test_what_is_public(text: str) -> None:
    assert why_not_public(ip_address(text)) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(
            (each, "private")
            for each in ("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1")
        ),
        *(
            (each, "this machine")
            for each in ("127.0.0.1", "127.255.255.254", "0.0.0.0", "::1", "::")  # noqa: S104 - bound to nothing
        ),
        *((each, "link-local") for each in ("169.254.169.254", "fe80::1", "fe80::a9fe:a9fe")),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.127.255.255", "carrier-grade NAT"),
        *((each, "multicast") for each in ("224.0.0.1", "239.255.255.255", "ff02::1")),
        *((each, "reserved") for each in ("240.0.0.1", "255.255.255.255", "192.0.0.1")),
        *((each, "documentation") for each in ("192.0.2.1", "198.51.100.1", "203.0.113.1")),
        *((each, "documentation") for each in ("2001:db8::1", "3fff::1")),
        ("198.18.0.1", "benchmarks"),
        *((each, "private") for each in ("fc00::1", "fd12:3456::1", "fec0::1")),
        ("::ffff:127.0.0.1", "another form"),
        ("::ffff:8.8.8.8", "another form"),
        ("::127.0.0.1", "another form"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("64:ff9b::a00:1", "NAT64"),
        ("64:ff9b:1::a00:1", "NAT64"),
        ("2002:7f00:1::", "6to4"),
        ("2002:c0a8:101::1", "6to4"),
        ("2001:0:7f00:1::", "Teredo"),
        ("192.88.99.1", "6to4"),
        ("2001:10::1", "protocols"),
        ("100::1", "no address that the internet knows"),
        ("5f00::1", "no address that the internet knows"),
        ("4000::1", "no address that the internet knows"),
    ],
)
def test_what_is_not(text: str, why: str) -> None:
    assert why in (why_not_public(ip_address(text)) or "")


@given(integers(0, 2**32 - 1))
def test_no_address_is_public_that_python_knows_as_something_else(number: int) -> None:
    address = IPv4Address(number)
    if why_not_public(address) is None:
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@given(integers(0, 2**128 - 1), integers(0, 2**32 - 1))
def test_no_ipv4_address_gets_through_in_an_ipv6_one(number: int, hidden: int) -> None:
    address = IPv6Address(number)
    if why_not_public(address) is None:
        assert address.is_global
        assert address.ipv4_mapped is None
        assert address.sixtofour is None
        assert address.teredo is None
    assert why_not_public(IPv6Address((0x64FF9B << 96) | hidden)) is not None
    assert why_not_public(IPv6Address((0xFFFF << 32) | hidden)) is not None
    assert why_not_public(IPv6Address((0x2002 << 112) | (hidden << 80))) is not None


@pytest.mark.parametrize(
    ("text", "of_this_machine", "taken"),
    [
        ("10.0.0.7", False, True),
        ("fd00::1", False, True),
        ("1.1.1.1", False, True),
        ("127.0.0.1", False, False),
        ("127.0.0.1", True, True),
        ("::1", True, True),
        ("169.254.169.254", False, False),
        ("169.254.169.254", True, False),
        ("::ffff:10.0.0.7", False, False),
        ("0.0.0.0", True, False),  # noqa: S104 - bound to nothing
        ("224.0.0.1", False, False),
    ],
)
def test_a_named_host_may_be_private_and_no_more(
    text: str, of_this_machine: bool, taken: bool
) -> None:
    why = why_not_for_a_name(ip_address(text), of_this_machine=of_this_machine)
    assert (why is None) is taken


@pytest.mark.parametrize("text", ["fe80::1%eth0", "1.2.3", "0x7f.1", "127.1", "01.2.3.4", ""])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        read_address(text)
