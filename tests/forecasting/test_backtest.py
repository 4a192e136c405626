"""On figures that somebody published: the intervals hold about what docs/value.md says they do."""

from tests.forecasting.backtest import held
from tests.published import published


def test_the_intervals_held_what_came() -> None:
    found = held(published("mta_perf"), every=12)
    near = [found[1], found[3]]
    for each in near:
        assert each.forecasts > 200
        assert each.narrow / each.forecasts > 0.75
        assert each.wide / each.forecasts > 0.87
    for each in (found[6], found[12]):
        assert each.narrow / each.forecasts > 0.65
    assert sum(each.nearer for each in near) > 0.6 * sum(each.forecasts for each in near)
