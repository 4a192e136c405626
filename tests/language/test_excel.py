"""Who writes as in Excel is told how it is said here, and what they are told is right."""

import pytest

from govern.language.errors import LanguageError
from govern.language.excel import CURES
from govern.language.functions import FUNCTIONS
from govern.language.scopes import KPI, PROJECT
from tests.language.portfolio import checked


def help_for(text: str) -> str:
    with pytest.raises(LanguageError) as raised:
        checked(text, KPI)
    return raised.value.problems[0].help or ""


@pytest.mark.parametrize("name", [name for name in CURES if "." not in name])
def test_a_function_of_excel_is_answered_with_how_it_is_said_here(name: str) -> None:
    assert name not in FUNCTIONS
    assert help_for(f"{name.upper()}(attainment) < 1") == CURES[name]


@pytest.mark.parametrize(
    "example", [cure.split(": ", 1)[1] for cure in CURES.values() if ": " in cure]
)
def test_every_example_is_one(example: str) -> None:
    scope = PROJECT if "kpis" in example else KPI
    checked(example if "= " in example or "< 80% " in example else f"{example} > 0", scope)


def test_a_formula_begins_without_an_equals_sign() -> None:
    assert help_for("=attainment < 90%") == "a condition begins without `=`"
