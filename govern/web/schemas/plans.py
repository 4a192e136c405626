"""Trajectories and baselines."""

from typing import Any

from marshmallow import fields

from govern.domain.trajectory import Shape
from govern.services.forecast_bias import By
from govern.web.fields import Day, Figure, Flag, GivenDay, Instant, Number, Whole, Word
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST
from govern.web.schemas.base import Given, Told, listed
from govern.web.schemas.forecast_bias import ForecastBias
from govern.web.schemas.kpis import PlannedValue

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
    adjust = Word(By, "Take the plan as reviews of this category, or of this owner, adjust it.")


class DrawnValue(PlannedValue):
    was = Figure("What was planned before; null where nothing was.", allow_none=True)


class AdjustedPlan(Told):
    by = Word(By)
    values = listed(PlannedValue, "In order of period.")


class Trajectory(Told):
    kpi = fields.String()
    adjust = Word(By, "By what the values are adjusted; null: as they were drawn.", allow_none=True)
    bias = listed(ForecastBias, "What reviews say of forecasts of this category and this owner.")
    adjusted = listed(
        AdjustedPlan, "The values as each of these would have them: offered, not recorded."
    )
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


class AgreedDeliverable(Told):
    deliverable = fields.String()
    name = fields.String()
    fields_: fields.List[Any] = fields.List(
        fields.Nested(AgreedField),
        data_key="fields",
        attribute="fields",
        metadata={"description": "What was agreed of it."},
    )


_NOT_KEPT = "null in a version that was kept before versions held it."


class Baseline(BaselineVersion):
    kpis = listed(AgreedKpi)
    deliverables: fields.List[Any] = fields.List(
        fields.Nested(AgreedDeliverable), allow_none=True, metadata={"description": _NOT_KEPT}
    )
    terms: fields.List[Any] = fields.List(
        fields.Nested(AgreedField),
        allow_none=True,
        metadata={"description": f"Start, end and budget of the project; {_NOT_KEPT}"},
    )


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


class DeliverableDifference(Told):
    """One deliverable in two plans."""

    deliverable = fields.String()
    name = fields.String()
    in_first = fields.Boolean()
    in_second = fields.Boolean()
    fields_: fields.List[Any] = fields.List(
        fields.Nested(ChangedField),
        data_key="fields",
        attribute="fields",
        metadata={"description": "What differs."},
    )


class Comparison(Told):
    project = fields.String()
    first = fields.Nested(BaselineVersion)
    second = fields.Nested(BaselineVersion)
    kpis = listed(ComparedKpi)
    deliverables: fields.List[Any] = fields.List(
        fields.Nested(DeliverableDifference),
        allow_none=True,
        metadata={"description": "Those that differ; null where a version does not hold them."},
    )
    terms: fields.List[Any] = fields.List(
        fields.Nested(ChangedField),
        allow_none=True,
        metadata={
            "description": "What differs of start, end and budget; null where a version does not "
            "hold them."
        },
    )


class ComparisonQuery(Given):
    with_ = Whole(
        "The number of the other version.",
        data_key="with",
        attribute="with",
        least=1,
        in_query=True,
        required=True,
    )
