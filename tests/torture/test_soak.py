"""What the soak would call growth."""

from dataclasses import replace

from tests.torture.soak import SAMPLES, Sample, grown

FLAT = [Sample(100 * 2**20, 40, 12, 6)] * SAMPLES


def test_what_stays_as_it_is_has_not_grown() -> None:
    assert grown(FLAT) == []


def test_what_fills_at_first_and_then_stays_has_not_grown() -> None:
    filling = [replace(each, memory=n * 2**20) for n, each in enumerate(FLAT[: SAMPLES // 3])]
    assert grown([*filling, *FLAT[SAMPLES // 3 :]]) == []


def test_what_grows_steadily_has_grown() -> None:
    leaking = [
        replace(each, memory=each.memory + n * 2**20, handles=each.handles + n)
        for n, each in enumerate(FLAT)
    ]
    assert [each.split()[0] for each in grown(leaking)] == ["memory", "handles"]


def test_threads_and_connections_count_too() -> None:
    late = 2 * SAMPLES // 3
    more = [replace(each, threads=20, connections=15) for each in FLAT[late:]]
    assert [each.split()[0] for each in grown([*FLAT[:late], *more])] == ["threads", "connections"]
