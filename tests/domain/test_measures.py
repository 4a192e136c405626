from decimal import Decimal

import pytest

from govern.domain.kpi import Direction
from govern.domain.measures import attainment, progress, rounded, variance


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("direction", "baseline", "planned", "actual", "expected"),
    [
        # With a baseline, both ways of moving are the share of the way that was planned to date.
        ("increase", "0", "105", "84", "0.8"),
        ("increase", "100", "150", "125", "0.5"),
        ("increase", "100", "150", "90", "-0.2"),
        ("increase", "100", "150", "200", "2"),
        ("increase", "-20", "10", "-5", "0.5"),
        ("increase", "-20", "-10", "-15", "0.5"),
        ("decrease", "100", "80", "90", "0.5"),
        ("decrease", "100", "80", "110", "-0.5"),
        ("decrease", "-1", "-5", "-3", "0.5"),
        ("milestone", "0", "4", "1", "0.25"),
        # Without one, it is the share of the level.
        ("increase", None, "105", "84", "0.8"),
        ("increase", None, "100", "-10", "-0.1"),
        ("decrease", None, "84", "105", "0.8"),
        ("milestone", None, "4", "3", "0.75"),
        # A level to hold never looks at the baseline.
        ("at_least", "50", "100", "80", "0.8"),
        ("at_most", "50", "80", "100", "0.8"),
        ("at_most", None, "0", "3", "0"),
        ("increase", "0", "3", "1", "0.333333333"),
        ("increase", "0", "3", "2", "0.666666667"),
        # Unknown.
        (None, "0", "100", "50", None),
        ("increase", "0", None, "50", None),
        ("increase", "0", "100", None, None),
        ("increase", "100", "100", "120", None),
        ("increase", None, "0", "5", None),
        ("decrease", None, "5", "0", None),
        ("at_most", None, "0", "0", None),
        # The ratio would be reversed: worse would be more.
        ("increase", "100", "95", "90", None),
        ("decrease", "100", "105", "110", None),
        ("at_least", None, "-10", "-20", None),
        ("at_most", None, "-10", "-5", None),
        ("at_most", None, "10", "-5", None),
    ],
)
def test_attainment(
    direction: str | None,
    baseline: str | None,
    planned: str | None,
    actual: str | None,
    expected: str | None,
) -> None:
    way = None if direction is None else Direction(direction)
    assert attainment(way, number(baseline), number(planned), number(actual)) == number(expected)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "actual", "expected"),
    [
        ("increase", "0", "76000", "12905", "0.169802632"),
        ("increase", "100", "200", "250", "1.5"),
        ("increase", "100", "200", "50", "-0.5"),
        ("decrease", "2.34", "2.13", "2.51", "-0.80952381"),
        ("decrease", "-1", "-3", "-2", "0.5"),
        ("milestone", "0", "3", "2", "0.666666667"),
        ("increase", None, "100", "50", None),
        ("increase", "0", None, "50", None),
        ("increase", "0", "100", None, None),
        ("increase", "100", "100", "100", None),
        ("at_least", "0", "100", "50", None),
        ("at_most", "0", "100", "50", None),
        (None, "0", "100", "50", None),
    ],
)
def test_progress(
    direction: str | None,
    baseline: str | None,
    target: str | None,
    actual: str | None,
    expected: str | None,
) -> None:
    way = None if direction is None else Direction(direction)
    assert progress(way, number(baseline), number(target), number(actual)) == number(expected)


@pytest.mark.parametrize(
    ("direction", "planned", "actual", "expected"),
    [
        ("increase", "100", "90", "-10"),
        ("increase", "-5", "-3.5", "1.5"),
        ("decrease", "100", "90", "10"),
        ("at_least", "95", "96.25", "1.25"),
        ("at_most", "5", "7", "-2"),
        ("milestone", "1", "0", "-1"),
        (None, "100", "90", None),
        ("increase", None, "90", None),
        ("increase", "100", None, None),
    ],
)
def test_positive_variance_is_good(
    direction: str | None, planned: str | None, actual: str | None, expected: str | None
) -> None:
    way = None if direction is None else Direction(direction)
    assert variance(way, number(planned), number(actual)) == number(expected)


def test_ratios_round_half_up_towards_plus_infinity() -> None:
    assert rounded(Decimal("0.0000000005")) == Decimal("0.000000001")
    assert rounded(Decimal("-0.0000000005")) == 0
    assert rounded(Decimal("-0.0000000006")) == Decimal("-0.000000001")


def test_an_exact_ratio_is_not_below_itself() -> None:
    result = attainment(Direction.INCREASE, Decimal(0), Decimal(105), Decimal(84))
    assert result is not None
    assert not result < Decimal("0.8")
