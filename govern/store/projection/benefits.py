"""What events say of the benefits map: objectives, outcomes and what they lead to."""

from typing import Any

from govern.store.outcomes import TIES
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import objective, outcome


def _changed(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: each["to"] for name, each in changes.items()}


def objective_added(rows: Rows, fact: Fact) -> None:
    rows.add(objective, **fact.data, version=1, recorded_at=fact.at)


def objective_changed(rows: Rows, fact: Fact) -> None:
    rows.change(objective, fact.data["id"], **_changed(fact.data["changes"]))


def outcome_added(rows: Rows, fact: Fact) -> None:
    data = fact.data
    own = {name: data[name] for name in ("id", "name", "description", "owner")}
    rows.add(outcome, **own, project_id=data["project"], version=1, recorded_at=fact.at)
    for name, tie in TIES.items():
        rows.tie(tie, data["id"], data[name])


def outcome_changed(rows: Rows, fact: Fact) -> None:
    values = _changed(fact.data["changes"])
    ties = {name: values.pop(name) for name in TIES if name in values}
    rows.change(outcome, fact.data["outcome"], **values)
    for name, shares in ties.items():
        rows.tie(TIES[name], fact.data["outcome"], shares)
