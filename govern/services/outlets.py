"""The ways out of govern: the mail server and the hosts that reports may be sent to."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from govern.domain.distribution import LOOPBACK, mailboxes

MAIL_NEEDED = "set GOVERN_SMTP_URL and GOVERN_MAIL_FROM, and mail can be sent"
HOOKS_NEEDED = (
    "set GOVERN_WEBHOOK_HOSTS to the hosts that reports may go to, and GOVERN_WEBHOOK_SECRET or "
    "GOVERN_WEBHOOK_SECRET_FILE to what they are signed with"
)
SHORTEST_SECRET = 16


class Tls(StrEnum):
    FROM_THE_START = "smtps"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """`sender` is the address that mail comes from."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Hooks:
    """`hosts` as `domain.distribution.hook_host` names them."""

    hosts: frozenset[str]
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outlets:
    mail: MailServer | None = None
    hooks: Hooks | None = None


def read_mail_server(url: str, sender: str) -> MailServer:
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
    return MailServer(host, usual if port is None else port, tls, sender, user, password)


def read_hooks(hosts: str, secret: str) -> Hooks:
    """The hosts with commas between them. Raises ValueError, which says what is wrong."""
    named = frozenset(filter(None, (each.strip().lower() for each in hosts.split(","))))
    if not named or any("/" in each or "*" in each for each in named):
        raise ValueError("it takes whole names of hosts, such as hooks.example.org,10.0.0.7:8443")
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"the secret that they are signed with has {SHORTEST_SECRET} characters or more"
        )
    return Hooks(named, secret.encode())
