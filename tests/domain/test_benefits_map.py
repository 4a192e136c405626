"""What follows from a map, held against walking every way of it; and what is found wrong with one."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from govern.domain.benefits.checks import problems_of
from govern.domain.benefits.circles import circles, components, way_round
from govern.domain.benefits.map import BenefitsMap, Kind, percent
from govern.domain.benefits.paths import contributions, objective_shares, ways
from tests.domain.benefit_maps import drawn, key, maps, node


def by_walking(found: BenefitsMap) -> dict[str, dict[str, Fraction | None]]:
    """The contributions by the definition: over all ways, the product of the shares."""
    brought: dict[str, dict[str, Fraction | None]] = {
        each.key.id: {} for each in found.of(Kind.DELIVERABLE)
    }
    walked = set()
    for way in ways(found):
        if way.start.kind is not Kind.DELIVERABLE or way.end.kind is not Kind.KPI:
            continue
        if (way.start, way.links) in walked:
            continue
        walked.add((way.start, way.links))
        share: Fraction | None = Fraction(1)
        for link in way.links:
            share = None if share is None or link.share is None else share * Fraction(link.share)
        so_far = brought[way.start.id].get(way.end.id, Fraction(0))
        both = None if so_far is None or share is None else so_far + share
        brought[way.start.id][way.end.id] = both
    return brought


@given(maps())
def test_contributions_are_the_sum_over_the_ways_of_the_products_of_shares(
    found: BenefitsMap,
) -> None:
    told = {
        deliverable: {
            kpi: None if share is None else Fraction(share) for kpi, share in kpis.items()
        }
        for deliverable, kpis in contributions(found).items()
    }
    assert told == by_walking(found)


@given(maps(circles=True))
def test_what_is_reached_is_reached_in_circles_too(found: BenefitsMap) -> None:
    reached = {each: set(kpis) for each, kpis in contributions(found).items()}
    assert reached == {each: set(kpis) for each, kpis in by_walking(found).items()}


def test_a_way_through_a_circle_has_no_known_share() -> None:
    found = drawn("D1>O1:50 O1>O2:50 O2>O1:50 O2>K1:40 D2>K1:10")
    assert contributions(found) == {"D1": {"K1": None}, "D2": {"K1": Decimal("0.1")}}


@pytest.mark.parametrize(
    ("links", "share"),
    [
        ("D1>K1:40", "0.4"),
        ("D1>O1:50 O1>K1:40", "0.2"),
        ("D1>O1:50 O1>K1:40 D1>K1:10", "0.3"),
        ("D1>O1:50 O1>O2:50 O2>K1:40 O1>K1:10", "0.15"),
        ("D1>O1 O1>K1:40", None),
        ("D1>O1:50 O1>K1", None),
        ("D1>O1:50 O1>K1:40 D1>K1", None),
        ("D1>O1:0 O1>K1", None),
        ("D1>K1:0", "0"),
    ],
)
def test_what_a_deliverable_brings_to_a_kpi(links: str, share: str | None) -> None:
    brought = contributions(drawn(links))["D1"]["K1"]
    assert brought == (None if share is None else Decimal(share))


def test_what_of_a_project_counts_towards_an_objective() -> None:
    found = drawn(
        "K1>S1:50 K1>S2:50 K2>S1:100 K3>S2:100",
        node("K1", weight=Decimal(3)),
        node("K2", weight=Decimal(1)),
        node("K3", weight=Decimal(5), disbenefit=True),
    )
    assert objective_shares(found) == {"P": {"S1": Decimal("0.625"), "S2": Decimal("0.375")}}
    unknown = drawn("K1>S1 K2>S1:100 K2>S2:0")
    assert objective_shares(unknown) == {"P": {"S1": None, "S2": Decimal(0)}}
    weightless = drawn("K1>S1:100", node("K1", weight=Decimal(0)))
    assert objective_shares(weightless) == {"P": {"S1": None}}


@given(maps())
def test_shares_towards_objectives_are_at_most_the_most_that_a_kpi_gives(
    found: BenefitsMap,
) -> None:
    for shares in objective_shares(found).values():
        assert all(share is None or 0 <= share <= 1 for share in shares.values())


@given(maps(circles=True))
def test_circles_are_found_where_there_are_some_and_lead_round(found: BenefitsMap) -> None:
    ahead = {
        each.key.id: [
            link.target.id for link in found.leaving[each.key] if link.target.kind is Kind.OUTCOME
        ]
        for each in found.of(Kind.OUTCOME)
    }
    told = circles(ahead)
    for way in told:
        assert way[0] == way[-1]
        assert all(after in ahead[each] for each, after in pairwise(way))
    in_circles = {each for each in ahead if way_round(ahead, each)}
    reached = _reach(ahead)
    assert in_circles == {each for each in ahead if each in reached[each]}
    assert len(told) == len({frozenset(a for a in in_circles if a in reached[b] and b in reached[a])
                             for b in in_circles})  # fmt: skip
    order = {each: n for n, group in enumerate(components(ahead)) for each in group}
    assert all(order[after] <= order[each] for each in ahead for after in ahead[each])


def _reach(ahead: dict[str, list[str]]) -> dict[str, set[str]]:
    reached: dict[str, set[str]] = defaultdict(set)
    for each, afters in ahead.items():
        waiting = list(afters)
        while waiting:
            after = waiting.pop()
            if after not in reached[each]:
                reached[each].add(after)
                waiting += ahead[after]
    return reached


CLEAN = "D1>O1:60 D2>O1:40 O1>K1:70 D3>K1:30 K1>S1:100"


def test_nothing_is_wrong_with_a_whole_map() -> None:
    assert problems_of(drawn(CLEAN)) == []


@pytest.mark.parametrize(
    ("links", "code", "place"),
    [
        (f"{CLEAN} D4>O2 O2>K1", None, ""),
        (f"{CLEAN} D4>O2", "deliverable-serves-nothing", "D4"),
        (f"{CLEAN} D4>O2", "outcome-leads-nowhere", "O2"),
        (f"{CLEAN} O2>K1", "outcome-from-nothing", "O2"),
        (f"{CLEAN} K2>S1", "kpi-without-deliverable", "K2"),
        (f"{CLEAN} D4>K2", "kpi-without-objective", "K2"),
        (f"{CLEAN} D4>K1:0.01", "shares-over-100-percent", "K1"),
        (f"{CLEAN} D4>O1:0.01", "shares-over-100-percent", "O1"),
        (f"{CLEAN} K1>S2:0.01", "supports-over-100-percent", "K1"),
        (f"{CLEAN} D4>O2 O2>K1 D4>K1", "directly-and-through-outcome", "D4"),
        (f"{CLEAN} D4>O2 O2>O3 O3>O2 O3>K1", "circle", "O2"),
    ],
)
def test_each_problem_is_found_at_its_place_and_nothing_else(
    links: str, code: str | None, place: str
) -> None:
    found = [(each.check.value, each.place.id) for each in problems_of(drawn(links))]
    expected = set() if code is None else {(code, place)}
    also = {"deliverable-serves-nothing", "outcome-leads-nowhere"}
    assert {each for each in found if code not in also or each[0] == code} == expected
    assert len(found) == len(set(found))


def test_a_circle_names_the_way_round_and_what_would_be_right() -> None:
    [told] = [
        each
        for each in problems_of(drawn("D1>O1 O1>O2 O2>O3 O3>O1 O3>K1 K1>S1"))
        if each.check.value == "circle"
    ]
    assert str(told) == (
        "outcome O1 leads back to itself: O1 → O2 → O3 → O1; "
        "take out the link that points from effect to cause"
    )
    assert told.others == (key("O2"), key("O3"))


def test_what_is_dropped_neither_serves_nor_shares_nor_hangs_loose() -> None:
    dropped = node("D4", dropped=True)
    assert problems_of(drawn(f"{CLEAN} D4>K1:50", dropped)) == []
    assert problems_of(drawn(CLEAN, dropped)) == []
    alone = problems_of(drawn("D1>K1 K1>S1", node("D1", dropped=True)))
    assert [each.check.value for each in alone] == ["kpi-without-deliverable"]


def test_a_kpi_and_what_it_is_part_of_are_not_both_counted() -> None:
    twice = drawn("D1>K1 D1>K2 K1>S1 K2>S1", node("K2", part_of="K1"))
    [told] = problems_of(twice)
    assert (told.check.value, told.place, told.others) == (
        "counted-twice",
        key("K2"),
        (key("K1"), key("S1")),
    )
    # Through the whole it supports the objective without saying so.
    assert problems_of(drawn("D1>K1 D1>K2 K1>S1", node("K2", part_of="K1"))) == []
    further = drawn(
        "D1>K1 D1>K2 D1>K3 K1>S1 K3>S1", node("K2", part_of="K1"), node("K3", part_of="K2")
    )
    assert [each.place.id for each in problems_of(further)] == ["K3"]


def test_a_composite_and_its_inputs_are_not_both_counted() -> None:
    roi = node("K3", inputs=("K1", "K2"))
    twice = problems_of(drawn("D1>K1 D1>K2 K3>S1 K1>S1 K2>S2", roi))
    assert [(each.check.value, each.place.id) for each in twice] == [("counted-twice", "K1")]
    # One of the two is enough, and what serves the inputs serves the composite.
    assert problems_of(drawn("D1>K1 D1>K2 K3>S1", roi)) == []
    assert problems_of(drawn("D1>K1 D1>K2 K1>S1 K2>S1", roi)) == []


def test_kpis_that_are_part_of_each_other_end_the_search() -> None:
    round_about = drawn("D1>K1 D1>K2", node("K1", part_of="K2"), node("K2", part_of="K1"))
    assert {each.check.value for each in problems_of(round_about)} == {"kpi-without-objective"}


def test_a_disbenefit_is_served_by_nothing_and_supports_nothing() -> None:
    assert problems_of(drawn(CLEAN, node("K9", disbenefit=True))) == []


@given(maps(circles=True))
def test_every_problem_says_where_and_what_would_be_right(found: BenefitsMap) -> None:
    for each in problems_of(found):
        assert each.place in found.by_key
        assert all(other in found.by_key for other in each.others)
        assert each.problem
        assert each.right


@pytest.mark.parametrize(
    ("share", "told"),
    [(None, "?"), ("0", "0 %"), ("1", "100 %"), ("0.125", "12.5 %"), ("0.3333", "33.33 %"),
     ("1.2", "120 %")],
)  # fmt: skip
def test_a_share_is_told_as_people_read_it(share: str | None, told: str) -> None:
    assert percent(None if share is None else Decimal(share)) == told
