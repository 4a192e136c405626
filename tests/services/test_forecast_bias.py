"""What signed reviews say of forecasts, and trajectories that are adjusted by it."""

from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from govern.cli.main import govern
from govern.domain.actor import Actor
from govern.domain.refusal import InvalidInput
from govern.domain.trajectory import Point, Shape
from govern.services import history, kpis, readings
from govern.services.forecast_bias import By, forecast_bias
from govern.services.people import OPERATOR
from govern.services.trajectories import Asked, draw
from govern.store import reviews
from tests.services.house import NOW, House, add_project


def reviewed(house: House, project: str, rate: str | None, state: str = "signed") -> None:
    """A review of a project that knows the rate of its KPI, as it is stored."""
    with house.runtime.store.writing() as connection:
        number = len(reviews.of_project(connection, project)) + 1
        row = {"project_id": project, "number": number, "state": state, "recorded_by": "x"}
        review = reviews.add(connection, row, NOW)
        values = dict.fromkeys(reviews.OF_A_KPI) | {
            "promised": Decimal(1000),
            "rate": None if rate is None else Decimal(rate),
        }
        reviews.put_kpi(connection, review, f"{project}-K1", values)


@pytest.fixture
def rated(house: House) -> House:
    """Four projects whose KPIs came to 50 %, 80 %, 90 % and 100 % of what was promised; the last one by
    its newest review, and as somebody else's."""
    for number, rate in enumerate(("0.5", "0.8", "0.9", "0.2"), start=2):
        reviewed(house, add_project(house, f"P{number}"), rate)
    reviewed(house, "P5", "1.0")
    reviewed(house, "P5", None)
    reviewed(house, "P5", "0.1", state="open")
    kpis.change_kpi(house.runtime, house.pia, "P5-K1", {"owner": "Otto"}, version=None, now=NOW)
    add_project(house)
    return house


def test_how_much_came_is_told_per_category_and_owner(rated: House) -> None:
    found = forecast_bias(rated.runtime, rated.aud)
    assert found["reviewed"] == 4
    assert found["categories"] == [
        {
            "by": "category",
            "of": "revenue",
            "n": 4,
            "rate": Decimal("0.85"),
            "low": Decimal("0.725"),
            "high": Decimal("0.925"),
            "offered": True,
            "why": None,
        }
    ]
    assert [(each["of"], each["n"], each["rate"], each["why"]) for each in found["owners"]] == [
        ("Olga", 3, Decimal("0.8"), None),
        ("Otto", 1, Decimal("1.0"), "1 KPI reviewed; it takes 3"),
    ]
    assert forecast_bias(rated.runtime, rated.aud, portfolio="other")["reviewed"] == 0


def test_a_level_that_is_held_says_nothing_of_forecasts(rated: House) -> None:
    change = {"direction": "at_least"}
    kpis.change_kpi(rated.runtime, rated.pia, "P2-K1", change, version=None, now=NOW)
    assert forecast_bias(rated.runtime, rated.aud)["reviewed"] == 3


def test_a_trajectory_comes_with_what_reviews_say_and_can_be_taken_so(rated: House) -> None:
    asked = Asked(Shape.LINEAR, ends=date(2026, 12, 31))
    told = draw(rated.runtime, rated.pia, "P1-K1", asked, record=False, now=NOW)
    assert [(each["by"], each["rate"]) for each in told["bias"]] == [
        ("category", Decimal("0.85")),
        ("owner", Decimal("0.8")),
    ]
    assert told["adjust"] is None
    assert told["values"][-1]["planned"] == 1200
    # From 0: 0 + 0.85 × (1200 - 0), and 0 + 0.8 × (1200 - 0).
    assert [(each["by"], each["values"][-1]["planned"]) for each in told["adjusted"]] == [
        ("category", Decimal(1020)),
        ("owner", Decimal(960)),
    ]
    taken = Asked(Shape.LINEAR, ends=date(2026, 12, 31), adjust=By.OWNER)
    told = draw(rated.runtime, rated.pia, "P1-K1", taken, record=True, now=NOW)
    assert (told["adjust"], told["values"][-1]["planned"]) == ("owner", Decimal(960))
    plan = readings.list_plan(rated.runtime, rated.pia, "P1-K1")
    assert plan[-1]["planned"] == Decimal(960)
    event = history.project_history(rated.runtime, rated.aud, "P1", kind="plan.recorded").items[-1]
    assert event["data"]["adjusted"] == {"by": "owner", "n": 3, "rate": "0.8"}
    assert event["told"].endswith(
        "; adjusted to 0.8 of what was promised, as 3 reviewed KPIs of its owner came to"
    )


def test_points_move_towards_the_baseline(rated: House) -> None:
    change = {"baseline": Decimal(200)}
    kpis.change_kpi(rated.runtime, rated.pia, "P1-K1", change, version=None, now=NOW)
    points = [Point(date(2026, 10, 31), Decimal(300)), Point(date(2026, 12, 31), Decimal(1200))]
    asked = Asked(Shape.STEP, points, adjust=By.CATEGORY)
    told = draw(rated.runtime, rated.pia, "P1-K1", asked, record=False, now=NOW)
    # 200 + 0.85 × 100, and 200 + 0.85 × 1000.
    assert [each["planned"] for each in told["values"]] == [
        Decimal(285),
        Decimal(285),
        Decimal(1050),
    ]


def test_what_cannot_be_adjusted_is_refused_with_why(rated: House) -> None:
    asked = Asked(Shape.STEP, [Point(date(2026, 12, 31), Decimal(1))], adjust=By.OWNER)

    def errors() -> dict[str, list[str]]:
        with pytest.raises(InvalidInput) as refused:
            draw(rated.runtime, rated.pia, "P1-K1", asked, record=False, now=NOW)
        return refused.value.facts["errors"]

    def change(**fields: object) -> None:
        kpis.change_kpi(rated.runtime, rated.pia, "P1-K1", fields, version=None, now=NOW)

    change(owner="Otto")
    assert errors() == {"adjust": ["1 KPI reviewed; it takes 3"]}
    change(owner=None)
    assert errors() == {"adjust": ["the KPI has no owner"]}
    change(owner="Olga", baseline=None)
    assert errors() == {"adjust": ["the KPI has no baseline to adjust towards"]}


def test_the_command_shows_what_reviews_say(rated: House, database_url: str) -> None:
    words = ["--database", database_url, "trajectory", "P1-K1", "--shape", "linear"]
    told = CliRunner().invoke(govern, words)
    assert told.exit_code == 0, told.output
    assert (
        "Reviews of the category revenue: half of 4 KPIs came to 85 % or less of what was promised, "
        "the middle half between 72 % and 92 %; --adjust category plans so much."
    ) in told.output
    told = CliRunner().invoke(govern, [*words, "--adjust", "owner"])
    assert "960" in told.output


def test_who_sees_no_project_is_told_nothing(rated: House) -> None:
    assert forecast_bias(rated.runtime, OPERATOR)["reviewed"] == 4
    found = forecast_bias(rated.runtime, Actor("x", "X"))
    assert found == {"reviewed": 0, "categories": [], "owners": []}
