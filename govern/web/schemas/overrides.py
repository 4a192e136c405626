"""How often people decided against the machine's advice."""

from marshmallow import fields

from govern.domain.criterion import CriterionKind
from govern.web.fields import Day, Figure, Identifier, Text, Word
from govern.web.patterns import TAG_LENGTH
from govern.web.schemas.base import Given, Told, listed


class GateOverrides(Told):
    workflow = fields.String()
    gate = fields.String()
    decisions = fields.Integer()
    overrides = fields.Integer(metadata={"description": "Decisions other than advised."})
    rate = Figure("overrides / decisions")


class CriterionOverrides(Told):
    """How a criterion came out, and how often its gate was passed nevertheless."""

    workflow = fields.String()
    gate = fields.String()
    criterion = fields.String()
    kind = Word(CriterionKind)
    judged = fields.Integer(metadata={"description": "Decisions for which it was judged."})
    not_met = fields.Integer()
    unknown_ = fields.Integer(data_key="unknown", attribute="unknown")
    waived = fields.Integer()
    passed_not_met = fields.Integer(
        metadata={"description": "Those of `not_met` that passed: go or conditional_go."}
    )
    passed_unknown = fields.Integer(metadata={"description": "Those of `unknown` that passed."})
    passed_waived = fields.Integer(metadata={"description": "Those of `waived` that passed."})
    rate = Figure(
        "The passed of all that were not met, unknown or waived; null where none was.",
        allow_none=True,
    )


class Overrides(Told):
    gates = listed(GateOverrides)
    criteria = listed(CriterionOverrides)


class OverrideQuery(Given):
    workflow = Identifier("Only gates of this workflow.")
    gate = Text(TAG_LENGTH, "Only this gate.")
    portfolio = Identifier("Only projects of this portfolio.")
    from_ = Day("Only what was decided from this day on.", data_key="from", attribute="from")
    to = Day("Only what was decided up to this day.")
