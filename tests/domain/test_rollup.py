"""The roll-up: each KPI counted once, sums that add up however they are cut, unknowns named beside."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.rollup import MEASURES, Line, Span, counted_in, overclaimed, totals
from govern.domain.worth import Per, Worth


def line(kpi: str, value: Any = 1, **fields: Any) -> Line:
    """A KPI of EUR whose four measures are `value`; `None` is unknown."""
    worth = Worth(None, "no figure") if value is None else Worth(Decimal(value))
    defaults: dict[str, Any] = {
        "currency": "EUR",
        "per": Per.TO_DATE,
        "weight": Decimal(1),
        "cashable": None,
        "part_of": None,
        "inputs": (),
        "attribution": None,
        "worth": dict.fromkeys(MEASURES, worth),
        "attainment": worth,
        "at_completion": worth,
    }
    return Line(kpi, **{**defaults, **fields})


def test_a_part_is_counted_in_the_whole() -> None:
    lines = [line("A", 100), line("B", 40, part_of="A"), line("C", 7)]
    assert counted_in(lines) == {"B": ("A",)}
    found = totals(lines, counted_in(lines))
    assert found.money[0].sums["promised"].value == 107
    assert (found.counted, found.not_counted) == (2, 1)


def test_a_part_of_a_part_is_counted_in_the_nearest_that_stands() -> None:
    lines = [line("A"), line("B", part_of="A"), line("C", part_of="B")]
    assert counted_in(lines) == {"B": ("A",), "C": ("A",)}


def test_a_part_whose_whole_is_not_in_the_roll_up_is_counted() -> None:
    assert counted_in([line("B", part_of="ELSEWHERE")]) == {}


def test_a_part_in_money_is_not_counted_in_what_is_no_money() -> None:
    lines = [line("INDEX", currency=None), line("EUROS", part_of="INDEX")]
    assert counted_in(lines) == {}
    assert counted_in([line("A"), line("SHARE", currency=None, part_of="A")]) == {"SHARE": ("A",)}


def test_a_composite_is_counted_in_its_inputs() -> None:
    lines = [line("NET", inputs=("GAIN", "COST")), line("GAIN"), line("COST")]
    assert counted_in(lines) == {"NET": ("GAIN", "COST")}


def test_a_composite_of_inputs_that_are_elsewhere_is_counted() -> None:
    assert counted_in([line("NET", inputs=("GAIN", "COST"))]) == {}


def test_inputs_that_are_parts_of_their_composite_are_counted_in_it() -> None:
    lines = [
        line("NET", inputs=("PRICE", "VOLUME")),
        line("PRICE", part_of="NET"),
        line("VOLUME", currency=None, part_of="NET"),
    ]
    assert counted_in(lines) == {"PRICE": ("NET",), "VOLUME": ("NET",)}


def test_a_part_of_a_composite_that_is_counted_in_others_is_counted_itself() -> None:
    """P = A + B and A is part of P: B counts without P, so that P must not, and A does."""
    lines = [line("P", inputs=("A", "B")), line("A", part_of="P"), line("B")]
    assert counted_in(lines) == {"P": ("B",)}


def test_money_made_of_what_is_no_money_is_counted() -> None:
    lines = [line("SAVING", inputs=("HOURS",)), line("HOURS", currency=None)]
    assert counted_in(lines) == {}
    ratio = [line("ROI", currency=None, inputs=("SAVING",)), *lines]
    assert counted_in(ratio) == {"ROI": ("SAVING",)}


def test_composites_of_composites_are_followed_to_the_money() -> None:
    lines = [
        line("TOTAL", inputs=("SHARE",)),
        line("SHARE", currency=None, inputs=("GAIN",)),
        line("GAIN"),
    ]
    assert set(counted_in(lines)) == {"TOTAL", "SHARE"}


def test_what_is_in_itself_does_not_go_round_for_ever() -> None:
    lines = [line("A", part_of="B"), line("B", part_of="A"), line("C", inputs=("C",))]
    assert set(counted_in(lines)) <= {"A", "B", "C"}


def test_parts_that_claim_more_than_all_are_told() -> None:
    lines = [
        line("A", part_of="W", attribution=Decimal("0.7")),
        line("B", part_of="W", attribution=Decimal("0.5")),
        line("C", part_of="V", attribution=Decimal(1)),
    ]
    assert overclaimed(lines) == {"W": Decimal("1.2")}


def test_what_is_unknown_is_named_and_is_no_zero() -> None:
    found = totals([line("A", 5), line("B", None)], {}).money[0].sums["realised"]
    assert (found.value, found.known, found.not_known) == (5, 1, ("B",))
    none = totals([line("B", None)], {}).money[0].sums["realised"]
    assert (none.value, none.known, none.not_known) == (None, 0, ("B",))


def test_amounts_of_a_month_are_not_added_to_those_of_a_quarter_or_of_all() -> None:
    lines = [
        line("A"),
        line("B", per=Per.MONTH),
        line("C", per=Per.QUARTER),
        line("D", currency="USD"),
    ]
    found = totals(lines, {}).money
    assert [(each.currency, each.per) for each in found] == [
        ("EUR", Per.TO_DATE),
        ("EUR", Per.MONTH),
        ("EUR", Per.QUARTER),
        ("USD", Per.TO_DATE),
    ]


def test_what_is_cashable_is_shown_apart() -> None:
    lines = [line("A", 5, cashable=True), line("B", 7, cashable=False), line("C", 9)]
    found = totals(lines, {}).money[0]
    assert found.cashable["realised"].value == 5
    assert found.sums["realised"].value == 21


def test_what_is_no_money_is_a_mean_by_weight() -> None:
    lines = [
        line("A", "0.5", currency=None, weight=Decimal(3)),
        line("B", "0.9", currency=None),
        line("C", None, currency=None, weight=Decimal(9)),
    ]
    found = totals(lines, {}).attainment
    assert (found.value, found.known, found.not_known) == (Decimal("0.6"), 2, ("C",))


@pytest.mark.parametrize(
    ("shares", "median"),
    [
        ([("0.9", 1), ("90", 1), ("0.95", 1)], "0.95"),
        ([("0.9", 1), ("0.7", 1)], "0.8"),
        ([("0.9", 3), ("0.7", 1), ("0.8", 1)], "0.9"),
        # Just half of the weight is at 0.7 and below.
        ([("0.9", 2), ("0.7", 1), ("0.5", 1)], "0.8"),
        ([("0.9", 1), ("0.1", 0), (None, 5)], "0.9"),
        ([("0.9", 0)], None),
        ([], None),
    ],
)
def test_a_median_by_weight_stands_beside_the_mean(
    shares: list[tuple[str | None, int]], median: str | None
) -> None:
    lines = [
        line(name, share, currency=None, weight=Decimal(weight))
        for name, (share, weight) in zip("ABC", shares, strict=False)
    ]
    found = totals(lines, {}).attainment
    assert found.median == (None if median is None else Decimal(median))


def test_both_bounds_of_a_sum() -> None:
    span = Span(Decimal(10), Decimal(7), Decimal(14))
    lines = [line(each, 10, span=span) for each in "ABCD"]
    bounds = totals(lines, {}).money[0].bounds
    assert bounds is not None
    assert bounds.together == (28, 56)
    assert bounds.independent == (34, 48)


@pytest.mark.parametrize("count", [1, 5])
def test_bounds_of_a_mean(count: int) -> None:
    span = Span(Decimal(1), Decimal("0.8"), Decimal("1.2"))
    lines = [line(str(n), 1, currency=None, attainment_span=span) for n in range(count)]
    bounds = totals(lines, {}).at_completion.bounds
    assert bounds is not None
    assert bounds.together == (Decimal("0.8"), Decimal("1.2"))
    assert bounds.independent[0] >= bounds.together[0]


NAMES = "ABCDEFGH"
AMOUNT = st.none() | st.decimals(-1000, 1000, places=3)


@st.composite
def rolled(draw: st.DrawFn) -> list[Line]:
    """Lines whose parts and formulas name only earlier ones, so that none goes round."""
    lines: list[Line] = []
    for index, kpi in enumerate(NAMES[: draw(st.integers(1, len(NAMES)))]):
        earlier = list(NAMES[:index])
        named = st.sampled_from(earlier) if earlier else st.nothing()
        lines.append(
            line(
                kpi,
                draw(AMOUNT),
                currency=draw(st.sampled_from([None, "EUR", "EUR", "USD"])),
                per=draw(st.sampled_from([Per.TO_DATE, Per.MONTH])),
                weight=Decimal(draw(st.integers(0, 4))),
                cashable=draw(st.none() | st.booleans()),
                part_of=draw(st.none() | named),
                inputs=tuple(draw(st.lists(named, max_size=2, unique=True)) if earlier else ()),
            )
        )
    return lines


@given(rolled(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(lines: list[Line], random: Any) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert counted_in(shuffled) == counted_in(lines)
    assert totals(shuffled, counted_in(lines)) == totals(lines, counted_in(lines))


@given(rolled(), st.integers(0, len(NAMES)))
def test_the_sums_of_the_pieces_are_the_sum_of_the_whole(lines: list[Line], cut: int) -> None:
    """So the sum over projects is the portfolio's: what is counted is decided once for all."""
    left_out = counted_in(lines)
    whole = totals(lines, left_out)
    pieces = [totals(some, left_out) for some in (lines[:cut], lines[cut:])]
    for money in whole.money:
        for name in MEASURES:
            parts = [
                each.sums[name]
                for piece in pieces
                for each in piece.money
                if (each.currency, each.per) == (money.currency, money.per)
            ]
            known = [each.value for each in parts if each.value is not None]
            assert money.sums[name].value == (sum(known) if known else None)
            assert money.sums[name].known == sum(each.known for each in parts)
            assert set(money.sums[name].not_known) == {k for each in parts for k in each.not_known}
    assert whole.counted == sum(each.counted for each in pieces)
    assert whole.counted + whole.not_counted == len(lines)


@given(rolled())
def test_nothing_is_counted_twice_and_nothing_is_lost(lines: list[Line]) -> None:
    by_id = {each.kpi: each for each in lines}
    left_out = counted_in(lines)
    for kpi, named in left_out.items():
        assert named
        assert kpi not in named
        assert all(each in by_id for each in named)
    for each in lines:
        above = each.part_of
        if each.kpi not in left_out and above is not None:
            # What stands by itself is part of nothing that takes it in and is counted.
            takes_in = by_id[above].of_money or not each.of_money
            assert above in left_out or not takes_in


@given(
    st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=9),
    st.decimals("0.01", 99, places=4),
)
def test_exchanging_and_adding_is_adding_and_exchanging(
    amounts: list[Decimal], rate: Decimal
) -> None:
    def total(values: list[Decimal]) -> Any:
        lines = [line(str(n), value) for n, value in enumerate(values)]
        return totals(lines, {}).money[0].sums["realised"].value

    assert total([each * rate for each in amounts]) == total(amounts) * rate
