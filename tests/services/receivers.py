"""Where reports arrive in tests: a mail server and a web server on this machine, that keep what they get."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from govern.services.outlets import Hooks, MailServer, Outlets, Tls
from tests.services.house import House

SENDER = "govern@example.org"
SECRET = "a secret of the loopback"  # noqa: S105 - of no other machine


@dataclass
class Mailbox:
    """Takes what comes; `refuses` are addresses that it does not take."""

    server: MailServer = field(init=False)
    letters: list[EmailMessage] = field(default_factory=list[EmailMessage])
    to: list[list[str]] = field(default_factory=list[list[str]])
    refuses: set[str] = field(default_factory=set[str])

    async def handle_RCPT(  # noqa: N802 - the name that the server calls
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return "550 5.1.1 There is nobody here of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"


@contextmanager
def mailbox(**options: Any) -> Generator[Mailbox]:
    """`options` are those of aiosmtpd's server: TLS, and who may sign in."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    box.server = MailServer("127.0.0.1", port, Tls.NONE, SENDER)
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """Answers with the statuses of `answers`, one after the other, and 204 from then on."""

    url: str = ""
    host: str = ""
    answers: list[int] = field(default_factory=list[int])
    bodies: list[bytes] = field(default_factory=list[bytes])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    elsewhere: int = 0
    lock: Any = field(default_factory=Lock)

    retry_after: str | None = None
    hold: float = 0
    answer: Callable[[bytes], int] | None = None
    """Chooses the status by the body, where it is set."""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        with self.lock:
            if path != "/reports?of=govern":
                self.elsewhere += 1
                return 204
            self.headers.append(headers)
            self.bodies.append(body)
            if self.answer is not None:
                return self.answer(body)
            return self.answers.pop(0) if self.answers else 204

    def signed(self, secret: str, index: int = -1) -> int:
        """The moment that a POST was signed at with a secret, in seconds."""
        headers = self.headers[index]
        moment = int(headers["webhook-timestamp"])
        at = datetime.fromtimestamp(moment, UTC)
        right = Webhook(secret).sign(headers["webhook-id"], at, self.bodies[index].decode())
        assert right in headers["webhook-signature"].split()
        return moment

    def event(self, index: int = -1) -> dict[str, Any]:
        """The CloudEvent of a POST."""
        return json.loads(self.bodies[index])


@contextmanager
def hook(context: ssl.SSLContext | None = None) -> Generator[Hook]:
    """With `context` it begins TLS, and `url` is of https."""
    found = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = found.take(self.path, dict(self.headers), body)
            if found.hold:
                time.sleep(found.hold)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            if found.retry_after is not None:
                self.send_header("Retry-After", found.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found.host = f"127.0.0.1:{server.server_port}"
    scheme = "http" if context is None else "https"
    found.url = f"{scheme}://{found.host}/reports?of=govern"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def hooks_of(*to: Hook) -> Hooks:
    return Hooks(frozenset(each.host for each in to), SECRET.encode())


def with_outlets(house: House, box: Mailbox | None = None, to: Hook | None = None) -> House:
    outlets = Outlets(None if box is None else box.server, None if to is None else hooks_of(to))
    return replace(house, runtime=replace(house.runtime, outlets=outlets))
