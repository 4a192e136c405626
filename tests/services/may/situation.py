"""A project in every stage, twice: one before no gate, one before each gate that leads on.

They are prepared once. An attempt that may succeed is made in a store that takes back what was
written; one that must be refused is made in the real one, whose data may not change.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from govern.domain.actor import Actor, Grant
from govern.domain.decision import Answer
from govern.domain.role import Role
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.definition import Workflow
from govern.services import (
    conditions,
    decisions,
    evidence_files,
    gates,
    moves,
    objectives,
    outcomes,
    people,
    recommendations,
    reviews,
    scope_changes,
    sweeps,
    waivers,
)
from govern.services.ballots import Ballot
from govern.services.catalog import Catalog
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import projects, revisions
from govern.store.paging import PageRequest
from govern.store.tables import event, project, submission
from govern.store.transaction import Store
from tests.services.house import EVIDENCE, NOW, House, add_project, build, report
from tests.services.may.table import NOBODY

HELD_FROM = "planned"
"""Where the projects stood that are `on_hold` and `terminated`."""

REVIEWED_FROM = "post_review"
"""The stage from which on the shipped workflow reviews a project."""

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GO_ON = "It is known and accepted."


@dataclass
class Standing:
    """A project of a stage, and the numbers of what belongs to it; 0 is nobody's number."""

    stage: str
    quiet: str
    waiting: dict[str, int] = field(default_factory=dict[str, int])
    closed: dict[str, int] = field(default_factory=dict[str, int])
    waivers: dict[str, int] = field(default_factory=dict[str, int])
    condition: int = 0
    recommendation: int = 0
    file: int = 0
    scope_change: int = 0
    review: int = 0

    def submission(self, gate: str) -> int:
        """The open one to the gate where the stage has it, else the one that was decided, if any."""
        return self.waiting.get(gate) or self.closed.get(gate, 0)


class _TakenBack(Exception):  # noqa: N818 - what happens to a success
    pass


class Undone(Store):
    """Takes back what a use case has written, at the moment when it would be committed."""

    @contextmanager
    def writing(self, *, large: bool = False) -> Generator[Connection]:
        with super().writing(large=large) as connection:
            yield connection
            raise _TakenBack


