"""Alternatives from the store: a map with outcomes between, calculated by hand, on both databases."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.services import (
    deliverables,
    kpis,
    moves,
    outcomes,
    projects,
    readings,
    recommendations,
    scope_changes,
)
from govern.services.alternatives import alternatives, changes_of, what_if
from govern.services.exchange_rates import record_rates
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store.paging import PageRequest
from tests.services.gate_project import hire
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage
from tests.services.test_rollup import MONTHS

D = Decimal

KPIS: dict[str, dict[str, Any]] = {
    # 12 months of 8 thousand are 96 thousand of the 120 that were promised.
    "SAVE": {
        "target": D(120),
        "baseline": D(0),
        "cumulative": True,
        "aggregation": "sum",
        "currency": "EUR",
        "unit": "EUR k",
        "scale": D(1000),
    },
    # Falls from 10 to 7 where 4 was promised.
    "CHURN": {"direction": "decrease", "baseline": D(10), "target": D(4), "unit": "%"},
    # Accepted up to 130, and comes to 140.
    "CALLS": {
        "direction": "at_most",
        "disbenefit": True,
        "baseline": D(100),
        "target": D(130),
    },
    "FREE": {"baseline": D(50), "target": D(60)},
}
FIGURES = {"SAVE": 8, "CHURN": 7, "CALLS": 140, "FREE": 55}

# What comes through the outcomes: O1 brings half of SAVE, 0.4 of CHURN and half of O2; O2 0.6 of CHURN.
#   A: SAVE 0.4 x 0.5 + 0.1 = 0.3; CHURN 0.4 x 0.4 + 0.4 x 0.5 x 0.6 = 0.28
#   B: SAVE 0.6 x 0.5 = 0.3; CHURN 0.6 x 0.4 + (0.6 x 0.5 + 0.5) x 0.6 = 0.72; CALLS 0.5
OUTCOMES: dict[str, dict[str, Any]] = {
    "O2": {"serves": {"CHURN": D("0.6")}},
    "O1": {"serves": {"SAVE": D("0.5"), "CHURN": D("0.4")}, "leads_to": {"O2": D("0.5")}},
}
DELIVERABLES: dict[str, dict[str, Any]] = {
    "A": {"cost": D(300), "serves": {"SAVE": D("0.1")}, "produces": {"O1": D("0.4")}},
    "B": {
        "state": "in_progress",
        "cost": D(200),
        "serves": {"CALLS": D("0.5")},
        "produces": {"O1": D("0.6"), "O2": D("0.5")},
        "due": date(2027, 2, 28),
    },
    "C": {"state": "done", "cost": D(100), "serves": {"SAVE": D("0.4")}},
    "D": {"cost": D(50), "serves": {"CALLS": D("0.25")}},
}


def lay(house: House) -> None:
    """The map above in project P1, beside its KPI P1-K1 and its deliverable P1-D1."""
    runtime, pia = house.runtime, house.pia
    for kpi, fields in KPIS.items():
        values = {
            "id": kpi,
            "project": "P1",
            "name": f"About {kpi.lower()}",
            "direction": "increase",
            "target_on": date(2026, 12, 31),
            "category": "cost",
            **fields,
        }
        kpis.add_kpi(runtime, pia, values, now=NOW)
    for outcome, fields in OUTCOMES.items():
        named = {"id": outcome, "project": "P1", "name": outcome, **fields}
        outcomes.add_outcome(runtime, pia, named, now=NOW)
    for key, fields in DELIVERABLES.items():
        named = {"id": key, "project": "P1", "name": f"Thing {key}", **fields}
        deliverables.add_deliverable(runtime, pia, named, now=NOW)


@pytest.fixture
def mapped(house: House) -> House:
    add_project(house)
    lay(house)
    ends = [date.fromisoformat(each) for each in (*MONTHS, "2026-11-30", "2026-12-31")]
    planned = [{"period": end, "planned": D(10)} for end in ends]
    readings.record_plan(house.runtime, house.pia, "SAVE", planned, now=NOW)
    for kpi, figure in FIGURES.items():
        report(house, kpi, dict.fromkeys(MONTHS, figure))
    return house


def asked(house: House, *asks: dict[str, Any], by: str = "sam", **more: Any) -> Record:
    return what_if(house.runtime, house.actors[by], "P1", asks, now=NOW, **more)


def kpis_of(found: Record, name: str) -> dict[str, Record]:
    [alternative] = [each for each in found["alternatives"] if each["name"] == name]
    return {each["kpi"]: each for each in alternative["kpis"]}


def told(rows: dict[str, Record], field: str) -> dict[str, Any]:
    return {kpi: row[field] for kpi, row in rows.items() if kpi in KPIS}


def test_a_descope_equals_the_hand_calculation(mapped: House) -> None:
    found = asked(mapped, {"action": "descope", "deliverables": ["A"]})
    nothing, descoped = kpis_of(found, "nothing"), kpis_of(found, "descope")
    forecast = {"SAVE": 96, "CHURN": 7, "CALLS": 140, "FREE": 55}
    assert told(nothing, "without") == told(nothing, "with") == forecast
    assert told(descoped, "without") == forecast
    # 96 - 0.3 x (96 - 80); 7 - 0.28 x (7 - 10).
    assert told(descoped, "with") == {
        "SAVE": D("91.2"),
        "CHURN": D("7.84"),
        "CALLS": 140,
        "FREE": 55,
    }
    assert told(descoped, "change") == {
        "SAVE": D("-4.8"),
        "CHURN": D("-0.84"),
        "CALLS": 0,
        "FREE": 0,
    }
    # 120 - 0.3 x 120; 4 - 0.28 x (4 - 10).
    assert told(descoped, "promised_with") == {
        "SAVE": 84,
        "CHURN": D("5.68"),
        "CALLS": 130,
        "FREE": 60,
    }
    assert told(descoped, "promised_change")["CHURN"] == D("-1.68")
    assert (descoped["SAVE"]["attainment_without"], descoped["SAVE"]["attainment_with"]) == (
        D("0.8"),
        D("0.76"),
    )
    assert (descoped["SAVE"]["worth_without"], descoped["SAVE"]["worth_with"]) == (96_000, 91_200)
    alternative = found["alternatives"][1]
    assert alternative["value"]["sums"] == [
        {
            "currency": "EUR",
            "per": "to_date",
            "without": 96_000,
            "with": 91_200,
            "lost": 4_800,
            "gained": 0,
            "promised_lost": 36_000,
            "promised_gained": 0,
            "not_known": [],
            "promised_not_known": [],
        }
    ]
    assert (alternative["budget"]["change"], alternative["budget"]["saved"]) == (-300, 300)
    assert alternative["deliverables"] == [
        {
            "id": "A",
            "name": "Thing A",
            "state": "planned",
            "due": None,
            "cost": 300,
            "brings": [{"kpi": "CHURN", "share": D("0.28")}, {"kpi": "SAVE", "share": D("0.3")}],
        }
    ]


def test_terminating_equals_the_hand_calculation(mapped: House) -> None:
    found = asked(mapped, {"action": "terminate"})
    ended = kpis_of(found, "terminate")
    # A, B and D go, C stays: 96 - 0.6 x 16; 7 + 1 x 3; 140 - 0.75 x 40.
    assert told(ended, "with") == {"SAVE": D("86.4"), "CHURN": 10, "CALLS": 110, "FREE": 55}
    assert told(ended, "change") == {"SAVE": D("-9.6"), "CHURN": -3, "CALLS": 30, "FREE": 0}
    assert told(ended, "promised_with") == {
        "SAVE": 48,
        "CHURN": 10,
        "CALLS": D("107.5"),
        "FREE": 60,
    }
    [_, alternative] = found["alternatives"]
    # 1,000 budgeted and 100 spent.
    assert (alternative["budget"]["change"], alternative["budget"]["saved"]) == (-900, 900)
    [money] = alternative["value"]["sums"]
    assert (money["lost"], money["promised_lost"], money["with"]) == (9_600, 72_000, 86_400)
    # 96 less 80 thousand are still to come, for 900.
    assert alternative["to_go"] == {
        "currency": "EUR",
        "benefit": 16_000,
        "cost": 900,
        "ratio": D("17.777777778"),
        "why": None,
    }
    assert alternative["changes"] == [{"kind": "terminate"}]


def test_what_is_not_known_is_named(mapped: House) -> None:
    # Nothing was reported of P1-K1, which P1-D1 serves; and of B a part is spent.
    [_, ended] = asked(mapped, {"action": "terminate"})["alternatives"]
    unknown = {each["kpi"]: each["why"] for each in ended["value"]["unknown"]}
    assert unknown == {"P1-K1": "no figure was reported yet"}
    [_, descoped] = asked(mapped, {"action": "descope", "deliverables": ["B"]})["alternatives"]
    budget = descoped["budget"]
    assert (budget["saved"], budget["at_most"]) == (None, 200)
    deliverables.change_deliverable(
        mapped.runtime, mapped.pia, "A", {"serves": {"SAVE": None}}, version=None, now=NOW
    )
    found = asked(mapped, {"action": "descope", "deliverables": ["A"]})
    save = kpis_of(found, "descope")["SAVE"]
    assert (save["with"], save["worth_with"], save["promised_with"]) == (None, None, None)
    assert save["why"] == "what A brings to it is not agreed"
    [money] = found["alternatives"][1]["value"]["sums"]
    assert (money["lost"], money["not_known"]) == (None, ["SAVE"])


def test_money_is_told_in_the_currency_that_is_asked_for(mapped: House) -> None:
    ask = {"action": "descope", "deliverables": ["A"]}
    [money] = asked(mapped, ask, currency="USD")["alternatives"][1]["value"]["sums"]
    assert (money["currency"], money["lost"], money["not_known"]) == ("USD", None, ["SAVE"])
    rate = {"currency": "EUR", "to_currency": "USD", "rate_on": date(2025, 12, 31), "rate": D(2)}
    record_rates(mapped.runtime, OPERATOR, [rate], now=NOW)
    found = asked(mapped, ask, currency="USD")
    [money] = found["alternatives"][1]["value"]["sums"]
    assert (money["lost"], money["not_known"]) == (9_600, [])
    assert [(each["currency"], each["rate"]) for each in found["rates"]] == [("EUR", 2)]
    with pytest.raises(InvalidInput, match="no currency 'EUX'"):
        asked(mapped, ask, currency="EUX")


def test_the_same_action_twice_has_two_names(mapped: House) -> None:
    found = asked(
        mapped,
        {"action": "rephase", "kpi": "SAVE", "periods": 1},
        {"action": "nothing"},
        {"action": "rephase", "kpi": "SAVE"},
    )
    assert [each["name"] for each in found["alternatives"]] == ["nothing", "rephase", "rephase-2"]
    assert kpis_of(found, "rephase")["SAVE"]["with"] == 104
    assert kpis_of(found, "rephase-2")["SAVE"]["with"] == 120


@pytest.mark.parametrize(
    ("ask", "place"),
    [
        ({"action": "descope", "deliverables": ["P1-D9"]}, "deliverables"),
        ({"action": "rephase", "kpi": "P9-K1"}, "kpi"),
        ({"action": "terminate", "periods": 2}, "periods"),
        ({"action": "accelerate", "to": date(2026, 11, 23)}, "to"),
        ({"action": "hold_funding", "until": NOW.date()}, "until"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(
    mapped: House, ask: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(mapped, {"action": "nothing"}, ask)
    assert list(refused.value.facts["errors"]) == [f"alternatives.1.{place}"]


def test_who_may_not_see_the_project_may_not_ask(mapped: House) -> None:
    stranger = hire(mapped.runtime, "stranger", [])
    with pytest.raises(NotFound):
        what_if(mapped.runtime, stranger, "P1", [], now=NOW)


def recommended(house: House) -> Record:
    """P1-K1 is behind its plan: the rule proposes to descope what brings it less than 5 %."""
    small = {
        "id": "S",
        "project": "P1",
        "name": "Small",
        "cost": D(9),
        "serves": {"P1-K1": D("0.03")},
    }
    deliverables.add_deliverable(house.runtime, house.pia, small, now=NOW)
    report(house, "P1-K1", dict.fromkeys(MONTHS, 700))
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    page = recommendations.list_recommendations(
        house.runtime, house.sam, PageRequest(), status="proposed", now=NOW
    )
    [found] = page.items
    return found


def test_a_recommendation_stands_beside_what_else_could_be_done(mapped: House) -> None:
    proposed = recommended(mapped)
    assert proposed["proposal"]["deliverables"] == ["S"]
    found = alternatives(mapped.runtime, mapped.sam, proposed["id"], now=NOW)
    names = [(each["name"], each["recommended"]) for each in found["alternatives"]]
    assert names == [
        ("nothing", False),
        ("descope", True),
        ("rephase", False),
        ("terminate", False),
    ]
    # 700 less 3 % of what it gained from 0.
    revenue = kpis_of(found, "descope")["P1-K1"]
    assert (revenue["without"], revenue["with"], revenue["change"]) == (700, 679, -21)
    # P1-D1 brings 0.6 of it.
    assert kpis_of(found, "terminate")["P1-K1"]["with"] == 259
    assert found["recommended"] == "descope"
    assert found["not_possible"] == []
    with mapped.runtime.store.reading() as connection:
        changes = changes_of(mapped.runtime, connection, proposed, "descope", NOW)
        assert changes == [{"kind": "drop_deliverable", "deliverable": "S"}]
        assert changes_of(mapped.runtime, connection, proposed, "nothing", NOW) == []
        with pytest.raises(InvalidInput, match="no alternative 'expand'"):
            changes_of(mapped.runtime, connection, proposed, "expand", NOW)


def test_what_the_rule_named_may_be_done_by_now(mapped: House) -> None:
    proposed = recommended(mapped)
    done = {"state": "done", "done_on": NOW.date()}
    deliverables.change_deliverable(mapped.runtime, mapped.pia, "S", done, version=None, now=NOW)
    found = alternatives(mapped.runtime, mapped.sam, proposed["id"], now=NOW)
    [ruled_out] = found["not_possible"]
    assert ruled_out["name"] == "descope"
    assert "S: it is done" in ruled_out["why"]
    refused = pytest.raises(InvalidInput, match="descope is not possible: none of the deliverables")
    with mapped.runtime.store.reading() as connection, refused:
        changes_of(mapped.runtime, connection, proposed, "descope", NOW)


def test_of_a_project_that_has_ended_nothing_can_be_changed(mapped: House) -> None:
    kill: dict[str, Any] = {"to_do": "kill", "reason": "Over.", "version": None}
    moves.move(mapped.runtime, mapped.sam, "P1", **kill, now=NOW)
    found = asked(mapped, {"action": "rephase"})
    assert [each["name"] for each in found["alternatives"]] == ["nothing"]
    assert found["not_possible"] == [
        {"name": "rephase", "why": "the project has ended (terminated)"}
    ]


def test_what_a_scope_change_loses_is_what_its_alternative_does(mapped: House) -> None:
    to_stage(mapped, "P1", "planned")
    seen = scope_changes.preview(
        mapped.runtime,
        mapped.pia,
        "P1",
        changes=[{"kind": "drop_deliverable", "deliverable": "A"}, {"kind": "terminate"}],
        now=NOW,
    )
    # A and B bring 0.3 each: of the promise of 120, and of the 16 that are to come.
    lost = [
        (each["deliverable"], each["promised"], each["forecast"])
        for each in seen["lost"]
        if each["kpi"] == "SAVE"
    ]
    assert lost == [("A", 36, D("4.8")), ("B", 36, D("4.8"))]
    ended = kpis_of(asked(mapped, {"action": "terminate"}), "terminate")["SAVE"]
    assert (ended["promised_change"], ended["change"]) == (-72, D("-9.6"))


@pytest.mark.parametrize(
    "ask",
    [
        {"action": "descope", "deliverables": ["A", "B"]},
        {"action": "rephase", "kpi": "SAVE"},
        {"action": "accelerate", "deliverables": ["B"], "to": date(2026, 12, 31)},
        {"action": "expand", "deliverables": ["A"]},
        {"action": "rebaseline", "kpi": "SAVE"},
        {"action": "hold_funding", "until": date(2027, 3, 31)},
        {"action": "terminate"},
    ],
    ids=lambda ask: ask["action"],
)
def test_what_an_alternative_changes_can_be_proposed_as_it_is(
    mapped: House, ask: dict[str, Any]
) -> None:
    to_stage(mapped, "P1", "planned")
    [_, alternative] = asked(mapped, ask, by="pia")["alternatives"]
    assert alternative["changes"]
    made = scope_changes.propose(
        mapped.runtime,
        mapped.pia,
        "P1",
        title=alternative["title"],
        reason="As it was shown.",
        changes=alternative["changes"],
        now=NOW,
    )
    assert [each["kind"] for each in made["changes"]] == [
        each["kind"] for each in alternative["changes"]
    ]


def test_the_project_knows_its_terms(mapped: House) -> None:
    projects.change_project(
        mapped.runtime, mapped.pia, "P1", {"spent": None}, version=None, now=NOW
    )
    [_, ended] = asked(mapped, {"action": "terminate"})["alternatives"]
    assert ended["budget"]["saved"] is None
    assert ended["budget"]["why"] == "the project has no spent"
    assert ended["to_go"]["ratio"] is None
