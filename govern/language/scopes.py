"""Which names a condition can read, by what it is judged on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from govern.domain.finding import Severity
from govern.domain.kpi import Aggregation, Direction, ToleranceIn
from govern.domain.measures import Band
from govern.domain.period import Cadence
from govern.domain.project import DeliverableState
from govern.domain.reading import Confidence
from govern.domain.recommendation import Action, RecommendationStatus
from govern.domain.review import FollowUp
from govern.language.types import BOOLEAN, DATE, NUMBER, TEXT, Type, choice, listed


@dataclass(frozen=True, slots=True)
class Field:
    """A name and the frame's `column` that it reads."""

    name: str
    type: Type
    doc: str
    column: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A name for several rows of another scope, found through the frame `membership`.

    With `contribution` the link itself carries the share that the deliverable adds to the KPI.
    """

    name: str
    element: str
    membership: str
    doc: str
    contribution: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition is judged on: the rows of `frame`. `history`: its rows follow in periods."""

    name: str
    frame: str
    noun: str
    history: bool
    fields: Mapping[str, Field]
    collections: Mapping[str, Collection]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.fields, *self.collections)


def _field(name: str, kind: Type, doc: str, column: str = "") -> Field:
    return Field(name, kind, doc, column or name)


def _scope(
    name: str, frame: str, noun: str, history: bool, fields: list[Field], *more: Collection
) -> Scope:
    by_name = {field.name: field for field in fields}
    return Scope(name, frame, noun, history, by_name, {found.name: found for found in more})


HISTORY: Final = "history"
"""The list of a row and those before it. It has no links: see `govern.language.past`."""
_STATE = choice(*DeliverableState)
_OF_PROJECT = [
    _field("stage", TEXT, "the stage the project stood in"),
    _field("days_in_stage", NUMBER, "days since the project entered the stage"),
    _field("budget", NUMBER, "the project's budget"),
    _field("spent", NUMBER, "what the project has spent"),
    _field("start", DATE, "the project's first day"),
    _field("end", DATE, "the project's planned last day"),
    _field("tags", listed(TEXT), 'the project\'s tags, as in "digital" in tags'),
    _field("department", TEXT, "the department the project belongs to"),
    _field("objective", TEXT, "the strategic objective the project serves"),
    _field("as_of", DATE, "the day of judgement; in the past, the period's last day", "seen_on"),
    _field("period", DATE, "the period's last day"),
]

