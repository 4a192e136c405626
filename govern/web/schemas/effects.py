"""What changes are expected to bring, what came, and the record of each rule."""

from marshmallow import fields

from govern.domain.effect import EffectState
from govern.domain.recommendation import Action
from govern.web.fields import Day, Figure, GivenDay, Identifier, Instant, Word
from govern.web.schemas.base import Given, Told, listed


class Effect(Told):
    """How much better a KPI is to be by a period than it would be without a change."""

    id = fields.Integer()
    project = fields.String()
    scope_change = fields.Integer(allow_none=True)
    recommendation = fields.Integer(allow_none=True)
    kpi = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    size = Figure("In the KPI's unit, the better way; of a cumulative KPI, of the sum up to `by`.")
    by = GivenDay("The last day of the period that it is to be there by.")
    state = Word(EffectState)
    counterfactual = Figure(
        "What the KPI would have come to without the change: the forecast when it was decided.",
        allow_none=True,
    )
    low = Figure("The lower end of its 80 % interval.", allow_none=True)
    high = Figure("The upper end of its 80 % interval.", allow_none=True)
    model = fields.String(allow_none=True)
    forecast_at = Instant(allow_none=True)
    actual = Figure("The figure that came.", allow_none=True)
    effect = Figure("How much better that is; below 0 it is worse.", allow_none=True)
    beyond_noise = fields.Boolean(
        allow_none=True,
        metadata={
            "description": "Whether the figure lies beyond the interval, on the better side."
        },
    )
    why = fields.String(
        allow_none=True,
        metadata={"description": "Why there is no forecast, or why it cannot be measured."},
    )
    measured_at = Instant(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class Effects(Told):
    items = listed(Effect, "In the order in which they were named.")


class _Counts(Told):
    """Each recommendation counts by how far it came."""

    proposed = fields.Integer()
    open = fields.Integer(metadata={"description": "Waiting for an answer, or deferred."})
    deferred = fields.Integer()
    accepted = fields.Integer(metadata={"description": "With what was done and verified since."})
    rejected = fields.Integer()
    rejected_because = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Reason → how often."},
    )
    expired = fields.Integer()
    superseded = fields.Integer()
    cleared = fields.Integer()
    implemented = fields.Integer(metadata={"description": "With what was verified since."})
    effective = fields.Integer()
    ineffective = fields.Integer()
    answered = fields.Integer(metadata={"description": "Accepted or rejected."})
    closed = fields.Integer(metadata={"description": "All that are not open any more."})
    verified = fields.Integer()
    false_alarms = fields.Integer(
        metadata={
            "description": "Rejected as `not_a_problem` or `data_wrong`, or cleared before anybody "
            "had answered."
        }
    )
    accepted_share = Figure("Of those answered.", allow_none=True)
    effective_share = Figure("Of those verified.", allow_none=True)
    false_alarm_share = Figure("Of those closed.", allow_none=True)
    days_to_answer = Figure("The median, from when it was proposed.", allow_none=True)
    days_to_implement = Figure("The median, from when it was proposed.", allow_none=True)
    poor = fields.Boolean()
    why = fields.String(allow_none=True, metadata={"description": "Why the record is poor."})


class RuleRecord(_Counts):
    rule = fields.String()
    title = fields.String(allow_none=True)
    owner = fields.String(allow_none=True)
    in_force = fields.Boolean()


class ActionRecord(_Counts):
    action = Word(Action)


class RuleActionRecord(_Counts):
    rule = fields.String()
    action = Word(Action)


class RuleRecords(Told):
    rules = listed(RuleRecord)
    actions = listed(ActionRecord)
    rule_actions = listed(RuleActionRecord)


class RuleRecordQuery(Given):
    portfolio = Identifier("Only projects of this portfolio.")
    rule = Identifier("Only this rule.")
    from_ = Day("Only what was proposed from this day on.", data_key="from", attribute="from")
    to = Day("Only what was proposed up to this day.")
