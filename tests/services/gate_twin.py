"""A project run twice: by the services on a real database, and by the model. Whatever is done is done
to both, may be interrupted, and leaves both in the same state or is refused by both."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import yaml

from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.domain.role import Role
from govern.services import (
    conditions,
    decisions,
    delegations,
    gates,
    kpis,
    moves,
    projects,
    readings,
    waivers,
)
from govern.services.ballots import Ballot
from govern.services.holds import Until
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.ticking import TickResult, tick
from govern.store.transaction import Store
from tests.services import gate_compare
from tests.services.gate_crash import interrupted
from tests.services.gate_model import Deputy, Model, Owed, Submission, Waiver
from tests.services.gate_project import PEOPLE, PROJECT, WORKFLOW, Furnished, hire
from tests.services.gate_quorum import Vote
from tests.services.house import NOW

T = TypeVar("T")


class Twin:
    """Every method does one thing to both and compares them; `log` says what was done so far."""

    def __init__(self, store: Store, furnished: Furnished) -> None:
        self.store = store
        self.runtime = Runtime(store, furnished.catalog)
        self.actors = dict(furnished.actors)
        self.model = Model(yaml.safe_load(WORKFLOW), PEOPLE)
        self.now = NOW
        self.model.today = self.model.entered = NOW.date()
        self.ids: list[int] = []
        self.versions: list[int] = []
        self.condition_ids: list[int] = []
        self.deputies: list[int] = []
        self.waivers: list[int] = []
        self.acknowledged: list[tuple[int, str, str]] = []
        self.crash_in: int | None = None
        self.number = 0
        self.steps = 0
        self.seen: Counter[str] = Counter()
        self.is_sound = True
        """Whether both were the same when they were last compared."""
        self.compare()

    # --- what people do ------------------------------------------------------------------------

    def submit(self, who: str, gate: str) -> bool:
        why = self.model.may_submit(who, gate)

        def do() -> Record:
            return gates.submit(self.runtime, self.actors[who], PROJECT, gate, now=self.now)

        return self._both(why, do, lambda: self.model.submit(who, gate)) is not None

    def vote(
        self,
        who: str,
        answer: str,
        *,
        principal: str | None = None,
        version: str = "fresh",
        reasoned: bool = True,
        owed: Sequence[int] = (),
        resume_in: int | None = None,
        on: int = -1,
    ) -> bool:
        """`owed` and `resume_in` are days from now; `on` is an index of the submissions."""
        found, submission = self.model.submissions[on], self.ids[on]
        dues = tuple(self.model.today + timedelta(days=each) for each in owed)
        resume_on = None if resume_in is None else self.model.today + timedelta(days=resume_in)
        if answer != "conditional_go":
            dues = ()
        if answer != "hold":
            resume_on = None
        why = self.model.may_vote(
            who, found, answer, principal, version=version, reasoned=reasoned, owed=dues
        )
        current = self.versions[on]
        ballot = Ballot(
            Answer(answer),
            "Because.",
            "Known." if reasoned else None,
            [{"text": f"By {due}", "owner": "Fay", "due": due} for due in dues],
            resume_on,
        )
        changed = found.state == "open" and self.model.changed(found)

        def do() -> Record:
            return decisions.vote(
                self.runtime,
                self.actors[who],
                submission,
                ballot,
                on_behalf_of=None if principal is None else self.actors[principal].person_id,
                version={"none": None, "fresh": current, "stale": current - 1}[version],
                now=self.now,
            )

        def cast() -> None:
            ways = self.model.ways(who, found)
            roles, voted_for = next(x for x in ways if principal is None or x[1] == principal)
            self.model.vote(found, Vote(who, voted_for, roles, answer, dues, resume_on))

        def stale(code: str) -> None:
            # What has changed is kept, for the next to vote on; a version that was old keeps nothing.
            if code == "stale-version" and version == "fresh" and changed:
                self.model.refresh(found)

        done = self._both(why, do, cast, stale)
        if done is not None:
            self.acknowledged.append((submission, self.actors[who].person_id, answer))
            assert any(
                each["person"].lower() == who and each["decision"] == answer
                for each in done["votes"]
            ), done["votes"]
        return done is not None

    def move(self, who: str, to_do: str, resume_in: int | None = None) -> bool:
        resume_on = None
        if to_do == "hold" and resume_in is not None:
            resume_on = self.model.today + timedelta(days=resume_in)

        def do() -> Record:
            return moves.move(
                self.runtime,
                self.actors[who],
                PROJECT,
                to_do=to_do,
                reason="Because.",
                until=Until(on=resume_on),
                version=None,
                now=self.now,
            )

        why = self.model.may_move(who, to_do)
        return self._both(why, do, lambda: self.model.move(to_do, resume_on)) is not None

    def close(self, who: str, index: int) -> bool:
        number, found, owed = self.owed[index]
        why = set[str]()
        if not self.model.roles[who] & {"sponsor", "finance", "gatekeeper"}:
            why.add("not-allowed")
        if not owed.is_open:
            why.add("condition-closed")

        def do() -> Record:
            return conditions.close_condition(
                self.runtime,
                self.actors[who],
                number,
                evidence="It is there.",
                version=None,
                now=self.now,
            )

        return self._both(why, do, lambda: self.model.close(found, owed)) is not None

    def delegate(self, giver: str, to: str, days: int, gate: str | None = None) -> bool:
        first, last = self.model.today, self.model.today + timedelta(days=days)
        why = set[str]()
        if to == giver:
            why.add("invalid-input")
        if any(
            (each.giver, each.to) == (to, giver)
            and not each.revoked
            and each.first <= last
            and first <= each.last
            for each in self.model.deputies
        ):
            why.add("delegation-circle")

        def do() -> Record:
            return delegations.delegate(
                self.runtime,
                self.actors[giver],
                to=self.actors[to].person_id,
                starts_on=first,
                ends_on=last,
                reason="On leave.",
                gate=gate,
                now=self.now,
            )

        given = Deputy(giver, to, first, last, gate)
        if done := self._both(why, do, lambda: self.model.deputies.append(given)):
            self.deputies.append(done["id"])
        return done is not None

    def revoke(self, index: int) -> bool:
        given = self.model.deputies[index]

        def do() -> Record:
            return delegations.revoke(
                self.runtime,
                self.actors[given.giver],
                self.deputies[index],
                reason="Back.",
                version=None,
                now=self.now,
            )

        def done() -> None:
            given.revoked = True

        return self._both({"invalid-input"} if given.revoked else set(), do, done) is not None

    def waive(self, who: str, gate: str, criterion: str, days: int) -> bool:
        asked, why = self.model.gates[gate], set[str]()
        last = self.model.today + timedelta(days=days)
        if not self.model.roles[who] & set(asked.waive):
            why.add("not-allowed")
        if criterion not in (*asked.must, *asked.should):
            why.add("invalid-input")
        if any(
            (each.gate, each.criterion) == (gate, criterion)
            and not each.revoked
            and self.model.today <= each.last
            for each in self.model.waivers
        ):
            why.add("duplicate")
        waiting = self.model.open
        waiting = waiting if waiting and waiting.gate == gate else None
        if waiting and waiting.by == who:
            why.add("separation-of-duties")

        def do() -> Record:
            return waivers.grant(
                self.runtime,
                self.actors[who],
                PROJECT,
                gate=gate,
                criterion=criterion,
                reason="Known.",
                expires_on=last,
                now=self.now,
            )

        def done() -> None:
            self.model.waivers.append(Waiver(gate, criterion, last))
            if waiting:
                self.model.refresh(waiting)

        if given := self._both(why, do, done):
            self.waivers.append(given["id"])
        return given is not None

    # --- what changes by itself ----------------------------------------------------------------

    def set_target(self, value: int | None) -> None:
        def do() -> Record:
            fields = {"target": None if value is None else Decimal(value)}
            return kpis.change_kpi(
                self.runtime, self.actors["pia"], "P1-K1", fields, version=None, now=self.now
            )

        def done() -> None:
            self.model.facts.target = value

        self._both(set(), do, done)

    def set_budget(self, value: int | None) -> None:
        def do() -> Record:
            fields = {"budget": None if value is None else Decimal(value)}
            return projects.change_project(
                self.runtime, self.actors["pia"], PROJECT, fields, version=None, now=self.now
            )

        def done() -> None:
            self.model.facts.budget = value

        self._both(set(), do, done)

    def report(self, who: str) -> None:
        self.number += 1
        reading = {
            "kpi": "P1-K1",
            "period": date(2026, 10, 31),
            "actual": Decimal(self.number),
            "reason": "Counted again.",
        }

        def do() -> list[Record]:
            return readings.record_readings(self.runtime, self.actors[who], [reading], now=self.now)

        self._both(set(), do, lambda: self.model.reporters.add(who))

    def pass_days(self, days: int) -> bool:
        """Time goes on; nobody looks yet what is due."""
        self.model.today += timedelta(days=days)
        if days:
            self.now = datetime.combine(self.model.today, NOW.timetz())
        self.compare()
        return True

    def tick(self) -> bool:
        def do() -> TickResult:
            result = tick(self.runtime, OPERATOR, now=self.now)
            assert result.failed == ()
            return result

        self._both(set(), do, self.model.tick, whole=False)
        again = tick(self.runtime, OPERATOR, now=self.now)
        assert (again.done, again.failed) == ((), ())
        return True

    def grant(self, name: str, role: str) -> None:
        """Somebody new is given a role, as an administrator would where nobody is left."""
        self.actors[name] = hire(self.runtime, name, [Role(role)])
        self.model.roles[name] = frozenset({role})

    # --- doing a thing to both -----------------------------------------------------------------

    def _both(
        self,
        why: set[str],
        do: Callable[[], T],
        then: Callable[[], None],
        refused_then: Callable[[str], None] = lambda _: None,
        *,
        whole: bool = True,
    ) -> T | None:
        """`why` it is refused, by any of these codes; done by both where that is empty."""
        self.now += timedelta(minutes=1)
        after, self.crash_in = self.crash_in, None
        self.is_sound = False
        result: T | None = None
        code: str | None = None
        try:
            result = self._interrupted(do, after, whole) if after else do()
        except Refusal as refused:
            code = refused.code
        name = do.__qualname__.split(".")[1]
        self.seen[f"{name}: {code or 'done'}"] += 1
        assert code in (why or {None}), (name, code, why)
        if code is None:
            then()
        else:
            refused_then(code)
        self.compare()
        return result

    def _interrupted(self, do: Callable[[], T], after: int, whole: bool) -> T:
        result, crashed = interrupted(self.store, do, after, whole=whole)
        self.seen["crashed" if crashed else "ended before it could crash"] += 1
        return result

    # --- comparing -----------------------------------------------------------------------------

    def compare(self) -> None:
        found = gate_compare.read(self.store, PROJECT)
        self.ids = [each["id"] for each in found.submissions]
        self.versions = [each["version"] for each in found.submissions]
        self.condition_ids = [each["id"] for each in found.conditions]
        names = list(self.actors)
        asking = {names[self.steps % len(names)], names[(self.steps + 5) % len(names)]}
        gate_compare.compare(self.model, self.runtime, self.actors, found, asking, self.now)
        self.steps += 1
        self.is_sound = True
        waiting = f" before {self.model.open.gate}" if self.model.open else ""
        self.seen[f"in {self.model.stage} from {self.model.held_from}{waiting}"] += 1
        cast = {(v["submission_id"], v["person_id"], v["decision"]) for v in found.votes}
        assert cast.issuperset(self.acknowledged), "an acknowledged vote is lost"

    @property
    def owed(self) -> list[tuple[int, Submission, Owed]]:
        """Every condition of a conditional go, by its number."""
        all_owed = [(found, owed) for found in self.model.submissions for owed in found.owed]
        return [(n, *each) for n, each in zip(self.condition_ids, all_owed, strict=True)]

    def verify(self) -> None:
        happened = gate_compare.verify(self.runtime, PROJECT, self.acknowledged)
        self.seen.update({f"event {kind}": number for kind, number in happened.items()})

    def end(self) -> None:
        """Brings the project to an end, by what its people can do and what they are told."""
        self.crash_in = None
        self.agree("go")
        if not self.model.ended:
            deciders = {
                role
                for gate in self.model.gates.values()
                if gate.source in (self.model.stage, self.model.held_from)
                for role in gate.roles
            }
            assert self.move(min(self.model.holders(frozenset(deciders))), "kill")
        assert self.model.ended

    def agree(self, answer: str) -> bool:
        """Everybody who can help the open gate votes the same, until it is decided."""
        while found := self.model.open:
            helpers = sorted(self.model.helpers(found))
            who = helpers[0] if helpers else self.unblock(found)
            _, principal = self.model.helpful(who, found)[0]
            assert self.vote(who, answer, principal=principal, version="none", owed=[2])
        return True

    def unblock(self, found: Submission) -> str:
        """Nobody is left who can help: what is told then is that a role is to be granted."""
        view = gates.get_submission(
            self.runtime,
            self.actors["aud"],
            self.ids[self.model.submissions.index(found)],
            now=self.now,
        )
        missing = view["missing"][0]
        assert missing["unblock"], missing
        self.number += 1
        name = f"new{self.number}"
        self.grant(name, missing["role"])
        self.compare()
        return name
