"""The page to report a figure: what it is made of, read as a browser reads it.

No browser is among what the tests need, so what the page does is not run here: that its parts fit
together, and fit the API, is.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from govern.web.app import create_app
from govern.web.report_page import FILES
from govern.web.schemas.kpis import NewReading
from tests.services.house import NOW, House
from tests.services.test_gates import to_stage
from tests.web.caller import API, Callers, good, problem

FOLDER = Path(__file__).parents[2] / "govern" / "web" / "report"
SCRIPT = (FOLDER / "report.js").read_text()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inline: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style") and data.strip():
            self.inline.append(data)


@pytest.fixture(scope="module")
def client() -> Any:
    return create_app(None, lambda: NOW).test_client()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def page(client: Any) -> _Page:
    with client.get("/report") as response:
        assert response.status_code == 200
        assert response.mimetype == "text/html"
        read = _Page()
        read.feed(response.get_data(as_text=True))
        return read


def _ids(page: _Page) -> list[str]:
    return [each["id"] for _, each in page.tags if "id" in each]


def _controls(page: _Page) -> dict[str, dict[str, str]]:
    kinds = ("input", "select", "textarea")
    return {each["id"]: each for tag, each in page.tags if tag in kinds}


def test_the_browser_runs_only_what_is_ours(client: Any, page: _Page) -> None:
    for path in ("/report", "/report/report.js", "/report/report.css"):
        with client.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert response.headers["Cache-Control"] == "no-store"
        assert "unsafe" not in policy
        for each in ("default-src 'none'", "script-src 'self'", "style-src 'self'"):
            assert each in policy
    assert page.inline == []
    assert not [each for _, tag in page.tags for each in tag if each == "style" or each[:2] == "on"]
    named = [tag.get("src") or tag.get("href") for _, tag in page.tags]
    assert {each for each in named if each} == {
        "/report/report.css",
        "/report/report.js",
        "#main",
        "/docs",
    }
    # What the service says is text, and never becomes a part of the page.
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", SCRIPT)


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_files_stand_beside_it(client: Any, name: str) -> None:
    with client.get(f"/report/{name}") as response:
        assert response.status_code == 200
        assert response.get_data() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", ["page.html", "../app.py", "..%2fapp.py", "x"])
def test_no_other_file_is_served(client: Any, name: str) -> None:
    assert client.get(f"/report/{name}").status_code == 404


def test_every_control_has_a_label_and_a_place_for_what_is_wrong(page: _Page) -> None:
    ids = _ids(page)
    assert len(ids) == len(set(ids))
    labelled = {each["for"] for tag, each in page.tags if tag == "label" and "for" in each}
    for name, control in _controls(page).items():
        if control.get("type") == "checkbox":
            continue
        assert name in labelled, name
        described = control["aria-describedby"].split()
        assert set(described) <= set(ids), name
        assert f"{name}-error" in described
    buttons = [each for tag, each in page.tags if tag == "button"]
    assert all(each["type"] in ("button", "submit") for each in buttons)
    roles = [each.get("role") for _, each in page.tags]
    assert {"status", "alert"} <= set(roles)


def test_it_has_every_field_of_a_reading_and_no_other(page: _Page) -> None:
    asked = {name for name, each in _controls(page).items() if "name" in each} - {"token"}
    assert asked == set(NewReading().fields)
    [named] = re.findall(r"const FIELDS = \[(.*?)\];", SCRIPT)
    assert set(re.findall(r'"(\w+)"', named)) == asked


def test_what_the_script_takes_hold_of_is_there(page: _Page) -> None:
    used = set(re.findall(r'\bat\("([\w-]+)"\)', SCRIPT))
    assert len(used) > 10
    assert used <= set(_ids(page))


def test_the_token_is_kept_for_the_tab_alone(page: _Page) -> None:
    assert "localStorage" not in SCRIPT
    assert "document.cookie" not in SCRIPT
    assert _controls(page)["token"]["type"] == "password"


def test_it_keeps_to_what_the_system_looks_like() -> None:
    style = (FOLDER / "report.css").read_text()
    assert "prefers-color-scheme: dark" in style
    assert ":focus-visible" in style
    assert not re.search(r"outline:\s*(0|none)", style)
    assert "url(" not in style
    assert "@import" not in style


def test_the_requests_that_it_makes_are_answered_as_it_reads_them(
    people: Callers, house: House, project: str
) -> None:
    paths = set(re.findall(r'call\("(GET|POST)", (.*?)[,)]', SCRIPT))
    assert paths == {
        ("GET", '"/me"'),
        ("GET", '"/readings/due?limit=200&sort=project" + more'),
        ("GET", "path"),
        ("GET", 'path + "/plan"'),
        ("GET", 'path + "/readings?sort=-period&limit=500"'),
        ("POST", "path"),
    }
    assert f'const API = "{API}";' in SCRIPT
    to_stage(house, project, "monitoring")
    assert good(people.dan.get("/me"))["name"] == "Dan"
    due = good(people.dan.get("/readings/due?limit=200&sort=project"))
    first = due["items"][0]
    for name in ("kpi", "name", "unit", "project_name", "owner", "periods"):
        assert name in first
    period = first["periods"][0]
    assert {"period", "due", "state", "days_over"} <= period.keys()
    assert good(people.dan.get("/kpis/P1-K1/plan"))["planned"][0].keys() >= {"period", "planned"}
    body = {"period": period["period"], "actual": "12.5", "note": "x"}
    key = {"Idempotency-Key": '"00112233445566778899aabbccddeeff"'}
    told = good(people.dan.post("/kpis/P1-K1/readings", body, headers=key), 201)
    assert told["status"] == "recorded"
    assert good(people.dan.post("/kpis/P1-K1/readings", body, headers=key), 201) == told
    newest = good(people.dan.get("/kpis/P1-K1/readings?sort=-period&limit=500"))["items"]
    assert newest[0]["actual"] == "12.5"
    later = good(people.dan.get("/readings/due?limit=200&sort=project"))["items"][0]
    assert period not in later["periods"]
    wrong = {**body, "actual": "13"}
    refused = problem(people.dan.post("/kpis/P1-K1/readings", wrong), 422, "invalid-input")
    assert set(refused["errors"]) == {"reason"}
