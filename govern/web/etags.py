"""ETags on every read that is answered whole, and 304 where the caller has that answer already.

A thing that is changed by version keeps the version in its tag, so that the tag of a read is what a write
sends as If-Match. What else its answer depends on, such as the day, changes without another version: then a
mark of the answer stands behind a point, to which a write pays no heed. Lists and what is computed have the
hash of the answer.
"""

import hashlib
import re
from http import HTTPStatus

from flask import Response, g, request

from govern.web.version import MARK_LENGTH

READ_TAG = r'^"(v[1-9][0-9]{0,9}(\.[0-9a-f]{8})?|[0-9a-f]{32})"$'
"""What a read can have as ETag."""

TAG_LENGTH = 32
_VERSION = re.compile('"v[0-9]+')
_OF_THE_BODY = ("Content-Type", "Content-Length")


def add_etag(response: Response) -> Response:
    """The answer of a read of the API with its ETag, or 304 without a body (RFC 9110, 13.1.2)."""
    if (
        request.method not in ("GET", "HEAD")
        or response.status_code != HTTPStatus.OK
        or not request.path.startswith("/api/")
    ):
        return response
    tag = response.headers.get("ETag") if response.is_streamed else _tag(response)
    if tag is None:
        return response
    response.headers["ETag"] = tag
    if not request.if_none_match.contains_weak(tag.strip('"')):
        return response
    response.close()
    known = Response(status=HTTPStatus.NOT_MODIFIED)
    known.headers.extend(
        each for each in response.headers.items() if each[0] not in (*_OF_THE_BODY, "Set-Cookie")
    )
    known.headers.pop("Content-Type", None)
    return known


def _tag(response: Response) -> str:
    given = response.headers.get("ETag")
    if given is not None and "version_tells_all" in g:
        return given
    digest = hashlib.sha256(response.get_data()).hexdigest()
    version = _VERSION.match(given or "")
    if version is None:
        return f'"{digest[:TAG_LENGTH]}"'
    return f'{version[0]}.{digest[:MARK_LENGTH]}"'
