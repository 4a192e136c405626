"""A portfolio at a glance: curves of value, how projects stand, and the pipeline."""

from typing import Any

from marshmallow import fields

from govern.domain.decision import Decision
from govern.domain.worth import Per
from govern.web.fields import Day, Figure, GivenDay, Identifier, Word
from govern.web.schemas.base import Given, Told, listed, texts
from govern.web.schemas.values import PortfolioForecastQuery


class CurvesQuery(PortfolioForecastQuery):
    project = Identifier("Only this project.")


class CurvePoint(Told):
    day = GivenDay()
    planned = Figure("Planned to this day; null where a KPI's plan has a gap.", allow_none=True)
    realised = Figure(
        "Null after the day asked about, and where a figure is missing.", allow_none=True
    )
    forecast = Figure("From the day asked about on.", allow_none=True)
    independent: fields.List[Any] = fields.List(
        Figure(),
        allow_none=True,
        metadata={"description": "Its 80 % interval if errors are independent: low, high."},
    )
    together: fields.List[Any] = fields.List(
        Figure(),
        allow_none=True,
        metadata={"description": "Its 80 % interval if all errors go together: low, high."},
    )


class LeftOut(Told):
    kpi = fields.String()
    project = fields.String()
    why = fields.String()


class NoForecast(Told):
    kpi = fields.String()
    why = fields.String(allow_none=True)


class Curve(Told):
    currency = fields.String()
    per = Word(Per)
    kpis = texts("The KPIs that each of its points is about.")
    left_out = listed(LeftOut, "KPIs that it is not about, and why.")
    no_forecast = listed(NoForecast, "With one of these the curve has no forecast.")
    points = listed(CurvePoint, "In order of time.")


class Curves(Told):
    at = GivenDay()
    currency = fields.String(allow_none=True)
    curves = listed(Curve)


class PortfolioQuery(Given):
    portfolio = Identifier("Only projects of this portfolio.")


class RagQuery(PortfolioQuery):
    project = Identifier("Only this project.")
    at = Day("As on this day. Today unless said.")


class RatedKpi(Told):
    kpi = fields.String()
    name = fields.String()
    value = fields.String(allow_none=True)


class RatedProject(Told):
    project = fields.String()
    name = fields.String()
    stage = fields.String()
    worst = fields.String(
        allow_none=True,
        metadata={
            "description": "`red`, else `amber`, else `grey`, else `green`; null with none of them, and "
            "where all that are rated are green and some are not rated."
        },
    )
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Value of the table → KPIs."},
    )
    unrated = fields.Integer()
    kpis = listed(RatedKpi)


class PortfolioRag(Told):
    at = GivenDay()
    values: fields.List[Any] = fields.List(
        fields.String(),
        allow_none=True,
        metadata={
            "description": "The values of the table `kpi-rag`, in its order; null without such a table."
        },
    )
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Value of the table → KPIs of all projects."},
    )
    unrated = fields.Integer()
    projects = listed(RatedProject)


class PipelineStage(Told):
    stage = fields.String()
    outside = fields.Boolean(metadata={"description": "Beside the way: on hold, terminated."})
    projects = fields.Integer()
    waiting = fields.Integer(metadata={"description": "Of them, those that wait at a gate."})


class PipelineProject(Told):
    project = fields.String()
    name = fields.String()
    stage = fields.String()
    held_from = fields.String(allow_none=True)
    resume_on = GivenDay(allow_none=True)
    since = GivenDay("Since when it is in its stage.", allow_none=True)
    days = fields.Integer(allow_none=True)


class PipelineGate(Told):
    submission = fields.Integer()
    project = fields.String()
    project_name = fields.String()
    gate = fields.String()
    title = fields.String()
    iteration = fields.Integer()
    advice = Word(Decision)
    submitted_on = GivenDay()
    days_waiting = fields.Integer()
    decide_by = GivenDay(allow_none=True)
    days_over = fields.Integer(
        allow_none=True, metadata={"description": "Past `decide_by`; 0 until then."}
    )


class Pipeline(Told):
    projects_in_all = fields.Integer()
    stages = listed(PipelineStage, "In the order in which projects pass them.")
    projects = listed(PipelineProject, "In order of their stages.")
    waiting = listed(PipelineGate, "The longest wait first.")
