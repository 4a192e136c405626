"""What sweeps remember of each project, so that the next one looks only at those that may have changed.

Every change of a project is an event of its chain, written in the transaction of the change. So a chain
that is no longer than when a sweep read it says that nothing of its project has changed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date

from sqlalchemy import Connection, Integer, Text, delete, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from govern.store.engine import is_sqlite
from govern.store.query import in_parts
from govern.store.tables import event, kpi, sweep_base, swept_input, swept_project

_ONLY = 1

_MOVED = text("""
    SELECT p.id AS project, coalesce(c.seq, 0) AS seq
    FROM project AS p
    LEFT JOIN chain AS c ON c.project = p.id
    LEFT JOIN swept_project AS s ON s.project_id = p.id
    WHERE s.seq IS NULL OR s.seq <> coalesce(c.seq, 0)
""").columns(project=Text, seq=Integer)

_HEADS = text("""
    SELECT p.id AS project, coalesce(c.seq, 0) AS seq
    FROM project AS p LEFT JOIN chain AS c ON c.project = p.id
""").columns(project=Text, seq=Integer)


@dataclass(frozen=True, slots=True)
class Base:
    """By what the projects that need not be looked at were judged. `seq`: up to which event of the
    service's chain."""

    rulebook_digest: str
    engine: str
    seq: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a sweep saw of one project. `seq` is the number of the last event that it had seen,
    `next_on` the day from which on it may come out otherwise without any event."""

    seq: int
    next_on: date
    fires: int
    pending: int
    silent: int
    unknown: int
    kpis: int
    readings: int
    newest_reading: date | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Over all projects that were ever looked at."""

    projects: int
    fires: int
    pending: int
    silent: int
    unknown: int
    kpis: int
    readings: int
    newest_reading: date | None


def hold(connection: Connection) -> Base | None:
    """The base, kept from other sweeps until the transaction ends; `None` before the first sweep."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    connection.execute(
        dialect.insert(sweep_base)
        .values(id=_ONLY, rulebook_digest="", engine="", seq=0)
        .on_conflict_do_nothing()
    )
    row = connection.execute(select(sweep_base).with_for_update()).one()
    return Base(row.rulebook_digest, row.engine, row.seq) if row.engine else None


def stand_on(connection: Connection, base: Base) -> None:
    connection.execute(sweep_base.update().values(**asdict(base)))


def moved(connection: Connection) -> dict[str, int]:
    """Project → number of its last event: those whose chain has another one than was seen last, and
    those that were never looked at."""
    return {row.project: row.seq for row in connection.execute(_MOVED)}


def heads(connection: Connection) -> dict[str, int]:
    """Project → number of its last event, of every project."""
    return {row.project: row.seq for row in connection.execute(_HEADS)}


def seen(connection: Connection, project_ids: Collection[str]) -> dict[str, int]:
    """Project → number of the last event that a sweep saw."""
    found: dict[str, int] = {}
    for part in in_parts(project_ids):
        query = select(swept_project.c.project_id, swept_project.c.seq).where(
            swept_project.c.project_id.in_(part)
        )
        found |= {row.project_id: row.seq for row in connection.execute(query)}
    return found


def due(connection: Connection, day: date) -> set[str]:
    """The projects that may come out otherwise on this day without any event."""
    query = select(swept_project.c.project_id).where(swept_project.c.next_on <= day)
    return set(connection.scalars(query))


def readers_of(connection: Connection, project_ids: Collection[str]) -> set[str]:
    """The projects whose composite KPIs read a KPI of one of these."""
    found: set[str] = set()
    for part in in_parts(project_ids):
        query = (
            select(swept_input.c.project_id)
            .join(kpi, kpi.c.id == swept_input.c.kpi_id)
            .where(kpi.c.project_id.in_(part))
        )
        found |= set(connection.scalars(query.distinct()))
    return found


def happened(connection: Connection, chain: str, kinds: Collection[str], after: int) -> bool:
    """Whether a chain has an event of one of the kinds after a number."""
    query = select(event.c.seq).where(
        event.c.project == chain, event.c.seq > after, event.c.kind.in_(sorted(kinds))
    )
    return connection.execute(query.limit(1)).first() is not None


def remember(
    connection: Connection,
    looked: Mapping[str, Looked],
    inputs: Iterable[tuple[str, str]],
) -> None:
    """What was seen of projects; `inputs` are pairs of a project and a KPI elsewhere that it reads."""
    if not looked:
        return
    dialect = sqlite if is_sqlite(connection) else postgresql
    rows = [{"project_id": each, **asdict(told)} for each, told in sorted(looked.items())]
    written = dialect.insert(swept_project)
    names = [each.name for each in fields(Looked)]
    connection.execute(
        written.on_conflict_do_update(
            index_elements=["project_id"], set_={name: written.excluded[name] for name in names}
        ),
        rows,
    )
    for part in in_parts(looked):
        connection.execute(delete(swept_input).where(swept_input.c.project_id.in_(part)))
    pairs = [{"project_id": project, "kpi_id": read} for project, read in sorted(set(inputs))]
    if pairs:
        connection.execute(insert(swept_input), pairs)


def totals(connection: Connection) -> Totals:
    columns = swept_project.c
    summed = [
        func.coalesce(func.sum(columns[each.name]), 0).label(each.name)
        for each in fields(Totals)
        if each.name not in ("projects", "newest_reading")
    ]
    newest = func.max(columns.newest_reading).label("newest_reading")
    query = select(func.count().label("projects"), *summed, newest).select_from(swept_project)
    row = connection.execute(query).mappings().one()
    counted: dict[str, int] = {each.name: int(row[each.name]) for each in summed}
    return Totals(projects=row["projects"], newest_reading=row["newest_reading"], **counted)
