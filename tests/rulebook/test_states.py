"""`for`, `clear_when` and `if_unknown`, against a plain reading of their definition."""

from dataclasses import dataclass, replace
from typing import Any, cast

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.rulebook.rule import IfUnknown, Rule
from govern.rulebook.states import Truths, loud_rows


@dataclass(frozen=True)
class Settings:
    """The parts of a rule that states depend on."""

    for_periods: int = 1
    if_unknown: IfUnknown = IfUnknown.REPORT


T, F, U = True, False, None
Truth = bool | None


def found(
    settings: Settings,
    when: list[Truth],
    clear: list[Truth] | None = None,
    applies: list[Truth] | None = None,
    first: list[bool] | None = None,
) -> list[tuple[str, int]]:
    begins = pl.Series(first or [True] + [False] * (len(when) - 1))
    as_series = [
        None if each is None else pl.Series(each, dtype=pl.Boolean)
        for each in (applies, when, clear)
    ]
    rule = cast(Rule, settings)
    truths = Truths(rule, cast(Any, as_series[1]), as_series[0], as_series[2])
    loud = loud_rows(begins, [truths])
    told = {row: (state, streak) for _, row, state, streak in loud.iter_rows()}
    return [told.get(row, ("silent", 0)) for row in range(len(when))]


def only_states(*given_: Any, **more: Any) -> list[str]:
    return [state for state, _ in found(*given_, **more)]


def test_fires_from_the_first_period_without_for() -> None:
    assert found(Settings(), [F, T, T, F]) == [
        ("silent", 0),
        ("fires", 1),
        ("fires", 2),
        ("silent", 0),
    ]


def test_is_pending_until_it_held_for_long_enough() -> None:
    assert only_states(Settings(3), [T, T, T, T, F, T]) == [
        "pending",
        "pending",
        "fires",
        "fires",
        "silent",
        "pending",
    ]


def test_a_missing_report_neither_clears_nor_counts() -> None:
    assert found(Settings(2), [T, U, T]) == [("pending", 1), ("unknown", 1), ("fires", 2)]


def test_hold_keeps_the_state_before() -> None:
    hold = Settings(2, IfUnknown.HOLD)
    assert only_states(hold, [U, T, U, T, U, F, U]) == [
        "silent",
        "pending",
        "pending",
        "fires",
        "fires",
        "silent",
        "silent",
    ]


def test_fire_counts_unknown_as_true() -> None:
    assert only_states(Settings(2, IfUnknown.FIRE), [U, U, F]) == ["pending", "fires", "silent"]


def test_goes_on_firing_until_it_is_cleared() -> None:
    when: list[Truth] = [T, F, F, F, T]
    clear: list[Truth] = [F, F, F, T, F]
    assert found(Settings(), when, clear) == [
        ("fires", 1),
        ("fires", 2),
        ("fires", 3),
        ("silent", 0),
        ("fires", 1),
    ]


def test_an_unknown_condition_does_not_clear() -> None:
    assert only_states(Settings(), [T, U, F], [F, T, F]) == ["fires", "unknown", "fires"]


def test_what_never_fired_needs_no_clearing() -> None:
    assert only_states(Settings(2), [T, F, F], [F, F, F]) == ["pending", "silent", "silent"]


def test_where_it_does_not_apply_it_is_silent_and_starts_anew() -> None:
    assert only_states(Settings(2), [T, T, T, T], None, [T, F, T, T]) == [
        "pending",
        "silent",
        "pending",
        "fires",
    ]
    assert only_states(Settings(), [T, F, F], [F, F, F], [T, U, T]) == [
        "fires",
        "silent",
        "silent",
    ]


def test_nothing_is_carried_over_to_the_next_kpi() -> None:
    first = [True, False, True, False]
    assert only_states(Settings(2), [T, T, T, F], first=first) == [
        "pending",
        "fires",
        "pending",
        "silent",
    ]
    assert only_states(Settings(), [T, T, F, U], [F, F, F, F], first=first) == [
        "fires",
        "fires",
        "silent",
        "unknown",
    ]


def plain(
    settings: Settings,
    when: list[Truth],
    clear: list[Truth] | None,
    applies: list[Truth],
    first: list[bool],
) -> list[tuple[str, int]]:
    """The definition, one row after another."""
    result: list[tuple[str, int]] = []
    count = streak = 0
    latched = False
    for row, condition in enumerate(when):
        if first[row]:
            count, streak, latched = 0, 0, False
        if applies[row] is not True:
            count, streak, latched = 0, 0, False
            result.append(("silent", 0))
            continue
        truth = True if condition is None and settings.if_unknown is IfUnknown.FIRE else condition
        if truth is True:
            count += 1
            streak += 1
            latched = latched or count >= settings.for_periods
        elif truth is False:
            count = 0
            if clear is None or clear[row] is True:
                latched = False
            streak = streak + 1 if latched else 0
        if truth is None and settings.if_unknown is IfUnknown.REPORT:
            result.append(("unknown", streak))
        elif latched:
            result.append(("fires", streak))
        else:
            result.append(("pending", streak) if streak else ("silent", 0))
    return result


TRUTHS = st.sampled_from([T, F, U])


@given(
    st.lists(
        st.tuples(TRUTHS, TRUTHS, st.sampled_from([T, T, T, F, U]), st.booleans()), min_size=1
    ),
    st.integers(1, 4),
    st.sampled_from(IfUnknown),
    st.booleans(),
)
def test_columns_and_the_plain_reading_agree(
    rows: list[tuple[Truth, Truth, Truth, bool]],
    for_periods: int,
    if_unknown: IfUnknown,
    hysteresis: bool,
) -> None:
    when, clear, applies = ([row[n] for row in rows] for n in (0, 1, 2))
    first = [True] + [row[3] for row in rows[1:]]
    settings = Settings(for_periods, if_unknown)
    with_clear = clear if hysteresis else None
    assert found(settings, when, with_clear, applies, first) == plain(
        settings, when, with_clear, applies, first
    )


@given(
    st.lists(
        st.tuples(st.lists(st.tuples(TRUTHS, TRUTHS), min_size=5, max_size=5), st.integers(1, 3)),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.sampled_from(IfUnknown),
)
def test_rules_that_are_judged_together_are_judged_as_alone(
    rules: list[tuple[list[tuple[Truth, Truth]], int]], begins: list[bool], if_unknown: IfUnknown
) -> None:
    first = pl.Series([True, *begins])
    judged = [
        Truths(
            cast(Rule, Settings(for_periods, if_unknown if number else IfUnknown.REPORT)),
            pl.Series([when for when, _ in rows], dtype=pl.Boolean),
            clear=pl.Series([clear for _, clear in rows], dtype=pl.Boolean) if number % 2 else None,
        )
        for number, (rows, for_periods) in enumerate(rules)
    ]
    alone = [
        loud_rows(first, [each]).with_columns(number=pl.lit(number, pl.Int32))
        for number, each in enumerate(judged)
    ]
    assert loud_rows(first, judged).equals(pl.concat(alone))


@pytest.mark.parametrize("if_unknown", list(IfUnknown))
def test_no_rows_give_no_states(if_unknown: IfUnknown) -> None:
    empty = pl.Series([], dtype=pl.Boolean)
    rule = cast(Rule, replace(Settings(), if_unknown=if_unknown))
    assert loud_rows(empty, [Truths(rule, empty, None, empty)]).is_empty()
