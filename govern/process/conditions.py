"""The conditions of a workflow's criteria, parsed and checked against a project."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from govern.documents.node import Scalar
from govern.documents.problem import Level, Problem
from govern.documents.shape import Fields
from govern.documents.source import Place
from govern.language.analysis import is_never_false, is_never_true
from govern.language.check import Checked, check
from govern.language.errors import LanguageError
from govern.language.parse import parse
from govern.language.scopes import PROJECT
from govern.language.table import Table
from govern.language.types import BOOLEAN
from govern.process import shapes
from govern.process.check import criteria
from govern.process.definition import Criterion, Gate, Unread, Workflow

NO_TABLES: Final[Mapping[str, Table]] = MappingProxyType({})

Conditions = dict[Place, Checked | Unread]
"""By the place of their criterion."""


def check_conditions(
    workflow: Fields, problems: list[Problem], tables: Mapping[str, Table] | None
) -> Conditions:
    """The conditions that are right; adds what is wrong.

    Where the decision tables are not known (`None`), a condition that is not right without any is
    unread, and whether others can be met at all is not asked.
    """
    found: Conditions = {}
    for gate in workflow.get(shapes.GATES) or ():
        for criterion in criteria(gate):
            if (text := criterion.get(shapes.REQUIRE)) is not None:
                condition = _read(text, problems, tables)
                if condition is not None:
                    found[criterion.node.place] = condition
        problems += _contradictions(gate, found)
    return found


def with_tables(gate: Gate, tables: Mapping[str, Table]) -> Gate:
    """The gate with its unread criteria checked against these tables; those that do not fit them
    stay unread and say why."""
    return replace(gate, criteria=tuple(_reread(each, tables) for each in gate.criteria))


def misfits(
    workflow: Workflow, before: Mapping[str, Table], after: Mapping[str, Table]
) -> list[Problem]:
    """A problem for each criterion that can be read with the tables `before`, not with those
    `after`."""
    return [
        Problem(
            "E417",
            f"the criterion '{criterion.id}' of the gate '{gate.id}' (workflow '{workflow.id}', "
            f"version {workflow.version}) could not be read with these rules: {why.because}",
            criterion.place,
            "keep the table with its outputs and their values as long as projects are under way "
            "in that version",
        )
        for gate in workflow.gates
        for criterion, had, why in zip(
            gate.criteria,
            (each.condition for each in with_tables(gate, before).criteria),
            (each.condition for each in with_tables(gate, after).criteria),
            strict=True,
        )
        if isinstance(had, Checked) and isinstance(why, Unread)
    ]


def _read(
    text: Scalar, problems: list[Problem], tables: Mapping[str, Table] | None
) -> Checked | Unread | None:
    try:
        expression = parse(text.text, text)
    except LanguageError as error:
        problems += error.problems
        return None
    try:
        condition = check(expression, PROJECT, expect=BOOLEAN, tables=tables)
    except LanguageError as error:
        if tables is None:
            return Unread(expression, _first(error))
        problems += error.problems
        return None
    problems += condition.problems
    if tables is not None:
        problems += _pointless(condition)
    return condition


def _reread(criterion: Criterion, tables: Mapping[str, Table]) -> Criterion:
    if not isinstance(criterion.condition, Unread):
        return criterion
    expression = criterion.condition.expression
    try:
        found = check(expression, PROJECT, expect=BOOLEAN, tables=tables)
    except LanguageError as error:
        found = Unread(expression, _first(error))
    return replace(criterion, condition=found)


def _first(error: LanguageError) -> str:
    return next(each.message for each in error.problems if each.level is Level.ERROR)


def _contradictions(gate: Fields, found: Conditions) -> Iterator[Problem]:
    """Pairs of must-meet criteria that exclude each other: nobody can pass the gate."""
    both = gate.get(shapes.CRITERIA)
    must = (both.get(shapes.MUST) if both else None) or ()
    read = [
        (each, condition)
        for each in must
        if isinstance(condition := found.get(each.node.place), Checked)
        and not is_never_true(condition)
    ]
    for number, (later, condition) in enumerate(read):
        for earlier, other in read[:number]:
            if is_never_true(other, condition):
                yield Problem(
                    "E434",
                    f"nobody can pass the gate: '{later.get(shapes.CRITERION_ID)}' is never met "
                    f"where '{earlier.get(shapes.CRITERION_ID)}' is",
                    later.place(shapes.REQUIRE),
                    "take one of the two out, or change its bounds",
                )


def _pointless(condition: Checked) -> Iterator[Problem]:
    start, end = condition.tree.span
    place = condition.expression.origin.at(start, max(1, end - start))
    if is_never_true(condition):
        what = "the criterion can never be met"
        yield Problem("E222", what, place, "its bounds contradict each other")
    elif is_never_false(condition):
        what = "the criterion is met whenever it is known: it decides nothing"
        helps = "leave out the part that is always true; whether a value is known is != null"
        yield Problem("E223", what, place, helps)
