"""One POST to another service, signed, to a host that the operator lets things be sent to.

The host is looked up once, every address that is found is looked at, and one of those very addresses is
connected to: who answers another one the next time gains nothing. No redirect is followed, no proxy is
asked, and of the answer only its status and `Retry-After` are read: whoever gets somebody to send
elsewhere gets neither what is sent nor what stands behind the host.
"""

import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import client
from ssl import SSLCertVerificationError, SSLContext, create_default_context
from threading import Timer
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from govern.services import signing
from govern.services.outlets import Hooks, NotAllowedThere
from govern.services.trying import NotSent, NotWanted

TIMEOUT_S = 10
LONGEST_S = 60
"""For all of one POST, however slowly an answer comes."""

MOST_ADDRESSES = 3
"""So many addresses of a host are tried."""

LONGEST_PAUSE = timedelta(days=1)
"""Of what a receiver asks for with `Retry-After` no more than this is done."""

CLOUD_EVENT = "application/cloudevents+json"
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """`retry_after` is how long the receiver asks to be left alone."""

    status: int
    duration_ms: int
    retry_after: timedelta | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status <= 299

    @property
    def gone(self) -> bool:
        return self.status == GONE


def require_taken(answer: Answer) -> None:
    """Raises NotWanted for 410, NotSent for anything else but 200 to 299."""
    if answer.gone:
        raise NotWanted("the receiver answered 410: it is gone for good")
    if not answer.taken:
        raise NotSent(f"the receiver answered {answer.status}")


def post(
    hooks: Hooks,
    url: str,
    whose: signing.Signed,
    number: str,
    body: bytes,
    *,
    at: datetime,
    within_s: float = LONGEST_S,
) -> Answer:
    """Whatever was answered. `body` is a CloudEvent, `number` the same over all tries. Raises NotSent
    where nothing was."""
    begun = monotonic()
    headers = {
        "Content-Type": CLOUD_EVENT,
        "User-Agent": "govern",
        **signing.headers(hooks.secret, whose, number, body, at),
    }
    try:
        opened = _open(hooks, url)
    except (NotAllowedThere, ValueError) as refused:
        raise NotSent(str(refused)) from refused
    except OSError as error:
        raise NotSent("its host has no address") from error
    # Each wait for a part of an answer has its timeout; a trickle of parts has this one.
    watch = Timer(within_s, _cut, (opened,))
    watch.daemon = True
    watch.start()
    try:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        opened.request("POST", target, body, headers)
        answer = opened.getresponse()
        asked = answer.getheader("Retry-After")
        status = answer.status
    except TimeoutError as error:
        raise NotSent(f"the receiver did not answer within {TIMEOUT_S} s") from error
    except SSLCertVerificationError as error:
        raise NotSent("the receiver's certificate does not hold") from error
    except (OSError, client.HTTPException) as error:
        raise NotSent(f"the receiver cannot be reached: {type(error).__name__}") from error
    finally:
        watch.cancel()
        opened.close()
    return Answer(status, round((monotonic() - begun) * 1000), retry_after(asked, at))


def retry_after(asked: str | None, at: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3), as how long from `at`; None for anything else."""
    if asked is None:
        return None
    text = asked.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(timedelta(seconds=int(text)), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return min(max(until - at, timedelta(0)), LONGEST_PAUSE)


class _Pinned(client.HTTPConnection):
    """Connects to addresses that were looked at; TLS verifies the name all the same."""

    def __init__(
        self, host: str, port: int, addresses: Sequence[str], context: SSLContext | None
    ) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._addresses = addresses
        self._context = context
        if context is not None:
            self.default_port = client.HTTPS_PORT

    def connect(self) -> None:
        failed: OSError | None = None
        for address in self._addresses[:MOST_ADDRESSES]:
            try:
                plain = socket.create_connection((address, self.port), TIMEOUT_S)
            except OSError as error:
                failed = error
                continue
            self.sock: Any = plain
            if self._context is not None:
                self.sock = self._context.wrap_socket(plain, server_hostname=self.host)
            return
        raise failed or OSError("no address")


def _open(hooks: Hooks, url: str) -> client.HTTPConnection:
    scheme, host, port = hooks.host_of(url)
    addresses = hooks.addresses_of(url)
    context = None
    if scheme == "https":
        context = create_default_context()
        if hooks.roots is not None:
            context.load_verify_locations(hooks.roots)
    return _Pinned(host, port, addresses, context)


def _cut(opened: client.HTTPConnection) -> None:
    held = opened.sock
    if isinstance(held, socket.socket):
        with suppress(OSError):  # it is closed by now
            held.shutdown(socket.SHUT_RDWR)
