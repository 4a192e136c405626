"""The criteria of a gate, judged on what is known of one project."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from govern.domain.criterion import CriterionResult, Outcome
from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.language.explain import Explanation, explain
from govern.language.frames import PlainRows
from govern.observation.frame import Observations
from govern.observation.one_project import OneProject
from govern.process import scorecards
from govern.process.definition import Criterion, Gate, Unread

_Judge = Callable[[str, Checked], tuple[bool | None, Explanation]]
"""A criterion's id and condition → its value, and why."""

_OUTCOMES = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}


def judge(
    gate: Gate,
    observations: Observations | OneProject,
    scores: Mapping[str, Sequence[Decimal]] | None = None,
) -> tuple[CriterionResult, ...]:
    """One result per criterion, in the file's order, from the project's last row.

    `observations` are of one project; raises `ValueError` for none or several. Frames are judged by
    the column reading, plain rows by the plain one, which say the same. `scores` are what
    people gave, criterion id → one score (0 to 10) of each. A result's `values`
    are what the condition read: names and functions with their values as text, and instead of an
    `every` or `some` that the outcome turned on, what it read of each element that decided it,
    as in `"D-3: count(d.kpis)": "0"`. A criterion that could not be read is unknown, and says why.
    """
    judged = (
        _by_rows(observations)
        if isinstance(observations, OneProject)
        else _by_columns(gate, observations)
    )
    given = scores or {}

    def result(criterion: Criterion) -> CriterionResult:
        match criterion.condition:
            case None:
                return scorecards.judge(criterion, given.get(criterion.id, ()))
            case Unread():
                return _result(criterion, Outcome.UNKNOWN, {}, _unread(criterion.condition))
            case Checked():
                value, why = judged(criterion.id, criterion.condition)
                return _judged(criterion, _OUTCOMES[value], why)

    return tuple(map(result, gate.criteria))


def _by_rows(observed: OneProject) -> _Judge:
    rows = PlainRows(observed.cell, observed.links)

    def judged(criterion: str, condition: Checked) -> tuple[bool | None, Explanation]:
        why = explain(condition, rows, observed.last)
        return (why.value if isinstance(why.value, bool) else None), why

    return judged


def _by_columns(gate: Gate, observations: Observations) -> _Judge:
    projects = observations.projects.get_column("project")
    if projects.n_unique() != 1:
        raise ValueError(f"criteria are judged on one project, not on {projects.n_unique()}")
    last = projects.len() - 1
    conditions = {
        each.id: each.condition for each in gate.criteria if isinstance(each.condition, Checked)
    }
    columns = dict(zip(conditions, evaluate(observations, list(conditions.values())), strict=True))

    def judged(criterion: str, condition: Checked) -> tuple[bool | None, Explanation]:
        return columns[criterion][last], explain(condition, observations, last)

    return judged


def _judged(criterion: Criterion, outcome: Outcome, why: Explanation) -> CriterionResult:
    return _result(criterion, outcome, why.leaves() if outcome is Outcome.MET else _values(why))


def _unread(condition: Unread) -> str:
    return f"with the rules in force it cannot be read: {condition.because}"


def _result(
    criterion: Criterion, outcome: Outcome, values: dict[str, str], because: str | None = None
) -> CriterionResult:
    return CriterionResult(
        id=criterion.id,
        kind=criterion.kind,
        title=criterion.title,
        require=criterion.require or "",
        outcome=outcome,
        values=values,
        otherwise=criterion.otherwise,
        weight=criterion.weight,
        fatal=criterion.fatal,
        because=because,
    )


def _values(why: Explanation) -> dict[str, str]:
    if why.is_leaf:
        return _of_elements(why) or why.leaves()
    found: dict[str, str] = {}
    for child in why.children:
        found |= _values(child)
    return found


def _of_elements(quantified: Explanation) -> dict[str, str]:
    """What was read of the elements that came out as the whole did; nothing where that is noise."""
    if quantified.value is True and quantified.text.startswith(("every ", "all(")):
        return {}
    return {
        f"{element.text}: {name}": value
        for element in quantified.children
        if element.children and element.value is quantified.value
        for name, value in element.children[0].leaves().items()
    }
