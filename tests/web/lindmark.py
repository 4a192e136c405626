"""The example portfolio behind the web API: what its people see and do, at a moment that is fixed."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask

from govern.domain.role import Role
from govern.process.load import load as load_workflows
from govern.rulebook.load import load as load_rules
from govern.services import people
from govern.services.catalog import Catalog
from govern.services.example import load_example
from govern.services.importing import ensure_portfolio
from govern.services.log_keys import new_key
from govern.services.log_upkeep import keep_up
from govern.services.news import pass_on
from govern.services.outlets import Outlets
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import publish
from govern.services.runtime import Runtime
from govern.services.sealing import seal
from govern.services.ticking import tick
from govern.services.workflows import take_workflows
from govern.store.key_folder import KeyFolder
from govern.store.transaction import Store
from govern.web.app import create_app
from tests.services.house import NOW, ROOT, shipped_templates
from tests.web.caller import Caller

_ADDRESS = "{}@lindmark.example"


@dataclass
class Lindmark:
    """`lindmark["hanne.lund"]` calls as she does."""

    runtime: Runtime
    app: Flask
    tokens: dict[str, str]

    def __getitem__(self, name: str) -> Caller:
        if name not in self.tokens:
            self.tokens[name] = people.issue_token(
                self.runtime,
                OPERATOR,
                email=_ADDRESS.format(name),
                label="test",
                lifetime=timedelta(days=1),
                now=NOW,
            )
        return Caller(self.app, self.tokens[name])

    def tick(self) -> None:
        """What time has made due, an hour later."""
        tick(self.runtime, OPERATOR, now=NOW + timedelta(hours=1))

    def pass_on(self) -> None:
        """News that waits is sent."""
        pass_on(self.runtime, OPERATOR, now=NOW, for_s=60)

    def sealed(self) -> int:
        """The size of the log, with everything in it."""
        return seal(self.runtime, NOW).size


def settle(store: Store, keys: Path, outlets: Outlets | None = None) -> Lindmark:
    """The portfolio, judged, its log sealed under a key; and Ana Brandt, who may add projects."""
    runtime = Runtime(
        store,
        Catalog(),
        keys=KeyFolder(keys),
        templates=shipped_templates(),
        outlets=outlets or Outlets(),
    )
    ensure_operator(runtime, now=NOW)
    ensure_portfolio(runtime, OPERATOR, "main", "Main portfolio", now=NOW)
    email = _ADDRESS.format("ana.brandt")
    people.add_person(runtime, OPERATOR, email=email, name="Ana Brandt", now=NOW)
    role = Role.PROJECT_MANAGER
    people.grant_role(runtime, OPERATOR, email=email, role=role, portfolio="main", now=NOW)
    rules = load_rules(ROOT / "rules")
    assert rules.rulebook is not None
    publish(runtime, OPERATOR, rules.rulebook, note="published at start", now=NOW)
    workflows = load_workflows(ROOT / "workflows", rules.readable).workflows
    take_workflows(runtime, OPERATOR, workflows.values(), now=NOW)
    new_key(runtime, OPERATOR, "govern.example/lindmark", now=NOW)
    load_example(runtime, OPERATOR, ROOT / "examples", now=NOW)
    keep_up(runtime, OPERATOR, NOW)
    return Lindmark(runtime, create_app(runtime, lambda: NOW), {})
