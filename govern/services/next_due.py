"""What falls due next, and what is overdue: of one project, of a portfolio, of all that one may see."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import next_end, period_end
from govern.domain.record import Record
from govern.domain.refusal import BadConfiguration, InvalidInput
from govern.services.courses import chosen_projects
from govern.services.reporting import owed, stages_that_report
from govern.services.runtime import Runtime
from govern.store import dues, reporting
from govern.store.query import in_parts

READING, GATE, RECOMMENDATION = "reading", "gate", "recommendation"
CONDITION, REVIEW, VALUE_CHECK = "condition", "review", "value_check"
KINDS = (READING, GATE, RECOMMENDATION, CONDITION, REVIEW, VALUE_CHECK)

AHEAD = timedelta(days=14)
FARTHEST = timedelta(days=366)
_Query = Callable[[Connection, Collection[str], date], list[Record]]

MOST_ITEMS = 200
"""So many are listed, the most urgent first; all of them are counted."""


@dataclass(frozen=True, slots=True)
class _Asked:
    runtime: Runtime
    connection: Connection
    projects: Mapping[str, Record]
    today: date
    by: date
    now: datetime

    @property
    def ids(self) -> Collection[str]:
        return self.projects.keys()


def due_next(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    project: str | None = None,
    by: date | None = None,
    now: datetime,
) -> Record:
    """`items` due by a day, in 14 days unless said (`on`, `what`, `project`, `id`, `text`, `overdue`),
    the most urgent first, at most 200, and `counts` of all of them, with `overdue` counted apart.

    Of what has no day nothing is told here. Raises NotFound, InvalidInput.
    """
    today = now.date()
    by = today + AHEAD if by is None else by
    if by > today + FARTHEST:
        last = (today + FARTHEST).isoformat()
        raise InvalidInput("Nobody can say that yet.", errors={"by": [f"{last} or earlier"]})
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=project)
        asked = _Asked(runtime, connection, {each["id"]: each for each in found}, today, by, now)
        items = [*_readings(asked), *_value_checks(asked), *_dated(asked)]
    items.sort(
        key=lambda each: (each["on"], each["project"], KINDS.index(each["what"]), each["id"])
    )
    for each in items:
        each["project_name"] = asked.projects[each["project"]]["name"]
        each["overdue"] = each["on"] < today
    return {
        "today": today,
        "by": by,
        "counts": [
            {
                "what": what,
                "due": sum(each["what"] == what for each in items),
                "overdue": sum(each["what"] == what and each["overdue"] for each in items),
            }
            for what in KINDS
        ],
        "items": items[:MOST_ITEMS],
        "left_out": max(0, len(items) - MOST_ITEMS),
    }


def _readings(asked: _Asked) -> list[Record]:
    stages = stages_that_report(asked.runtime, asked.connection)
    kpis = [
        each
        for part in in_parts(asked.ids)
        for each in reporting.of_projects(asked.connection, stages, part)
    ]
    return [
        _item(
            READING,
            each.kpi["project"],
            each.kpi["kpi"],
            one.due,
            f"{each.kpi['name']}, period to {one.period.isoformat()}",
        )
        for each in owed(asked.runtime, asked.connection, kpis, asked.now, by=asked.by)
        for one in each.missing
        if one.due <= asked.by
    ]


def _value_checks(asked: _Asked) -> list[Record]:
    """The value checks that will open, on the last day of their periods."""
    items: list[Record] = []
    for project in asked.projects.values():
        try:
            process = asked.runtime.catalog.process(asked.connection, project["workflow_digest"])
        except BadConfiguration:
            continue
        for gate in process.machine.gates_from(project["stage"]):
            if gate.repeats is None:
                continue
            end = period_end(gate.repeats, asked.today)
            # Of the period that ends today the check is open, or opens with the next tick.
            if end == asked.today:
                end = next_end(gate.repeats, asked.today)
            if end <= asked.by:
                items.append(_item(VALUE_CHECK, project["id"], gate.id, end, gate.title))
    return items


def _dated(asked: _Asked) -> list[Record]:
    return [
        _item(what, row["project"], str(row["id"]), row["on"], told(row))
        for what, (query, told) in _DATED.items()
        for part in in_parts(asked.ids)
        for row in query(asked.connection, part, asked.by)
    ]


def _gate(row: Record) -> str:
    return f"Gate {row['name']}, iteration {row['number']}"


def _named(row: Record) -> str:
    return row["name"]


def _review(row: Record) -> str:
    return f"Review {row['number']}"


_DATED: Mapping[str, tuple[_Query, Callable[[Record], str]]] = {
    GATE: (dues.gates, _gate),
    RECOMMENDATION: (dues.recommendations, _named),
    CONDITION: (dues.conditions, _named),
    REVIEW: (dues.reviews, _review),
}


def _item(what: str, project: str, number: str, on: date, text: str) -> Record:
    return {"on": on, "what": what, "project": project, "id": number, "text": text}
