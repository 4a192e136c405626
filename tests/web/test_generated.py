"""Generated requests against the served description: no fault of ours, no answer outside it.

Three kinds for each operation: as its description allows, against it, and as it allows with the ids
and the version of things that exist, which reach furthest.
"""

from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from govern.web.app import create_app
from govern.web.openapi import PREFIX
from tests.services.house import NOW
from tests.web.caller import API, Callers

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {"sqlite": 20, "postgresql": 8}

REAL = {
    "project": "P2",
    "kpi": "P2-K1",
    "deliverable": "P2-D1",
    "submission": 2,
    "condition": 1,
    "recommendation": 1,
    "portfolio": "main",
    "gate": "value_defined",
    "workflow": "value-realization",
}


def _operations() -> list[str]:
    # The description depends on no database: it can be read before there is one.
    app = create_app(None, lambda: NOW)  # type: ignore[arg-type]
    described = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    return [
        operation["operationId"]
        for path in described["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]


@pytest.fixture(scope="module")
def schema(steady: Callers) -> Any:
    return schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", steady.app)


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
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()


def _use_what_exists(callers: Callers, case: Case) -> None:
    if isinstance(case.body, dict):
        _fill(case.body)
    if case.headers and "If-Match" in case.headers:
        path = case.formatted_path.removeprefix(API)
        owner = "/".join(path.split("/")[:3])
        case.headers["If-Match"] = callers.ali.get(owner).headers["ETag"]


def _fill(body: dict[str, Any]) -> None:
    body.update({name: REAL[name] for name in body.keys() & REAL.keys()})
    for value in body.values():
        if isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    _fill(each)


def _known(operation: APIOperation) -> Mapping[str, Any]:
    return {each.name: REAL[each.name] for each in operation.path_parameters if each.name in REAL}


NAMES = _operations()
NOTHING_TO_GET_WRONG = {"getHealth"}


@pytest.fixture
def operation(schema: Any, name: str) -> Any:
    return schema.find_operation_by_id(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_allowed(steady: Callers, operation: Any, examples: int) -> None:
    _run(steady, operation.as_strategy(GenerationMode.POSITIVE), examples)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOTHING_TO_GET_WRONG])
def test_what_is_not(steady: Callers, operation: Any, examples: int) -> None:
    _run(steady, operation.as_strategy(GenerationMode.NEGATIVE), examples)


@pytest.mark.parametrize("name", NAMES)
def test_on_what_exists(steady: Callers, operation: Any, examples: int) -> None:
    strategy = operation.as_strategy(path_parameters=_known(operation) or None)
    _run(steady, strategy, examples, real=True)
