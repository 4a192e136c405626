"""Changing a parameter changes its text and nothing else of the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.rulebook.load import load, load_sources
from govern.rulebook.retuning import settings_of, with_settings

SHIPPED = load(Path(__file__).parents[2] / "rules").rulebook
assert SHIPPED is not None
SETTINGS = sorted(
    {each for rule in SHIPPED.rules for each in settings_of(SHIPPED, rule)}, key=lambda one: one.key
)
LAYERED = {
    "params.yaml": "schema: govern/params/v1\nparams: {limit: 90%, other: 3}\n"
    "portfolios: {north: {limit: 80%}}\n",
    "a/rules.yaml": "schema: govern/rules/v1\narea: a\nowner: x@example.org\nparams: {own: 10%}\n"
    "rules:\n  - id: r\n    title: R\n    when: attainment < limit or attainment < own\n"
    "    severity: red\n    message: M\n",
}


def test_the_shipped_rules_have_settings() -> None:
    assert len(SETTINGS) > 10
    for each in SETTINGS:
        line = SHIPPED.sources[each.path].splitlines()[each.line - 1]
        assert each.name in line
        assert each.text in line


@given(st.sampled_from(SETTINGS), st.integers(1, 10_000))
def test_nothing_but_the_value_changes(setting: object, value: int) -> None:
    key, path, text = setting.key, setting.path, setting.text  # type: ignore[attr-defined]
    changed = with_settings(SHIPPED.sources, {key: str(value)})
    assert {name for name in changed if changed[name] != SHIPPED.sources[name]} <= {path}
    back = with_settings(changed, {key: text})
    assert back == dict(SHIPPED.sources)


def test_what_a_folder_and_a_portfolio_set_is_found() -> None:
    rulebook = load_sources(LAYERED).rulebook
    assert rulebook is not None
    found = {
        (each.path, each.portfolio, each.name): each
        for each in settings_of(rulebook, rulebook.rules[0])
    }
    assert set(found) == {
        ("a/rules.yaml", None, "own"),
        ("params.yaml", None, "limit"),
        ("params.yaml", "north", "limit"),
    }
    key = found["params.yaml", "north", "limit"].key
    assert with_settings(LAYERED, {key: "75%"})["params.yaml"] == LAYERED["params.yaml"].replace(
        "80%", "75%"
    )


@pytest.mark.parametrize("value", ["", " ", "1\n2", "1 # x", "a: b"])
def test_what_would_change_more_than_a_value_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=SETTINGS[0].key.replace("|", r"\|")):
        with_settings(SHIPPED.sources, {SETTINGS[0].key: value})
