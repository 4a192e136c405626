"""Every problem: its code, the characters it points at, and the help it gives."""

from decimal import Decimal

import pytest

from govern.documents.node import Mapping, Scalar
from govern.documents.problem import Level
from govern.documents.source import Source
from govern.documents.yaml import load
from govern.language.check import check
from govern.language.codes import CODES
from govern.language.errors import LanguageError
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.scopes import DELIVERABLE, KPI, PROJECT, Scope
from govern.language.types import BOOLEAN, NUMBER, Type
from tests.language.portfolio import checked

NESTED = "actual"
for _ in range(16):
    NESTED = f"(if {NESTED} between 1 and 2 then 1 else 2)"

CASES = [
    # text, scope, code, the characters pointed at, a part of message and help
    ("", KPI, "E200", "", "empty"),
    ("  // nothing", KPI, "E200", " ", "empty"),
    ("attainment <", KPI, "E201", "", "expected a value, found the end"),
    ("attainment 80%", KPI, "E201", "80", "expected an operator or the end, found `80`"),
    ("attainment < 80% AND true", KPI, "E201", "AND", "write `and` in small letters"),
    ("not attainment < 80%", KPI, "E201", "attainment", "not(…)"),
    ("actual > 1,000", KPI, "E201", ",", "without separators"),
    ("actual > = 5", KPI, "E201", "=", "write `>=`"),
    ("actual % 5 = 1", KPI, "E201", "%", "behind a number"),
    ("(actual > 5", KPI, "E201", "", "expected `)`"),
    ("actual between 1 or 2", KPI, "E201", "or", "expected `and`"),
    ("actual in [1..2", KPI, "E201", "", "`]` or `)`"),
    ("if true then actual > 5", KPI, "E201", "", "`else`"),
    ("every d in deliverables", KPI, "E201", "", "`satisfies`"),
    ("every in deliverables satisfies true", KPI, "E201", "in", "a name for the element"),
    ("actual in (< 5..6)", KPI, "E201", "..", "expected"),
    ('unit = "EUR', KPI, "E202", '"EUR', "close it"),
    ("actual > 5 /* later", KPI, "E202", "/* later", "`*/`"),
    ('period > @"2026-01-01', KPI, "E202", '@"2026-01-01', "not closed"),
    ("unit = 'EUR'", KPI, "E203", "'", "double quotes"),
    ("unit = “EUR”", KPI, "E203", "“", "double quotes"),
    ("actual > 80x", KPI, "E203", "80x", "neither a number nor a name"),
    ("actual > 5€", KPI, "E203", "€", "means nothing"),
    ('unit = "\ud800"', KPI, "E203", '"\ud800"', "half of a surrogate pair"),
    ('unit = "\\udc00"', KPI, "E203", '"\\udc00"', "both halves"),
    ("actual > 0.1234567890123456", KPI, "E203", "0.1234567890123456", "15 significant digits"),
    ('period > @"2026-02-30"', KPI, "E204", '@"2026-02-30"', "not a date that exists"),
    ('period > @"31.03.2026"', KPI, "E204", '@"31.03.2026"', "year-month-day"),
    ("period > @2026", KPI, "E204", "@", '@"2026-03-31"'),
    ("1 < actual < 5", KPI, "E205", "<", "a < b and b < c"),
    ("actual = 1 in (2, 3)", KPI, "E205", "in", "cannot follow a comparison"),
    ("actual > 1 && true", KPI, "E206", "&&", "write `and`"),
    ("actual > 1 || true", KPI, "E206", "||", "write `or`"),
    ("actual == 1", KPI, "E206", "==", "write `=`"),
    ("actual <> 1", KPI, "E206", "<>", "write `!=`"),
    ("actual ≤ 1", KPI, "E206", "≤", "write `<=`"),
    ("!cumulative", KPI, "E206", "!", "not(…)"),
    ("actual ** 2 > 1", KPI, "E206", "**", "repeated *"),
    ("(" * 60 + "true" + ")" * 60, KPI, "E207", "(", "50 levels"),
    ("-" * 60 + "1 = 1", KPI, "E207", "-", "50 levels"),
    ("1 = 1" + " + 1" * 200, KPI, "E207", None, "50 levels"),
    (NESTED + " = 1", KPI, "E207", "if", "more than 50000 steps"),
    ("some k in kpis satisfies " * 4 + "true", PROJECT, "E207", "some k", "3 lists within"),
    ("true" + " " * 10_000, KPI, "E207", "t", "10004 characters"),
    ("atainment < 1", KPI, "E210", "atainment", "did you mean 'attainment'"),
    ("category = revenue", KPI, "E210", "revenue", 'double quotes: "revenue"'),
    ("direction = increase", KPI, "E210", "increase", 'double quotes: "increase"'),
    ("attainment < 1", PROJECT, "E210", "attainment", "a name of a KPI"),
    ("trend = 1", KPI, "E210", "trend", "trend(n)"),
    ("cumulative = True", KPI, "E210", "True", "write `true`"),
    ("count(deliverables[contribution < 1]) > 0", PROJECT, "E210", "contribution", "only the"),
    ("trent(3) = 1", KPI, "E211", "trent", "did you mean 'trend'"),
    ("attainment(3) > 1", KPI, "E211", "attainment", "takes no brackets"),
    ("Count(deliverables) > 1", KPI, "E211", "Count", "write count(list)|did you mean 'count'"),
    ('trend() = "flat"', KPI, "E212", "trend()", "takes 1 argument, not 0"),
    ("previous(actual) > 1", KPI, "E212", "previous(actual)", "write previous(x, n)"),
    ("sum() > 1", KPI, "E212", "sum()", "1 or more"),
    ('attainment = "high"', KPI, "E213", 'attainment = "high"', "is a number, but"),
    ('attainment < "80%"', KPI, "E213", 'attainment < "80%"', "without quotes"),
    ('end > "2026-01-01"', KPI, "E213", 'end > "2026-01-01"', '@"2026-03-31"'),
    ('unit < "b"', KPI, "E213", 'unit < "b"', "numbers and dates"),
    ("actual and true", KPI, "E213", "actual", "must be true/false"),
    ("unit + 1 > 2", KPI, "E213", "unit + 1", "cannot take text and a number"),
    ("start + end > 1", KPI, "E213", "start + end", "date - date"),
    ("mean(kpis) > 1", PROJECT, "E213", "mean(kpis)", "mean(kpis.attainment)"),
    ("kpis.attainment > 1", PROJECT, "E213", "kpis.attainment > 1", "every … satisfies"),
    ("kpis > 1", PROJECT, "E213", "kpis > 1", "count(kpis)"),
    ("kpis[1] = 1", PROJECT, "E213", "1", "must be true/false"),
    ("count(deliverables.kpis) > 1", PROJECT, "E213", "kpis", "list of lists"),
    ("tags[true] = 1", PROJECT, "E213", "tags", "only lists of rows"),
    ("every t in tags satisfies true", PROJECT, "E213", "tags", '"x" in tags'),
    ("any(kpis[true])", PROJECT, "E213", "any(kpis[true])", "count(kpis[true]) > 0"),
    ("sum(kpis.category) > 1", PROJECT, "E213", "sum(kpis.category)", "takes numbers"),
    ("max(1, start) > 1", PROJECT, "E213", "max(1, start)", "takes numbers"),
    ("max(1) > 1", PROJECT, "E213", "1", "takes a list"),
    ("sum(tags) > 1", PROJECT, "E213", "sum(tags)", "a list of texts"),
    ("kpis = null", PROJECT, "E213", "kpis", "count(kpis) = 0"),
    ("tags in unit", KPI, "E213", "unit", "is a list of texts"),
    ("actual in tags", KPI, "E213", "actual in tags", "a number cannot be in a list of texts"),
    ('if true then 1 else "a"', KPI, "E213", 'if true then 1 else "a"', "same type"),
    ("[1, actual] = 1", KPI, "E213", "[1, actual]", "constants only"),
    ('[1, "a"] = 1', KPI, "E213", '[1, "a"]', "one type"),
    ("previous(deliverables, 1) = 1", KPI, "E213", "deliverables", "takes one value"),
    ("trend(1) = null", KPI, "E214", "1", "from 2 to 120"),
    ("trend(2.5) = null", KPI, "E214", "2.5", "whole number"),
    ("change(actual) > 1", KPI, "E214", "actual", "constant"),
    ("previous(actual, 0) > 1", KPI, "E214", "0", "from 1 to 120"),
    ("round(actual, 10) > 1", KPI, "E214", "10", "from 0 to 9"),
    ("actual in [5..3]", KPI, "E215", "[5..3]", "nothing is between 5 and 3"),
    ("actual between 90% and 80%", KPI, "E215", "actual between 90% and 80%", "lower end"),
    ("actual in (1, (watch..act))", KPI, "E215", "(watch..act)", "lower end"),
    ("attainment", KPI, "E216", "attainment", "this is a number; true/false is needed"),
    ("deliverables", KPI, "E216", "deliverables", "count(deliverables) > 0"),
    ('direction = "up"', KPI, "E217", '"up"', "one of"),
    ('trend(3) = "fallin"', KPI, "E217", '"fallin"', "did you mean 'falling'"),
    ('direction in ("increase", "decreas")', KPI, "E217", '"decreas"', "'decrease'"),
    ("some k in kpis satisfies k.atainment > 1", PROJECT, "E218", "atainment", "'attainment'"),
    ("kpis.nothing = 1", PROJECT, "E218", "nothing", "it has kpi, project"),
    ("stage.name = 1", KPI, "E218", "name", "has no fields"),
    ("count(deliverables.contribution) > 1", PROJECT, "E218", "contribution", "only the"),
    ('trend(3) = "flat"', PROJECT, "E219", "trend(3)", "count(kpis[trend(3) …])"),
    ("streak(cost > 1) > 1", DELIVERABLE, "E219", "streak(cost > 1)", "not of a deliverable"),
    ("median(history.actual) > 1", KPI, "E221", "median(history.actual)", "count, max"),
    ("actual in history.planned", KPI, "E221", "actual in history.planned", "around the list"),
    ("max(history.planned) in history.planned", KPI, "E221", None, "around the list"),
    ("history", KPI, "E221", "history", "count(history) >= 6"),
    ("average(unit, 3) > 1", KPI, "E213", "unit", "must be a number"),
    ("average(actual, 0) > 1", KPI, "E214", "0", "from 1 to 120"),
    ("volatility(actual, 1) > 1", KPI, "E214", "1", "from 2 to 120"),
    ("forecast(0) > 1", KPI, "E214", "0", "from 1 to 120"),
    ("forecast(1) > 1", PROJECT, "E219", "forecast(1)", "count(kpis[forecast(1) …])"),
    ("year(actual) > 1", KPI, "E213", "actual", "must be a date"),
    ("add_months(start, end) > end", KPI, "E213", "end", "must be a number"),
    ("working_days(start) > 1", KPI, "E212", "working_days(start)", "working_days(from, to)"),
    ("actual < null", KPI, "E220", "actual < null", "x = null"),
    ("null = null", KPI, "E220", "null = null", "null is compared with null"),
    ("actual + null > 1", KPI, "E220", "actual + null", "compute with null"),
    ("unit in (null, 5)", KPI, "E220", "null", "unit = null or"),
    ("true and null", KPI, "E220", "null", "cannot be null"),
    ("null", KPI, "E220", "null", "says nothing"),
]
ANALYSED = {"E222", "E223"}
"""What `analysis` finds; it is told of rules (tests/rulebook/test_contradictions.py)."""
WARNINGS = [
    ("every k in kpis satisfies k.owner != null", PROJECT, "E250", None, "count(kpis) > 0"),
    ("all(kpis.disbenefit)", PROJECT, "E250", "all(kpis.disbenefit)", "is empty"),
    ("attainment < 90", KPI, "E252", "90", "did you mean 90%?"),
    ("-12.5 >= progress", KPI, "E252", "-12.5", "did you mean -12.5%?"),
    ("attainment in (< 1, >= 11)", KPI, "E252", "11", "did you mean 11%?"),
    ("median(kpis.attainment) < 75", PROJECT, "E252", "75", "did you mean 75%?"),
    ("count(deliverables[contribution < 20]) > 0", KPI, "E252", "20", "did you mean 20%?"),
]


