"""Asking govern by its web API, over a connection that may break at any moment."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask

PREFIX = "/api/v1"
PATIENCE_S = 60.0


class Unanswered(Exception):  # noqa: N818 - says what happened
    """No whole answer came: whether it was done is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def version(self) -> str | None:
        return self.headers.get("etag")


class Ask(Protocol):
    """Raises Unanswered where no whole answer comes."""

    def __call__(
        self,
        token: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = None,
        key: str | None = None,
    ) -> Answer: ...


def over_network(address: Callable[[], str], patience_s: float = PATIENCE_S) -> Ask:
    """A connection for each request; `address` is asked each time, as a server that comes again may
    have another."""

    def ask(
        token: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = None,
        key: str | None = None,
    ) -> Answer:
        place = urlsplit(address())
        connection = HTTPConnection(place.hostname or "", place.port, timeout=patience_s)
        try:
            headers, data = _headers(token, version, key), _data(body)
            connection.request(method, f"{PREFIX}{path}", data, headers)
            response = connection.getresponse()
            raw = response.read()
            told = {name.lower(): value for name, value in response.getheaders()}
            if told.get("content-length") != str(len(raw)):
                # Cut in the headers, even within this one, which http.client takes for their end.
                raise HTTPException("the answer is not as long as it says, or does not say")
            return Answer(response.status, told, raw)
        except (OSError, HTTPException) as error:
            raise Unanswered(repr(error)) from error
        finally:
            connection.close()

    return ask


def in_process(app: Flask) -> Ask:
    """The same application without a network: for faults below it, in this process."""

    def ask(
        token: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = None,
        key: str | None = None,
    ) -> Answer:
        with app.test_client() as client:
            response = client.open(
                f"{PREFIX}{path}",
                method=method,
                data=_data(body),
                headers=_headers(token, version, key),
            )
            told = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, told, response.get_data())

    return ask


def _headers(token: str, version: str | None, key: str | None) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if version is not None:
        headers["If-Match"] = version
    if key is not None:
        headers["Idempotency-Key"] = key
    return headers


def _data(body: Any) -> bytes | None:
    return None if body is None else json.dumps(body).encode()
