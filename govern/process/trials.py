"""Runs the tests that stand with the gates of a workflow, through the same judging as a submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from govern.documents.source import Place
from govern.domain.criterion import CriterionKind, CriterionResult, Outcome
from govern.domain.given import AS_OF, Given, GivenKpi
from govern.language.table import Table
from govern.observation.given import observed
from govern.process import advice, criteria, evidence, waivers
from govern.process.conditions import NO_TABLES, with_tables
from govern.process.definition import Gate, GateTest, Workflow

ADVICE: Final = "the advice"
"""Stands beside the criteria in expected and found; no criterion can have this id."""

_WAIVED: Final = "in this test"
_BARE: Final = Given(
    name="nothing is known",
    as_of=AS_OF,
    periods=1,
    project={},
    kpis=(GivenKpi({"direction": None}, None, None),),
    deliverables=({},),
    conditions=({},),
    recommendations=({},),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion (or `advice`) that came out otherwise, and what it read or rests on."""

    name: str
    expected: str
    found: str
    seen: str


@dataclass(frozen=True, slots=True)
class TrialResult:
    """`expected` and `found` are criterion id → outcome, for those that the test names, and
    `advice` → what is advised."""

    workflow: str
    gate: str
    test: str
    place: Place
    expected: Mapping[str, str]
    found: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Lacking:
    """A must-meet criterion that no test shows with these outcomes."""

    workflow: str
    gate: str
    criterion: str
    outcomes: tuple[Outcome, ...]
    place: Place


def run(workflow: Workflow, tables: Mapping[str, Table] = NO_TABLES) -> list[TrialResult]:
    """The results of all tests, in the order of the file. `tables` are what criteria may read."""
    gates = [with_tables(gate, tables) for gate in workflow.gates]
    return [_run(workflow, gate, test) for gate in gates for test in gate.tests]


def lacking(workflow: Workflow, tables: Mapping[str, Table] = NO_TABLES) -> list[Lacking]:
    """The must-meet criteria of which no test shows each way they can come out.

    Whether one can be unknown is tried on a project of which nothing is known.
    """
    found: list[Lacking] = []
    for gate in workflow.gates:
        readable = with_tables(gate, tables)
        results = criteria.judge(readable, observed([(0, _BARE)], AS_OF))
        unknown = {each.id for each in results if each.outcome is Outcome.UNKNOWN}
        for criterion in readable.of(CriterionKind.MUST):
            shown = {test.expect.get(criterion.id) for test in gate.tests}
            needed = [Outcome.MET, Outcome.NOT_MET]
            if criterion.id in unknown:
                needed.append(Outcome.UNKNOWN)
            missing = tuple(each for each in needed if each not in shown)
            if missing:
                found.append(Lacking(workflow.id, gate.id, criterion.id, missing, criterion.place))
    return found


def _run(workflow: Workflow, gate: Gate, test: GateTest) -> TrialResult:
    brought = set(gate.evidence if test.evidence is None else test.evidence)
    results = waivers.apply(
        (
            *criteria.judge(gate, observed([(0, test)], test.as_of), test.scores),
            *evidence.judge(gate, brought),
        ),
        dict.fromkeys(test.waived, _WAIVED),
    )
    outcomes = {each.id: each for each in results}
    advised = advice.advise(results, gate)
    expected = {name: outcome.value for name, outcome in test.expect.items()}
    found = {name: outcomes[name].outcome.value for name in expected}
    differences = [
        Difference(name, expected[name], found[name], _seen(outcomes[name]))
        for name in expected
        if expected[name] != found[name]
    ]
    if test.advice is not None:
        expected[ADVICE], found[ADVICE] = test.advice.value, advised.decision.value
        if test.advice is not advised.decision:
            because = " ".join(advised.because)
            differences.append(Difference(ADVICE, expected[ADVICE], found[ADVICE], because))
    return TrialResult(
        workflow=workflow.id,
        gate=gate.id,
        test=test.name,
        place=test.place,
        expected=expected,
        found=found,
        differences=tuple(differences),
    )


def _seen(result: CriterionResult) -> str:
    values = "; ".join(f"{name} = {value}" for name, value in result.values.items())
    return result.because or values or "nothing"
