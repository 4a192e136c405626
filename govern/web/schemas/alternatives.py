"""Alternatives side by side: what is asked for, and what each does."""

from typing import Any

from marshmallow import fields

from govern.adjustments.alternative import NOTHING, Of
from govern.domain.plain import plain
from govern.domain.project import DeliverableState
from govern.domain.recommendation import Action
from govern.domain.worth import Per
from govern.services.alternatives import MOST_ASKED
from govern.services.scope_kinds import KINDS
from govern.web.fields import Currency, Day, Figure, GivenDay, Identifier, Number, Whole, Word
from govern.web.fields.several import Several
from govern.web.fields.told import Field
from govern.web.schemas.base import Given, Told, listed, texts

MOST_DELIVERABLES = 500
MOST_PERIODS = 240
NAMES = (NOTHING, *(each.value for each in Action))


class AlternativesQuery(Given):
    currency = Currency("Money in this currency, by the exchange rates in force.")


class AskedAlternative(Given):
    action = Word(NAMES, "What is done.", required=True)
    deliverables = Several(
        Identifier(),
        "Those that it is about; chosen where none is named.",
        least=1,
        most=MOST_DELIVERABLES,
    )
    kpi = Identifier("The KPI that it is about.")
    periods = Whole("rephase: by so many periods of the KPI.", least=1, most=MOST_PERIODS)
    to = Day("accelerate: finished by this day; the end of next month unless said.")
    expected = Day("accelerate: when what is late would come otherwise.")
    by = Number("expand: by this share, 0.1 unless said.", least=0, most=100)
    cost = Number("accelerate, drive_adoption, mitigate: what it costs.", least=0)
    until = Day("hold_funding: until this day.")


class AskedAlternatives(AlternativesQuery):
    alternatives = Several(
        fields.Nested(AskedAlternative),
        "Shown beside doing nothing.",
        least=1,
        most=MOST_ASKED,
        required=True,
    )


class Changes(Field[Any]):
    """The changes of a scope change, ready to be proposed."""

    def __init__(self) -> None:
        change = {
            "type": "object",
            "properties": {"kind": {"type": "string", "enum": list(KINDS)}},
            "required": ["kind"],
        }
        says = "As a scope change takes them; empty where the plan stays as it is."
        super().__init__({"type": "array", "items": change}, says)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return plain(value)


class Brought(Told):
    kpi = fields.String()
    share = Figure("Of the KPI's gain; null where it is not agreed.", allow_none=True)


class ConcernedDeliverable(Told):
    id = fields.String()
    name = fields.String()
    state = Word(DeliverableState)
    due = GivenDay(allow_none=True)
    cost = Figure(allow_none=True)
    brings = listed(Brought, "Through outcomes and directly together.")


class LeftOutDeliverable(Told):
    deliverable = fields.String()
    why = fields.String()


class MovedDate(Told):
    of = Word(Of)
    id = fields.String()
    field = fields.String()
    was = GivenDay(allow_none=True)
    becomes = GivenDay()


class AlternativeKpi(Told):
    kpi = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    completes_on = GivenDay(allow_none=True)
    reported = Figure(
        "Of a cumulative KPI the sum that was reported, which stays whatever is done.",
        allow_none=True,
    )
    without = Figure("What it is forecast to come to.", allow_none=True)
    with_ = Figure(
        "What it comes to with the alternative.", allow_none=True, data_key="with", attribute="with"
    )
    change = Figure(
        "By how much it ends up better; negative where it ends up worse.", allow_none=True
    )
    why = fields.String(
        allow_none=True, metadata={"description": "Why the change is unknown, where it is."}
    )
    promised = Figure("The target, or the plan for completion.", allow_none=True)
    promised_with = Figure("What is left of the promise.", allow_none=True)
    promised_change = Figure("Negative where some of the promise is given up.", allow_none=True)
    promised_why = fields.String(allow_none=True)
    attainment_without = Figure(allow_none=True)
    attainment_with = Figure(
        "Of what is promised now; after a rebaseline of what is promised then.", allow_none=True
    )
    currency = fields.String(
        allow_none=True, metadata={"description": "Of the worth; null where it is no money."}
    )
    worth_without = Figure(allow_none=True)
    worth_with = Figure(allow_none=True)
    worth_why = fields.String(allow_none=True)
    counted_in = texts("The KPIs that its change is counted in; empty where it is counted itself.")


