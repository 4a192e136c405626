"""What can be said of a condition without data: that it never holds, always holds, or overlaps."""

import pytest
from hypothesis import HealthCheck, given, settings

from govern.language.analysis import is_never_false, is_never_true, overlap
from govern.language.columns import evaluate
from govern.language.scopes import KPI, PROJECT, Scope
from govern.observation.frame import Observations
from tests.language.portfolio import checked
from tests.language.test_readings import TABLES, conditions, portfolios


@pytest.mark.parametrize(
    "text",
    [
        "false",
        "1 + 1 = 3",
        "act > watch",
        "1 / 0 = 1",
        "attainment < 50% and attainment > 80%",
        "attainment < act and 90% <= attainment",
        "attainment < 80% and attainment >= 80%",
        "attainment between 1 and 2 and not(attainment > 0.5)",
        "attainment in [80%..90%) and attainment = 90%",
        "(actual = 1 or actual = 2) and actual in (3, 4)",
        "actual = 1 and actual != 1",
        "actual < planned and actual >= planned",
        "actual > planned and planned > actual",
        "actual != actual",
        "actual = null and actual > 5",
        "actual = null and actual != null",
        'category = "cost" and category in ("revenue", "quality")',
        'not(category = "cost") and category = "cost"',
        "cumulative and not(cumulative)",
        'cumulative and (cumulative = false or category = "a" and category = "b")',
        'trend(3) = "falling" and trend(3) = "rising"',
        'direction != "increase" and not(direction in ("decrease", "at_least", "at_most", "milestone"))',
        "count(deliverables) < 0",
        "count(deliverables) > 2 and count(deliverables) < 3",
        "streak(actual > 5) = 1.5",
        'period > @"2026-01-01" and period < @"2026-01-02"',
        "month(period) > 12",
        "abs(actual) < 0",
        "if actual > 5 then actual < 4 else 1 = 2",
        "not(true or actual > 5)",
        "attainment < 80% and (attainment >= 90%) = true",
        "(actual > 5) != false and actual <= 5",
    ],
)
def test_never_true(text: str) -> None:
    condition = checked(text)
    assert is_never_true(condition)
    assert not is_never_true(checked(f"not({text})")) or is_never_false(condition)


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "2 > 1",
        "attainment < 80% or attainment >= 80%",
        "not(attainment < 50% and attainment > 80%)",
        "actual = null or actual != null",
        "actual < planned or actual >= planned",
        'trend(3) in ("falling", "rising", "flat")',
        "cumulative or not(cumulative)",
        "actual != 1 or actual != 2",
        "count(deliverables) >= 0",
        "(actual > 5) = false or actual > 5",
    ],
)
def test_never_false(text: str) -> None:
    assert is_never_false(checked(text))
    assert is_never_true(checked(f"not({text})"))


@pytest.mark.parametrize(
    "text",
    [
        "attainment < 50% or attainment > 80%",
        "attainment <= 80% and attainment >= 80%",
        "actual < 5 or planned >= 5",
        "actual > 5 and planned < 5",
        "actual != 1 or actual = null",
        "count(kpis[attainment < 50%]) > 1 and count(kpis[attainment > 80%]) > 1",
        "some k in kpis satisfies k.attainment < 50% and k.actual > 5",
        "count(deliverables) > 2 and count(deliverables) < 4",
        'trend(3) != "rising" and trend(3) != "falling"',
        "tags = null",
        '"a" in tags and not("b" in tags)',
        " or ".join(f"actual = {number}" for number in range(300)),
        "not(actual in (" + ", ".join(map(str, range(500))) + "))",
        " and ".join(f"(actual > {number} or planned > {number})" for number in range(40)),
    ],
)
def test_neither(text: str) -> None:
    condition = checked(text, PROJECT if "kpis" in text else KPI)
    assert not is_never_true(condition)
    assert not is_never_false(condition)


@pytest.mark.parametrize(
    ("when", "clear", "shown"),
    [
        ("attainment < 80%", "attainment >= 85%", None),
        ("attainment < 80%", "attainment >= 80%", None),
        ("attainment < 80%", "attainment > 75%", "attainment = 0.775"),
        ("attainment <= 80%", "attainment >= 80%", "attainment = 0.8"),
        ("attainment < act", "attainment < watch", "attainment = -0.2"),
        ("actual < planned", "actual <= planned", "actual < planned"),
        ("actual = null", "actual = null", "actual = null"),
        ('trend(3) = "falling"', 'trend(3) != "rising"', 'trend(3) = "falling"'),
        (
            'attainment < 80% and category = "cost"',
            "attainment >= 70%",
            'attainment = 0.7 and category = "cost"',
        ),
        ('period < @"2026-02-02"', 'period > @"2026-01-31"', 'period = @"2026-02-01"'),
        ("count(deliverables) < 3", "count(deliverables) > 1", "count(deliverables) = 2"),
        # Two measured values hang together in ways that are not known here.
        ("streak(attainment < 80%) >= 3", "attainment >= 85%", None),
        ("variance < 0", "attainment >= 100%", None),
    ],
)
def test_overlap(when: str, clear: str, shown: str | None) -> None:
    assert overlap(checked(when), checked(clear)) == shown


@given(portfolios(), conditions(), conditions())
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_nothing_that_happens_is_called_impossible(
    observations: Observations, one: tuple[str, Scope], other: tuple[str, Scope]
) -> None:
    batch = [checked(*one, tables=TABLES), checked(*other, tables=TABLES)]
    for condition, column in zip(batch, evaluate(observations, batch), strict=True):
        assert not (is_never_true(condition) and True in column.to_list())
        assert not (is_never_false(condition) and False in column.to_list())
    if batch[0].scope == batch[1].scope:
        first, second = evaluate(observations, batch)
        assert not (is_never_true(*batch) and (first & second).any())
