"""A change of a scope change: what it is asked by, where it is applied, and what its kind does with it."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.services.runtime import Runtime
from govern.store import deliverables, kpis, projects

Change = Mapping[str, Any]
"""`kind` and what else the kind is asked by."""


@dataclass(frozen=True, slots=True)
class Applying:
    """Where a change is applied: by `actor`, whom the events name; `proposer` is who asked for it, and
    sees the KPIs that it names. The project is locked. `number` is the scope change's, none yet while
    it is tried."""

    runtime: Runtime
    connection: Connection
    actor: Actor
    proposer: Actor
    project: Record
    number: int | None
    effective_on: date | None
    now: datetime

    def kpi(self, change: Change) -> Record:
        """The KPI of a change. Raises InvalidInput where the project has none of that id."""
        found = kpis.find(self.connection, change["kpi"])
        if found is None or found["project"] != self.project["id"]:
            raise InvalidInput(
                "A scope change is about the KPIs of its project.",
                errors={"kpi": [f"a KPI of project {self.project['id']}"]},
            )
        return found

    def deliverable(self, change: Change) -> Record:
        """The deliverable of a change. Raises InvalidInput where the project has none of that id."""
        found = deliverables.find(self.connection, change["deliverable"])
        if found is None or found["project"] != self.project["id"]:
            raise InvalidInput(
                "A scope change is about the deliverables of its project.",
                errors={"deliverable": [f"a deliverable of project {self.project['id']}"]},
            )
        return found

    def project_now(self) -> Record:
        """The project as the changes before this one have left it."""
        found = projects.find(self.connection, self.project["id"])
        assert found is not None  # noqa: S101 - it is locked
        return found


@dataclass(frozen=True, slots=True)
class Kind:
    """`needs` and `takes` are the fields beside `kind` that a change of it must have, or may.

    `resolve` makes what is asked what it means, as plain data; `apply` writes that.
    """

    needs: frozenset[str]
    takes: frozenset[str]
    resolve: Callable[[Applying, Change], dict[str, Any]]
    apply: Callable[[Applying, Change], None]


@contextmanager
def placed(prefix: str) -> Generator[None]:
    """What is refused within, with the place that its fields have in what was asked."""
    try:
        yield
    except InvalidInput as refused:
        errors = refused.facts.get("errors", {})
        raise InvalidInput(
            refused.detail, errors={f"{prefix}{name}": each for name, each in errors.items()}
        ) from refused


def only(fields: Change, known: frozenset[str], whose: str) -> None:
    """Raises InvalidInput for fields that are not among those known."""
    others = sorted(set(fields) - known)
    if others:
        raise InvalidInput(
            f"This change is about the fields of {whose}.",
            errors={f"fields.{name}": [f"is no field of {whose}"] for name in others},
        )