class AlternativeBudget(Told):
    change = Figure("What the budget changes by; negative where less is needed.", allow_none=True)
    saved = Figure("What need not be spent.", allow_none=True)
    at_most = Figure("So much is saved at most, where it is not known.", allow_none=True)
    held = Figure("What is not released for now.", allow_none=True)
    why = fields.String(allow_none=True)


class AlternativeSum(Told):
    """Of the KPIs in one currency that are known; each is counted once."""

    currency = fields.String()
    per = Word(Per, "Amounts of all periods to date, or of one month, quarter, …")
    without = Figure("What is forecast.", allow_none=True)
    with_ = Figure("What is left of that.", allow_none=True, data_key="with", attribute="with")
    lost = Figure(
        "Of the forecast; of a cumulative KPI never of what was reported already.", allow_none=True
    )
    gained = Figure("Of the forecast.", allow_none=True)
    promised_lost = Figure(allow_none=True)
    promised_gained = Figure(allow_none=True)
    not_known = texts("KPIs of which it is not known what they lose.")
    promised_not_known = texts()


class UnknownKpi(Told):
    kpi = fields.String()
    name = fields.String()
    why = fields.String()


class AlternativeValue(Told):
    sums = listed(AlternativeSum, "One per currency and kind of amount.")
    unknown_: fields.List[Any] = fields.List(
        fields.Nested(UnknownKpi),
        data_key="unknown",
        attribute="unknown",
        metadata={"description": "KPIs, also those that are no money, whose change is not known."},
    )


class AheadOf(Told):
    currency = fields.String(allow_none=True)
    benefit = Figure("Forecast and not realised yet.", allow_none=True)
    cost = Figure("Budget less spent.", allow_none=True)
    ratio = Figure("Benefit by cost.", allow_none=True)
    why = fields.String(allow_none=True)


class Alternative(Told):
    name = fields.String()
    action = Word(Action, "Null for doing nothing.", allow_none=True)
    title = fields.String()
    recommended = fields.Boolean()
    proposes = texts("What is to be done.")
    deliverables = listed(ConcernedDeliverable)
    left_out = listed(LeftOutDeliverable, "Deliverables that were named and are no part of it.")
    dates = listed(MovedDate)
    changes = Changes()
    kpis = listed(AlternativeKpi, "Every KPI of the project, in order of their ids.")
    budget = fields.Nested(AlternativeBudget)
    value = fields.Nested(AlternativeValue)
    to_go = fields.Nested(
        AheadOf,
        allow_none=True,
        metadata={"description": "Of terminating: what is still to come against what it costs."},
    )
    assumptions = texts("What the effects rest on.")


class NotPossible(Told):
    name = Word(NAMES)
    why = fields.String()


class AlternativesRate(Told):
    currency = fields.String()
    to_currency = fields.String()
    rate = Figure()
    rate_on = GivenDay(allow_none=True)
    by = fields.String()


class Alternatives(Told):
    project = fields.String()
    recommendation = fields.Integer(allow_none=True)
    recommended = Word(Action, "What the rule recommends.", allow_none=True)
    today = GivenDay("The day as on which it was computed.")
    currency = fields.String(allow_none=True)
    alternatives = listed(Alternative, "Doing nothing first.")
    not_possible = listed(NotPossible)
    rates = listed(AlternativesRate, "The rates that amounts were exchanged by.")
