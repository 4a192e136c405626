"""The envelope that everything leaves in that goes to another service: a CloudEvent 1.0 in JSON.

`type` begins with the project that says what the kinds mean, as the specification asks; `source` is the
address of this govern. An event's `id` is its leaf in the ledger: the same over all tries and for every
receiver, and no other event has it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

TYPES = "org.govern."
SCHEMAS = "/schemas/events/"


def write(
    public_url: str,
    kind: str,
    number: str,
    *,
    subject: str,
    at: datetime,
    data: Mapping[str, Any],
    sequence: int | None = None,
    actor: str | None = None,
) -> bytes:
    """Structured mode. `sequence` and `actor` are extension attributes: the number of the event in its
    project, in ten digits, so that the order of the texts is theirs; and the id of who did it."""
    from cloudevents.core.formats.json import JSONFormat  # noqa: PLC0415 - they take a while
    from cloudevents.core.v1.event import CloudEvent  # noqa: PLC0415

    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": number,
        "source": public_url,
        "type": TYPES + kind,
        "subject": subject,
        "time": at,
        "datacontenttype": "application/json",
        "dataschema": f"{public_url}{SCHEMAS}{quote(kind)}.json",
    }
    if sequence is not None:
        attributes["sequence"] = f"{sequence:010d}"
    if actor is not None:
        attributes["actor"] = actor
    return JSONFormat().write(CloudEvent(attributes, dict(data)))
