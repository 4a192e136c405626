"""Figures, days and words that are taken, and that whatever is taken keeps its value."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.plain import plain_decimal
from govern.intake.dates import parse_date, parse_day_of
from govern.intake.numbers import Percent, parse_number, percent_of
from govern.intake.problem import CellProblem
from govern.intake.texts import parse_choice, parse_flag, parse_id, parse_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0.00", "0"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-12.50", "-12.5"),
        ("\u221212.5", "-12.5"),
        ("007", "7"),
        ("1,234.56", "1234.56"),
        ("2,453,206.00", "2453206"),
        ("1,234,567", "1234567"),
        ("1\u00a0234", "1234"),
        ("1\u202f234\u202f567.8", "1234567.8"),
        ("1'234.50", "1234.5"),
        ("1000000000000000", "1000000000000000"),
        ("0.123456789000", "0.123456789"),
    ],
)
def test_figures_that_can_mean_one_thing_only(text: str, value: str) -> None:
    assert plain_decimal(parse_number(text)) == value


def test_a_percent_sign_means_what_the_column_says() -> None:
    assert parse_number("80%", percent_of("%")) == 80
    assert parse_number("80 %", percent_of("Percent")) == 80
    assert parse_number("12.5%", Percent.SHARE) == Decimal("0.125")
    with pytest.raises(CellProblem):
        parse_number("80%", percent_of("EUR"))
    with pytest.raises(CellProblem):
        parse_number("80%", percent_of(None))
    with pytest.raises(CellProblem):
        parse_number("80%%", Percent.POINTS)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=9))
def test_a_plain_figure_keeps_its_value(value: Decimal) -> None:
    assert parse_number(format(value, "f")) == value


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_figure_with_separators_keeps_its_value(value: Decimal) -> None:
    assert parse_number(f"{value:,.2f}") == value


@given(st.text(alphabet="0123456789.,'+-% \u00a0eE()#£x;/", max_size=12))
def test_any_text_is_a_bounded_figure_or_a_problem(text: str) -> None:
    try:
        value = parse_number(text, Percent.SHARE)
    except CellProblem:
        return
    assert value.is_finite()
    assert abs(value) <= 10**15


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_a_day_keeps_its_value(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_day_of(f"{day.isoformat()}T23:59:59.5+02:00") == day


@pytest.mark.parametrize("text", ["2026-10-31T25:00", "2026-10-31T", "20261031", "2026-10-31x"])
def test_what_only_begins_like_a_day_is_none(text: str) -> None:
    with pytest.raises(CellProblem):
        parse_day_of(text)


def test_words() -> None:
    assert parse_choice("AT_LEAST", ("at_least", "at_most")) == "at_least"
    assert [parse_flag(word) for word in ("Yes", "TRUE", "1", "no", "False", "0")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert parse_text("Zürich – Łódź, 東京", 20) == "Zürich – Łódź, 東京"
    assert parse_id("LIBUS-166887 (b): x") == "LIBUS-166887 (b): x"


@pytest.mark.parametrize("text", ["a/b", "a\\b", "a;b", "a  b", "a\u00a0b", "..", "@a", "a\tb"])
def test_what_cannot_be_an_id(text: str) -> None:
    with pytest.raises(CellProblem):
        parse_id(text)
