"""The values of composite KPIs, and how they came about."""

from marshmallow import fields

from govern.domain.reading import Confidence
from govern.web.fields import Figure, GivenDay, Word
from govern.web.schemas.base import Told, listed
from govern.web.schemas.trying import Part


class ComputedInput(Told):
    name = fields.String(metadata={"description": "As the formula has it."})
    kpi = fields.String()
    visible = fields.Boolean(
        metadata={"description": "False: it is of a project that you may not see."}
    )


class InputValue(Told):
    name = fields.String()
    kpi = fields.String()
    actual = Figure(
        "Combined into the composite's period; null where it is unknown, or not visible.",
        allow_none=True,
    )


class ComputedValue(Told):
    period = GivenDay("The day the period ends.")
    actual = Figure("Null where an input is unknown, or a divisor 0.", allow_none=True)
    planned = Figure("Of the KPI itself, or else computed from planned values.", allow_none=True)
    validated = fields.Boolean(
        allow_none=True, metadata={"description": "Whether every value that it rests on is."}
    )
    confidence = Word(Confidence, "That of the least sure input.", allow_none=True)
    inputs = listed(InputValue)
    parts = fields.Nested(
        Part,
        allow_none=True,
        metadata={"description": "How it was worked out; null where an input is not visible."},
    )


class ComputedValues(Told):
    kpi = fields.String()
    formula = fields.String()
    inputs = listed(ComputedInput)
    items = listed(ComputedValue, "In order of period.")
