"""Erasing what is known of a person: text and salt go, events, blobs and every proof stay as they are.

An event holds an HMAC of a text under a salt of its own; without the salt nobody can tell any more
which text it was, nor try one. What people wrote of others stays, without the name and the address.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.personal import ERASED, erased_address
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Permission
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import (
    blobs,
    deliveries,
    events,
    idempotency,
    identities,
    live_texts,
    people,
    personal,
    sessions,
)

_SHORTEST = 3
"""Letters of a further spelling: a shorter one would stand in half of all sentences."""


@dataclass(frozen=True, slots=True)
class Erased:
    """`erased` texts are gone whole, `redacted` ones are left without the name. `remains` names the
    events and kept texts in which it still stands in a place that is no person's, such as the name
    of a project or the text of a rule. `cleared`: the database file holds nothing of it any more;
    False on PostgreSQL, whose dumps are clean and whose files are the server's to clear."""

    person: str
    erased: int
    redacted: int
    remains: tuple[str, ...]
    cleared: bool


def erase_person(
    runtime: Runtime,
    actor: Actor,
    name: str,
    *,
    reason: str,
    also: Sequence[str] = (),
    now: datetime,
) -> Erased:
    """Erases the person with this id or address wherever they are named; ends their roles, tokens
    and sessions.

    `also` are further spellings of the name. Done again, by the id, it looks for those. Raises
    NotAllowed, NotFound, InvalidInput.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.writing() as connection:
        person = people.find(connection, name, lock=True)
        if person is None:
            raise NotFound(f"There is nobody known as {name}.", person=name)
        person_id: str = person["id"]
        if person_id == OPERATOR.person_id:
            raise InvalidInput(
                "The operator is nobody in particular.", errors={"person": ["a person"]}
            )
        gone = erased_address(person_id)
        known = [each for each in (person["email"], person["name"]) if each not in (gone, ERASED)]
        named = _named([*known, *_spellings(also)])
        instead = _take_out(connection, named, now)
        idempotency.drop_answers(connection)
        deliveries.clear_texts(connection)
        live_texts.redact(connection, lambda text: _without(named, text))
        ended = people.close(connection, person_id, gone, ERASED, now)
        ended["sessions"] = sessions.end_all(connection, person_id, now)
        identities.forget(connection, person_id)
        record_event(
            connection,
            SERVICE,
            actor,
            "person.erased",
            {
                "person": person_id,
                "reason": _without(named, reason),
                "erased": sorted(ref for ref, other in instead.items() if other is None),
                "redacted": {ref: other for ref, other in instead.items() if other is not None},
                **ended,
            },
            now,
        )
    with runtime.store.reading() as connection:
        remains = _remains(connection, named)
    whole = sum(other is None for other in instead.values())
    return Erased(person_id, whole, len(instead) - whole, remains, runtime.store.clear())


def _spellings(also: Sequence[str]) -> list[str]:
    short = {
        f"also.{index}": [f"{_SHORTEST} letters or more"]
        for index, each in enumerate(also)
        if len(each.strip()) < _SHORTEST
    }
    if short:
        raise InvalidInput("Some spellings are too short to look for.", errors=short)
    return [each.strip() for each in also]


def _named(texts: Sequence[str]) -> re.Pattern[str] | None:
    """Finds any of them as whole words, in whatever case; the longest first: an address holds a name."""
    if not texts:
        return None
    longest_first = sorted(set(texts), key=lambda each: (-len(each), each))
    any_of = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)


def _without(named: re.Pattern[str] | None, text: str) -> str:
    return text if named is None else named.sub(ERASED, text)


def _take_out(
    connection: Connection, named: re.Pattern[str] | None, now: datetime
) -> dict[str, str | None]:
    """Reference → that of what is left of its text, None where the text was nothing but the name."""
    left = {
        ref: _without(named, text)
        for ref, text in list(personal.every_text(connection))
        if named is not None and named.search(text)
    }
    kept = {text for text in left.values() if text != ERASED}
    references = personal.references_of(connection, kept, now) if kept else {}
    instead = {ref: references.get(text) for ref, text in left.items()}
    personal.erase(connection, instead, now)
    return instead


def _remains(connection: Connection, named: re.Pattern[str] | None) -> tuple[str, ...]:
    if named is None:
        return ()
    return (
        *(
            f"event {each.seq} of {each.project}"
            for each in events.stored_events(connection)
            if named.search(each.body.decode(errors="replace"))
        ),
        *(
            f"{each.media_type} kept as {each.digest}"
            for each in blobs.texts(connection)
            if named.search(each.content.decode(errors="replace"))
        ),
    )
