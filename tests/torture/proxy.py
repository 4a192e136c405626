"""A proxy on the loopback interface that loses answers: the server has given them, nobody gets them."""

import random
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

_OF_THE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "date", "server"})


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as the server gave it."""

    status: int
    version: str | None
    raw: bytes


@dataclass
class Proxy:
    """`share` of the answers to what writes are cut off. `given`: Idempotency-Key → what the server
    answered, each time that it was asked."""

    to: Callable[[], str]
    pick: random.Random
    share: float
    address: str = ""
    cuts: int = 0
    given: dict[str, list[Given]] = field(default_factory=dict[str, list[Given]])
    _lock: Any = field(default_factory=Lock)

    def cuts_now(self) -> float | None:
        """How much of the next answer is let through; None for all of it."""
        with self._lock:
            if self.pick.random() >= self.share:
                return None
            self.cuts += 1
            return self.pick.choice((0.0, self.pick.random()))

    def note(self, key: str, given: Given) -> None:
        with self._lock:
            self.given.setdefault(key, []).append(given)


@contextmanager
def cutting(to: Callable[[], str], pick: random.Random, share: float) -> Generator[Proxy]:
    proxy = Proxy(to, pick, share)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(proxy))
    server.daemon_threads = True
    proxy.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


def _handler_of(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on(None)

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def _pass_on(self, body: bytes | None) -> None:
            self.close_connection = True
            place = urlsplit(proxy.to())
            there = HTTPConnection(place.hostname or "", place.port, timeout=60)
            try:
                there.request(self.command, self.path, body, dict(self.headers.items()))
                response = there.getresponse()
                raw = response.read()
            except (OSError, HTTPException):
                return
            finally:
                there.close()
            key = self.headers.get("Idempotency-Key")
            if body is not None and key is not None:
                proxy.note(key, Given(response.status, response.headers.get("ETag"), raw))
            self._answer(response, raw, None if body is None else proxy.cuts_now())

        def _answer(self, response: HTTPResponse, raw: bytes, part: float | None) -> None:
            head = [f"HTTP/1.1 {response.status} {response.reason}"]
            head += [
                f"{name}: {value}"
                for name, value in response.getheaders()
                if name.lower() not in _OF_THE_CONNECTION
            ]
            whole = "\r\n".join([*head, "Connection: close", "", ""]).encode("latin-1") + raw
            with suppress(OSError):
                self.wfile.write(whole if part is None else whole[: int(part * len(whole))])
                self.wfile.flush()
                if part is not None:
                    self.connection.shutdown(socket.SHUT_RDWR)

    return Handler
