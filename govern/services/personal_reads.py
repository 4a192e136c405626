"""What an auditor reads of people is itself in the history: an auditor sees everything, and is seen."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from govern.domain.actor import Actor
from govern.domain.personal import ERASED, FIELDS
from govern.domain.role import Role
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime

NAMES = frozenset(
    {
        "actor_name",
        "answered_by_name",
        "author_name",
        "by",
        "for_person",
        "from_name",
        "person",
        "person_name",
        "published_by_name",
        "revoked_by_name",
        "submitted_by",
        "submitted_by_name",
        "to_name",
    }
)
"""Fields of answers that say who somebody is, beside those that events have."""

A_FILE = ("file",)


def record_read(runtime: Runtime, actor: Actor, path: str, answer: Any, *, now: datetime) -> None:
    """Records that an auditor was given an answer which holds something of other people.

    `answer` is plain data, or None for a file. Nothing is recorded of others than auditors, nor of an
    answer that is about nobody else. Raises Busy: then the answer must not be given.
    """
    if all(grant.role is not Role.AUDITOR for grant in actor.grants):
        return
    own = {actor.name, actor.person_id}
    fields = A_FILE if answer is None else tuple(sorted(set(_fields(answer, own))))
    if fields:
        with runtime.store.writing() as connection:
            told = {"read": path, "of": list(fields)}
            record_event(connection, SERVICE, actor, "personal.read", told, now)


def _fields(data: Any, own: set[str]) -> Iterator[str]:
    """The names of the fields that hold a text of or about somebody else."""
    if isinstance(data, list):
        for each in cast("list[Any]", data):
            yield from _fields(each, own)
    elif isinstance(data, dict):
        for name, value in cast("dict[str, Any]", data).items():
            if name in FIELDS or name in NAMES:
                if set(_texts(value)) - own - {ERASED, ""}:
                    yield name
            else:
                yield from _fields(value, own)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts(each)
    elif isinstance(value, dict):
        yield from _texts(list(cast("dict[str, Any]", value).values()))
