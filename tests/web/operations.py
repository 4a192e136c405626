"""The operations of the description, and addresses of them at which something is."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from govern.web.app import create_app
from govern.web.openapi import PREFIX
from tests.services.house import NOW
from tests.web.caller import Callers, good

METHODS = ("get", "post", "put", "patch", "delete")

REAL: Mapping[str, Any] = {
    "project": "P2",
    "kpi": "P2-K1",
    "template": "churn",
    "deliverable": "P2-D1",
    "outcome": "P1-O1",
    "objective": "GROW",
    "submission": 2,
    "condition": 1,
    "recommendation": 1,
    "waiver": 1,
    "review": 1,
    "lesson": 1,
    "number": 1,
    "scope_change": 1,
    "delegation": 1,
    "schedule": 1,
    "delivery": 1,
    "kind": "portfolio-value",
    "portfolio": "main",
    "gate": "value_defined",
    "file": 1,
    "person": "operator",
    "grant": 1,
    "token": 1,
    "vote": 1,
    "workflow": "value-realization",
}
"""What there is in a furnished house, by the name that addresses and bodies have for it."""


@cache
def description() -> dict[str, Any]:
    """It depends on no database: it can be read before there is one."""
    app = create_app(None, lambda: NOW)  # type: ignore[arg-type]
    [api] = app.extensions["flask-smorest"]["apis"].values()
    with app.test_request_context():
        return json.loads(json.dumps(api["ext_obj"].spec.to_dict()))


@cache
def operations() -> Mapping[str, tuple[str, str, dict[str, Any]]]:
    """Operation id → method, path and the operation, with the parameters of its path."""
    return {
        operation["operationId"]: (
            method.upper(),
            path,
            {
                **operation,
                "parameters": [
                    *methods.get("parameters", ()),
                    *operation.get("parameters", ()),
                ],
            },
        )
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def reads(media_type: str | None = "application/json") -> list[str]:
    """The ids of the reads that answer with the type; of all reads without one."""
    return [
        name
        for name, (method, _, operation) in operations().items()
        if method == "GET"
        and (media_type is None or media_type in operation["responses"]["200"].get("content", {}))
    ]


def known(callers: Callers) -> Mapping[str, Any]:
    """Values of what stands in addresses, in a furnished house."""
    return {**REAL, "size": 1, "seq": 1, "digest": good(callers.ali.get("/rulebook"))["digest"]}


def address(name: str, values: Mapping[str, Any]) -> str:
    """The address of an operation, below `/api/v1`, with the queries that it cannot do without."""
    _, path, operation = operations()[name]
    query: list[str] = []
    for each in operation["parameters"]:
        value = quote(str(values.get(each["name"], "")), safe="")
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", value)
        elif each["in"] == "query" and each.get("required"):
            query.append(f"{each['name']}={value}")
    return path.removeprefix(PREFIX) + (f"?{'&'.join(query)}" if query else "")
