"""The conditions of a workflow's criteria, parsed and checked against a project."""

from govern.documents.node import Scalar
from govern.documents.problem import Problem
from govern.documents.shape import Fields
from govern.documents.source import Place
from govern.language.check import Checked, check
from govern.language.errors import LanguageError
from govern.language.parse import parse
from govern.language.scopes import PROJECT
from govern.language.types import BOOLEAN
from govern.process import shapes
from govern.process.check import criteria


def check_conditions(workflow: Fields, problems: list[Problem]) -> dict[Place, Checked]:
    """The conditions that are right, by the place of their criterion; adds what is wrong."""
    checked: dict[Place, Checked] = {}
    for gate in workflow.get(shapes.GATES) or ():
        for criterion in criteria(gate):
            if (text := criterion.get(shapes.REQUIRE)) is not None:
                condition = _checked(text, problems)
                if condition is not None:
                    checked[criterion.node.place] = condition
    return checked


def _checked(text: Scalar, problems: list[Problem]) -> Checked | None:
    try:
        condition = check(parse(text.text, text), PROJECT, expect=BOOLEAN)
    except LanguageError as error:
        problems += error.problems
        return None
    problems += condition.problems
    return condition
