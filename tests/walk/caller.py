"""A person with a token, who knows govern by its web API alone."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

_TIMEOUT_S = 30


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    version: str | None


@dataclass(frozen=True)
class Caller:
    name: str
    address: str
    token: str

    def read(self, path: str, **query: str) -> Answer:
        answer = self.call("GET", f"{path}?{urlencode(query)}" if query else path)
        assert answer.status == 200, answer
        return answer

    def every(self, path: str, **query: str) -> list[dict[str, Any]]:
        """All items of a list, page by page; small pages, so that there are several."""
        items: list[dict[str, Any]] = []
        page: dict[str, str] = {"limit": "7", **query}
        while True:
            body = self.read(path, **page).body
            items += body["items"]
            if body["next"] is None:
                return items
            page["cursor"] = str(body["next"])

    def write(self, method: str, path: str, body: Any, version: str | None = None) -> Answer:
        """What must succeed."""
        answer = self.call(method, path, body, version)
        assert answer.status in (200, 201), answer
        return answer

    def change(self, path: str, body: Any) -> Answer:
        """Reads it, and changes the version that was read."""
        return self.write("PATCH", path, body, self.read(path).version)

    def refused(self, method: str, path: str, body: Any, version: str | None = None) -> Answer:
        answer = self.call(method, path, body, version)
        assert 400 <= answer.status < 500, answer
        return answer

    def call(self, method: str, path: str, body: Any = None, version: str | None = None) -> Answer:
        """Whatever comes of it."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = version
        request = Request(  # noqa: S310 - the address is the test's own server
            f"{self.address}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with _opener().open(request, timeout=_TIMEOUT_S) as response:
                return Answer(response.status, json.load(response), response.headers.get("ETag"))
        except HTTPError as error:
            with error:
                return Answer(error.code, json.load(error), error.headers.get("ETag"))


def _opener() -> OpenerDirector:
    """Straight to the server, whatever proxy the environment names."""
    return build_opener(ProxyHandler({}))
