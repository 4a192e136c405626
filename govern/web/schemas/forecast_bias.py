"""What reviews say of forecasts."""

from marshmallow import fields

from govern.services.forecast_bias import By
from govern.web.fields import Figure, Identifier, Word
from govern.web.schemas.base import Given, Told, listed


class ForecastBias(Told):
    by = Word(By)
    of = fields.String(metadata={"description": "The category, or the owner's name."})
    n = fields.Integer(metadata={"description": "How many KPIs were reviewed."})
    rate = Figure("The median of realised / promised.", allow_none=True)
    low = Figure("A quarter of the rates lie at it or below it.", allow_none=True)
    high = Figure("A quarter of the rates lie at it or above it.", allow_none=True)
    offered = fields.Boolean(metadata={"description": "Whether a plan can be adjusted by it."})
    why = fields.String(
        allow_none=True, metadata={"description": "Why not; null where it is offered."}
    )


class ForecastBiases(Told):
    reviewed = fields.Integer(
        metadata={"description": "KPIs of which a signed review knows a rate."}
    )
    categories = listed(ForecastBias, "In order of name.")
    owners = listed(ForecastBias, "In order of name.")


class ForecastBiasQuery(Given):
    portfolio = Identifier("Only projects of this portfolio.")
