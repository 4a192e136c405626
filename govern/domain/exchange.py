"""What one currency is worth in another on a day, from a table of dated rates.

A rate holds from its day until the next one of its pair. Two currencies are exchanged by the first of
these that there is:

- one and the same currency: 1;
- the latest rate of the pair on or before the day, as it was quoted or as the inverse of the opposite
  pair (1 / rate), whichever is of the later day, as it was quoted where both are of one day;
- through one third currency that has such a rate with both: the product of the two. Of several the
  one whose older rate is the latest; of those the first in the alphabet.

Where there is none, there is no rate: unknown, and never 1. Numbers are decimal128, as elsewhere.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govern.domain.measures import CONTEXT

FAR_OFF = 10
"""By how much a rate may differ from its neighbour before somebody is asked whether it is meant: a
point that slipped by one place."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One `currency` was worth `rate` of `to_currency` from `rate_on` on."""

    currency: str
    to_currency: str
    rate_on: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """The rate that is used. `rate_on` is the day it is of, the older one of two; `None` for a currency
    in itself. `by` says how it came about: quoted, inverse, through EUR."""

    rate: Decimal
    rate_on: date | None
    by: str


SAME = Quote(Decimal(1), None, "the same currency")


class RateTable:
    """The rates in force, one per pair and day; of several the one that is given last."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        by_day: dict[tuple[str, str], dict[date, Decimal]] = defaultdict(dict)
        for each in rates:
            by_day[each.currency, each.to_currency][each.rate_on] = each.rate
        self._pairs = {
            pair: (sorted(found), [found[day] for day in sorted(found)])
            for pair, found in by_day.items()
        }
        self._partners: dict[str, set[str]] = defaultdict(set)
        for one, other in self._pairs:
            self._partners[one].add(other)
            self._partners[other].add(one)

    def find(self, currency: str, to_currency: str, on: date) -> Quote | None:
        """The rate of a day, or `None` where there is none on or before it."""
        if currency == to_currency:
            return SAME
        return self._pair(currency, to_currency, on) or self._across(currency, to_currency, on)

    def neighbour(self, currency: str, to_currency: str, on: date) -> Quote | None:
        """The pair's own rate on or before a day, or else the first after it."""
        before = self._pair(currency, to_currency, on)
        if before is not None:
            return before
        later = [
            days[0]
            for pair in ((currency, to_currency), (to_currency, currency))
            if (days := self._pairs.get(pair, ([], []))[0])
        ]
        return self._pair(currency, to_currency, min(later)) if later else None

    def _pair(self, currency: str, to_currency: str, on: date) -> Quote | None:
        quoted = self._latest((currency, to_currency), on)
        opposite = self._latest((to_currency, currency), on)
        if opposite is not None and (quoted is None or opposite[0] > quoted[0]):
            day, rate = opposite
            return Quote(CONTEXT.divide(Decimal(1), rate), day, "inverse")
        return None if quoted is None else Quote(quoted[1], quoted[0], "quoted")

    def _across(self, currency: str, to_currency: str, on: date) -> Quote | None:
        best: Quote | None = None
        between = self._partners.get(currency, set()) & self._partners.get(to_currency, set())
        for third in sorted(between):
            there = self._pair(currency, third, on)
            back = self._pair(third, to_currency, on)
            if there is None or back is None or there.rate_on is None or back.rate_on is None:
                continue
            older = min(there.rate_on, back.rate_on)
            if best is None or best.rate_on is None or older > best.rate_on:
                rate = CONTEXT.multiply(there.rate, back.rate)
                best = Quote(rate, older, f"through {third}")
        return best

    def _latest(self, pair: tuple[str, str], on: date) -> tuple[date, Decimal] | None:
        days, rates = self._pairs.get(pair, ([], []))
        place = bisect_right(days, on)
        return (days[place - 1], rates[place - 1]) if place else None


def far_off(rate: Decimal, neighbour: Decimal) -> bool:
    """Whether two rates differ by a factor of 10 or more."""
    low, high = sorted((rate, neighbour))
    return high >= low * FAR_OFF
