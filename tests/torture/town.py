"""Those who act under fire: managers who submit, sponsors who decide, owners who report, and their projects.

A gate is recycled by two of three sponsors, and submitted anew, so that there is no end of decisions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from govern.domain.role import Role
from govern.process.load import load_sources
from govern.services import audit, people
from govern.services.catalog import Catalog
from govern.services.log_keys import new_key
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.state_audit import audit_state
from govern.services.workflows import take_workflows
from govern.store.engine import open_engine
from govern.store.key_folder import KeyFolder
from govern.store.transaction import Store
from tests.services.house import add_project, build, shipped_templates

PEOPLE = 4
GATED = ("G-1", "G-2", "G-3")
REPORTED = ("R-1", "R-2")
GATE = "start"
WORKFLOW = """\
schema: govern/workflow/v1
id: again
version: 1
stages: [draft, running]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor, votes: 2, of: 3}]
    criteria: {must: [{id: budget-set, require: budget != null}]}
"""
KEYS = "keys"
_OFFICES = {
    "manager": Role.PROJECT_MANAGER,
    "sponsor": Role.SPONSOR,
    "owner": Role.DATA_OWNER,
}


@dataclass(frozen=True)
class Town:
    """`tokens`: office → the tokens of those who hold it. `keys` is the folder of the log's key."""

    tokens: Mapping[str, Sequence[str]]
    keys: Path

    def environment(self) -> dict[str, str]:
        return {"GOVERN_KEYS_DIR": str(self.keys)}


def settle(url: str, folder: Path, now: datetime) -> Town:
    """Fills an empty database. Everybody is there since `now`."""
    store = Store(open_engine(url))
    try:
        house = build(store)
        keys = KeyFolder(folder / KEYS)
        runtime = Runtime(store, Catalog(), keys=keys, templates=shipped_templates())
        new_key(runtime, OPERATOR, "torture.example.org/log", now=now)
        loaded = load_sources({"again.yaml": WORKFLOW})
        assert not loaded.problems, loaded.problems
        take_workflows(runtime, OPERATOR, loaded.workflows.values(), now=now)
        for each in (*GATED, *REPORTED):
            add_project(house, each, workflow="again")
        return Town(
            {
                office: [_token(runtime, f"{office}{n}", role, now) for n in range(PEOPLE)]
                for office, role in _OFFICES.items()
            },
            keys.root,
        )
    finally:
        store.close()


def _token(runtime: Runtime, name: str, role: Role, now: datetime) -> str:
    email = f"{name}@torture.example.org"
    people.add_person(runtime, OPERATOR, email=email, name=name.title(), now=now)
    people.grant_role(runtime, OPERATOR, email=email, role=role, portfolio="main", now=now)
    return people.issue_token(
        runtime, OPERATOR, email=email, label="torture", lifetime=timedelta(days=300), now=now
    )


def opened(url: str, keys: Path) -> Runtime:
    """As an auditor opens it, who repairs nothing. Close its store when done."""
    return Runtime(
        Store(open_engine(url)), Catalog(), keys=KeyFolder(keys), templates=shipped_templates()
    )


def faults_of(runtime: Runtime) -> tuple[str, ...]:
    """What is half there: chains and log verified, every row held against the events."""
    verified = audit.verify_ledger(runtime, OPERATOR)
    told = [f"the ledger does not verify: {each}" for each in verified.faults]
    told += [f"a guard of the database is gone: {each}" for each in verified.fallen]
    told += [
        f"the state is not what the ledger says: {each}"
        for each in audit_state(runtime, OPERATOR).differences[:5]
    ]
    return tuple(told)
