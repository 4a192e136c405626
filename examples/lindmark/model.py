"""The form in which a project's story is told."""

from dataclasses import dataclass, field
from typing import TypeAlias

Course: TypeAlias = tuple[tuple[int, float], ...]
"""(months since the trajectory's start, share of the planned change that was reached): straight lines
between the points, level before the first and after the last. For a level to hold the share is of
the level itself."""

ON_PLAN: Course = ((0, 1.0),)
AHEAD: Course = ((0, 1.02), (8, 1.1), (20, 1.16))
NEARLY: Course = ((0, 0.97), (12, 0.94))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """`start` and `first` are months (`2025-01`): the first planned period, and the first reported
    one, where the baseline was measured earlier. `last` is the last reported one, where reports
    stopped. `missing` are months whose report never came. `wobble` is the noise, as a share of the
    planned change (of the level, for a level to hold)."""

    name: str
    category: str | None
    unit: str | None
    direction: str | None
    baseline: float | None
    target: float | None
    target_on: str | None
    owner: str | None
    source: str | None
    start: str | None = None
    first: str | None = None
    last: str | None = None
    course: Course = ON_PLAN
    wobble: float = 0.03
    missing: tuple[str, ...] = ()
    cadence: str = "monthly"
    decimals: int = 1
    cumulative: bool = False
    aggregation: str | None = None
    disbenefit: bool = False
    tolerance: str | None = "10%"
    weight: int | None = None
    lag: int | None = 10
    baseline_on: str | None = None
    curve: str = "line"

    @property
    def is_an_amount(self) -> bool:
        """Thousands of euros that can be added, in all or in a period, and no price of one thing."""
        unit = self.unit or ""
        return unit == "EUR k" if self.cumulative else unit.startswith("EUR k a ")

    @property
    def holds_a_level(self) -> bool:
        return self.direction in ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Deliverable:
    """`serves`: the number of the KPI in its project (from 1) → per cent, or `None` if not agreed;
    `produces`: the same for the project's outcomes."""

    name: str
    owner: str | None
    state: str
    due: str | None
    done_on: str | None
    cost: int | None
    serves: dict[int, int | None]
    produces: dict[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is different once deliverables are used. `serves` and `leads_to` as a deliverable's."""

    name: str
    owner: str
    serves: dict[int, int | None] = field(default_factory=dict)
    leads_to: dict[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    number: int
    name: str
    owner: str
    department: str
    start: str | None
    end: str | None
    budget: int | None
    spent: int | None
    status: str
    objective: str | None
    tags: str
    stage: str
    since: str
    kpis: tuple[Kpi, ...] = ()
    deliverables: tuple[Deliverable, ...] = field(default=())
    outcomes: tuple[Outcome, ...] = ()

    @property
    def id(self) -> str:
        return f"LE-{self.number:03}"


WIN = "Keep customers and win new ones"
SERVE = "Serve every customer right the first time"
NETWORK = "Run the network safely at lower cost"
CLIMATE = "Halve our emissions by 2030"
LEAN = "Spend less on ourselves"
"""The five strategic objectives of Lindmark Energy."""
