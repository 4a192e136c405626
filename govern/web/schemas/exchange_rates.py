"""Exchange rates."""

from marshmallow import fields

from govern.services.exchange_rates import MOST_AT_ONCE
from govern.web.fields import Currency, Day, Figure, Flag, GivenDay, Instant, Number, Text, Word
from govern.web.fields.several import Several
from govern.web.patterns import NAME_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by


class ExchangeRate(Told):
    id = fields.Integer()
    currency = fields.String()
    to_currency = fields.String()
    rate_on = GivenDay("The day from which it holds.")
    rate = Figure("What one of `currency` is worth in `to_currency`.")
    origin = fields.String(allow_none=True, metadata={"description": "Where it was taken from."})
    recorded_at = Instant()
    recorded_by = fields.String()


class ExchangeRatePage(Told):
    items = listed(ExchangeRate)
    next = next_page()


class ExchangeRateQuery(PageQuery):
    currency = Currency("Only rates of this currency.")
    to_currency = Currency("Only rates in this currency.")
    history = Flag("Also rates that were corrected since.", in_query=True)
    sort = sort_by("rate_on", "currency", "recorded_at", default="rate_on")


class QuoteQuery(Given):
    currency = Currency("The currency that one unit is of.", required=True)
    to_currency = Currency("The currency that it is wanted in.", required=True)
    on = Day("The day it is wanted for; today unless said.")


class Quote(Told):
    currency = fields.String()
    to_currency = fields.String()
    on = GivenDay()
    rate = Figure()
    rate_on = GivenDay(
        "The day that it is of, the older of two; null for a currency in itself.", allow_none=True
    )
    by = fields.String(
        metadata={"description": "quoted, inverse, through a third currency, the same currency."}
    )


class NewExchangeRate(Given):
    currency = Currency(required=True)
    to_currency = Currency(required=True)
    rate_on = Day("The day from which it holds, today at the latest.", required=True)
    rate = Number("What one of `currency` is worth in `to_currency`; above 0.", required=True)
    origin = Text(NAME_LENGTH, "Where it was taken from.", allow_none=True)


class NewExchangeRates(Given):
    rates = Several(
        fields.Nested(NewExchangeRate),
        "Recorded all or none.",
        least=1,
        most=MOST_AT_ONCE,
        required=True,
    )
    confirm = Flag("Rates that are 10 times off their neighbour, or more, are meant.")


class ExchangeRateResult(Told):
    currency = fields.String()
    to_currency = fields.String()
    rate_on = GivenDay()
    status = Word(("recorded", "corrected", "unchanged"))


class ExchangeRateResults(Told):
    results = listed(ExchangeRateResult, "One per rate, in the order given.")