KPI: Final = _scope(
    "kpi",
    "kpis",
    "KPI",
    True,
    [
        _field("kpi", TEXT, "the KPI's name", "name"),
        _field("project", TEXT, "the name of its project", "project_name"),
        _field("category", TEXT, 'the value category, such as "revenue" or "cost"'),
        _field("unit", TEXT, "the unit of its values"),
        _field("direction", choice(*Direction), "which way is good"),
        _field("baseline", NUMBER, "the value before the project"),
        _field("baseline_on", DATE, "the day the baseline was taken"),
        _field("target", NUMBER, "the value promised"),
        _field("target_on", DATE, "the day the target is to be reached"),
        _field("planned", NUMBER, "the value planned for the period"),
        _field("planned_points", NUMBER, "how many periods have a planned value, ahead included"),
        _field("actual", NUMBER, "the value reported for the period"),
        _field("previous_actual", NUMBER, "the value reported for the period before"),
        _field("tolerance", NUMBER, "by how much the actual may miss the plan and be green"),
        _field("tolerance_red", NUMBER, "by how much it may miss the plan before it is red"),
        _field("tolerance_in", choice(*ToleranceIn), "tolerances are shares, or in the unit"),
        _field("band", choice(*Band), "where the variance lies by the KPI's own tolerances"),
        _field("weight", NUMBER, "how much the KPI counts in its project"),
        _field("owner", TEXT, "who answers for the KPI"),
        _field("cadence", choice(*Cadence), "how often it is reported"),
        _field("source", TEXT, "where its values come from"),
        _field("aggregation", choice(*Aggregation), "how values of several periods combine"),
        _field("cumulative", BOOLEAN, "whether sums to date are compared"),
        _field("disbenefit", BOOLEAN, "whether it measures a harm"),
        _field("description", TEXT, "what the benefit is"),
        _field("currency", TEXT, "the currency of its values, where they are money"),
        _field("scale", NUMBER, "how many of the unit one of its values stands for"),
        _field("baseline_source", TEXT, "where the baseline was taken from"),
        _field("responsible", TEXT, "the department that its values come from"),
        _field("calculation", TEXT, "how the values are worked out"),
        _field("cashable", BOOLEAN, "whether the benefit can be taken out of a budget"),
        _field("attribution", NUMBER, "the share of the change that the project may claim"),
        _field("formula", TEXT, "the formula of a composite KPI"),
        _field(
            "profile_complete",
            BOOLEAN,
            "whether its profile says all that a benefit profile asks for",
        ),
        _field("objectives", listed(TEXT), "the ids of the strategic objectives it supports"),
        _field("validated", BOOLEAN, "whether finance has validated the value of the period"),
        _field("confidence", choice(*Confidence), "how sure whoever reported it was"),
        _field("original_baseline", NUMBER, "the baseline in the first agreed plan"),
        _field("original_target", NUMBER, "the target in the first agreed plan"),
        _field("original_planned", NUMBER, "the value that the first agreed plan had"),
        _field("original_attainment", NUMBER, "attainment against the first agreed plan"),
        _field("attainment", NUMBER, "value realised against value planned to date, 1 = 100%"),
        _field(
            "weighted_attainment",
            NUMBER,
            "attainment times weight: summed over KPIs and divided by the sum of their weights, "
            "the attainment of a project",
        ),
        _field("progress", NUMBER, "the share of the whole promise that is realised"),
        _field("variance", NUMBER, "actual minus planned, positive is good"),
        _field("staleness_days", NUMBER, "days since the last period with a report"),
        _field("overdue_days", NUMBER, "days since the oldest missing report was due, 0 if none"),
        _field(
            "unvalidated_periods", NUMBER, "how many reported periods finance has not validated"
        ),
        _field("follow_up", choice(*FollowUp), "what becomes of it, by the last signed review"),
        *_OF_PROJECT,
    ],
    Collection(
        "deliverables",
        "deliverable",
        "kpi_deliverables",
        "the deliverables that serve the KPI",
        contribution=True,
    ),
    Collection(HISTORY, "kpi", HISTORY, "the KPI in all periods up to this one"),
)
PROJECT: Final = _scope(
    "project",
    "projects",
    "project",
    True,
    [
        _field("name", TEXT, "the project's name"),
        _field("owner", TEXT, "who leads the project"),
        _field("status_text", TEXT, "what the organisation's own list says of it"),
        _field("reviews_signed", NUMBER, "how many of its reviews are signed off"),
        _field("lessons", NUMBER, "how many lessons it has recorded"),
        *_OF_PROJECT,
    ],
    Collection("kpis", "kpi", "project_kpis", "its KPIs, each in its latest period"),
    Collection("deliverables", "deliverable", "project_deliverables", "its deliverables"),
    Collection("conditions", "condition", "project_conditions", "what its approvals asked for"),
    Collection(
        "recommendations", "recommendation", "project_recommendations", "what rules proposed"
    ),
    Collection(HISTORY, "project", HISTORY, "the project in all periods up to this one"),
)
DELIVERABLE: Final = _scope(
    "deliverable",
    "deliverables",
    "deliverable",
    False,
    [
        _field("name", TEXT, "the deliverable's name"),
        _field("owner", TEXT, "who answers for it"),
        _field("state", _STATE, "how far it is"),
        _field("due", DATE, "the day it is due"),
        _field("done_on", DATE, "the day it was done"),
        _field("cost", NUMBER, "what it costs"),
    ],
    Collection(
        "kpis",
        "kpi",
        "deliverable_kpis",
        "the KPIs it serves, each in its latest period",
        contribution=True,
    ),
)
CONDITION: Final = _scope(
    "condition",
    "conditions",
    "condition",
    False,
    [
        _field("text", TEXT, "what is owed"),
        _field("owner", TEXT, "who owes it"),
        _field("due", DATE, "the day it is due"),
        _field("state", choice("open", "closed"), "whether it is still owed"),
    ],
)
RECOMMENDATION: Final = _scope(
    "recommendation",
    "recommendations",
    "recommendation",
    False,
    [
        _field("rule", TEXT, "the id of the rule that proposed it"),
        _field("action", choice(*Action), "what it proposes"),
        _field("severity", choice(*Severity), "how serious the finding is"),
        _field("status", choice(*RecommendationStatus), "what became of it"),
    ],
)

COMPOSITE: Final = _scope("composite", "inputs", "composite KPI", False, [])
"""What a composite KPI's formula is judged on: one period of its inputs. Their names come with it, as
tables (see `govern.composites.formula`)."""

SCOPES: Final[Mapping[str, Scope]] = {
    scope.name: scope for scope in (KPI, PROJECT, DELIVERABLE, CONDITION, RECOMMENDATION, COMPOSITE)
}
CONTRIBUTION: Final = _field(
    "contribution", NUMBER, "the share a deliverable adds to a KPI, where it is reached from one"
)
"""Readable on the elements of a collection whose link carries it."""
