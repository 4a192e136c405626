"""Forecasts and the roll-up."""

from marshmallow import fields

from govern.domain.kpi import Direction
from govern.domain.worth import Per
from govern.forecasting.candidates import Model
from govern.forecasting.history import CompletesBy
from govern.web.fields import Currency, Day, Figure, Flag, GivenDay, Identifier, Word
from govern.web.schemas.base import Given, Told, listed, texts


class ForecastQuery(Given):
    at = Day("As on this day: figures of periods that ended by it. Today unless said.")


class ForecastsQuery(ForecastQuery):
    currency = Currency("Sums of money in this currency, by the exchange rates in force.")


class PortfolioForecastQuery(ForecastsQuery):
    portfolio = Identifier("Only projects of this portfolio.")


class RollUpQuery(PortfolioForecastQuery):
    project = Identifier("Only this project.")
    forecast = Flag("Whether to forecast, which takes longest; true unless said.", in_query=True)


class ForecastRange(Told):
    level = Figure("The probability: 0.8 or 0.95.")
    low = Figure(allow_none=True)
    high = Figure(allow_none=True)


class ForecastStep(Told):
    period = GivenDay("The day the period ends.")
    value = Figure("Of the period; for a cumulative KPI of the sum up to it.")
    low = Figure("The lower end of the 80 % interval.")
    high = Figure()


class ForecastError(Told):
    """How wrong the model was, held against what came."""

    origins = fields.Integer(metadata={"description": "Past periods that were forecast from."})
    held = fields.Integer(metadata={"description": "Figures that were held against forecasts."})
    mean = Figure("The mean absolute error, in the KPI's unit and per period.")
    scaled = Figure(
        "By the mean error of carrying the last figure on by one period (MASE).", allow_none=True
    )
    against_last = Figure(
        "By the mean error of carrying the last figure on as far; below 1 is better.",
        allow_none=True,
    )
    covered = Figure("The share of the figures that lay in the model's own 80 % interval.")


class KpiForecast(Told):
    kpi = fields.String()
    name = fields.String()
    project = fields.String()
    unit = fields.String(allow_none=True)
    currency = fields.String(allow_none=True)
    completes_on = GivenDay("The last day of the period of completion.", allow_none=True)
    completes_by = Word(CompletesBy, "Where that day is from.", allow_none=True)
    figures = fields.Integer(metadata={"description": "How many figures were reported."})
    last_figure = GivenDay(allow_none=True)
    promised = Figure("The target, or the plan for completion.", allow_none=True)
    value = Figure("What it will have come to at completion.", allow_none=True)
    ranges = listed(ForecastRange, "The intervals of the value.")
    attainment = Figure("The attainment at completion.", allow_none=True)
    attainment_ranges = listed(ForecastRange, "The intervals of the attainment.")
    model = Word(Model, "Null where completion was reported, or nothing is known.", allow_none=True)
    ahead = fields.Integer(
        allow_none=True,
        metadata={"description": "Periods that are forecast; 0 where completion was reported."},
    )
    estimated = fields.List(
        GivenDay(),
        metadata={
            "description": "Periods without a figure that the sum needs, and were estimated."
        },
    )
    error = fields.Nested(ForecastError, allow_none=True)
    path = listed(ForecastStep, "Period by period to completion; empty in a list of forecasts.")
    why = fields.String(
        allow_none=True, metadata={"description": "Why the value is unknown, where it is."}
    )


class OneForecast(KpiForecast):
    at = GivenDay("The day as on which it was made.")


class Sum(Told):
    value = Figure("Of the KPIs that are known; null where none is.", allow_none=True)
    known = fields.Integer()
    not_known = texts("The KPIs that are no part of the value.")


class Sums(Told):
    promised = fields.Nested(Sum, metadata={"description": "Target less baseline."})
    planned = fields.Nested(Sum, metadata={"description": "Planned to date."})
    realised = fields.Nested(Sum)
    forecast = fields.Nested(Sum, metadata={"description": "At completion."})


