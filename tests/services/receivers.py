"""Where reports arrive in tests: a mail server and a web server on this machine, that keep what they get."""

import hashlib
import hmac
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from aiosmtpd.controller import Controller

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
def mailbox() -> Generator[Mailbox]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
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

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        with self.lock:
            if path != "/reports?of=govern":
                self.elsewhere += 1
                return 204
            self.headers.append(headers)
            self.bodies.append(body)
            return self.answers.pop(0) if self.answers else 204

    def signed(self, index: int = -1) -> int:
        """The moment that a POST was signed at; whoever gets it verifies it so."""
        moment, _, mac = self.headers[index]["Govern-Signature"].partition(",")
        told = moment.removeprefix("t=")
        signed = told.encode() + b"." + self.bodies[index]
        right = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        assert mac == f"v1={right}"
        return int(told)


@contextmanager
def hook() -> Generator[Hook]:
    found = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = found.take(self.path, dict(self.headers), body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.host = f"127.0.0.1:{server.server_port}"
    found.url = f"http://{found.host}/reports?of=govern"
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
