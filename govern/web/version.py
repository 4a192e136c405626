"""Versions as ETags: a write names the version it was made for, a read may skip what it has.

What is computed anew with every read, such as how a KPI stands today, changes without a version: the
tag has a mark of it behind a point, by which a read is known and to which a write pays no heed.
"""

import hashlib
import json
import re
from typing import Any

from flask import Response, g, request

from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import StaleVersion, VersionNeeded

MARK_LENGTH = 8
TAG = r'^"v[1-9][0-9]{0,9}(\.[0-9a-f]{8})?"$'
_TAG = re.compile(TAG)


def tag_of(record: Record) -> str:
    return f'"v{record["version"]}{_mark(record.get("rag") or _of_today(record))}"'


def _of_today(record: Record) -> Record:
    """What a day makes of a recommendation."""
    if "snoozed" not in record:
        return {}
    return {name: record[name] for name in ("snoozed", "overdue") if record[name]}


def _mark(rag: Any) -> str:
    if not rag:
        return ""
    text = json.dumps(plain(rag), sort_keys=True)
    return "." + hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def named_version() -> int:
    """The version that `If-Match` names. Raises VersionNeeded, or StaleVersion for a foreign tag."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        raise VersionNeeded(
            "Read it, and send the ETag that came with it as If-Match."
            + (" A * would change what you have not seen." if given else "")
        )
    if not _TAG.fullmatch(given):
        raise StaleVersion(
            f"{given[:100]} is no version of it. Send one ETag as it was given, quotes included: "
            '"v3".'
        )
    return int(given[2:-1].partition(".")[0])


def tagged(record: Record, **headers: str) -> tuple[Record, dict[str, str]]:
    """The record with its ETag."""
    return record, {"ETag": tag_of(record), **headers}


def unless_known(record: Record) -> Any:
    """The record with its ETag, or 304 where `If-None-Match` says that the caller has this version.
    For records whose tag tells of all that is in them."""
    g.version_tells_all = True
    if "past" not in g and request.if_none_match.contains_weak(tag_of(record).strip('"')):
        return Response(status=304, headers={"ETag": tag_of(record)})
    return tagged(record)
