"""What came of a project. Numbers, days and moments are text, as they are frozen with a review."""

from typing import Any

from marshmallow import fields

from govern.domain.kpi import Direction
from govern.domain.recommendation import Action, RecommendationStatus
from govern.web.fields import Day, Figure, Word
from govern.web.schemas.base import Told, listed, texts
from govern.web.schemas.reviews import DossierQuery


def _day(says: str | None = None) -> fields.String:
    metadata: dict[str, Any] = {"format": "date"}
    return fields.String(
        allow_none=True, metadata=metadata if says is None else {**metadata, "description": says}
    )


def _moment() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date-time"})


def _text(says: str | None = None) -> fields.String:
    return fields.String(allow_none=True, metadata={"description": says} if says else {})


class ProjectDossierQuery(DossierQuery):
    at = Day("The day to which figures count; today unless named.")


class DossierBaseline(Told):
    number = fields.Integer()
    recorded_at = _moment()
    scope_change = fields.Integer(allow_none=True)


class DossierPromise(Told):
    baseline = Figure(allow_none=True)
    baseline_on = _day()
    target = Figure(allow_none=True)
    target_on = _day()


class DossierWorth(Told):
    currency = fields.String()
    per = fields.String(
        metadata={"description": "What the amounts are of: to_date, or one period."}
    )
    promised = Figure(allow_none=True)
    realised = Figure(allow_none=True)
    why = _text("Why one of them is unknown.")


class DossierKpi(Told):
    kpi = fields.String()
    name = fields.String()
    category = _text()
    unit = _text()
    currency = _text()
    direction = Word(Direction, allow_none=True)
    disbenefit = fields.Boolean()
    weight = Figure()
    owner = _text()
    first = fields.Nested(
        DossierPromise, allow_none=True, metadata={"description": "As the first plan had it."}
    )
    newest = fields.Nested(DossierPromise, metadata={"description": "As it is promised now."})
    period = _day("The last day of the period of `actual`.")
    actual = Figure("Reported to date.", allow_none=True)
    progress = Figure(allow_none=True)
    reached = fields.Boolean(allow_none=True)
    promised = Figure("What it was to gain, in its unit.", allow_none=True)
    realised = Figure(allow_none=True)
    rate = Figure("Realised / promised.", allow_none=True)
    why = _text("Why the rate is unknown.")
    first_rate = Figure("Against the first plan.", allow_none=True)
    first_why = _text()
    money = fields.Nested(DossierWorth, allow_none=True)


class DossierSum(Told):
    value = Figure(allow_none=True)
    known = fields.Integer()
    not_known = texts("The KPIs that are no part of it, as their value is unknown.")


class DossierMoney(Told):
    currency = fields.String()
    per = fields.String()
    promised = fields.Nested(DossierSum)
    realised = fields.Nested(DossierSum)


class DossierRate(Told):
    currency = fields.String()
    to_currency = fields.String()
    rate = Figure()
    rate_on = _day()
    by = fields.String()


class DossierValue(Told):
    baselines = listed(DossierBaseline, "The versions of the agreed plan, the first one first.")
    kpis = listed(DossierKpi)
    money = listed(DossierMoney, "Each KPI counted once, as in the roll-up.")
    rates = listed(DossierRate)


class DossierCost(Told):
    budget_first = Figure("In the first agreed plan.", allow_none=True)
    budget = Figure(allow_none=True)
    spent = Figure(allow_none=True)
    dropped = Figure(
        "What the deliverables cost that were dropped; null where one's cost is unknown.",
        allow_none=True,
    )
    why = _text("Why the first budget is unknown.")


class DossierStage(Told):
    stage = fields.String()
    since = _day()
    until = _day()
    days = fields.Integer(allow_none=True)


class DossierDeliverable(Told):
    deliverable = fields.String()
    name = fields.String()
    state = fields.String()
    due = _day()
    done_on = _day()
    cost = Figure(allow_none=True)
    days_late = fields.Integer(
        allow_none=True,
        metadata={"description": "Negative where it was early; null where it is unknown."},
    )


class DossierTimeline(Told):
    stages = listed(DossierStage)
    planned_end_first = _day("In the first agreed plan.")
    planned_end = _day()
    rolled_out_on = _day()
    ended_on = _day()
    deliverables = listed(DossierDeliverable)


class DossierVote(Told):
    person_name = _text()
    roles = texts()
    decision = fields.String()
    reason = _text()
    override_reason = _text()
    recorded_at = _moment()


class DossierCondition(Told):
    text = fields.String()
    owner = _text()
    due = _day()
    state = fields.String()
    closed_at = _moment()


class DossierDecision(Told):
    submission = fields.Integer()
    iteration = fields.Integer()
    state = fields.String()
    advice = fields.String()
    advice_because = texts("Why the machine advised so.")
    decision = _text()
    became = _text()
    decided_at = _moment()
    override = fields.Boolean(metadata={"description": "Decided against the advice."})
    votes = listed(DossierVote)
    conditions = listed(DossierCondition)


class DossierGate(Told):
    gate = fields.String()
    title = _text()
    decisions = listed(DossierDecision)


class DossierRecommendation(Told):
    id = fields.Integer()
    rule = fields.String()
    kpi = _text()
    action = Word(Action)
    severity = fields.String()
    status = Word(RecommendationStatus)
    reason = _text()
    answered_at = _moment()
    scope_change = fields.Integer(allow_none=True)
    implemented_at = _moment()
    implemented_note = _text()
    closed_at = _moment()


class DossierEffect(Told):
    kpi = fields.String()
    name = fields.String()
    unit = _text()
    size = Figure("What was expected.")
    by = _day()
    state = fields.String()
    counterfactual = Figure("What would have come without it.", allow_none=True)
    actual = Figure(allow_none=True)
    effect = Figure("What it brought.", allow_none=True)
    beyond_noise = fields.Boolean(allow_none=True)
    why = _text()
    recommendation = fields.Integer(allow_none=True)


class DossierScopeChange(Told):
    id = fields.Integer()
    title = fields.String()
    reason = _text()
    state = fields.String()
    decided_at = _moment()
    baseline_number = fields.Integer(allow_none=True)
    effects = listed(DossierEffect)


class Dossier(Told):
    project = fields.String()
    name = fields.String()
    objective = _text()
    stage = fields.String()
    at = _day()
    currency = _text()
    value = fields.Nested(DossierValue)
    cost = fields.Nested(DossierCost)
    timeline = fields.Nested(DossierTimeline)
    gates = listed(DossierGate)
    recommendations = listed(DossierRecommendation)
    scope_changes = listed(DossierScopeChange)
    effects = listed(DossierEffect, "Of recommendations that no scope change carried out.")
