"""What the events of an export rest on: contents by their digests, personal texts by references."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection

from govern.domain.personal import REFERENCE
from govern.services.export_selection import Selection, data_of, events_in
from govern.services.runtime import Runtime
from govern.store import blobs
from govern.store.blobs import Corrupt

CITED = ("facts_digest", "rulebook_digest", "workflow_digest", "seen_digest", "digest")
OF_THE_PORTFOLIO = ("sweep.recorded", "facts_digest")
"""Taken over the digests of all projects, each of which stands in that project's own chain."""

ERASURE = "person.erased"

_ENDINGS = {"application/json": ".json", "application/yaml": ".yaml", "text/yaml": ".yaml"}
_ON_DISK = ".bin"


@dataclass(frozen=True, slots=True)
class Cited:
    """Digests of contents, and references to personal texts in events and in JSON contents."""

    digests: frozenset[str]
    refs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Content:
    """`ending` of the name that it is saved under."""

    content: bytes
    ending: str


def gather(runtime: Runtime, connection: Connection, selection: Selection) -> Cited:
    """Reads the selected events and what they cite."""
    digests: set[str] = set()
    refs: set[str] = set()
    for event in events_in(connection, selection):
        data = data_of(event)
        digests.update(citations(event.kind, data))
        # What an erasure names are texts of all projects; here are those that events of these use.
        erasure = event.kind == ERASURE
        text = str(data.get("reason")) if erasure else event.body.decode(errors="replace")
        refs.update(REFERENCE.findall(text))
    for digest in digests:
        found = content_of(runtime, connection, digest)
        if found is not None and found.ending == ".json":
            refs.update(REFERENCE.findall(found.content.decode(errors="replace")))
    return Cited(frozenset(digests), frozenset(refs))


def citations(kind: str, data: dict[str, Any]) -> Iterator[str]:
    """The digests that the data of an event names."""
    for name in CITED:
        digest = data.get(name)
        if isinstance(digest, str) and (kind, name) != OF_THE_PORTFOLIO:
            yield digest
    brought = data.get("evidence")
    for each in cast("list[Any]", brought) if isinstance(brought, list) else ():
        digest = cast("dict[str, Any]", each).get("digest") if isinstance(each, dict) else None
        if isinstance(digest, str):
            yield digest


def content_of(runtime: Runtime, connection: Connection, digest: str) -> Content | None:
    """What is kept under a digest; None where it is gone or was changed, which the verifier tells."""
    try:
        found = blobs.get(connection, digest)
        if found is not None:
            ending = _ENDINGS.get(found.media_type) or mimetypes.guess_extension(found.media_type)
            return Content(found.content, ending or _ON_DISK)
        folder = runtime.keeping.folder
        content = None if folder is None else folder.get(digest)
    except (Corrupt, OSError):
        return None
    return None if content is None else Content(content, _ON_DISK)
