"""The description is true, whole, and served without anybody else's help."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from govern.web.app import create_app
from govern.web.docs import SWAGGER_FILES
from govern.web.openapi import PREFIX
from govern.web.problem import every_refusal
from tests.services.house import NOW

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def client() -> Any:
    # Neither the description nor the pages need a database.
    return create_app(None, lambda: NOW).test_client()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def described(client: Any) -> dict[str, Any]:
    return client.get(f"{PREFIX}/openapi.json").get_json()


def _operations(described: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path.removeprefix(PREFIX)}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_every_route_is_documented_and_no_other(described: dict[str, Any]) -> None:
    listed = re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", PAGE.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(_operations(described))


COMMON = ("limit", "cursor", "as_of", "as_of_size")
"""What lists, and reads of the state, have in common: the page describes it once."""


def test_every_filter_and_order_is_documented(described: dict[str, Any]) -> None:
    rows = {line.split("`")[1]: line for line in PAGE.read_text().splitlines() if line[:3] == "| `"}
    for route, operation in _operations(described).items():
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            if parameter["in"] != "query" or name in COMMON:
                continue
            names = (
                [each.removeprefix("-") for each in parameter["schema"]["enum"]]
                if name == "sort"
                else [name]
            )
            for each in names:
                assert re.search(rf"`{each}[`=]", rows[route]), (route, each)


def test_the_description_says_what_every_operation_can_answer(described: dict[str, Any]) -> None:
    for route, operation in _operations(described).items():
        answers = set(operation["responses"])
        wanted = {"500", "503"}
        if route != "GET /health":
            wanted |= {"401", "403"}
            [needed] = operation["security"]
            [scope] = needed["bearer"]
            assert f"the scope `{scope}`" in operation["description"], route
        if "{" in route:
            wanted.add("404")
        if "requestBody" in operation:
            wanted |= {"400", "404", "409", "411", "413", "415", "422"}
        if any(each["name"] == "If-Match" for each in operation.get("parameters", ())):
            wanted |= {"412", "428"}
        assert wanted <= answers, route
        assert operation["summary"], route
        assert operation["operationId"], route
    assert described["security"] == [{"bearer": []}]
    assert described["openapi"] == "3.1.0"


def test_every_refusal_is_described_as_a_problem(described: dict[str, Any]) -> None:
    for name, response in described["components"]["responses"].items():
        content = response["content"]
        assert list(content) == ["application/problem+json"], name
        assert content["application/problem+json"]["schema"] == {
            "$ref": "#/components/schemas/Problem"
        }


def test_operations_and_tags_are_unique_and_in_the_order_of_use(
    described: dict[str, Any],
) -> None:
    ids = [each["operationId"] for each in _operations(described).values()]
    assert len(set(ids)) == len(ids)
    tags = [each["name"] for each in described["tags"]]
    assert tags[:5] == ["me", "waiting", "projects", "kpis", "readings"]
    assert all(each["description"] for each in described["tags"])


def _examples(described: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    found: list[tuple[str, Any, Any]] = []
    for route, operation in _operations(described).items():
        parts = [operation["requestBody"]] if "requestBody" in operation else []
        parts += [each for each in operation["responses"].values() if "content" in each]
        found += [
            (route, media["schema"], media["example"])
            for part in parts
            for media in part["content"].values()
            if "example" in media
        ]
    return found


def test_the_examples_are_as_the_description_says(described: dict[str, Any]) -> None:
    examples = _examples(described)
    assert len(examples) > 15
    for route, schema, example in examples:
        whole = {**schema, "components": described["components"]}
        errors = [error.message for error in Draft202012Validator(whole).iter_errors(example)]
        assert not errors, (route, errors)


def test_every_write_shows_an_example(described: dict[str, Any]) -> None:
    for route, operation in _operations(described).items():
        json = operation.get("requestBody", {"content": {}})["content"].get("application/json")
        assert json is None or "example" in json, route


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", f"{PREFIX}/openapi.json"])
def test_nothing_is_fetched_from_elsewhere(client: Any, path: str) -> None:
    text = client.get(path).get_data(as_text=True)
    assert not re.search(r"(src|href)=.?(https?:)?//", text)
    assert "cdn" not in text.lower()


@pytest.mark.parametrize("name", sorted(SWAGGER_FILES))
def test_the_docs_come_from_the_package(client: Any, name: str) -> None:
    with client.get(f"/docs/{name}") as response:
        assert response.status_code == 200
        assert response.data
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_start_page_leads_to_where_people_sign_in(client: Any) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in")


@pytest.mark.parametrize("path", ["/docs/../app.py", "/docs/..%2f..%2fx", "/docs/LICENSE"])
def test_no_other_file_is_served(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("code", sorted(every_refusal()))
def test_every_kind_of_problem_has_a_page(client: Any, code: str) -> None:
    told = client.get(f"/problems/{code}").get_json()
    kind = every_refusal()[code]
    assert told == {"code": code, "title": kind.title, "status": kind.status}
    page = client.get(f"/problems/{code}", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert code in page.get_data(as_text=True)


def test_an_unknown_kind_of_problem_has_none(client: Any) -> None:
    assert client.get("/problems/none").status_code == 404


@pytest.mark.parametrize("path", [f"{PREFIX}/me", "/nothing", "/docs", "/problems/busy", "/"])
def test_every_answer_is_guarded(client: Any, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
