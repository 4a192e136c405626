"""Which addresses of the internet are public: what a webhook may be sent to without being named.

From the registries of special-purpose addresses that the IANA keeps (RFC 6890 and its successors).
Of IPv6 only global unicast is taken (2000::/3, RFC 4291), and of that nothing in which an IPv4 address
is hidden: those ways lead into networks that only somebody on the way knows.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_SPECIAL = {
    "0.0.0.0/8": "means this machine itself",
    "10.0.0.0/8": "is private",
    "100.64.0.0/10": "is a provider's own (carrier-grade NAT)",
    "127.0.0.0/8": "is this machine itself",
    "169.254.0.0/16": "is link-local",
    "172.16.0.0/12": "is private",
    "192.0.0.0/24": "is reserved for protocols",
    "192.0.2.0/24": "is for documentation",
    "192.88.99.0/24": "is a relay of 6to4",
    "192.168.0.0/16": "is private",
    "198.18.0.0/15": "is for benchmarks",
    "198.51.100.0/24": "is for documentation",
    "203.0.113.0/24": "is for documentation",
    "224.0.0.0/4": "is multicast",
    "240.0.0.0/4": "is reserved",
    "::/128": "means this machine itself",
    "::1/128": "is this machine itself",
    "::ffff:0:0/96": "is an IPv4 address in another form",
    "::/96": "is an IPv4 address in another form",
    "64:ff9b::/96": "is translated to an IPv4 address (NAT64)",
    "64:ff9b:1::/48": "is translated to an IPv4 address (NAT64)",
    "2001::/32": "leads through Teredo to an IPv4 address",
    "2001::/23": "is reserved for protocols",
    "2001:db8::/32": "is for documentation",
    "2002::/16": "leads through 6to4 to an IPv4 address",
    "3fff::/20": "is for documentation",
    "fc00::/7": "is private",
    "fe80::/10": "is link-local",
    "fec0::/10": "is private",
    "ff00::/8": "is multicast",
}
_NETWORKS: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(network), why) for network, why in _SPECIAL.items()
)
_UNICAST = IPv6Network("2000::/3")

_OWN = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))
_PRIVATE = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    )
)


def why_not_public(address: Address) -> str | None:
    """What an address is instead of public, as the end of a sentence; None for a public one."""
    for network, why in _NETWORKS:
        if address.version == network.version and address in network:
            return why
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return "is no address that the internet knows"
    return None


def why_not_for_a_name(address: Address, *, of_this_machine: bool) -> str | None:
    """The same for a host that was named by whoever may: it may be private, and this machine itself
    only where the name says so."""
    if _is_in(address, _PRIVATE) or (of_this_machine and _is_in(address, _OWN)):
        return None
    return why_not_public(address)


def _is_in(address: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address.version == each.version and address in each for each in networks)


def read_address(text: str) -> Address:
    """Raises ValueError for what is no address, or one with a zone: that is this link's own."""
    found = ip_address(text)
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        raise ValueError("an address without a zone")
    return found
