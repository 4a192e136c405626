"""The organisation that the features play in: its people, its day, and what was said last."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from govern.catalogue.load import load as load_catalogue
from govern.catalogue.template import Template
from govern.cli.main import main
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.domain.role import Role
from govern.process.definition import Workflow
from govern.process.load import load as load_workflows
from govern.rulebook.load import load as load_rules
from govern.rulebook.rule import Rulebook
from govern.services import gates, history, people
from govern.services.catalog import Catalog
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import publish
from govern.services.runtime import Runtime
from govern.services.workflows import take_workflows
from govern.store import people as stored_people
from govern.store.events import stored_heads
from govern.store.transaction import Store
from govern.web.openapi import PREFIX
from tests.web.shared_app import shared_app

ROOT = Path(__file__).parents[1]

# Equal digest, equal meaning: a rulebook that one scenario has parsed serves all of them.
CATALOG = Catalog()


@dataclass(frozen=True)
class Ran:
    """What a command of the command line said, and the exit code that it left."""

    code: int
    told: str
    complained: str


class Refused(Exception):  # noqa: N818 - an answer, as `Refusal` is
    """What the web API answered to somebody who may not, or not so."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.title: str = problem["title"]
        self.detail: str = problem["detail"]
        self.facts = problem


@dataclass
class House:
    """`now` is the moment in which everything happens that people do; commands use the real clock.

    `submission` is the one that was spoken of last, `refusal` what was refused last.
    """

    runtime: Runtime
    database_url: str
    folder: Path
    web: Flask = field(init=False)
    now: datetime = datetime(2025, 11, 24, 10, 0, tzinfo=UTC)
    people: dict[str, str] = field(default_factory=dict[str, str])
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    submission: int | None = None
    refusal: Refusal | Refused | None = None
    before: dict[str, int] = field(default_factory=dict[str, int])
    ran: Ran | None = None
    swept: dict[str, Any] | None = None
    seen: Any = None
    noted: dict[str, Any] = field(default_factory=dict[str, Any])
    environment: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.web = shared_app(self.runtime, lambda: self.now)

    @property
    def today(self) -> date:
        return self.now.date()

    def turn_to(self, day: date) -> None:
        self.now = datetime.combine(day, time(10, 0), UTC)

    def hire(self, name: str, roles: Iterable[Role], portfolio: str | None) -> None:
        if name not in self.people:
            self.people[name] = people.add_person(
                self.runtime, OPERATOR, email=email(name), name=name, now=self.now
            )
            self.tokens[name] = people.issue_token(
                self.runtime,
                OPERATOR,
                email=email(name),
                label="features",
                lifetime=timedelta(days=3650),
                now=self.now,
            )
        for role in roles:
            people.grant_role(
                self.runtime,
                OPERATOR,
                email=email(name),
                role=role,
                portfolio=portfolio,
                now=self.now,
            )

    def actor(self, name: str) -> Actor:
        """The person as they sign in now, with the roles they hold now."""
        with self.runtime.store.reading() as connection:
            found = stored_people.actor_of_person(connection, self.people[name], self.now)
        assert found is not None, f"nobody is called {name}"
        return found

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        body: Any = None,
        version: int | None = None,
        *,
        key: str | None = None,
    ) -> Any:
        """A person asks the web API; `version` is the one of the thing that they change, `key` that of
        a request that may come twice.

        Raises Refused.
        """
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        if key is not None:
            headers["Idempotency-Key"] = f'"{key}"'
        with self.web.test_client() as client:
            answer = client.open(f"{PREFIX}{path}", method=method, json=body, headers=headers)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise Refused(answer.get_json(force=True))
        return answer.get_json()

    def refused(self, attempt: Callable[[], object]) -> None:
        """Somebody tries what must be refused."""
        self.before = self.lengths()
        with pytest.raises((Refusal, Refused)) as caught:
            attempt()
        self.refusal = caught.value

    def current(self) -> Record:
        """The submission spoken of, as the operator sees it."""
        assert self.submission is not None, "nothing has been submitted"
        return gates.get_submission(self.runtime, OPERATOR, self.submission, now=self.now)

    def events(self, project: str, kind: str | None = None) -> list[Record]:
        return history.project_history(self.runtime, OPERATOR, project, limit=500, kind=kind).items

    def lengths(self) -> dict[str, int]:
        """How many events the history of each project has, and the service's own."""
        with self.runtime.store.reading() as connection:
            return {head.project: head.seq or 0 for head in stored_heads(connection)}

    def run(self, *words: str) -> Ran:
        """A `govern` command in the scenario's folder, exactly as typed."""
        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.argv", ["govern", "--database", self.database_url, *words])
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
                main()
        code = left.value.code
        self.ran = Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())
        return self.ran


def build(store: Store, database_url: str, folder: Path) -> House:
    """An organisation with nobody in it yet, the shipped workflow and the shipped rulebook, as `found` puts
    them down."""
    return House(_runtime(store), database_url, folder)


def found(store: Store) -> None:
    """What stands in the database when a scenario begins."""
    runtime, now = _runtime(store), House.now
    ensure_operator(runtime, now=now)
    ensure_portfolio(runtime, OPERATOR, DEFAULT_PORTFOLIO, "Main portfolio", now=now)
    take_workflows(runtime, OPERATOR, shipped_workflows(), now=now)
    publish(runtime, OPERATOR, shipped_rules(), note=None, now=now)


def _runtime(store: Store) -> Runtime:
    return Runtime(store, CATALOG, templates=shipped_templates())


@cache
def shipped_rules() -> Rulebook:
    rulebook = load_rules(ROOT / "rules").rulebook
    assert rulebook is not None, "the shipped rules have errors"
    return rulebook


@cache
def shipped_templates() -> Mapping[str, Template]:
    loaded = load_catalogue([ROOT / "catalogue"])
    assert not loaded.problems, "the shipped catalogue has errors"
    return loaded.templates


@cache
def shipped_workflows() -> tuple[Workflow, ...]:
    loaded = load_workflows(ROOT / "workflows")
    assert not loaded.problems, "the shipped workflows have errors"
    return tuple(loaded.workflows.values())


# --- reading what a scenario says -----------------------------------------------------------------


def rows(table: list[list[str]]) -> list[dict[str, str]]:
    """A table with a heading, as one map per row."""
    heading, *body = table
    return [dict(zip(heading, row, strict=True)) for row in body]


def word(text: str) -> str:
    """`project manager` as `project_manager`."""
    return text.strip().lower().replace(" ", "_")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def number(text: str) -> Decimal | None:
    """`12.5`, `40%`, or blank for what nobody knows."""
    if not text:
        return None
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)


def email(name: str) -> str:
    return f"{name.lower()}@example.org"


def yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def shares(text: str) -> Mapping[str, Decimal | None]:
    """`SALES 40%, COST` as what a deliverable contributes to each KPI; no figure is an open share."""
    found: dict[str, Decimal | None] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        kpi, _, share = each.partition(" ")
        found[kpi] = number(share)
    return found
