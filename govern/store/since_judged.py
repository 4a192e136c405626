"""What has happened to a project since something was judged of it, without reading what it is."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from govern.store.query import AnySelect
from govern.store.tables import event, kpi
from govern.store.tables import rulebook_revision as revision


@dataclass(frozen=True, slots=True)
class Last:
    """The last event of a project that counts: `kind` and `data`. `composite`: one of the project's
    KPIs is computed from others, which may be other projects'. `erasures`: a person has ever been
    erased. `rulebook_digest` is that of the rulebook in force."""

    kind: str
    data: Any
    composite: bool
    erasures: bool
    rulebook_digest: str | None


def last(
    connection: Connection, project_id: str, service: str, erasing: str, but: Collection[str]
) -> Last | None:
    """`but` are the kinds that do not count; `erasing` is the kind, in the chain `service`, of the events
    that erase. None where nothing that counts has happened to the project."""
    query = _last(frozenset(but))
    given = {"of": project_id, "service": service, "erasing": erasing}
    row = connection.execute(query, given).first()
    if row is None:
        return None
    kind, body, *others = row
    return Last(kind, json.loads(body)["data"], *others)


@cache
def _last(but: frozenset[str]) -> AnySelect:
    # From the end of the chain to the first that counts, however long the chain is.
    return (
        select(
            event.c.kind,
            event.c.body,
            exists().where(kpi.c.project_id == bindparam("of"), kpi.c.formula.is_not(None)),
            exists(_ERASING),
            select(revision.c.digest).order_by(revision.c.id.desc()).limit(1).scalar_subquery(),
        )
        .where(event.c.project == bindparam("of"), *(event.c.kind != each for each in sorted(but)))
        .order_by(event.c.seq.desc())
        .limit(1)
    )


_ERASED = event.alias()
_ERASING = select(_ERASED.c.seq).where(
    _ERASED.c.project == bindparam("service"), _ERASED.c.kind == bindparam("erasing")
)
