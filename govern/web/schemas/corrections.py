"""Figures that were corrected after a decision."""

from marshmallow import fields

from govern.web.fields import Instant
from govern.web.schemas.base import Told, listed


class CorrectedValue(Told):
    kpi = fields.String()
    period = fields.String(metadata={"description": "The last day of the period."})
    was = fields.String(allow_none=True, metadata={"description": "Null: no figure."})
    now = fields.String(allow_none=True)
    late = fields.Boolean(metadata={"description": "Nothing had been reported before."})
    reason = fields.String(
        allow_none=True, metadata={"description": "Why it was corrected, where somebody said so."}
    )


class CorrectedVerdict(Told):
    advice = fields.String(
        allow_none=True, metadata={"description": "The machine's; null for what rules found."}
    )
    outcomes = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "The criteria, or rules and KPIs, that came out otherwise."},
    )


class ChangedDecision(Told):
    event = fields.Integer(metadata={"description": "Its number in the project's history."})
    kind = fields.String()
    at = Instant()
    gate = fields.String(allow_none=True)
    submission = fields.Integer(allow_none=True)
    decision = fields.String(allow_none=True)
    recommendation = fields.Integer(allow_none=True)
    then = fields.Nested(CorrectedVerdict, allow_none=True)
    now = fields.Nested(CorrectedVerdict, allow_none=True)
    because = fields.String(
        allow_none=True, metadata={"description": "Why it cannot be judged again."}
    )


class Correction(Told):
    event = fields.Integer(metadata={"description": "Its number in the project's history."})
    at = Instant()
    by = fields.String()
    by_name = fields.String(allow_none=True)
    values = listed(CorrectedValue)
    judged = fields.Integer(
        metadata={"description": "Earlier decisions that saw what was known before."}
    )
    decisions = listed(ChangedDecision, "Those of them that would have been others.")


class Corrections(Told):
    items = listed(Correction)
