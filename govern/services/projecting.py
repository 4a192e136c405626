"""The events of chains on their way into a projection: read in pieces, personal texts in words."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from govern.ledger.event import Event
from govern.services.personal import reveal
from govern.store import events
from govern.store.projection import Fact

AT_ONCE = 500


def events_in_pieces(
    connection: Connection, chain: str, last: int | None, after: int = 0
) -> Iterator[list[Event]]:
    """The events of a chain in order, from the one behind `after` to number `last`, or to its end."""
    while last is None or after < last:
        left = AT_ONCE if last is None else min(AT_ONCE, last - after)
        piece = events.events_of(connection, chain, after=after, limit=left)
        if not piece:
            return
        yield piece
        after = piece[-1].seq


def facts_in(connection: Connection, piece: list[Event]) -> list[Fact]:
    """The events as a projection reads them."""
    bodies = [json.loads(each.body) for each in piece]
    in_words = reveal(connection, [each["data"] for each in bodies])
    return [
        Fact(
            event.project,
            event.seq,
            datetime.fromisoformat(body["at"]),
            body["actor"],
            event.kind,
            data,
        )
        for event, body, data in zip(piece, bodies, in_words, strict=True)
    ]
