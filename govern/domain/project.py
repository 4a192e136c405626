"""A project and its deliverables."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Project:
    """What is governed. `status_text` is what the organisation's own list says of it, untouched."""

    id: str
    name: str
    owner: str | None = None
    department: str | None = None
    start: date | None = None
    end: date | None = None
    budget: Decimal | None = None
    spent: Decimal | None = None
    status_text: str | None = None
    objective: str | None = None
    tags: tuple[str, ...] = ()


class DeliverableState(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Deliverable:
    """An output of the project. `serves` maps a KPI's id to the share this output contributes to it
    (0.25 = a quarter), `produces` an outcome's id to the share of that; the share is `None` where the
    link is agreed and its size is not."""

    id: str
    project_id: str
    name: str
    owner: str | None = None
    state: DeliverableState = DeliverableState.PLANNED
    due: date | None = None
    done_on: date | None = None
    cost: Decimal | None = None
    serves: dict[str, Decimal | None] = field(default_factory=dict[str, Decimal | None])
    produces: dict[str, Decimal | None] = field(default_factory=dict[str, Decimal | None])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What deliverables bring about, such as a change in what people do. It `serves` KPIs and `leads_to`
    other outcomes of its project, each with the share of it that this outcome brings."""

    id: str
    project_id: str
    name: str
    description: str | None = None
    owner: str | None = None
    serves: dict[str, Decimal | None] = field(default_factory=dict[str, Decimal | None])
    leads_to: dict[str, Decimal | None] = field(default_factory=dict[str, Decimal | None])


@dataclass(frozen=True, slots=True)
class Objective:
    """A strategic objective of the organisation."""

    id: str
    name: str
    description: str | None = None
    owner: str | None = None