class Bounds(Told):
    """An 80 % interval; what is so lies between the two."""

    independent = fields.List(
        Figure(),
        metadata={"description": "From, to: if the forecasts' errors are independent."},
    )
    together = fields.List(
        Figure(), metadata={"description": "From, to: if all are wrong in the same way."}
    )


class Money(Sums):
    currency = fields.String()
    per = Word(Per, "Amounts of all periods to date, or of one month, quarter, …")
    cashable = fields.Nested(Sums, metadata={"description": "The part that is cashable."})
    bounds = fields.Nested(
        Bounds, allow_none=True, metadata={"description": "The interval of the forecast."}
    )
    attainment = Figure(
        "Realised by planned to date, of the KPIs of which both are known.", allow_none=True
    )
    compared = fields.Integer(metadata={"description": "How many KPIs those are."})


class Mean(Told):
    value = Figure("The mean by weight of the KPIs that are known.", allow_none=True)
    median = Figure(
        "Their median by weight, which a single KPI cannot sweep away.", allow_none=True
    )
    known = fields.Integer()
    not_known = texts("The KPIs that are no part of the value.")
    bounds = fields.Nested(Bounds, allow_none=True)


class Totals(Told):
    counted = fields.Integer()
    not_counted = fields.Integer(metadata={"description": "KPIs that are counted in others."})
    money = listed(Money, "One per currency and kind of amount.")
    attainment = fields.Nested(Mean, metadata={"description": "Of KPIs that are no money."})
    at_completion = fields.Nested(Mean, metadata={"description": "The same, as forecast."})


class Worth(Told):
    value = Figure(allow_none=True)
    why = fields.String(allow_none=True, metadata={"description": "Why it is unknown."})


class RolledKpi(Told):
    kpi = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    direction = Word(Direction, allow_none=True)
    scale = Figure()
    attribution = Figure(allow_none=True)
    disbenefit = fields.Boolean()
    cashable = fields.Boolean(allow_none=True)
    weight = Figure()
    part_of = fields.String(allow_none=True)
    currency = fields.String(
        allow_none=True, metadata={"description": "Of the figures here; null where no money."}
    )
    per = Word(Per)
    period = GivenDay("The last judged period.")
    counted_in = texts("The KPIs that it is counted in; empty where it is counted itself.")
    promised = fields.Nested(Worth)
    planned = fields.Nested(Worth)
    realised = fields.Nested(Worth)
    forecast = fields.Nested(Worth)
    range = fields.List(
        Figure(), allow_none=True, metadata={"description": "The 80 % interval of the forecast."}
    )
    attainment = fields.Nested(Worth)
    at_completion = fields.Nested(Worth)


class RolledCategory(Totals):
    category = fields.String(allow_none=True)
    kpis = listed(RolledKpi)


class CategoryTotals(Totals):
    category = fields.String(allow_none=True)


class RolledProject(Totals):
    project = fields.String()
    name = fields.String()
    stage = fields.String()
    categories = listed(RolledCategory)


class RolledPortfolio(Totals):
    portfolio = fields.String()
    projects = listed(RolledProject)
    categories = listed(CategoryTotals, "The same KPIs, of all its projects, by category.")


class UsedRate(Told):
    currency = fields.String()
    to_currency = fields.String()
    rate = Figure()
    rate_on = GivenDay("The day that the rate is of.", allow_none=True)
    by = fields.String()


class Overclaimed(Told):
    kpi = fields.String()
    attribution = Figure("What its parts claim of it together.")


class RollUp(Told):
    at = GivenDay()
    currency = fields.String(
        allow_none=True, metadata={"description": "Null where each KPI is in its own."}
    )
    total = fields.Nested(Totals)
    portfolios = listed(RolledPortfolio)
    rates = listed(UsedRate, "Every exchange rate that was used.")
    without_kpis = texts("Projects that have no KPI.")
    overclaimed = listed(Overclaimed, "KPIs whose parts claim more than all of it.")


class Forecasts(Told):
    at = GivenDay()
    total = fields.Nested(Totals)
    rates = listed(UsedRate, "Every exchange rate that was used.")
    items = listed(KpiForecast, "In order of the KPI's id.")