def refused(text: str, scope: Scope, expect: Type = BOOLEAN) -> LanguageError:
    with pytest.raises(LanguageError) as found:
        checked(text, scope, expect=expect)
    return found.value


@pytest.mark.parametrize(("text", "scope", "code", "at", "words"), CASES)
def test_problem(text: str, scope: Scope, code: str, at: str | None, words: str) -> None:
    problem = refused(text, scope).problems[0]
    said = f"{problem.message} – {problem.help}"
    assert problem.code == code, said
    assert any(word in said for word in words.split("|")), said
    assert problem.level is Level.ERROR
    if at is not None:
        start = problem.place.column - 1
        assert text[start : start + problem.place.length][: len(at) or 1] == at


@pytest.mark.parametrize(("text", "scope", "code", "at", "words"), WARNINGS)
def test_warning(text: str, scope: Scope, code: str, at: str | None, words: str) -> None:
    (problem,) = checked(text, scope).problems
    assert problem.code == code
    assert problem.level is Level.WARNING
    assert words in f"{problem.message} – {problem.help}"


@pytest.mark.parametrize(
    "text",
    [
        "count(kpis) > 0 and every k in kpis satisfies k.owner != null",
        "count(kpis) >= 1 and (every k in kpis satisfies k.owner != null)",
        "count(kpis[weight > 1]) = 2 and (every k in kpis[weight > 1] satisfies k.owner != null)",
        "count(kpis) != 0 and all(kpis.disbenefit)",
        "some k in kpis satisfies k.owner != null",
    ],
)
def test_a_guarded_every_is_not_warned_of(text: str) -> None:
    assert checked(text, PROJECT).problems == ()


