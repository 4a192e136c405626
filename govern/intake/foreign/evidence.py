"""How figures and days are written, by those cells of a file that can be read in one way only."""

from collections.abc import Iterable
from dataclasses import replace

from govern.intake.foreign.days import possible_orders
from govern.intake.foreign.figures import readings_of, take_apart
from govern.intake.foreign.outcome import Asked, Found
from govern.intake.problem import CellProblem
from govern.intake.source import DateKeys, NumberKeys
from govern.intake.source_format import Order

_SPOKEN = {".": "a decimal point", ",": "a decimal comma"}


def proven_numbers(
    texts: Iterable[tuple[str, str]], keys: NumberKeys, found: Found
) -> tuple[NumberKeys, bool]:
    """The keys with the decimal sign that the texts (place and text) prove, and whether they
    contradict each other: then every text with a sign in it is asked about."""
    if keys.decimal is not None:
        return keys, False
    proof: dict[str, tuple[str, str]] = {}
    for place, text in texts:
        try:
            digits = take_apart(text, replace(keys, parentheses=True, trailing_minus=True)).digits
        except (CellProblem, Asked):
            continue
        readings = readings_of(digits)
        if len(readings) == 1:
            proof.setdefault(next(iter(readings)), (place, text))
    if len(proof) != 1:
        return keys, len(proof) > 1
    [(sign, (place, text))] = proof.items()
    found.state(f"figures have {_SPOKEN[sign]}: '{text}' in {place} can be read in no other way")
    return replace(keys, decimal=sign), False


def proven_order(texts: Iterable[tuple[str, str]], keys: DateKeys, found: Found) -> DateKeys:
    """The keys with the order of day, month and year that the texts prove."""
    if keys.order is not None:
        return keys
    left: set[Order] = set(Order)
    proof: tuple[str, str] | None = None
    for place, text in texts:
        orders = possible_orders(text)
        if orders and not left & orders:
            return keys
        if orders and len(left & orders) < len(left):
            left &= orders
            proof = place, text
    if len(left) != 1 or proof is None:
        return keys
    [order] = left
    found.state(
        f"days are written {order.value}: '{proof[1]}' in {proof[0]} can be read in no other way"
    )
    return replace(keys, order=order)
