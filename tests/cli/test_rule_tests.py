"""`govern rules test`: what it tells to people, to programs and to CI servers."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern

RULES = """schema: govern/rules/v1
area: x
rules:
  - id: late
    title: Late
    applies_to: category = "cost"
    when: attainment < 80%
    severity: red
    message: "{kpi} is late"
    tests:
      - {name: below, given: {category: cost, planned: 100, actual: 70}, expect: fires}
      - {name: 'on "plan" & above', given: {category: cost, planned: 100, actual: 90}, expect: WANTED}
tables:
  - id: rag
    hit: unique
    rows: |
      | attainment || colour  | text     |
      | >= 80%     || "green" | "good"   |
      | < 80%      || "red"   | "behind" |
    tests:
      - name: good
        given: {planned: 100, actual: 90}
        expect: {colour: green, text: TEXT}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    return tmp_path / "rules" / "a.yaml"


def run(*words: str) -> Result:
    found = CliRunner().invoke(govern, ["--rules", "rules", "rules", "test", *words])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.output
    return found


def write(path: Path, wanted: str = "silent", text: str = "good") -> None:
    path.write_text(RULES.replace("WANTED", wanted).replace("TEXT", text))


def test_junit_has_a_case_for_each_test_of_a_rule_and_of_a_table(rules: Path) -> None:
    write(rules)
    told = run("--format", "junit")
    assert told.exit_code == 0
    suites = ET.fromstring(told.stdout)  # noqa: S314 - our own
    assert (suites.tag, suites.get("name")) == ("testsuites", "govern rules test")
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("3", "0", "0")
    cases = [
        (suite.get("name"), case.get("classname"), case.get("name"), case.get("file"))
        for suite in suites
        for case in suite
    ]
    assert cases == [
        ("late", "late", "below", "rules/a.yaml"),
        ("late", "late", 'on "plan" & above', "rules/a.yaml"),
        ("rag", "rag", "good", "rules/a.yaml"),
    ]
    assert [case.get("line") for case in suites.iter("testcase")] == ["11", "12", "21"]


def test_junit_says_what_was_expected_what_came_and_where(rules: Path) -> None:
    write(rules, wanted="fires", text="bad")
    told = run("--format", "junit")
    assert told.exit_code == 1
    suites = ET.fromstring(told.stdout)  # noqa: S314 - our own
    assert suites.get("failures") == "2"
    of_rule, of_table = suites.iter("failure")
    assert of_rule.get("type") == "expectation"
    assert (of_rule.text or "").splitlines() == [
        'rules/a.yaml:12:16: late: on "plan" & above',
        "   expected fires",
        "   found    silent",
        "   seen     attainment = 0.9",
    ]
    assert of_table.get("message") == "rules/a.yaml:21:15: rag.text: good"
    assert "expected bad" in (of_table.text or "")


def test_rules_with_errors_are_told_in_the_same_format(rules: Path) -> None:
    write(rules)
    rules.write_text(rules.read_text().replace("when:", "wehn:"))
    told = run("--format", "junit")
    assert told.exit_code == 1
    suites = ET.fromstring(told.stdout)  # noqa: S314 - our own
    assert (suites.get("name"), suites.get("failures")) == ("govern rules test", "1")
    assert json.loads(run("--format", "json").stdout)[0]["code"].startswith("E")


def test_coverage_names_what_no_test_reaches(rules: Path) -> None:
    write(rules)
    told = run("--coverage")
    assert told.exit_code == 0, "without --min it only tells"
    assert told.stdout == (
        "4 passed, 0 failed.\n"
        "\n"
        "rules/a.yaml\n"
        "   75.0%  late (3 of 4)\n"
        '    rules/a.yaml:6:17: applies_to: never false: category = "cost"\n'
        "   50.0%  rag (1 of 2)\n"
        '    rules/a.yaml:19:7: row: no test reaches it: | < 80%      || "red"   | "behind" |\n'
        "\n"
        "Coverage: 66.6% (4 of 6: each clause true and false, each row of a table once).\n"
    )


def test_a_minimum_that_is_not_reached_ends_with_1_and_says_so(rules: Path) -> None:
    write(rules)
    short = run("--coverage", "--min", "66.7")
    assert short.exit_code == 1
    assert short.stderr == "The tests reach 66.6%, which is below the 66.7% asked for.\n"
    assert run("--coverage", "--min", "66.66").exit_code == 0, "the exact share counts"
    assert run("--coverage", "--min", "0").exit_code == 0
    for words in (("--min", "50"), ("--coverage", "--min", "101"), ("--coverage", "--min", "x")):
        assert run(*words).exit_code == 2, words


def test_a_test_that_fails_ends_with_1_however_much_is_reached(rules: Path) -> None:
    write(rules, wanted="fires")
    assert run("--coverage", "--min", "0").exit_code == 1


def test_coverage_for_programs(rules: Path) -> None:
    write(rules)
    told = json.loads(run("--coverage", "--format", "json").stdout)
    assert [each["passed"] for each in told["tests"]] == [True] * 4
    coverage = told["coverage"]
    assert (coverage["percent"], coverage["seen"], coverage["of"]) == ("66.6", 4, 6)
    assert [(each["kind"], each["id"]) for each in coverage["items"]] == [
        ("rule", "late"),
        ("table", "rag"),
    ]
    assert coverage["items"][0]["lacking"] == [
        {
            "part": "applies_to",
            "text": 'category = "cost"',
            "place": "rules/a.yaml:6:17",
            "lacking": ["false"],
        }
    ]
    xml = run("--coverage", "--format", "junit")
    ET.fromstring(xml.stdout)  # noqa: S314 - nothing but XML there
    assert "Coverage: 66.6%" in xml.stderr


def test_a_long_clause_is_cut_short_for_people(rules: Path) -> None:
    write(rules)
    names = ", ".join(f'"{number:030}"' for number in range(5))
    rules.write_text(
        rules.read_text().replace('category = "cost"', f'category in ("cost", {names})')
    )
    lines = run("--coverage").stdout.splitlines()
    assert any(line.endswith("…") and len(line) < 160 for line in lines)


def test_a_terminal_is_shown_how_far_the_work_is(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int]] = []

    @contextmanager
    def bar(what: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: told.append((what, done, total))

    write(rules)
    for name in ("test", "check", "watch"):
        monkeypatch.setattr(f"govern.cli.rules.{name}.progress_bar", bar)
    assert run().stderr == ""
    tested = [("rule files", 0, 1), ("rule files", 1, 1), ("rules", 1, 2), ("rules", 2, 2)]
    assert told == tested
    told.clear()
    CliRunner().invoke(govern, ["--rules", "rules", "rules", "check"])
    assert told == tested[:2]
    told.clear()
    CliRunner().invoke(govern, ["--rules", "rules", "rules", "watch", "--once"])
    assert told == tested
