"""Sets of values that a part of a condition can have: numbers and dates, or texts and truths."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Final

from govern.language.tree import Operator

_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`; `None` is without an end."""

    low: Decimal | None = None
    high: Decimal | None = None
    has_low: bool = False
    has_high: bool = False

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (
            self.low == self.high and not (self.has_low and self.has_high)
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers in one of the spans, which follow each other and do not touch; whole ones if `whole`.

    Dates are the whole numbers of their days.
    """

    spans: tuple[Span, ...]
    whole: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.spans

    def both(self, other: "Numbers") -> "Numbers":
        whole = self.whole or other.whole
        met = (_met(one, two) for one in self.spans for two in other.spans)
        kept = (_whole(span) if whole else span for span in met)
        return Numbers(tuple(span for span in kept if not span.is_empty), whole)

    def example(self) -> Decimal:
        """One of the numbers, a plain one where possible; the set must not be empty."""
        span = self.spans[0]
        if span.low is not None and span.has_low:
            return span.low
        if span.high is not None and span.has_high:
            return span.high
        if span.low is not None and span.high is not None:
            return (span.low + span.high) / 2
        if span.low is not None:
            return span.low + _ONE
        return Decimal(0) if span.high is None else span.high - _ONE


@dataclass(frozen=True, slots=True)
class Words:
    """These texts or truth values; all but these where `others`."""

    words: frozenset[str | bool]
    others: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.others

    def both(self, other: "Words") -> "Words":
        if self.others and other.others:
            return Words(self.words | other.words, True)
        if self.others:
            return Words(other.words - self.words)
        return Words(self.words - other.words if other.others else self.words & other.words)

    def example(self) -> str | bool | None:
        """One of the values; `None` where any other than these will do."""
        return None if self.others else min(self.words, key=str)


Values = Numbers | Words
ALL: Final = Numbers((Span(),))
ANY: Final = Words(frozenset(), True)


def compared(operator: Operator, number: Decimal) -> Numbers:
    """The numbers x for which `x operator number`."""
    below, above = Span(None, number), Span(number, None)
    match operator:
        case "=":
            return points((number,))
        case "!=":
            return Numbers((below, above))
        case "<":
            return Numbers((below,))
        case "<=":
            return Numbers((Span(None, number, False, True),))
        case ">":
            return Numbers((above,))
        case ">=":
            return Numbers((Span(number, None, True, False),))


def points(numbers: Iterable[Decimal]) -> Numbers:
    return Numbers(tuple(Span(each, each, True, True) for each in sorted(set(numbers))))


def between_points(numbers: Iterable[Decimal]) -> Numbers:
    """All but these."""
    ends = [None, *sorted(set(numbers)), None]
    return Numbers(tuple(Span(low, high) for low, high in pairwise(ends)))


def _met(one: Span, other: Span) -> Span:
    low, has_low = one.low, one.has_low
    if other.low is not None and (low is None or other.low > low):
        low, has_low = other.low, other.has_low
    elif other.low is not None and other.low == low:
        has_low = has_low and other.has_low
    high, has_high = one.high, one.has_high
    if other.high is not None and (high is None or other.high < high):
        high, has_high = other.high, other.has_high
    elif other.high is not None and other.high == high:
        has_high = has_high and other.has_high
    return Span(low, high, has_low, has_high)


def _whole(span: Span) -> Span:
    low, high = span.low, span.high
    if low is not None:
        least = low.to_integral_value(ROUND_CEILING)
        low = least + _ONE if least == low and not span.has_low else least
    if high is not None:
        most = high.to_integral_value(ROUND_FLOOR)
        high = most - _ONE if most == high and not span.has_high else most
    return Span(low, high, low is not None, high is not None)
