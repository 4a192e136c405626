"""People who call the web API, each with their own token."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from govern.domain.decision import Answer
from govern.domain.role import Role
from govern.services import (
    decisions,
    evidence_files,
    lessons,
    objectives,
    outcomes,
    people,
    scores,
    waivers,
)
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from tests.services import house as house_of
from tests.services import waived_house
from tests.services.house import NOW, House
from tests.web.shared_app import shared_app

API = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """One signed-in person (or, without a token, nobody)."""

    app: Flask
    token: str | None

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | str | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> TestResponse:
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if version is not None:
            sent["If-Match"] = f'"v{version}"' if isinstance(version, int) else version
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        with self.app.test_client() as client:
            return client.open(
                f"{API}{path}", method=method, data=data, headers=sent, query_string=query
            )

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.call("PATCH", path, body, **options)


@dataclass(frozen=True)
class Callers:
    """Everybody of the house, by name; `nobody` has no token."""

    house: House
    app: Flask
    tokens: Mapping[str, str]

    def __getattr__(self, name: str) -> Caller:
        return Caller(self.app, None if name == "nobody" else self.tokens[name])

    def __getitem__(self, name: str) -> Caller:
        return getattr(self, name)


EVERYWHERE: Mapping[str, tuple[Role, ...]] = {
    "op": (Role.ADMIN,),
    "eve": (Role.AUDITOR,),
    "rae": (Role.RULE_AUTHOR,),
    "ron": (Role.RULE_PUBLISHER,),
    "ali": tuple(Role),
    "nil": (),
}
"""Beside the people of the house: who holds a role on the whole installation, or none at all."""


def everybody(house: House) -> Callers:
    for name, roles in EVERYWHERE.items():
        email = f"{name}@example.org"
        people.add_person(house.runtime, OPERATOR, email=email, name=name.title(), now=NOW)
        for role in roles:
            people.grant_role(house.runtime, OPERATOR, email=email, role=role, now=NOW)
    tokens = {name: token_of(house, name) for name in (*house.actors, *EVERYWHERE)}
    return Callers(house, shared_app(house.runtime, lambda: NOW), tokens)


def furnish(house: House) -> None:
    """Two projects with readings, a sweep, its recommendation, an open submission, a condition; and a
    third whose open submission has a score and a waiver."""
    house_of.add_project(house, "P1")
    house_of.add_project(house, "P2", department="Sales", tags=["pilot"])
    house_of.report(house, "P1-K1", {"2026-09-30": 80, "2026-10-31": 100})
    sweep(house.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    opened = house_of.submit(house, "P1", "value_defined")
    decisions.vote(
        house.runtime,
        house.sam,
        opened["id"],
        Ballot(
            Answer.CONDITIONAL_GO,
            "One thing is missing.",
            "The owner has to be named.",
            [{"text": "Name an owner.", "owner": "Pia", "due": date(2026, 12, 24)}],
        ),
        version=opened["version"],
        now=NOW,
    )
    house_of.submit(house, "P2", "value_defined")
    evidence_files.hand_in(
        house.runtime,
        house.pia,
        "P2",
        filename="notes.txt",
        media_type="text/plain",
        content=b"Agreed in the board.",
        now=NOW,
    )
    waived = waived_house.submitted(house, "P3")
    waivers.grant(
        house.runtime,
        house.gus,
        "P3",
        gate="start",
        criterion="strategic-fit",
        reason="Decided by the board.",
        expires_on=date(2026, 12, 24),
        now=NOW,
    )
    scores.score(
        house.runtime,
        house.sam,
        waived["id"],
        criterion="appeal",
        given=Decimal("7.5"),
        version=None,
        now=NOW,
    )
    lessons.add_lesson(
        house.runtime,
        house.pia,
        "P1",
        {
            "title": "Training came too late",
            "happened": "One branch worked without the new screens.",
            "because": "Training was planned after the rollout.",
            "next_time": "Train every branch before its rollout.",
        },
        now=NOW,
    )
    objectives.add_objective(
        house.runtime, OPERATOR, {"id": "GROW", "name": "Grow at home"}, now=NOW
    )
    outcomes.add_outcome(
        house.runtime,
        house.pia,
        {
            "id": "P1-O1",
            "project": "P1",
            "name": "Customers order at night",
            "serves": {"P1-K1": Decimal("0.3")},
        },
        now=NOW,
    )


def token_of(house: House, name: str, lifetime: timedelta = timedelta(days=1)) -> str:
    return people.issue_token(
        house.runtime,
        OPERATOR,
        email=f"{name}@example.org",
        label="test",
        lifetime=lifetime,
        now=NOW,
    )


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem that was answered, after checking what every problem has."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    told = response.get_json(force=True)
    assert told["code"] == code, told
    assert told["status"] == status
    assert told["type"] == f"/problems/{code}"
    assert told["title"]
    assert told["detail"]
    return told


def good(response: TestResponse, status: int = 200) -> Any:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/json"
    return response.get_json()
