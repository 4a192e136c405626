"""The models held against statsmodels: the same paths, the same deviations."""

from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from statsmodels.regression.linear_model import OLS
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from govern.forecasting import models
from govern.forecasting.damped import Smoothing, damped_trend, estimated, student
from govern.forecasting.history import Series

VALUES = st.lists(st.integers(-1000, 1000).map(float), min_size=4, max_size=24, unique=True)


def series(values: list[float], plan: list[float] | None = None) -> Series:
    return Series(dict(enumerate(values)), dict(enumerate(plan or [])), 0.0, False)


@given(VALUES, st.integers(1, 8))
def test_the_line_is_that_of_least_squares(values: list[float], steps: int) -> None:
    path = models.line(series(values), steps)
    assert path is not None
    count = len(values)
    design = np.column_stack([np.ones(count), np.arange(count)])
    fitted = OLS(np.array(values), design).fit()
    asked = np.column_stack([np.ones(steps), np.arange(count, count + steps)])
    told = fitted.get_prediction(asked)
    for step in range(steps):
        one = [0.0] * step + [1.0]
        assert isclose(path.means[step], told.predicted[step], rel_tol=1e-7, abs_tol=1e-6)
        deviation = sqrt(told.var_pred[step] + fitted.mse_resid)
        assert isclose(path.deviation(one), deviation, rel_tol=1e-7, abs_tol=1e-6)
    whole = asked.sum(axis=0)
    summed = whole @ fitted.cov_params() @ whole + steps * fitted.mse_resid
    assert isclose(path.deviation([1.0] * steps), sqrt(summed), rel_tol=1e-6, abs_tol=1e-5)


@given(VALUES, st.integers(1, 8))
def test_the_mean_is_a_regression_on_nothing(values: list[float], steps: int) -> None:
    path = models.mean(series(values), steps)
    assert path is not None
    fitted = OLS(np.array(values), np.ones(len(values))).fit()
    assert isclose(path.means[0], fitted.params[0], rel_tol=1e-9, abs_tol=1e-9)
    summed = steps * fitted.mse_resid + steps**2 * fitted.cov_params()[0, 0]
    assert isclose(path.deviation([1.0] * steps), sqrt(summed), rel_tol=1e-9)


@given(VALUES, st.integers(1, 8))
def test_the_drift_is_a_mean_of_steps(values: list[float], steps: int) -> None:
    path = models.drift(series(values), steps)
    assert path is not None
    fitted = OLS(np.diff(values), np.ones(len(values) - 1)).fit()
    slope, ahead = fitted.params[0], steps
    assert isclose(path.means[-1], values[-1] + ahead * slope, rel_tol=1e-9, abs_tol=1e-6)
    variance = fitted.mse_resid * ahead * (1 + ahead / (len(values) - 1))
    last = [0.0] * (ahead - 1) + [1.0]
    assert isclose(path.deviation(last), sqrt(variance), rel_tol=1e-7, abs_tol=1e-6)


@given(st.lists(st.integers(-900, 900).map(float), min_size=10, max_size=30), st.integers(1, 8))
def test_the_damped_trend_is_that_of_statsmodels(values: list[float], steps: int) -> None:
    smoothing = estimated(tuple(values))
    if smoothing is None:
        assert len(set(values)) == 1
        return
    path = damped_trend(series(values), steps, smoothing, 0)
    assert path is not None
    model = ETSModel(
        np.array(values),
        error="add",
        trend="add",
        damped_trend=True,
        initialization_method="known",
        initial_level=smoothing.level,
        initial_trend=smoothing.trend,
    )
    kept = model.smooth([smoothing.alpha, smoothing.beta, smoothing.phi])
    assert np.allclose(path.means, kept.forecast(steps), rtol=1e-9, atol=1e-6)


def test_the_deviation_of_a_damped_trend_is_that_of_many_simulated_paths() -> None:
    smoothing = Smoothing(0.4, 0.1, 0.9, 10.0, 1.0)
    values = [11.0, 12.5, 12.0, 14.0, 15.5, 15.0, 17.0, 16.5, 18.0, 19.5, 19.0, 21.0]
    path = damped_trend(series(values), 6, smoothing, 0)
    assert path is not None
    one = path.deviation([1.0])
    noise = np.random.default_rng(7).normal(0, one, (200_000, 6))
    level, trend = np.zeros(200_000), np.zeros(200_000)
    steps: list[np.ndarray] = []
    for step in range(6):
        steps.append(level + 0.9 * trend + noise[:, step])
        level, trend = (
            level + 0.9 * trend + 0.4 * noise[:, step],
            0.9 * trend + 0.1 * noise[:, step],
        )
    assert isclose(path.deviation([0.0] * 5 + [1.0]), steps[5].std(), rel_tol=0.01)
    assert isclose(path.deviation([1.0] * 6), sum(steps).std(), rel_tol=0.01)


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
def test_the_deviation_of_a_walk_is_that_of_many_simulated_paths(weights: list[float]) -> None:
    path = models.last_value(series([0.0, 1.0, 0.0, 1.0, 0.0]), 4)
    assert path is not None
    steps = np.random.default_rng(11).normal(0, 1, (200_000, len(weights))).cumsum(axis=1)
    assert isclose(path.deviation(weights), (steps @ np.array(weights)).std(), rel_tol=0.01)


@given(st.integers(1, 200), st.sampled_from([0.8, 0.95]))
def test_students_t(freedom: int, level: float) -> None:
    assert isclose(student(level, freedom), t.ppf(0.5 + level / 2, freedom), rel_tol=1e-9)


def test_a_plan_that_ends_too_early_is_not_scaled() -> None:
    assert models.plan_scaled(series([1, 2, 3, 4], [1, 2, 3, 4, 5]), 2) is None
    assert models.plan_scaled(series([1, 2, 3, 4], [0, 0, 0, 0, 0]), 1) is None