def test_a_parameter_hidden_by_a_field_is_warned_of() -> None:
    (problem,) = checked("target > 1", KPI, {"target": True}).problems
    assert problem.code == "E251"


def test_a_parameter_that_a_share_never_reaches_is_told_with_its_value() -> None:
    (problem,) = checked("attainment < act", KPI, {"act": Decimal(80)}).problems
    assert (problem.code, problem.help) == ("E252", "did you mean 80%?")
    assert "act, which is 80" in problem.message


@pytest.mark.parametrize("text", ["attainment > 10", "variance < -500", "sum(kpis.progress) > 20"])
def test_what_is_no_share_or_can_be_meant_is_not_warned_of(text: str) -> None:
    assert checked(text, PROJECT if "kpis" in text else KPI).problems == ()


def test_every_code_is_shown_here() -> None:
    shown = {case[2] for case in CASES + WARNINGS} | {"E251"} | ANALYSED
    assert shown == set(CODES)


def test_all_problems_come_at_once() -> None:
    text = 'atainment < 1 and trent(3) = "flat" and direction = "up" and actual and kpis[x] > 1'
    codes = [problem.code for problem in refused(text, KPI).problems]
    assert codes == ["E210", "E211", "E217", "E213", "E210"]


def test_history_reads_its_own_row_only() -> None:
    text = "count(deliverables[previous(contribution > 1, 1)]) > 0"
    assert refused(text, KPI).problems[0].code in {"E210", "E219"}
    text = "count(kpis[previous(objective = status_text, 1)]) > 0"
    assert refused(text, PROJECT).problems[0].code == "E210"


