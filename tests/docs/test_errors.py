"""`docs/errors.md` shows every code of a problem by an example that gives it, and the cure beside it."""

import pytest

from govern.catalogue import codes as catalogue_codes
from govern.documents import codes as documents_codes
from govern.intake import codes as intake_codes
from govern.process import codes as process_codes
from govern.process.load import load as load_workflows
from govern.rulebook import codes as rulebook_codes
from govern.rulebook.load import load as load_rules
from govern.rulebook.trials import run
from tests.docs.errors import (
    PAGE,
    RULES,
    TODAY,
    WORKFLOWS,
    Example,
    directory_with,
    examples,
    problems_of,
    problems_when_cured,
    sound_files,
)

TEXT = PAGE.read_text(encoding="utf-8")
FILES = sound_files(TEXT)
EXAMPLES = list(examples(TEXT))
# Those of conditions are shown in their table: tests/language/test_documentation.py.
CODES = [
    *documents_codes.CODES,
    *rulebook_codes.CODES,
    *process_codes.CODES,
    *catalogue_codes.CODES,
    *intake_codes.CODES,
]


def test_every_code_has_an_example() -> None:
    assert [example.code for example in EXAMPLES] == CODES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_the_example_of_a_code_gives_it_and_nothing_else(example: Example) -> None:
    assert problems_of(example, FILES) == list(example.told)


@pytest.mark.parametrize("code", CODES)
def test_what_to_do_is_said(code: str) -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{code}` |")]
    assert row.split(" | ")[-1].removesuffix(" |").strip()


@pytest.mark.parametrize(
    "example",
    [each for each in EXAMPLES if each.kind == "diff"],
    ids=lambda example: example.code,
)
def test_the_cure_of_a_code_leaves_no_problem(example: Example) -> None:
    assert problems_when_cured(example, FILES) == []


def test_the_files_have_no_problem() -> None:
    with directory_with(FILES):
        rules = load_rules(RULES, today=TODAY)
        assert rules.problems == ()
        assert load_workflows(WORKFLOWS, rules.readable).problems == ()
        assert rules.rulebook is not None
        assert all(result.passed for result in run(rules.rulebook))
