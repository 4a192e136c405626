"""The catalogue of KPI templates."""

from marshmallow import fields

from govern.domain.kpi import Aggregation, Direction, ToleranceIn
from govern.domain.period import Cadence
from govern.web.fields import Figure, Text, Word
from govern.web.patterns import NAME_LENGTH
from govern.web.schemas.base import Given, Told, listed


class TemplateInput(Told):
    name = fields.String(metadata={"description": "As the formula has it."})
    doc = fields.String(metadata={"description": "What it stands for."})


class Template(Told):
    id = fields.String()
    title = fields.String()
    description = fields.String(allow_none=True)
    category = fields.String()
    unit = fields.String(allow_none=True, metadata={"description": "Null for money."})
    money = fields.Boolean(
        metadata={"description": "Its figures are amounts: the KPI says in which currency."}
    )
    scale = Figure("How many of the unit one of its figures stands for.")
    direction = Word(Direction, "Which way is good.")
    aggregation = Word(Aggregation)
    cumulative = fields.Boolean()
    cadence = Word(Cadence)
    reporting_lag_days = fields.Integer()
    tolerance = Figure(allow_none=True)
    tolerance_red = Figure(allow_none=True)
    tolerance_in = Word(ToleranceIn)
    formula = fields.String(
        allow_none=True, metadata={"description": "How it follows from other KPIs."}
    )
    inputs = listed(TemplateInput, "The names in the formula.")
    calculation = fields.String(metadata={"description": "How it is worked out, in words."})
    disbenefit = fields.Boolean()
    cashable = fields.Boolean(allow_none=True)
    place = fields.String(metadata={"description": "File, line and column."})
    replaces = fields.String(
        allow_none=True,
        metadata={"description": "Where the template stands whose place it has taken."},
    )


class Templates(Told):
    items = listed(Template, "In order of their ids.")


class TemplateQuery(Given):
    category = Text(NAME_LENGTH, "Only templates of this category.")
