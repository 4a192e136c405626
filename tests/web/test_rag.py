"""How KPIs stand, by the table `kpi-rag` of the rulebook in force."""

import pytest

from govern.rulebook.load import load_sources
from govern.services.people import OPERATOR
from govern.services.rating import portfolio_rating
from govern.services.rulebooks import publish
from tests.services.house import NOW, ROOT, RULES, House, report
from tests.web.caller import Callers, good

PATH = "rating/kpi-rag.yaml"
SHIPPED = (ROOT / "rules" / PATH).read_text()
OWN = "\nportfolios:\n  main: {act: 40%}\n"


def put_in_force(house: House, text: str) -> None:
    loaded = load_sources({"benefits.yaml": RULES, PATH: text})
    assert loaded.rulebook is not None, loaded.problems
    publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)


def test_a_kpi_tells_its_rag_and_the_row_that_gave_it(
    house: House, people: Callers, project: str
) -> None:
    put_in_force(house, SHIPPED)
    report(house, "P1-K1", {"2026-10-31": 850})
    rag = good(people.pia.get("/kpis/P1-K1"))["rag"]
    assert (rag["value"], rag["table"], rag["period"]) == ("amber", "kpi-rag", "2026-10-31")
    assert rag["row"]["number"] == 4
    assert rag["row"]["text"] == '| [act..watch) | -         || "amber" |'
    line = SHIPPED.splitlines().index(f"      {rag['row']['text']}") + 1
    assert rag["row"]["place"].startswith(f"{PATH}:{line}:")
    assert rag["rulebook_digest"] == good(people.pia.get("/rulebook"))["digest"]
    (listed,) = good(people.pia.get("/kpis"))["items"]
    assert listed["rag"] == rag
    told = good(people.pia.get(f"/projects/{project}"))["rag"]
    assert told == [{"kpi": "P1-K1", "name": "Revenue", **rag}]
    assert portfolio_rating(house.runtime, OPERATOR, now=NOW) == {
        "values": {"grey": 0, "green": 0, "red": 0, "amber": 1},
        "unrated": 0,
    }


@pytest.mark.parametrize(("actual", "value", "number"), [(950, "green", 2), (100, "red", 5)])
def test_another_figure_another_row(
    house: House, people: Callers, project: str, actual: int, value: str, number: int
) -> None:
    put_in_force(house, SHIPPED)
    report(house, "P1-K1", {"2026-10-31": actual})
    rag = good(people.pia.get("/kpis/P1-K1"))["rag"]
    assert (rag["value"], rag["row"]["number"]) == (value, number)


def test_without_a_report_it_is_what_the_table_says_of_missing_data(
    house: House, people: Callers, project: str
) -> None:
    put_in_force(house, SHIPPED)
    rag = good(people.pia.get("/kpis/P1-K1"))["rag"]
    assert (rag["value"], rag["row"]["number"]) == ("grey", 1)


def test_a_portfolio_with_parameters_of_its_own(
    house: House, people: Callers, project: str
) -> None:
    put_in_force(house, SHIPPED.replace("\ntables:", f"{OWN}\ntables:"))
    report(house, "P1-K1", {"2026-10-31": 500})
    rag = good(people.pia.get("/kpis/P1-K1"))["rag"]
    assert (rag["value"], rag["row"]["number"]) == ("amber", 4)


SILENT = """\
schema: govern/rules/v1
area: rating
tables:
  - id: kpi-rag
    hit: unique
    rows: |
      | attainment | variance || rag     |
      | >= 90%     | -        || "green" |
      | < 50%      | -        || "red"   |
"""


def test_where_no_row_matches_there_is_no_value(
    house: House, people: Callers, project: str
) -> None:
    put_in_force(house, SILENT)
    report(house, "P1-K1", {"2026-10-31": 700})
    rag = good(people.pia.get("/kpis/P1-K1"))["rag"]
    assert (rag["value"], rag["row"]) == (None, None)
    rating = portfolio_rating(house.runtime, OPERATOR, now=NOW)
    assert rating == {"values": {"green": 0, "red": 0}, "unrated": 1}


@pytest.mark.parametrize(
    "text",
    [
        None,
        SILENT.replace("kpi-rag", "kpi-status"),
        SILENT.replace("|| rag ", "|| tone "),
        SILENT.replace("hit: unique", "hit: collect"),
    ],
    ids=["no table", "another id", "another output", "many values"],
)
def test_without_such_a_table_it_is_null(
    house: House, people: Callers, project: str, text: str | None
) -> None:
    if text is not None:
        put_in_force(house, text)
    assert good(people.pia.get("/kpis/P1-K1"))["rag"] is None
    assert good(people.pia.get("/kpis"))["items"][0]["rag"] is None
    assert good(people.pia.get(f"/projects/{project}"))["rag"] is None
    assert portfolio_rating(house.runtime, OPERATOR, now=NOW) is None


@pytest.mark.parametrize("path", ["/kpis/P1-K1", "/projects/P1"])
def test_a_new_colour_is_read_anew_and_no_new_version(
    house: House, people: Callers, project: str, path: str
) -> None:
    put_in_force(house, SHIPPED)
    first = people.pia.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('"v1.')
    assert people.pia.get(path, headers={"If-None-Match": tag}).status_code == 304
    report(house, "P1-K1", {"2026-10-31": 950})
    second = people.pia.get(path, headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert second.headers["ETag"] != tag
    assert second.json is not None
    assert second.json["version"] == 1
    changed = people.pia.patch(path, {"owner": "Mira"}, version=tag)
    assert good(changed)["version"] == 2
    assert changed.headers["ETag"].startswith('"v2.')
