"""The state machine that hypothesis drives: what people do to a project, time, and crashes."""

from collections import Counter
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from tests.services.gate_copies import Copies
from tests.services.gate_model import ON_HOLD, TERMINATED, Model
from tests.services.gate_project import PEOPLE
from tests.services.gate_twin import Twin

GATES = ("start", "check", "panel", "finish")
VOTES = ("go", "go", "go", "conditional_go", "abstain", "recycle", "hold", "kill")
MOVES = ("fitting", "fitting", "fitting", "hold", "resume", "kill", "reopen")

people = st.sampled_from(sorted(PEOPLE))
indexes = st.integers(0, 99)
lengths = st.sampled_from([0, 1, 5, 10, 40])
crashes = st.none() | st.integers(1, 25)
"""At which of its statements the process ends, if it does."""


def _one(
    name: str, **given: st.SearchStrategy[Any]
) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(given))


_ACTIONS = {
    "submit": _one("submit", who=st.sampled_from(["pia", "max"]), index=indexes, crash=crashes),
    "help": _one(
        "help",
        answer=st.sampled_from(VOTES),
        index=indexes,
        owed=st.lists(st.sampled_from([0, 2, 9]), min_size=1, max_size=2),
        resume_in=st.none() | st.sampled_from([1, 10]),
        crash=crashes,
    ),
    "vote": _one(
        "vote",
        who=people,
        answer=st.sampled_from(VOTES),
        principal=st.none() | people,
        version=st.sampled_from(["fresh", "fresh", "fresh", "none", "stale"]),
        reasoned=st.sampled_from([True, True, False]),
        owed=st.lists(st.sampled_from([0, 2, 9]), max_size=2),
        resume_in=st.none() | st.sampled_from([1, 10]),
        on=st.sampled_from([-1, -1, -1, -1, 0]),
        is_again=st.sampled_from([False, False, True]),
        crash=crashes,
    ),
    "agree": _one(
        "agree", answer=st.sampled_from(("go", "conditional_go", "conditional_go", "kill"))
    ),
    "delegate": _one(
        "delegate", giver=people, to=people, days=lengths, gate=st.none() | st.sampled_from(GATES)
    ),
    "do_beside": _one(
        "do_beside",
        to_do=st.sampled_from(["waive", "waive", "revoke", "close", "close", "submit", "vote"]),
        who=st.sampled_from(["gus", "gus", "gus", "max", "sam", "pia"]),
        gate=st.sampled_from(["start", "start", "start", "panel", "finish"]),
        criterion=st.sampled_from(["target-set", "affordable", "affordable", "nothing-owed"]),
        days=lengths,
        index=indexes,
        crash=crashes,
    ),
    "move": _one(
        "move",
        who=st.sampled_from(["sam", "gus", "dan", "max"]),
        to_do=st.sampled_from(MOVES),
        resume_in=st.none() | st.sampled_from([1, 10]),
        crash=crashes,
    ),
    "change_facts": _one(
        "change_facts",
        what=st.sampled_from(["target", "budget", "budget", "reading"]),
        number=st.sampled_from([None, 50, 1000, 9000]),
        who=st.sampled_from(["fay", "bo", "max"]),
    ),
    "pass_time": _one(
        "pass_time",
        days=st.sampled_from([0, 1, 3, 8, 12, 31]),
        is_seen=st.sampled_from([True, True, True, False]),
        crash=crashes,
    ),
}
_OFTEN = {
    "help": 3,
    "vote": 3,
    "agree": 1,
    "submit": 2,
    "delegate": 1,
    "do_beside": 2,
    "move": 1,
    "change_facts": 4,
    "pass_time": 2,
}
actions = st.sampled_from([name for name, n in _OFTEN.items() for _ in range(n)]).flatmap(
    lambda name: _ACTIONS[name]
)
"""One rule for all: hypothesis leaves rules out of whole examples, and here each lives on the others."""


