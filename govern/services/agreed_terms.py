"""What is agreed beside the KPIs, as it stands: what a project delivers, from when to when, for how much."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from govern.domain.plain import plain
from govern.domain.project import DeliverableState
from govern.domain.record import Record
from govern.domain.terms import Terms
from govern.services.projects import FROZEN
from govern.store import deliverables

OF_DELIVERABLES = ("name", "due", "cost", "dropped", "serves", "produces")
OF_PROJECT = tuple(sorted(FROZEN))


def of_deliverables(connection: Connection, project_id: str) -> dict[str, Terms]:
    """Deliverable id → what is agreed of it."""
    return {
        each["id"]: of_deliverable(each) for each in deliverables.of_project(connection, project_id)
    }


def of_deliverable(found: Record, names: Iterable[str] = OF_DELIVERABLES) -> Terms:
    dropped = found["state"] == DeliverableState.DROPPED
    return _plain({**found, "dropped": dropped}, names)


def of_project(found: Record, names: Iterable[str] = OF_PROJECT) -> Terms:
    return _plain(found, names)


def _plain(found: Record, names: Iterable[str]) -> dict[str, Any]:
    return {name: plain(found[name]) for name in names}
