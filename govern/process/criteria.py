"""The criteria of a gate, judged on what is known of one project."""

from govern.domain.criterion import CriterionResult, Outcome
from govern.language.columns import evaluate
from govern.language.explain import Explanation, explain
from govern.observation.frame import Observations
from govern.process.definition import Criterion, Gate

_OUTCOMES = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}


def judge(gate: Gate, observations: Observations) -> tuple[CriterionResult, ...]:
    """One result per criterion, in the file's order, from the project's last row.

    `observations` are of one project; raises `ValueError` for none or several. A result's `values`
    are what the condition read: names and functions with their values as text, and instead of an
    `every` or `some` that the outcome turned on, what it read of each element that decided it,
    as in `"D-3: count(d.kpis)": "0"`.
    """
    projects = observations.projects.get_column("project")
    if projects.n_unique() != 1:
        raise ValueError(f"criteria are judged on one project, not on {projects.n_unique()}")
    last = projects.len() - 1
    decided = evaluate(observations, [criterion.condition for criterion in gate.criteria])
    return tuple(
        _result(
            criterion, _OUTCOMES[column[last]], explain(criterion.condition, observations, last)
        )
        for criterion, column in zip(gate.criteria, decided, strict=True)
    )


def _result(criterion: Criterion, outcome: Outcome, why: Explanation) -> CriterionResult:
    return CriterionResult(
        id=criterion.id,
        kind=criterion.kind,
        title=criterion.title,
        require=criterion.require,
        outcome=outcome,
        values=why.leaves() if outcome is Outcome.MET else _values(why),
        otherwise=criterion.otherwise,
        weight=criterion.weight,
        fatal=criterion.fatal,
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
