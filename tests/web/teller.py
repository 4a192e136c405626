"""Doing each operation of the description once, and keeping what was sent and answered."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from govern.web.openapi import PREFIX
from tests.web.lindmark import Lindmark
from tests.web.operations import operations

HOOK = "https://hooks.example.org/govern"
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")

MOST = 2
"""Items of a list that an example shows."""

LONGEST = 1000
"""Characters of a text."""


@dataclass
class Teller:
    """`told` has, by operation id, the body that was sent and the data that was answered."""

    lindmark: Lindmark
    hook: str = HOOK
    """Where news is taken; the examples say `HOOK`, and no secret."""
    told: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    reads: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Of each read: operation, who, address."""

    def do(
        self,
        name: str,
        who: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        media_type: str = "application/octet-stream",
        **values: Any,
    ) -> Any:
        """What is answered. A version that has to be named is read first; values that no address has
        stand in the query."""
        method, path, operation = operations()[name]
        path = path.removeprefix(PREFIX)
        for each in operation["parameters"]:
            if each["in"] == "path":
                path = path.replace(
                    f"{{{each['name']}}}", quote(str(values.pop(each["name"])), safe="")
                )
        caller = self.lindmark[who]
        version = None
        if any(each["name"] == "If-Match" for each in operation["parameters"]):
            owner = path if method == "PATCH" else path.rpartition("/")[0]
            version = caller.get(owner).headers["ETag"]
        query = {each.rstrip("_"): value for each, value in values.items()}
        answer = caller.call(
            method,
            path,
            body,
            version=version,
            raw=raw,
            headers={"Content-Type": media_type} if raw is not None else None,
            query=query,
        )
        assert answer.status_code in (200, 201), (name, answer.status_code, answer.text)
        if method == "GET":
            asked = "&".join(f"{key}={quote(str(value))}" for key, value in query.items())
            self.reads.append((name, who, f"{path}?{asked}" if asked else path))
        kept: dict[str, Any] = {} if body is None else {"body": body}
        told = answer.get_json() if answer.is_json else None
        if answer.is_json:
            kept["answer"] = shortened(told)
        elif answer.mimetype == "text/plain":
            kept["answer"] = answer.text
        else:
            kept["file"] = answer.mimetype
        text = json.dumps(kept).replace(self.hook, HOOK)
        self.told.setdefault(name, json.loads(_SECRET.sub("whsec_(it is told once)", text)))
        return told


def shortened(value: Any) -> Any:
    """With no more than the first items of each list, and the beginning of long texts."""
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST] + "…"
    if isinstance(value, list):
        return [shortened(each) for each in value[:MOST]]
    if isinstance(value, Mapping):
        return {name: shortened(each) for name, each in value.items()}
    return value


def as_json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
