"""Who people are, beside the ids that rows hold."""

from collections.abc import Sequence

from govern.domain.record import Record
from govern.services.runtime import Runtime
from govern.store import people


def with_names(runtime: Runtime, rows: Sequence[Record], *fields: str) -> list[Record]:
    """The rows with the names of people in place of their ids, in the fields named (`recorded_by` where
    none is); an id of nobody that is known stays."""
    named_in = fields or ("recorded_by",)
    ids = {each[name] for each in rows for name in named_in if each.get(name)}
    with runtime.store.reading() as connection:
        names = people.names(connection, ids)
    return [
        {**each, **{name: names.get(each.get(name) or "", each.get(name)) for name in named_in}}
        for each in rows
    ]