class Situation:
    def __init__(self, store: Store, *, stages: tuple[str, ...] | None = None) -> None:
        self.house: House = build(store)
        self.runtime = self.house.runtime
        objectives.add_objective(self.runtime, OPERATOR, {"id": "GROW", "name": "Grow"}, now=NOW)
        self.workflow = self._workflow()
        live = self.workflow.stages
        self.stages: tuple[str, ...] = stages or (*live, ON_HOLD, TERMINATED)
        self._undone = Runtime(Undone(store.engine), Catalog(), self.runtime.keeping)
        self._ids = {role.value: self._person(role) for role in Role}
        self._ids[NOBODY] = people.add_person(
            self.runtime, OPERATOR, email="nobody@example.org", name="Nobody", now=NOW
        )
        self.standing = {stage: self._stand(stage) for stage in self.stages}
        self.apart = {} if stages else self._apart()
        sweeps.sweep(self.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
        for each in self.standing.values():
            each.recommendation = self._recommendation(each.quiet)

    def actor(self, role: str, *, portfolio: str | None = "main") -> Actor:
        """Somebody with this one role, there or (`None`) everywhere; or with none."""
        grants = () if role == NOBODY else (Grant(Role(role), portfolio),)
        return Actor(self._ids[role], role, grants)

    def submitter(self, role: str) -> Actor:
        """Who has submitted everything that waits, with one more role."""
        return Actor(self.house.pia.person_id, "Pia", (*self.house.pia.grants, Grant(Role(role))))

    def succeeds(self, do: Callable[[Runtime], object]) -> None:
        """Raises what it was refused with."""
        try:
            do(self._undone)
        except _TakenBack:
            return

    def state(self) -> Any:
        """Another one, once anything was written by anybody."""
        with self.runtime.store.reading() as connection:
            return connection.execute(
                select(
                    select(func.count()).select_from(event).scalar_subquery(),
                    select(func.sum(project.c.version)).scalar_subquery(),
                    select(func.sum(submission.c.version)).scalar_subquery(),
                )
            ).one()

    def project_of(self, number: int) -> str:
        return gates.get_submission(self.runtime, self.house.aud, number, now=NOW)["project"]

    def kept(self, number: int) -> tuple[str, int]:
        """Of a decided submission: the digest of its facts, and a vote."""
        found = gates.get_submission(self.runtime, self.house.aud, number, now=NOW)
        return found["facts_digest"], found["votes"][0]["id"]

    def refusals(self, kind: str) -> int:
        """How many events of this kind there are."""
        with self.runtime.store.reading() as connection:
            query = select(func.count()).select_from(event).where(event.c.kind == kind)
            return connection.execute(query).scalar_one()

    # --- preparing ----------------------------------------------------------------------------

    def _workflow(self) -> Workflow:
        with self.runtime.store.reading() as connection:
            revision = revisions.newest_workflow(connection, "value-realization")
            assert revision is not None
            return self.runtime.catalog.process(connection, revision["digest"]).workflow

    def _person(self, role: Role) -> str:
        email = f"{role.value}@example.org"
        name = role.value.replace("_", " ").title()
        person = people.add_person(self.runtime, OPERATOR, email=email, name=name, now=NOW)
        people.grant_role(self.runtime, OPERATOR, email=email, role=role, portfolio="main", now=NOW)
        return person

    def _stand(self, stage: str) -> Standing:
        quiet = self._project(f"QUIET-{stage}", stage)
        found = Standing(stage, quiet)
        between = {"id": f"{quiet}-O1", "project": quiet, "name": "Orders at night"}
        outcomes.add_outcome(self.runtime, self.house.pia, between, now=NOW)
        found.scope_change = self._rescope(quiet, stage)
        page = PageRequest(limit=100)
        for each in gates.list_submissions(self.runtime, self.house.aud, page, project=quiet).items:
            found.closed[each["gate"]] = each["id"]
        for gate in self.workflow.gates:
            found.waivers[gate.id] = waivers.grant(
                self.runtime,
                self.house.max,
                quiet,
                gate=gate.id,
                criterion=gate.criteria[0].id,
                reason=GO_ON,
                expires_on=date(2027, 1, 31),
                now=NOW,
            )["id"]
            if gate.source == stage:
                waiting = self._put(f"WAITING-{gate.id}", stage)
                found.waiting[gate.id] = self._submit(waiting, gate.id)["id"]
        owed = conditions.list_conditions(
            self.runtime, self.house.aud, page, project=quiet, state="open"
        ).items
        found.condition = owed[0]["id"] if owed else 0
        if stage in (REVIEWED_FROM, self.workflow.final):
            found.review = self._review(self._project(f"REVIEWED-{stage}", stage))
        found.file = evidence_files.hand_in(
            self.runtime,
            self.house.pia,
            quiet,
            filename="case.pdf",
            media_type="application/pdf",
            content=PDF,
            now=NOW,
        )["id"]
        return found

    def _apart(self) -> dict[str, str]:
        """Projects on hold, and ended, from every stage: `on_hold from draft` → its id."""
        return {
            f"{where} from {stage}": self._put(f"{where}-{stage}", where, held_from=stage)
            for stage in self.workflow.live
            for where in (ON_HOLD, TERMINATED)
        }

    def _put(self, name: str, stage: str, *, held_from: str | None = None) -> str:
        """A project that stands there though it never went there, which takes less time."""
        add_project(self.house, name)
        with self.runtime.store.writing() as connection:
            fields = {"stage": stage, "held_from": held_from}
            projects.change(connection, name, 1, fields)
        return name

    def _project(self, name: str, stage: str) -> str:
        add_project(self.house, name)
        report(self.house, f"{name}-K1", {"2026-10-31": 300})
        goal = HELD_FROM if stage in (ON_HOLD, TERMINATED) else stage
        for number, gate in enumerate(self._way(goal)):
            found = self._submit(name, gate)
            for voter in ("sam", "fay", "gus"):
                if found["state"] == "open" and self._decides(voter, gate):
                    found = self._vote(voter, found["id"], conditional=number == 0)
            assert found["state"] == "decided", found["missing"]
        if stage != goal:
            self._move(name, "hold" if stage == ON_HOLD else "kill")
        return name

    def _way(self, goal: str) -> list[str]:
        stages = self.workflow.stages
        return [
            each.id
            for each in self.workflow.gates
            if each.source != each.target and stages.index(each.target) <= stages.index(goal)
        ]

    def _decides(self, voter: str, gate: str) -> bool:
        found = self.workflow.gate(gate)
        assert found is not None
        return any(grant.role in found.roles for grant in self.house.actors[voter].grants)

    def _submit(self, name: str, gate: str) -> Mapping[str, Any]:
        links = [{"name": n, "link": f"https://example.org/{n}"} for n in EVIDENCE.get(gate, ())]
        return gates.submit(self.runtime, self.house.pia, name, gate, provided=links, now=NOW)

    def _vote(self, voter: str, number: int, *, conditional: bool) -> Mapping[str, Any]:
        owed = [{"text": "Contract", "owner": "Olga", "due": date(2027, 6, 30)}]
        ballot = Ballot(
            Answer.CONDITIONAL_GO if conditional else Answer.GO,
            "Good.",
            GO_ON,
            owed if conditional else (),
        )
        return decisions.vote(
            self.runtime, self.house.actors[voter], number, ballot, version=None, now=NOW
        )

    def _move(self, name: str, to_do: str) -> None:
        moves.move(
            self.runtime, self.house.max, name, to_do=to_do, reason=GO_ON, version=None, now=NOW
        )

    def _rescope(self, name: str, stage: str) -> int:
        """A scope change that waits, where the plan is agreed and the project has not ended."""
        with self.runtime.store.reading() as connection:
            found = projects.find(connection, name)
        assert found is not None
        if found["baseline_frozen_at"] is None or stage in (TERMINATED, self.workflow.final):
            return 0
        return scope_changes.propose(
            self.runtime,
            self.house.pia,
            name,
            title="Less",
            reason=GO_ON,
            changes=[{"kind": "kpi", "kpi": f"{name}-K1", "fields": {"target": Decimal(900)}}],
            now=NOW,
        )["id"]

    def _review(self, name: str) -> int:
        """An open review that lacks nothing but its signature."""
        opened = reviews.open_review(self.runtime, self.house.max, name, now=NOW)
        kept = {
            "kpi": f"{name}-K1",
            "follow_up": "keep_measuring",
            "owner": "Olga",
            "until": date(2027, 12, 31),
        }
        said = {"rating": "missed", "summary": "Too early.", "kpis": [kept]}
        reviews.change(self.runtime, self.house.pia, opened["id"], said, version=None, now=NOW)
        return opened["id"]

    def _recommendation(self, name: str) -> int:
        found = recommendations.list_recommendations(
            self.runtime, self.house.aud, PageRequest(), project=name, now=NOW
        ).items
        return found[0]["id"] if found else 0
