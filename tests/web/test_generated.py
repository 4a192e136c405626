"""Generated requests against the served description: no fault of ours, no answer outside it.

Three kinds for each operation: as its description allows, against it, and as it allows with the ids
and the version of things that exist, which reach furthest.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from govern.domain.period import Cadence, period_end
from govern.web.app import create_app
from govern.web.openapi import PREFIX
from tests.services.house import NOW
from tests.web.caller import API, Callers, good
from tests.web.operations import REAL, known

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {"sqlite": 20, "postgresql": 8}

NOBODY_S = {
    "person": "operator",
    "webhook": "none",
    "grant": 999_999,
    "token": 999_999,
    "session": 999_999,
}
"""What a furnished house has none of, or what would end the caller's own access."""


def _operations(*, taking_something: bool = False) -> list[str]:
    # The description depends on no database: it can be read before there is one.
    app = create_app(None, lambda: NOW)  # type: ignore[arg-type]
    described = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    return [
        operation["operationId"]
        for path in described["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
        and (
            not taking_something
            or "requestBody" in operation
            or any(
                each["name"] != "If-None-Match"  # any text will do there
                for each in (*operation.get("parameters", ()), *path.get("parameters", ()))
            )
        )
    ]


@pytest.fixture(scope="module")
def schema(steady: Callers) -> Any:
    described = good(steady.nobody.get("/openapi.json"))
    # Else the token would be changed too, and 401 would hide all that comes after it.
    for part in (
        described,
        *(each for path in described["paths"].values() for each in path.values()),
    ):
        if isinstance(part, dict):
            part.pop("security", None)
    return schemathesis.openapi.from_dict(described)


@pytest.fixture
def examples(steady: Callers) -> int:
    return EXAMPLES[steady.house.runtime.store.engine.dialect.name]


def _run(
    callers: Callers, strategy: SearchStrategy[Case], examples: int, *, real: bool = False
) -> None:
    headers = {"Authorization": f"Bearer {callers.tokens['ali']}"}

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def run(case: Case) -> None:
        if real:
            _use_what_exists(callers, case)
        response = case.call_and_validate(headers=headers, checks=CHECKS, app=callers.app)
        # A foreign If-Match is refused, and a body too large to be read, and not as a bad request; of rows
        # that are taken each by itself those that are wrong are refused in the answer.
        if response.status_code not in {412, 413} and not _refuses_rows(case, response):
            case.validate_response(response, checks=[negative_data_rejection])

    run()


def _refuses_rows(case: Case, response: Response) -> bool:
    if (
        response.status_code != 200
        or not isinstance(case.body, dict)
        or case.body.get("mode") != "each"
    ):
        return False
    return any(row["status"] == "refused" for row in response.json()["results"])


def _use_what_exists(callers: Callers, case: Case) -> None:
    if isinstance(case.body, dict):
        _fill(case.body)
    if case.headers and "If-Match" in case.headers:
        path = case.formatted_path.removeprefix(API)
        owner = path.rpartition("/")[0] if case.method == "POST" else path
        tag = callers.ali.get(owner).headers.get("ETag")
        case.headers["If-Match"] = tag or case.headers["If-Match"]


def _fill(body: dict[str, Any]) -> None:
    body.update({name: REAL[name] for name in body.keys() & REAL.keys() - NOBODY_S.keys()})
    for value in body.values():
        for each in value if isinstance(value, list) else ():
            if isinstance(each, dict):
                _fill(each)
    if isinstance(body.get("period"), str):
        # A month's end before today, chosen by what was generated.
        body["period"] = f"2026-{1 + sum(map(ord, body['period'])) % 10:02}-28"
        body["period"] = period_end(Cadence.MONTHLY, date.fromisoformat(body["period"])).isoformat()


def _known(callers: Callers, operation: APIOperation) -> Mapping[str, Any]:
    there = {**known(callers), **NOBODY_S}
    return {each.name: there[each.name] for each in operation.path_parameters}


NAMES = _operations()


@pytest.fixture
def operation(schema: Any, name: str) -> Any:
    return schema.find_operation_by_id(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_allowed(steady: Callers, operation: Any, examples: int) -> None:
    _run(steady, operation.as_strategy(GenerationMode.POSITIVE), examples)


@pytest.mark.parametrize("name", _operations(taking_something=True))
def test_what_is_not(steady: Callers, operation: Any, examples: int) -> None:
    _run(steady, operation.as_strategy(GenerationMode.NEGATIVE), examples)


@pytest.mark.parametrize("name", NAMES)
def test_on_what_exists(steady: Callers, operation: Any, examples: int) -> None:
    strategy = operation.as_strategy(path_parameters=_known(steady, operation) or None)
    _run(steady, strategy, examples, real=True)