def test_expected_types() -> None:
    assert checked("attainment", KPI, expect=NUMBER).type == NUMBER
    assert "a number is needed" in refused("true", KPI, NUMBER).problems[0].message


@pytest.mark.parametrize(
    "yaml",
    [
        "when: actual > 1 and atainment < 1\n",
        "when: 'actual > 1 and unit = \"it''s\" and atainment < 1'\n",
        'when: "unit = \\"a\\" and atainment < 1"\n',
        "when: |\n    actual > 1\n    and atainment < 1\n",
        "when: >\n  actual > 1 and\n  unit = null and\n\n  atainment < 1\n",
        "when: actual > 1 and\n   unit = null and\n   atainment < 1\n",
    ],
)
def test_places_in_yaml_scalars(yaml: str) -> None:
    root = load(Source("rules.yaml", yaml)).root
    assert isinstance(root, Mapping)
    scalar = root.get("when")
    assert isinstance(scalar, Scalar)
    with pytest.raises(LanguageError) as found:
        check(parse(scalar.text, scalar), KPI)
    place = found.value.problems[0].place
    line = yaml.splitlines()[place.line - 1]
    assert place.path == "rules.yaml"
    assert line[place.column - 1 : place.column - 1 + place.length] == "atainment"


def test_places_in_a_text_of_several_lines() -> None:
    text = "actual > 1\nand atainment < 1"
    with pytest.raises(LanguageError) as found:
        check(parse(text, within("f", text, 7, 3)), KPI)
    assert str(found.value.problems[0].place) == "f:8:7"
