"""Each kind of event has a schema, and what is in a ledger holds against it."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from govern.services import example, news_replay
from govern.services.event_schemas import kinds, schema_of
from govern.services.news_kinds import KINDS
from govern.services.people import OPERATOR
from govern.services.sending import MADE
from govern.store.tables import event
from govern.store.transaction import Store
from tests.services import house as made
from tests.services.house import NOW, ROOT

URL = "https://govern.example.org"
KEPT = ROOT / "tests" / "replay" / "0.1.0" / "events.jsonl"


@cache
def schema(kind: str) -> dict[str, Any]:
    found = schema_of(kind, URL)
    assert found is not None, f"write schemas/events/{kind}.json: there is no such schema yet"
    return found


@cache
def validator(kind: str) -> Any:
    return jsonschema_rs.validator_for(schema(kind))


def holds(kind: str, data: Any) -> None:
    """Against the schema, and nothing is there that the schema does not name: a receiver would not
    know of it. The schema itself lets more be there, so that a later version may add some."""
    validator(kind).validate(data)
    unnamed = sorted(_unnamed(schema(kind), data, kind))
    assert not unnamed, f"schemas/events/{kind}.json does not name {', '.join(unnamed)}"


def _unnamed(of: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    if isinstance(value, list) and "items" in of:
        for each in value:
            yield from _unnamed(of["items"], each, f"{where}[]")
    elif isinstance(value, dict) and "properties" in of:
        for name, below in value.items():
            if name not in of["properties"]:
                yield f"{where}.{name}"
            else:
                yield from _unnamed(of["properties"][name], below, f"{where}.{name}")


def test_every_kind_of_event_has_a_schema_and_no_other_has() -> None:
    assert set(kinds()) == {*KINDS, MADE, news_replay.PING}


@pytest.mark.parametrize("kind", kinds())
def test_a_schema_is_one_and_says_what_happened(kind: str) -> None:
    found = schema(kind)
    jsonschema_rs.meta.validate(found)
    assert found["$id"] == f"{URL}/schemas/events/{kind}.json"
    assert found["title"] == kind
    assert found["description"].endswith(".")
    assert set(found["required"]) <= set(found["properties"])
    with pytest.raises(jsonschema_rs.ValidationError):
        validator(kind).validate([])


def test_the_events_of_the_example_hold(store: Store) -> None:
    house = made.build(store)
    example.load_example(house.runtime, OPERATOR, ROOT / "examples", now=NOW)
    seen = _all(store)
    assert len(seen) > 20


def test_the_events_of_a_project_that_moves_hold(store: Store) -> None:
    from tests.web.caller import furnish  # noqa: PLC0415 - it needs the web

    furnish(made.build(store))
    assert {"gate.decided", "condition.set", "waiver.granted", "criterion.scored"} <= _all(store)


def _all(store: Store) -> set[str]:
    seen: set[str] = set()
    with store.reading() as connection:
        for kind, body in connection.execute(
            event.select().with_only_columns(event.c.kind, event.c.body)
        ):
            holds(kind, json.loads(body)["data"])
            seen.add(kind)
    return seen


def test_the_events_that_were_kept_hold() -> None:
    for line in Path(KEPT).read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        holds(told["kind"], told["data"])


def test_a_field_that_no_schema_names_is_found() -> None:
    with pytest.raises(AssertionError, match=r"does not name mail.chosen.more"):
        holds("mail.chosen", {"choice": "all", "version": 1, "more": 1})
    with pytest.raises(jsonschema_rs.ValidationError):
        holds("mail.chosen", {"choice": 1, "version": 1})
