"""A limit holds exactly over all processes, and what is over is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from govern.domain.refusal import TooManyRequests
from govern.services.rate_limits import Limit, RateLimits, forget_old
from govern.store.tables import rate_window
from tests.services.house import NOW, House

MINUTE = timedelta(minutes=1)


def _used(house: House, counts: RateLimits, limit: Limit, tries: int, caller: str = "ann") -> int:
    done = 0
    for _ in range(tries):
        try:
            counts.use(house.runtime, limit, caller, NOW)
        except TooManyRequests:
            continue
        done += 1
    return done


@pytest.mark.parametrize("at_once", [1, 3, 10, 50])
def test_no_more_than_the_limit(house: House, at_once: int) -> None:
    assert _used(house, RateLimits(), Limit("x", 10, MINUTE, at_once), 40) == 10


def test_it_holds_over_processes(house: House) -> None:
    limit = Limit("x", 50, MINUTE, 4)
    workers = [RateLimits() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        used = list(pool.map(lambda each: _used(house, each, limit, 40), workers))
    assert sum(used) <= 50
    # What a worker took and did not use is lost for the window, and no more than that.
    assert sum(used) >= 50 - 4 * 3


def test_callers_and_limits_do_not_share(house: House) -> None:
    counts, limit = RateLimits(), Limit("x", 2, MINUTE)
    assert _used(house, counts, limit, 5, "ann") == 2
    assert _used(house, counts, limit, 5, "bob") == 2
    assert _used(house, counts, Limit("y", 1, MINUTE), 5, "ann") == 1


def test_a_window_that_is_over_begins_anew(house: House) -> None:
    counts, limit = RateLimits(), Limit("x", 1, MINUTE)
    counts.use(house.runtime, limit, "ann", NOW)
    with pytest.raises(TooManyRequests) as refused:
        counts.use(house.runtime, limit, "ann", NOW + timedelta(seconds=20))
    assert refused.value.facts["retry_after"] == 40
    assert "try again in 40 seconds" in refused.value.detail
    counts.use(house.runtime, limit, "ann", NOW + MINUTE)


@pytest.mark.parametrize("anew", [False, True], ids=["the same process", "another"])
def test_a_clock_that_goes_back_keeps_nobody_out_for_longer_than_a_window(
    house: House, anew: bool
) -> None:
    counts, limit = RateLimits(), Limit("x", 1, MINUTE)
    counts.use(house.runtime, limit, "ann", NOW + timedelta(hours=3))
    counts = RateLimits() if anew else counts
    counts.use(house.runtime, limit, "ann", NOW)
    with pytest.raises(TooManyRequests):
        counts.use(house.runtime, limit, "ann", NOW + timedelta(seconds=59))
    counts.use(house.runtime, limit, "ann", NOW + MINUTE)


def test_what_is_over_is_forgotten_and_names_nobody(house: House) -> None:
    RateLimits().use(house.runtime, Limit("x", 1, MINUTE), "192.0.2.7", NOW)
    with house.runtime.store.reading() as connection:
        [key] = connection.scalars(select(rate_window.c.key))
    assert "192.0.2.7" not in key
    assert forget_old(house.runtime, now=NOW + timedelta(seconds=30)) == 0
    assert forget_old(house.runtime, now=NOW + timedelta(minutes=2)) == 1
    with house.runtime.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(rate_window)) == 0
