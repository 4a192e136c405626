"""How the description tells of headers and of files."""

from collections.abc import Sequence
from typing import Any

from govern.documents.media import BYTES
from govern.web.etags import READ_TAG
from govern.web.idempotency import KEY
from govern.web.past import LOG_SIZE
from govern.web.version import TAG

_BINARY = {"type": "string", "format": "binary"}

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the version that is changed, as a read gave it.",
    "schema": {"type": "string", "pattern": TAG},
    "example": '"v1"',
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of your own for this very request, such as a UUID: sent again with it within "
    "a day, the request is not done again, and has the answer that it had.",
    "schema": {"type": "string", "pattern": KEY},
    "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag that the caller has: answered with 304 if the answer is still that one.",
    "schema": {"type": "string"},
}
_TAG_OF_READ = {
    "description": "Of this answer, to send back as If-None-Match; where it begins with v it names the "
    "version, to send back as If-Match.",
    "schema": {"type": "string", "pattern": READ_TAG},
}
_HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "The version, to send back as If-Match.",
        "schema": {"type": "string", "pattern": TAG},
    },
    "Link": {
        "description": 'The address of the next page, rel="next"; absent on the last.',
        "schema": {"type": "string"},
    },
    LOG_SIZE: {
        "description": "How many events of the log the answer rests on, where it looks back.",
        "schema": {"type": "string", "pattern": "^[1-9][0-9]*$"},
    },
    "Location": {"description": "Where it stands now.", "schema": {"type": "string"}},
}


def headers_of(headers: Sequence[str], *, known: bool) -> dict[str, Any]:
    found = {name: _HEADERS[name] for name in headers}
    return found | {"ETag": _TAG_OF_READ} if known else found


def body_of_files(types: Sequence[str]) -> dict[str, Any]:
    """A file as a body. One type stands for all: a generator of clients makes one function of it, which
    could not choose; whoever knows the type better sends it as Content-Type."""
    said = (
        f"The file. Its name tells what it is; Content-Type may say it too: {', '.join(types)}."
        if len(types) > 1
        else f"The text; Content-Type may be {types[0]} as well."
    )
    return {"required": True, "description": said, "content": {BYTES: {"schema": _BINARY}}}


def content_of_files(types: Sequence[str], example: str | None = None) -> dict[str, Any]:
    """Content of any of the types. What is no text can also be asked for as plain bytes, which is how a
    generated client reads it."""
    shown = {} if example is None else {"example": example}
    texts = {
        each: {"schema": {"type": "string"}, **shown} for each in types if each.startswith("text/")
    }
    if len(texts) == len(types):
        return texts
    return {each: {"schema": _BINARY} for each in (BYTES, *types)}
