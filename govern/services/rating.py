"""How each KPI stands, in a word: what the rulebook's table `kpi-rag` says of it today."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.language.types import TEXT
from govern.observation.frame import observe
from govern.rulebook.rule import Rulebook
from govern.rulebook.scope import Scope
from govern.rulebook.table import DecisionTable
from govern.rulebook.table_reading import TableReading, read_table
from govern.services.courses import chosen_projects, day_of
from govern.services.observing import load_tables
from govern.services.runtime import Runtime
from govern.store import kpis, projects, rulebooks

TABLE: Final = "kpi-rag"
OUTPUT: Final = "rag"
PROJECTS_AT_ONCE: Final = 2_000
WORST_FIRST: Final = ("red", "amber", "grey", "green")
"""Grey, of which too little is known, is no better than it may be: it comes before green."""


def with_rag(runtime: Runtime, found: list[Record], *, now: datetime) -> list[Record]:
    """KPIs, each with its `rag`: value, period, and the row of the table that gave it. `None` where
    no rulebook is in force that has such a table."""
    with runtime.store.reading() as connection:
        rated = _rated(runtime, connection, {each["project"] for each in found}, now.date())
    return [{**each, "rag": rated.get(each["id"]) if rated is not None else None} for each in found]


def project_with_rag(runtime: Runtime, project: Record, *, now: datetime) -> Record:
    """A project with the `rag` of each of its KPIs in order of their ids; `None` as `with_rag`."""
    with runtime.store.reading() as connection:
        rated = _rated(runtime, connection, {project["id"]}, now.date())
        named = kpis.of_project(connection, project["id"])
    if rated is None:
        return {**project, "rag": None}
    return {
        **project,
        "rag": [{"kpi": each["id"], "name": each["name"], **rated[each["id"]]} for each in named],
    }


def portfolio_rating(runtime: Runtime, actor: Actor, *, now: datetime) -> Record | None:
    """`values` (how many KPIs stand at each value of the table, in its order) and `unrated`; `None`
    as `with_rag`."""
    with runtime.store.reading() as connection:
        rating = _rating(runtime, connection)
        if rating is None:
            return None
        ids = projects.visible_ids(connection, actor)
        counted: Counter[str | None] = Counter()
        for start in range(0, len(ids), PROJECTS_AT_ONCE):
            part = set(ids[start : start + PROJECTS_AT_ONCE])
            counted.update(_text(each) for each in rating.read(connection, part, now.date()))
    order = rating.table.results[OUTPUT].type.choices
    return {"values": {value: counted[value] for value in order}, "unrated": counted[None]}


def rag_by_project(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    project: str | None = None,
    at: date | None = None,
    now: datetime,
) -> Record:
    """How the KPIs of each project stand on a day: `counts` per value of the table, `unrated`, and the
    `worst`, where the values are colours. `values` is None as `with_rag`. Raises NotFound, InvalidInput.
    """
    day = day_of(at, now)
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=project)
        rating = _rating(runtime, connection)
        if rating is None:
            return {"at": day, "values": None, "counts": {}, "unrated": 0, "projects": []}
        told: list[Record] = []
        for start in range(0, len(found), PROJECTS_AT_ONCE):
            part = found[start : start + PROJECTS_AT_ONCE]
            read = rating.read(connection, {each["id"] for each in part}, day)
            rated = {one.kpi: one for one in read if one.kpi is not None}
            for each in part:
                named = kpis.of_project(connection, each["id"])
                told.append(_of_project(each, named, rated, rating.values))
    return {
        "at": day,
        "values": rating.values,
        "counts": {value: sum(each["counts"][value] for each in told) for value in rating.values},
        "unrated": sum(each["unrated"] for each in told),
        "projects": told,
    }


def _of_project(
    project: Record,
    named: list[Record],
    rated: dict[str, TableReading],
    values: list[str],
) -> Record:
    told = [
        {
            "kpi": each["id"],
            "name": each["name"],
            "value": _text(rated[each["id"]]) if each["id"] in rated else None,
        }
        for each in named
    ]
    counted = Counter(each["value"] for each in told)
    return {
        "project": project["id"],
        "name": project["name"],
        "stage": project["stage"],
        "worst": worst_of(each["value"] for each in told),
        "counts": {value: counted[value] for value in values},
        "unrated": counted[None],
        "kpis": told,
    }


def worst_of(values: Iterable[str | None]) -> str | None:
    """The worst of some colours. None where one that is not rated could be worse than all that are."""
    seen = {*values}
    found = next((each for each in WORST_FIRST if each in seen), None)
    return None if found == WORST_FIRST[-1] and None in seen else found


@dataclass(frozen=True, slots=True)
class _Rating:
    rulebook: Rulebook
    table: DecisionTable

    @property
    def values(self) -> list[str]:
        return [*(self.table.results[OUTPUT].type.choices or ())]

    def read(
        self, connection: Connection, project_ids: Iterable[str], as_of: date
    ) -> list[TableReading]:
        observations = observe(load_tables(connection, set(project_ids)), as_of)
        return read_table(self.table, OUTPUT, observations)

    def told(self, reading: TableReading) -> Record:
        return {
            "value": _text(reading),
            "period": reading.period,
            "table": self.table.id,
            "row": self._row(reading),
            "rulebook_digest": self.rulebook.digest,
        }

    def _row(self, reading: TableReading) -> Record | None:
        if reading.row is None:
            return None
        place = reading.row.place
        lines = self.rulebook.sources[place.path].splitlines()
        return {
            "number": reading.number,
            "text": lines[place.line - 1].strip(),
            "place": str(place),
        }


def _rating(runtime: Runtime, connection: Connection) -> _Rating | None:
    revision = rulebooks.in_force(connection)
    if revision is None:
        return None
    rulebook = runtime.catalog.rulebook(connection, revision["digest"])
    table = rulebook.table(TABLE)
    if table is None or table.scope is not Scope.KPI:
        return None
    output = table.results.get(OUTPUT)
    return _Rating(rulebook, table) if output is not None and output.type == TEXT else None


def _rated(
    runtime: Runtime, connection: Connection, project_ids: set[str], as_of: date
) -> dict[str, Record] | None:
    rating = _rating(runtime, connection)
    if rating is None:
        return None
    if not project_ids:
        return {}
    read = rating.read(connection, project_ids, as_of)
    return {each.kpi: rating.told(each) for each in read if each.kpi is not None}


def _text(reading: TableReading) -> str | None:
    return reading.value if isinstance(reading.value, str) else None
