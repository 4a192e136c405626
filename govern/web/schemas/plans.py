"""Trajectories, baselines and scope changes."""

from typing import Any

from marshmallow import fields

from govern.domain.role import Role
from govern.domain.trajectory import Shape
from govern.services.scope_changes import MOST_CHANGES
from govern.services.scope_kinds import KINDS
from govern.services.scope_votes import ANSWERS
from govern.store.scope_changes import STATES
from govern.web.fields import (
    Day,
    Figure,
    Flag,
    GivenDay,
    Identifier,
    Instant,
    Number,
    Text,
    Whole,
    Word,
)
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, NAME_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    receipt_field,
    sort_by,
    texts,
)
from govern.web.schemas.bulk import MOST_PLANNED
from govern.web.schemas.kpis import KpiChange, NewPlannedValue, PlannedValue

MOST_POINTS = 500


class NewPoint(Given):
    day = Day(required=True)
    value = Number(
        "Planned for this day; of a cumulative KPI, from the beginning to this day.", required=True
    )


class Drawing(Given):
    """How a plan runs."""

    shape = Word(Shape, "How it runs from one point to the next.", required=True)
    points = Several(
        fields.Nested(NewPoint),
        "Without them: from the KPI's baseline to its target.",
        least=1,
        most=MOST_POINTS,
    )
    from_ = Day("A day in the first period to plan.", data_key="from", attribute="from")
    to = Day("A day in the last period to plan.")


class NewTrajectory(Drawing):
    preview = Flag("Only tell the values; nothing is recorded.")


class DrawnValue(PlannedValue):
    was = Figure("What was planned before; null where nothing was.", allow_none=True)


class Trajectory(Told):
    kpi = fields.String()
    recorded = fields.Integer(metadata={"description": "How many values are new in the plan."})
    values = listed(DrawnValue, "In order of period.")
    kept = listed(PlannedValue, "Planned values of other periods: they stay.")


class BaselineVersion(Told):
    project = fields.String()
    number = fields.Integer(metadata={"description": "Counted from 1, the plan as first agreed."})
    digest = fields.String(
        allow_none=True,
        metadata={
            "pattern": DIGEST,
            "description": "Of the content as it is kept; null where the plan was frozen before "
            "versions were kept, and nothing has changed since.",
        },
    )
    scope_change = fields.Integer(
        allow_none=True, metadata={"description": "The scope change that made it; null for 1."}
    )
    recorded_by = fields.String(allow_none=True)
    recorded_at = Instant()


class BaselineVersions(Told):
    items = listed(BaselineVersion, "The first one first.")


class AgreedField(Told):
    field = fields.String()
    value = fields.String(allow_none=True)


class AgreedKpi(Told):
    kpi = fields.String()
    name = fields.String()
    fields_: fields.List[Any] = fields.List(
        fields.Nested(AgreedField),
        data_key="fields",
        attribute="fields",
        metadata={"description": "What was agreed of it."},
    )
    planned = listed(PlannedValue, "In order of period.")


class Baseline(BaselineVersion):
    kpis = listed(AgreedKpi)


class Changed(Told):
    """A figure on both sides."""

    first = Figure(allow_none=True)
    second = Figure(allow_none=True)
    change = Figure(
        "By how much the second is better; negative where it is worse, null where it is unknown.",
        allow_none=True,
    )


class ChangedField(Told):
    field = fields.String()
    first = fields.String(allow_none=True)
    second = fields.String(allow_none=True)


class ChangedPeriod(Told):
    period = GivenDay("The day the period ends.")
    first = Figure(allow_none=True)
    second = Figure(allow_none=True)


class PlanDifference(Told):
    """One KPI in two plans."""

    kpi = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    currency = fields.String(allow_none=True)
    in_first = fields.Boolean()
    in_second = fields.Boolean()
    comparable = fields.Boolean(
        metadata={"description": "Whether both measure alike; if not, changes are unknown."}
    )
    fields_: fields.List[Any] = fields.List(
        fields.Nested(ChangedField),
        data_key="fields",
        attribute="fields",
        metadata={"description": "What differs of what was agreed."},
    )
    planned = listed(ChangedPeriod, "Planned values that differ.")
    promised = fields.Nested(
        Changed, metadata={"description": "The value promised: from baseline to target."}
    )
    planned_in_all = fields.Nested(
        Changed,
        metadata={"description": "The sum of a cumulative plan, or the last planned value."},
    )


class PlanStanding(Told):
    """Results to date, against one plan."""

    planned = Figure("Planned to date.", allow_none=True)
    attainment = Figure(allow_none=True)
    progress = Figure(allow_none=True)
    variance = Figure(allow_none=True)


