"""How the organisation's sign-in is asked: nothing that answers slowly, endlessly or hugely holds us up."""

import socket
from contextlib import suppress
from http import client
from pathlib import Path
from ssl import SSLCertVerificationError, SSLContext, create_default_context
from threading import Timer
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

TIMEOUT_S = 5
"""For each part of an answer."""

LONGEST_S = 10
"""For all of it, however it trickles."""

LARGEST = 512 * 1024
"""Bytes of an answer."""


class NotAnswered(Exception):  # noqa: N818 - says what the other side did
    """No answer that can be used, and why, as the end of a sentence."""


class Bounded(BaseAdapter):
    """What `requests` sends with, for any session: one connection for each request, no proxy."""

    def __init__(self, tls_roots: Path | None = None, *, within_s: float = LONGEST_S) -> None:
        super().__init__()
        self._roots = tls_roots
        self._within_s = within_s

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Raises NotAnswered."""
        parts = urlsplit(request.url or "")
        opened = self._opened(parts.scheme, parts.hostname or "", parts.port)
        watch = Timer(self._within_s, _cut, (opened,))
        watch.daemon = True
        watch.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            opened.request(
                request.method or "GET", target, cast("Any", request.body), dict(request.headers)
            )
            answer = opened.getresponse()
            content = answer.read(LARGEST + 1)
        except TimeoutError as error:
            raise NotAnswered("it does not answer in time") from error
        except SSLCertVerificationError as error:
            raise NotAnswered("its certificate does not hold") from error
        except (OSError, client.HTTPException) as error:
            raise NotAnswered("it cannot be reached, or broke off") from error
        finally:
            watch.cancel()
            opened.close()
        if len(content) > LARGEST:
            raise NotAnswered("its answer is too large")
        if answer.length:
            raise NotAnswered("it cannot be reached, or broke off")
        return _response(request, answer, content)

    def close(self) -> None:
        """There is nothing to close: every connection is."""

    def _opened(self, scheme: str, host: str, port: int | None) -> client.HTTPConnection:
        if scheme != "https":
            return client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        context: SSLContext = create_default_context()
        if self._roots is not None:
            context.load_verify_locations(self._roots)
        return client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)


def _response(
    request: requests.PreparedRequest, answer: client.HTTPResponse, content: bytes
) -> requests.Response:
    made: Any = requests.Response()
    made.status_code = answer.status
    made.headers = CaseInsensitiveDict(answer.getheaders())
    made.url = request.url
    made.request = request
    made.encoding = "utf-8"
    made._content = content
    made._content_consumed = True
    return made


def _cut(opened: client.HTTPConnection) -> None:
    held = opened.sock
    if isinstance(held, socket.socket):
        with suppress(OSError):  # it is closed by now
            held.shutdown(socket.SHUT_RDWR)
