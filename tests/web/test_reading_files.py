"""Files of figures over the web: the outcome of each cell, written or refused."""

from typing import Any

import pytest

from govern.web.schemas.reading_files import CSV, XLSX
from tests.intake.hostile.workbooks import HEAD, book_of, bytes_of
from tests.services import house as made
from tests.web.caller import Caller, Callers, good, problem

FILES = "/readings/files"
GOOD = b"KPI,Month,Actual\nRevenue,2026-01,90\n"
ASKED = b'KPI,Month,Actual\nRevenue,2026-01,90\nRevenue,2026-02,"1,234"\n'


def send(caller: Caller, content: bytes = GOOD, kind: str = CSV, **query: Any) -> Any:
    return caller.call(
        "POST",
        FILES,
        raw=content,
        headers={"Content-Type": kind},
        query={"filename": "sales.csv", **query},
    )


def actuals(callers: Callers) -> list[str]:
    return [each["actual"] for each in good(callers.dan.get("/kpis/P1-K1/readings"))["items"]]


def test_a_file_goes_in_and_tells_each_cell(people: Callers, project: str) -> None:
    told = good(send(people.dan))
    assert (told["written"], told["counts"]["new"]) == (True, 1)
    [cell] = told["cells"]
    assert (cell["place"], cell["value"], cell["status"]) == ("sales.csv:C2", "90", "new")
    [reading] = good(people.dan.get("/kpis/P1-K1/readings"))["items"]
    assert reading["origin"] == "sales.csv:C2"


def test_a_workbook_goes_in(people: Callers, project: str) -> None:
    content = bytes_of(book_of([HEAD, ["Revenue", "2026-01", 90.5]]))
    told = good(send(people.dan, content, XLSX, filename="sales.xlsx"))
    assert told["cells"][0]["place"] == "sales.xlsx:Figures!C2"
    assert actuals(people) == ["90.5"]


def test_what_is_asked_is_a_problem_with_the_same_members(people: Callers, project: str) -> None:
    dry = good(send(people.dan, ASKED, dry_run="true"))
    told = problem(send(people.dan, ASKED), 422, "file-not-taken")
    assert {name: told[name] for name in dry} == dry
    [question] = told["questions"]
    assert question["section"] == "numbers"
    assert [each["line"] for each in question["choices"]] == ['decimal: "."', 'decimal: ","']
    assert actuals(people) == []


def test_the_good_cells_go_in_when_asked_for(people: Callers, project: str) -> None:
    told = good(send(people.dan, ASKED, keep_good="true"))
    assert (told["written"], told["counts"]["asked"]) == (True, 1)
    assert actuals(people) == ["90"]


def test_corrections_and_figures_far_off_are_explained_in_the_query(
    people: Callers, project: str
) -> None:
    good(send(people.dan))
    other = GOOD.replace(b"90", b"91000")
    problem(send(people.dan, other), 422, "file-not-taken")
    problem(send(people.dan, other, reason="Counted anew"), 422, "file-not-taken")
    told = good(send(people.dan, other, reason="Counted anew", accept=" C2 , C3"))
    assert told["counts"]["corrected"] == 1


def test_only_who_reports_on_the_project_brings_a_file(people: Callers, project: str) -> None:
    allowed = {
        name
        for name in ("pia", "sam", "fay", "gus", "dan", "aud", "op", "eve", "rae", "ron")
        if send(people[name], dry_run="true").status_code != 403
    }
    assert allowed == {"pia", "fay", "dan"}
    # Who sees nothing of the project is asked which KPI it is, and is told none.
    stranger = good(send(people.nil, dry_run="true"))
    assert (stranger["counts"]["asked"], "P1-K1" in stranger["mapping"]) == (1, False)
    problem(send(people.nobody), 401, "not-signed-in")


@pytest.mark.parametrize("kind", ["application/json", "application/zip", "text/plain"])
def test_other_types_are_not_taken(people: Callers, project: str, kind: str) -> None:
    problem(send(people.dan, kind=kind), 415, "unsupported-media-type")


def test_a_source_that_is_not_there_is_not_found(people: Callers, project: str) -> None:
    problem(send(people.dan, source="nobody"), 404, "not-found")


@pytest.mark.parametrize("name", ["../sales.csv", "a\\b.csv", "a\n.csv"])
def test_a_name_with_folders_is_refused(people: Callers, project: str, name: str) -> None:
    problem(send(people.dan, filename=name), 422, "invalid-input")


def test_a_file_may_be_larger_than_other_bodies(people: Callers, project: str) -> None:
    made.add_project(people.house, "P2")
    content = GOOD + b",,\n" * 900_000
    told = problem(send(people.dan, content), 422, "file-not-taken")
    assert "at most 100000 rows" in told["problems"][0]["right"]
    problem(send(people.dan, bytes(8 * 2**20 + 1)), 413, "too-large")
