"""Exchange rates: list, ask for one, record many."""

from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import exchange_rates as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.exchange_rates import (
    ExchangeRatePage,
    ExchangeRateQuery,
    ExchangeRateResults,
    NewExchangeRates,
    Quote,
    QuoteQuery,
)
from govern.web.site import actor, now, runtime

exchange_rates = Resource(
    "exchange rates",
    "What currencies are worth in each other, from which day on.",
    writes=TokenScope.READINGS,
)


@exchange_rates.read(
    "/exchange-rates", ExchangeRatePage, query=ExchangeRateQuery, headers=["Link"], past=True
)
def list_exchange_rates(query: dict[str, Any]) -> Any:
    """List the exchange rates in force; with `history` the corrected ones too."""
    page = page_request(query)
    return page_answer(use.list_rates(runtime(), page, **query))


@exchange_rates.read("/exchange-rates/quote", Quote, query=QuoteQuery, past=True)
def quote_exchange_rate(query: dict[str, Any]) -> Any:
    """Ask what a currency was worth in another on a day, and how that follows from the rates.

    The latest rate on or before the day, as quoted or as the inverse of the opposite pair, else through
    one third currency. Where there is none the answer is 404, and never 1.
    """
    asked: dict[str, Any] = {"on": None, **query}
    return use.find_rate(runtime(), **asked, now=now())


@exchange_rates.write(
    "POST",
    "/exchange-rates",
    ExchangeRateResults,
    body=NewExchangeRates,
)
def record_exchange_rates(body: dict[str, Any]) -> Any:
    """Record exchange rates, all or none.

    Each answers `recorded`, `corrected` (there was another rate of the pair and day) or `unchanged`. One
    that is 10 times off its neighbour, or more, is refused unless `confirm` says that it is meant. Takes
    the role finance or admin on the whole installation.
    """
    confirm = body.get("confirm", False)
    results = use.record_rates(runtime(), actor(), body["rates"], confirm=confirm, now=now())
    return {"results": results}
