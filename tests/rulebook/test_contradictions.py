"""Rules that can never fire, always fire, or fire and clear on the same values."""

import pytest

from tests.rulebook.rule_files import HEAD, codes, file, loaded, rule


@pytest.mark.parametrize(
    ("when", "more", "code", "words"),
    [
        ("attainment < 50% and attainment > 80%", "", "E222", "can never fire"),
        ("attainment < 80%", "applies_to: 1 = 2", "E222", "applies to nothing"),
        ("attainment < 80%", "clear_when: actual > 5 and actual < 4", "E222", "never clears"),
        ("attainment < 80% or attainment >= 80%", "", "E223", "would always fire"),
        ("attainment < 80%", "clear_when: attainment >= 75%", "E318", "attainment = 0.75"),
        (
            'attainment < 80% and category = "cost"',
            'applies_to: category = "revenue"',
            "E319",
            "can never fire",
        ),
    ],
)
def test_a_contradiction_is_an_error(when: str, more: str, code: str, words: str) -> None:
    found = loaded(file(rule(when=when, more=more)))
    assert found.rulebook is None
    (problem,) = [each for each in found.problems if each.code == code]
    assert words in problem.message
    assert problem.help
    line = file(rule(when=when, more=more)).splitlines()[problem.place.line - 1]
    start = problem.place.column - 1
    assert line[start : start + problem.place.length].strip("'") in {
        when,
        more.rsplit(": ", maxsplit=1)[-1],
    }


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ("attainment < 80%", "clear_when: attainment >= 80%"),
        ("attainment < 80%", "clear_when: attainment >= 85% or actual > planned"),
        ("streak(attainment < 80%) >= 2", "clear_when: attainment >= 75%"),
        ("attainment < 80%", 'applies_to: category in ("cost", "revenue")'),
    ],
)
def test_what_can_hold_is_not_refused(when: str, more: str) -> None:
    assert codes(file(rule(when=when, more=more))) == []


def test_bounds_from_parameters_are_compared() -> None:
    text = file(
        rule(when="attainment < act", more="clear_when: attainment >= clear"),
        head=HEAD + "params: {act: 80%, clear: 70%}\n",
    )
    assert [code for code, _ in codes(text)] == ["E318"]
