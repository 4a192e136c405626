"""`docs/language.md` names all there is, and every condition in it is one."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from govern.language.analysis import is_never_false, is_never_true
from govern.language.codes import CODES
from govern.language.errors import LanguageError
from govern.language.functions import FUNCTIONS
from govern.language.history_columns import COLUMNS
from govern.language.past import LONGEST_HISTORY
from govern.language.scopes import CONTRIBUTION, KPI, PROJECT, SCOPES, Scope
from govern.language.types import BOOLEAN
from tests.language.portfolio import PARAMS, checked

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text()
CONDITIONS = re.findall(r"```condition (\w+)\n(.*?)\n```", PAGE, re.DOTALL)


@pytest.mark.parametrize("scope", SCOPES.values(), ids=lambda scope: scope.name)
def test_every_name_is_documented(scope: Scope) -> None:
    section = PAGE.split(f"### Names on a {scope.noun}\n")[1].split("\n#")[0]
    rows = [
        f"| `{field.name}` | {field.type} | {field.doc} |" for field in scope.fields.values()
    ] + [
        f"| `{found.name}` | a list of {SCOPES[found.element].noun}s | {found.doc} |"
        for found in scope.collections.values()
    ]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows


def test_every_function_is_documented() -> None:
    section = PAGE.split("## Functions\n")[1]
    rows = [f"| `{each.usage}` | {each.doc} |" for each in FUNCTIONS.values()]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows
    assert f"at most {LONGEST_HISTORY}" in PAGE
    assert f"`{CONTRIBUTION.name}`" in PAGE


def test_every_history_function_has_a_column_reading() -> None:
    history = {name for name, each in FUNCTIONS.items() if each.scopes}
    assert history == set(COLUMNS)


@pytest.mark.parametrize(("scope", "text"), CONDITIONS)
def test_every_condition_shown_is_one(scope: str, text: str) -> None:
    assert checked(text, SCOPES[scope]).problems == ()


EXCEL = PAGE.split("## From Excel")[1].split("\n## ")[0]
SHOWN = [
    text
    for line in EXCEL.splitlines()[4:]
    for text in re.findall(r"`([^`]+)`", line.split("|")[2] if line.count("|") > 2 else "")
    if "…" not in text
]


@pytest.mark.parametrize("text", SHOWN)
def test_every_translation_from_excel_is_a_condition(text: str) -> None:
    checked(text, SCOPES["project" if "kpis" in text else "kpi"])


def test_something_was_found_to_check() -> None:
    assert len(CONDITIONS) >= 5
    assert len(SHOWN) >= 10


ERRORS = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
EXAMPLES = {
    code: (text, PROJECT if mark else KPI)
    for code, text, mark in re.findall(
        r"^\| `(E2\d\d)` \| .+? \| `([^`]+)`( \(project\))?[^|`]* \| [^|]+ \|$",
        ERRORS,
        re.MULTILINE,
    )
}


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_code_gives_it(code: str) -> None:
    text, scope = EXAMPLES[code]
    assert code in codes_of(text, scope)


def codes_of(text: str, scope: Scope) -> list[str]:
    params = {"target": Decimal(1)} if text.startswith("target") else PARAMS
    try:
        found = checked(text, scope, params, BOOLEAN)
    except LanguageError as error:
        return [problem.code for problem in error.problems]
    never = ["E222"] if is_never_true(found) else ["E223"] if is_never_false(found) else []
    return [problem.code for problem in found.problems] + never