class Projects(RuleBasedStateMachine):
    """`copies` gives a store with the project in it, for each example."""

    seen: ClassVar[Counter[str]] = Counter()
    """What happened in all examples, how often."""

    def __init__(self, copies: Copies) -> None:
        super().__init__()
        self._place = copies()
        store, furnished = self._place.__enter__()
        self.twin = Twin(store, furnished)

    @property
    def model(self) -> Model:
        return self.twin.model

    @initialize(
        stage=st.sampled_from(["draft", "running", "running", "review"]),
        answer=st.sampled_from(["go", "conditional_go"]),
        is_open=st.booleans(),
    )
    def begin(self, stage: str, answer: str, is_open: bool) -> None:
        """The way to there is taken elsewhere, too; this leaves the steps for what comes after."""
        gates = {"draft": "start", "running": "panel", "review": "finish"}
        while self.model.stage != stage:
            assert self.twin.submit("pia", gates[self.model.stage])
            self.twin.agree(answer)
        if is_open:
            assert self.twin.submit("pia", gates[stage])

    @rule(action=actions)
    def act(self, action: tuple[str, dict[str, Any]]) -> None:
        name, given = action
        if name in ("help", "vote", "agree") and not self.model.open:
            fitting = {"to_do": "fitting", "resume_in": None, "crash": None}
            name, given = {
                ON_HOLD: ("move", {"who": "sam", **fitting}),
                TERMINATED: ("move", {"who": "gus", **fitting}),
            }.get(self.model.stage, ("submit", {"who": "pia", "index": 0, "crash": None}))
        getattr(self, name)(**given)

    # --- before a gate -------------------------------------------------------------------------

    def submit(self, who: str, index: int, crash: int | None) -> None:
        gates = [each.id for each in self.model.gates.values() if each.source == self.model.stage]
        if not gates:
            return
        self.twin.crash_in = crash
        self.twin.submit(who, gates[index % len(gates)])

    def help(
        self, answer: str, index: int, owed: list[int], resume_in: int | None, crash: int | None
    ) -> None:
        """A vote of somebody who is asked for it."""
        found = self.model.open
        assert found is not None
        helpers = sorted(self.model.helpers(found))
        if not helpers:
            return
        who = helpers[index % len(helpers)]
        ways = self.model.helpful(who, found)
        _, principal = ways[index % len(ways)]
        self.twin.crash_in = crash
        self.twin.vote(
            who, answer, principal=principal, owed=owed, resume_in=resume_in, version="none"
        )

    def vote(
        self,
        who: str,
        answer: str,
        principal: str | None,
        version: str,
        reasoned: bool,
        owed: list[int],
        resume_in: int | None,
        on: int,
        is_again: bool,
        crash: int | None,
    ) -> None:
        """A vote of anybody, for anybody, on what they see or saw; now and then a second one."""
        if self.model.open and self.model.open.votes and is_again:
            who, principal = self.model.open.votes[0].who, None
        self.twin.crash_in = crash
        self.twin.vote(
            who,
            answer,
            principal=principal,
            version=version,
            reasoned=reasoned,
            owed=owed,
            resume_in=resume_in,
            on=on,
        )

    def agree(self, answer: str) -> None:
        self.twin.agree(answer)

    # --- beside it -----------------------------------------------------------------------------

    def delegate(self, giver: str, to: str, days: int, gate: str | None) -> None:
        self.twin.delegate(giver, to, days, gate)

    def do_beside(
        self,
        to_do: str,
        who: str,
        gate: str,
        criterion: str,
        days: int,
        index: int,
        crash: int | None,
    ) -> None:
        self.twin.crash_in = crash
        if to_do == "revoke" and self.model.deputies:
            self.twin.revoke(index % len(self.model.deputies))
        elif to_do == "close" and self.twin.owed:
            self.twin.close(who, index % len(self.twin.owed))
        elif to_do == "submit":
            self.twin.submit(who, gate)
        elif to_do == "vote" and self.model.submissions:
            self.twin.vote(who, "go", on=0)
        else:
            self.twin.waive(who, gate, criterion, days)

    def move(self, who: str, to_do: str, resume_in: int | None, crash: int | None) -> None:
        if to_do == "fitting":
            to_do = {"on_hold": "resume", "terminated": "reopen"}.get(self.model.stage, "hold")
        self.twin.crash_in = crash
        self.twin.move(who, to_do, resume_in)

    def change_facts(self, what: str, number: int | None, who: str) -> None:
        if what == "target":
            self.twin.set_target(number)
        elif what == "budget":
            self.twin.set_budget(number)
        else:
            self.twin.report(who)

    def pass_time(self, days: int, is_seen: bool, crash: int | None) -> None:
        """Without a tick time has passed, and nobody has seen yet what is due."""
        self.twin.pass_days(days)
        if is_seen:
            self.twin.crash_in = crash
            self.twin.tick()

    def teardown(self) -> None:
        """Wherever it stands, the project can end; and everything is in the history."""
        try:
            if self.twin.is_sound:
                self.twin.end()
                self.twin.verify()
                assert audit_state(self.twin.runtime, OPERATOR).differences == ()
        finally:
            self.seen.update(self.twin.seen)
            self._place.__exit__(None, None, None)
