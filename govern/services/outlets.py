"""The ways out of govern: the mail server and the hosts that reports and news may be sent to."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from govern.domain.distribution import LOOPBACK, hook_host, mailboxes
from govern.domain.public_address import read_address, why_not_for_a_name, why_not_public

MAIL_NEEDED = "set GOVERN_SMTP_URL and GOVERN_MAIL_FROM, and mail can be sent"
HOOKS_NEEDED = (
    "set GOVERN_WEBHOOK_HOSTS to the hosts that reports and news may go to, and "
    "GOVERN_WEBHOOK_SECRET or GOVERN_WEBHOOK_SECRET_FILE to what their signatures are made from"
)
SHORTEST_SECRET = 16

PUBLIC = "public"
"""Stands among the hosts for every host whose addresses are public."""

PUBLIC_PORTS = frozenset({443, 8443})

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as texts. Raises OSError for one that has none."""


def resolve(host: str, port: int) -> Sequence[str]:
    """As this machine knows them, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class NotAllowedThere(Exception):  # noqa: N818 - says what is wrong with a host or its addresses
    """Nothing is sent there, and why."""


class Tls(StrEnum):
    FROM_THE_START = "smtps"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """`sender` is the address that mail comes from. `roots` is a PEM file with certificates that are
    trusted beside the system's."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    roots: Path | None = None


@dataclass(frozen=True, slots=True)
class Hooks:
    """`hosts` as `domain.distribution.hook_host` names them; with `public` any other host too whose
    addresses are public. `secret` is what the signatures are made from."""

    hosts: frozenset[str]
    secret: bytes = field(repr=False)
    public: bool = False
    roots: Path | None = None
    resolve: Resolve = resolve

    def host_of(self, url: str) -> tuple[str, str, int]:
        """The scheme, host and port of an address that something may be sent to, as far as the
        address itself tells. Raises ValueError for none, NotAllowedThere for another host."""
        named = hook_host(url)
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if named in self.hosts:
            return parts.scheme, host, port
        if not self.public or parts.scheme != "https":
            raise NotAllowedThere("its host is not among GOVERN_WEBHOOK_HOSTS")
        if port not in PUBLIC_PORTS:
            ports = " or ".join(map(str, sorted(PUBLIC_PORTS)))
            raise NotAllowedThere(f"its port is not {ports}, and the host is not named")
        self._look(host, named=False, only=host)
        return parts.scheme, host, port

    def addresses_of(self, url: str) -> Sequence[str]:
        """The addresses of its host, looked up once, every one of which it may be sent to. Raises
        what `host_of` does, and OSError for a host without any."""
        _, host, port = self.host_of(url)
        named = hook_host(url) in self.hosts
        found = self.resolve(host, port)
        for each in found:
            self._look(host, named=named, only=each)
        if not found:
            raise OSError("no address")
        return found

    @staticmethod
    def _look(host: str, *, named: bool, only: str) -> None:
        try:
            address = read_address(only)
        except ValueError:
            if only == host:  # a name: its addresses are looked at when it is sent to
                return
            raise NotAllowedThere("its host has an address that cannot be read") from None
        why = (
            why_not_for_a_name(address, of_this_machine=host in LOOPBACK)
            if named
            else why_not_public(address)
        )
        if why is not None:
            raise NotAllowedThere(f"its host has an address that {why}")


def wrong_hook(hooks: Hooks, url: str, field: str) -> dict[str, list[str]]:
    """What is wrong with an address that something is to be posted to, as the problem of a field;
    nothing where nothing is."""
    try:
        hooks.host_of(url)
    except ValueError as wrong:
        return {field: [str(wrong)]}
    except NotAllowedThere as wrong:
        known = ", ".join(sorted(hooks.hosts)) or "no host"
        also = ", and every public one" if hooks.public else ""
        return {field: [f"{wrong}: GOVERN_WEBHOOK_HOSTS names {known}{also}"]}
    return {}


@dataclass(frozen=True, slots=True)
class Outlets:
    mail: MailServer | None = None
    hooks: Hooks | None = None


def read_mail_server(url: str, sender: str, roots: Path | None = None) -> MailServer:
    """`smtp://` (STARTTLS, but to this machine) or `smtps://`, `user:password@`, host and port;
    `?starttls=no` for a server that has none.

    Raises ValueError, which says what is wrong, without the address: a password may be in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("it cannot be read") from None
    if parts.scheme not in ("smtp", "smtps") or host is None or parts.path not in ("", "/"):
        raise ValueError("right would be smtp://host:587 or smtps://user:password@host")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if asked not in ({}, {"starttls": "no"}) or (asked and parts.scheme == "smtps"):
        raise ValueError("after the host it takes ?starttls=no with smtp://, and nothing else")
    tls = Tls.FROM_THE_START if parts.scheme == "smtps" else Tls.STARTTLS
    if tls is Tls.STARTTLS and (asked or host in LOOPBACK):
        tls = Tls.NONE
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    if (user is None) != (password is None):
        raise ValueError("it takes a user with a password, or neither")
    if user is not None and tls is Tls.NONE and host not in LOOPBACK:
        raise ValueError("a password is not sent to another machine without TLS")
    if len(mailboxes(sender)) != 1:
        raise ValueError("mail comes from one address")
    usual = 465 if tls is Tls.FROM_THE_START else 587 if tls is Tls.STARTTLS else 25
    return MailServer(host, usual if port is None else port, tls, sender, user, password, roots)


def read_hooks(hosts: str, secret: str, roots: Path | None = None) -> Hooks:
    """The hosts with commas between them, `public` among them for every public one. Raises
    ValueError, which says what is wrong."""
    named = frozenset(filter(None, (each.strip().lower() for each in hosts.split(","))))
    if not named or any("/" in each or "*" in each for each in named):
        raise ValueError(
            "it takes whole names of hosts, such as hooks.example.org,10.0.0.7:8443, and the word "
            f"{PUBLIC} for every host of the internet"
        )
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"the secret that their signatures are made from has {SHORTEST_SECRET} characters or more"
        )
    return Hooks(named - {PUBLIC}, secret.encode(), PUBLIC in named, roots)