class ComparedKpi(PlanDifference):
    period = GivenDay("The period that results are told for: the last one reported.")
    actual = Figure("Reported to date.", allow_none=True)
    against_first = fields.Nested(PlanStanding, allow_none=True)
    against_second = fields.Nested(PlanStanding, allow_none=True)


class Comparison(Told):
    project = fields.String()
    first = fields.Nested(BaselineVersion)
    second = fields.Nested(BaselineVersion)
    kpis = listed(ComparedKpi)


class ComparisonQuery(Given):
    with_ = Whole(
        "The number of the other version.",
        data_key="with",
        attribute="with",
        least=1,
        in_query=True,
        required=True,
    )


class AgreedFields(KpiChange):
    """What KPIs have of their own: which objectives they support is no part of the plan."""

    class Meta:
        exclude = ("supports",)

    id = Identifier("Of a new KPI.")


class NewChange(Given):
    """One change. `kpi` and `add_kpi` take `fields`; `plan` takes `planned` or `trajectory`."""

    kind = Word(KINDS, required=True)
    kpi = Identifier("The KPI to change.")
    fields_ = fields.Nested(AgreedFields, data_key="fields", attribute="fields")
    planned = Several(
        fields.Nested(NewPlannedValue),
        "Values to set; other periods stay as they are.",
        least=1,
        most=MOST_PLANNED,
    )
    trajectory = fields.Nested(Drawing)


class ScopePreviewed(Given):
    changes = Several(
        fields.Nested(NewChange),
        "Applied one after the other.",
        least=1,
        most=MOST_CHANGES,
        required=True,
    )
    effective_on = Day(
        "From which day they hold: what is planned for periods that end before it stays.",
        allow_none=True,
    )


class NewScopeChange(ScopePreviewed):
    title = Text(NAME_LENGTH, required=True)
    reason = Text(TEXT_LENGTH, "Why the plan has to change.", lines=True, required=True)


class ScopeEffects(Told):
    project = fields.String()
    effects = listed(
        PlanDifference, "What becomes of each KPI: first as it is, second as it will be."
    )


class ScopeChangeItem(Told):
    """A scope change as a list has it."""

    id = fields.Integer()
    project = fields.String()
    title = fields.String()
    reason = fields.String()
    state = Word(STATES)
    proposed_by = fields.String()
    effective_on = GivenDay(allow_none=True)
    decided_at = Instant(allow_none=True)
    baseline_number = fields.Integer(
        allow_none=True, metadata={"description": "The version of the baseline that it made."}
    )
    version = fields.Integer()
    recorded_at = Instant()


class ScopeChangePage(Told):
    items = listed(ScopeChangeItem)
    next = next_page()


class ScopeChangeQuery(PageQuery):
    state = Word(STATES, "Only those in this state.")
    sort = sort_by("id", "project", "recorded_at", default="-id")


class ResolvedChange(Told):
    """A change as it will be applied: trajectories and templates are values by now."""

    kind = Word(KINDS)
    kpi = fields.String()
    fields_: fields.List[Any] = fields.List(
        fields.Nested(AgreedField), data_key="fields", attribute="fields", allow_none=True
    )
    planned: fields.List[Any] = fields.List(fields.Nested(PlannedValue), allow_none=True)


class ScopeVote(Told):
    id = fields.Integer()
    person = fields.String(allow_none=True)
    role = Word(Role)
    decision = Word(ANSWERS)
    reason = fields.String()
    recorded_at = Instant()


class ScopeMissing(Told):
    role = Word(Role)
    votes = fields.Integer()
    who = texts("Who can give them.")


class ScopeChange(ScopeChangeItem):
    proposed_by_name = fields.String(allow_none=True)
    changes = listed(ResolvedChange)
    effects = listed(
        PlanDifference, "What becomes of each KPI: first as it was, second as it will be."
    )
    votes = listed(ScopeVote)
    missing = listed(ScopeMissing, "What is still needed for a go.")
    changed = texts(
        "What is not as it was when it was proposed: with one of these it is not applied any more."
    )


class DecidedScopeChange(ScopeChange):
    receipt = receipt_field()


class NewScopeVote(Given):
    decision = Word(ANSWERS, "go: as proposed. recycle, kill: not so.", required=True)
    reason = Text(TEXT_LENGTH, lines=True, required=True)
    role = Word(Role, "In which role, for who holds several; the one that is missing unless said.")


class ScopeWithdrawal(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)


class WaitingScopeChange(Told):
    scope_change = fields.Integer()
    project = fields.String()
    project_name = fields.String()
    title = fields.String()
    effective_on = GivenDay(allow_none=True)
    proposed_at = Instant()
    as_ = fields.List(
        Word(Role), data_key="as", attribute="as", metadata={"description": "In which role."}
    )
