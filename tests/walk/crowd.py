"""Sixteen people at a real server of several processes, who all do something at the same moment."""

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from time import monotonic, sleep
from typing import Any

from govern.domain.role import Role
from govern.process.load import load_sources
from govern.services import audit, gates, history, people
from govern.services.catalog import Catalog
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.workflows import take_workflows
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.services.house import House, add_project, build
from tests.walk.caller import Answer, Caller
from tests.walk.served import served

CROWD = 16
WORKERS = 3
PATIENCE_S = 25
"""Within which each thing that the crowd does has come to its end, or it never will."""

_WORKFLOW = """\
schema: govern/workflow/v1
id: {id}
version: 1
stages: [draft, running, done]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{{role: {role}, {votes}}}]
    criteria:
      must:
        - {{id: targets-high, require: some k in kpis satisfies k.target >= 100}}
  - id: finish
    title: Finish
    from: running
    to: done
    submit: [project_manager]
    approve: [{{role: {role}}}]
    criteria: {{must: [{{id: budget-set, require: budget != null}}]}}
"""

WORKFLOWS = {
    "one": {"role": "sponsor", "votes": "votes: 1"},
    "panel": {"role": "sponsor", "votes": "votes: 8, of: 16"},
    "four": {"role": "sponsor", "votes": "votes: 4"},
    "lent": {"role": "finance", "votes": "votes: 6"},
}


@dataclass(frozen=True)
class Crowd:
    """`sponsors` are the sixteen; `managers` submit; `givers` hold finance, `deputies` hold nothing
    but the right to read, as auditors do."""

    house: House
    address: str
    sponsors: Sequence[Caller]
    managers: Sequence[Caller]
    givers: Sequence[Caller]
    deputies: Sequence[Caller]

    def together(self, callers: Sequence[Caller], do: Callable[[Caller], Any]) -> list[Any]:
        """What each got who did it, all of them from one moment on."""
        moment = Barrier(len(callers))

        def begin(caller: Caller) -> Any:
            moment.wait(PATIENCE_S)
            return do(caller)

        with ThreadPoolExecutor(len(callers)) as pool:
            return list(pool.map(begin, callers))

    def submitted(self, project: str, workflow: str) -> int:
        """The number of a submission of a new project to its gate `start`."""
        add_project(self.house, project, workflow=workflow)
        found = gates.submit(
            self.house.runtime, self.house.pia, project, "start", now=datetime.now(UTC)
        )
        assert found["advice"] == "go"
        return found["id"]

    def read(self, submission: int) -> dict[str, Any]:
        return gates.get_submission(
            self.house.runtime, self.house.aud, submission, now=datetime.now(UTC)
        )

    def told(self, project: str) -> Counter[str]:
        return Counter(each["kind"] for each in self.events(project))

    def events(self, project: str) -> list[dict[str, Any]]:
        return history.project_history(self.house.runtime, self.house.aud, project, limit=500).items

    def require_whole(self) -> None:
        """Every chain holds, with all that it cites."""
        assert audit.verify_ledger(self.house.runtime, OPERATOR).faults == ()


def until_answered(do: Callable[[], Answer]) -> Answer:
    """A 503 says that nothing was written and that it can be tried again: so it is."""
    until = monotonic() + PATIENCE_S
    while True:
        answer = do()
        if answer.status != 503 or monotonic() > until:
            return answer
        assert answer.body["code"] == "busy", answer
        sleep(0.05)


def until_closed(caller: Caller, submission: int, body: dict[str, Any]) -> list[Answer]:
    """Reads and votes, again and again where it changed meanwhile, until it is decided.

    Returns every answer to a vote. Somebody whose vote counts waits.
    """
    path = f"/submissions/{submission}"
    answers: list[Answer] = []
    until = monotonic() + PATIENCE_S
    voted: set[int] = set()
    while monotonic() < until:
        seen = caller.read(path)
        if seen.body["state"] != "open":
            return answers
        if seen.body["round"] in voted:
            sleep(0.05)
            continue
        answer = until_answered(
            lambda version=seen.version: caller.call("POST", f"{path}/votes", body, version)
        )
        answers.append(answer)
        if answer.status == 201:
            mine = [each for each in answer.body["votes"] if each["person"] == caller.name]
            voted.add(mine[-1]["round"])
        elif answer.status != 412:
            # Decided meanwhile, or somebody else has the caller's seat just now.
            sleep(0.05)
    raise AssertionError(f"{caller.name} still waits for submission {submission}: {answers[-3:]}")


@contextmanager
def crowd(database_url: str, folder: Path) -> Generator[Crowd]:
    """The people, their tokens and their server; all of it ends with the block."""
    store = Store(open_engine(database_url))
    try:
        house = build(store)
        runtime = house.runtime
        texts = {
            f"{name}.yaml": _WORKFLOW.format(id=name, **given) for name, given in WORKFLOWS.items()
        }
        loaded = load_sources(texts)
        assert not loaded.problems, loaded.problems
        now = datetime.now(UTC)
        take_workflows(runtime, OPERATOR, loaded.workflows.values(), now=now)
        tokens = {
            name: _signed_in(runtime, name, role, now)
            for name, role in (
                *((f"Sponsor {n}", Role.SPONSOR) for n in range(CROWD)),
                *((f"Manager {n}", Role.PROJECT_MANAGER) for n in range(CROWD)),
                *((f"Giver {n}", Role.FINANCE) for n in range(CROWD // 2)),
                *((f"Deputy {n}", Role.AUDITOR) for n in range(CROWD // 2)),
            )
        }
        with served(database_url, folder, workers=WORKERS) as address:
            callers = {name: Caller(name, address, token) for name, token in tokens.items()}

            def those(kind: str) -> list[Caller]:
                return [each for name, each in callers.items() if name.startswith(kind)]

            yield Crowd(
                House(Runtime(store, Catalog()), house.actors),
                address,
                those("Sponsor"),
                those("Manager"),
                those("Giver"),
                those("Deputy"),
            )
    finally:
        store.close()


def _signed_in(runtime: Runtime, name: str, role: Role, now: datetime) -> str:
    email = email_of(name)
    people.add_person(runtime, OPERATOR, email=email, name=name, now=now)
    people.grant_role(runtime, OPERATOR, email=email, role=role, portfolio="main", now=now)
    return people.issue_token(
        runtime, OPERATOR, email=email, label="crowd", lifetime=timedelta(days=1), now=now
    )


def email_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.org"


def new_target(number: int) -> str:
    """Another one than every KPI begins with."""
    return str(Decimal(1201) + number)


def leave() -> dict[str, str]:
    """From today until the day after tomorrow, wherever midnight falls meanwhile."""
    today = date.today()  # noqa: DTZ011 - the server's own clock is the real one too
    return {
        "starts_on": (today - timedelta(1)).isoformat(),
        "ends_on": (today + timedelta(2)).isoformat(),
        "reason": "On leave.",
    }
