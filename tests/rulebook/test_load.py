"""A rulebook is loaded whole or not at all, and everything wrong with it is said at once."""

import hashlib
from pathlib import Path

import pytest
import rfc8785

from govern.documents.problem import Level, render
from govern.domain.finding import Severity
from govern.domain.recommendation import Action
from govern.domain.role import Role
from govern.rulebook.codes import CODES
from govern.rulebook.load import load, load_sources
from govern.rulebook.rule import IfUnknown, Scope, Status
from tests.rulebook.rule_files import HEAD, TESTS, codes, file, loaded, rule, rulebook

RECOMMEND = """recommend:
  action: descope
  because: "{kpi} is at {attainment:percent}"
  propose: deliverables[contribution < 5%]
  decide_by: 10 working days
  decided_by: sponsor
"""


def test_a_rule_as_it_is_written() -> None:
    book = rulebook(
        file(
            rule(
                when="attainment < act",
                more="for: 2 periods\nclear_when: attainment >= 90%\nif_unknown: hold\n"
                'applies_to: category = "cost"\nowner: me@example.org\n' + RECOMMEND,
            ),
            head=HEAD + "owner: pmo@example.org\nparams: {act: 80%}\n",
        )
    )
    (one,) = book.rules
    assert (one.id, one.title, one.scope, one.area) == ("a", "Late", Scope.KPI, "test")
    assert (one.owner, one.status, one.severity) == ("me@example.org", Status.ACTIVE, Severity.RED)
    assert (one.for_periods, one.if_unknown) == (2, IfUnknown.HOLD)
    assert one.clear_when is not None
    assert one.applies_to is not None
    assert one.recommend is not None
    assert one.recommend.action is Action.DESCOPE
    assert one.recommend.decide_by_working_days == 10
    assert one.recommend.decided_by is Role.SPONSOR
    assert str(one.place) == "0.yaml:6:9"
    assert [test.name for test in one.tests] == ["fires", "silent", "missing"]


def test_what_is_not_said_is_the_plain_case() -> None:
    (one,) = rulebook(file(rule())).rules
    assert (one.for_periods, one.if_unknown, one.clear_when) == (1, IfUnknown.REPORT, None)
    assert (one.applies_to, one.recommend, one.owner) == (None, None, None)


def test_rules_of_all_files_are_sorted_by_id() -> None:
    book = rulebook(file(rule("b")), file(rule("a"), rule("c")))
    assert [each.id for each in book.rules] == ["a", "b", "c"]
    assert book.rule("b") is book.rules[1]
    assert book.rule("d") is None


def test_which_rules_are_judged() -> None:
    statuses = [rule(each, more=f"status: {each}") for each in Status]
    assert [each.id for each in rulebook(file(*statuses)).judged] == ["active", "shadow"]


def test_one_error_and_there_is_no_rulebook() -> None:
    found = loaded(file(rule("a")), file(rule("b", when="attainmnt < 80%")))
    assert found.rulebook is None
    (problem,) = found.problems
    assert render(problem, found.sources) == (
        "1.yaml:6:12: error[E210]: unknown name `attainmnt`\n"
        "   6 |     when: 'attainmnt < 80%'\n"
        "     |            ^^^^^^^^^\n"
        "     = help: did you mean 'attainment'?"
    )


def test_everything_wrong_with_a_rule_is_said_at_once() -> None:
    text = file(
        rule(
            when="attainmnt < 80%",
            message="{kpy}",
            more="sverity: red\nstatus: activ\nclear_when: progres > 1\nrecommend: {action: cut}",
        )
    )
    assert codes(text) == [
        ("E210", 6),
        ("E210", 8),
        ("E110", 9),
        ("E113", 10),
        ("E210", 11),
        ("E111", 12),
        ("E111", 12),
        ("E111", 12),
        ("E113", 12),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (file(rule("a"), rule("a")), [("E301", 14)]),
        (file(rule(), head=HEAD + "params: {attainment: 80%}\n"), [("E302", 3)]),
        (file(rule(), head=HEAD + "params: {and: 80%}\n"), [("E302", 3)]),
        (file(rule(), head=HEAD + "params: {a-b: 80%}\n"), [("E302", 3)]),
        (file(rule(), head=HEAD + "params: {act: ~}\n"), [("E302", 3)]),
        (file(rule(), head=HEAD + "params: {act: 80%}\n"), [("E303", 3)]),
        (HEAD, [("E111", 1)]),
        (file(rule()) + "tables: []\n", [("E115", 14)]),
        (file(rule(more="replaced_by: b")), [("E305", 4)]),
        (file(rule(more="status: deprecated\nreplaced_by: b")), [("E305", 4)]),
        (file(rule(more="status: deprecated\nreplaced_by: a")), [("E305", 4)]),
        (file(rule(message="{kpi")), [("E306", 8)]),
        (file(rule(message="{}")), [("E306", 8)]),
        (file(rule(message="{attainment:percnt}")), [("E306", 8)]),
        (file(rule(message="{kpi:percent}")), [("E307", 8)]),
        (file(rule(message="{attainment:date}")), [("E307", 8)]),
        (file(rule(message="{kpy}")), [("E210", 8)]),
        (file(rule(tests="\n")), [("E308", 4)]),
        (HEAD + "rules: []\n", [("E115", 3)]),
        (file(rule(when="budget")), [("E216", 6)]),
        (file(rule(more="for: 2")), [("E114", 9)]),
        (file(rule(more=RECOMMEND.replace("sponsor", "sponsr"))), [("E113", 14)]),
        (file(rule(more=RECOMMEND.replace("deliverables[", "kpis["))), [("E210", 12)]),
        (file(rule(more=RECOMMEND.replace("contribution < 5%", "contribution"))), [("E213", 12)]),
        ("schema: govern/rules/v2\narea: test\nrules: []\n", [("E113", 1), ("E115", 3)]),
    ],
)
def test_problems_stand_at_their_line(text: str, expected: list[tuple[str, int]]) -> None:
    assert codes(text) == expected


def with_tests(*lines: str) -> str:
    return "\n    tests:\n" + "".join(f"      - {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ("{name: x, given: {planned: 100, actual: [1, 2]}, expect: [fires]}", "E309"),
        ("{name: x, given: {planned: [1, 2], actual: 1}, expect: fires}", "E309"),
        ("{name: x, given: {actual: 1, validated: [true, false]}, expect: fires}", "E309"),
        ("{name: x, given: {actual: 1, confidence: [low, high]}, expect: fires}", "E309"),
        ("{name: x, given: {plan: 100}, expect: fires}", "E110"),
        ("{name: x, given: {kpis: []}, expect: fires}", "E110"),
        ("{name: x, given: {direction: up}, expect: fires}", "E113"),
        ("{name: x, given: {actual: [1, b]}, expect: [fires, fires]}", "E114"),
        ("{name: x, given: {actual: 1}, expect: [fired]}", "E113"),
        ("{name: x, given: {actual: 1}, expect: []}", "E115"),
        ("{name: x, given: {}}", "E111"),
        ("{name: fires, given: {planned: 100, actual: 70}, expect: fires}", "E311"),
        ("{name: x, given: {deliverables: [{serves: [Sales]}]}, expect: fires}", "E310"),
        ("{name: x, given: {deliverables: [{stat: done}]}, expect: fires}", "E110"),
    ],
)
def test_problems_in_tests(test: str, code: str) -> None:
    found = [each for each, _ in codes(file(rule(tests=TESTS + f"      - {test}\n")))]
    assert found == [code]


def test_what_a_rule_lacks_in_tests_is_a_warning() -> None:
    found = loaded(file(rule(tests=with_tests("{name: x, given: {actual: 1}, expect: silent}"))))
    assert found.rulebook is not None
    (problem,) = found.problems
    assert (problem.code, problem.level) == ("E308", Level.WARNING)
    assert problem.message == (
        "the rule 'a' lacks tests: one that fires, one with missing data (~)"
    )


def test_a_test_of_a_project_rule_gives_kpis() -> None:
    given = "{name: x, given: {kpis: [{actual: ~}]}, expect: silent}"
    text = file(
        rule(
            when="count(kpis) > 3", message="{name}", more="scope: project", tests=with_tests(given)
        )
    )
    assert codes(text) == [("E308", 4)]
    own = given.replace("kpis: [{actual: ~}]", "actual: 3")
    assert codes(text.replace(given, own)) == [("E110", 12)]


def test_yaml_traps_are_told_with_the_rest() -> None:
    text = file(rule().replace("'attainment < 80%'", '"x" = category'), rule("b", when="nme = 1"))
    assert codes(text) == [("E103", 6), ("E210", 16)]


def test_the_digest_is_that_of_the_canonical_map_of_texts() -> None:
    sources = {"b/é.yaml": file(rule("b")), "a.yaml": file(rule("a", message="{kpi} „late“\\n"))}
    found = load_sources(sources)
    assert found.rulebook is not None
    assert found.rulebook.digest == "sha256:" + hashlib.sha256(rfc8785.dumps(sources)).hexdigest()
    assert found.rulebook.sources == sources
    again = load_sources(found.rulebook.sources)
    assert again.rulebook is not None
    assert again.rulebook.digest == found.rulebook.digest


def test_a_directory_gives_the_same_rulebook_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "cost").mkdir()
    (tmp_path / "cost" / "a.yaml").write_text(file(rule("a")))
    found = load(tmp_path)
    assert found.rulebook is not None
    assert list(found.rulebook.sources) == ["cost/a.yaml"]
    assert found.rulebook.rules[0].place.path == f"{tmp_path.as_posix()}/cost/a.yaml"
    as_text = load_sources(found.rulebook.sources)
    assert as_text.rulebook is not None
    assert as_text.rulebook.digest == found.rulebook.digest


def test_a_directory_without_rules_is_no_rulebook(tmp_path: Path) -> None:
    assert [each.code for each in load(tmp_path).problems] == ["E312"]
    assert [each.code for each in load(tmp_path / "none").problems] == ["E100"]
    assert load(tmp_path).rulebook is None


def test_codes_are_written_as_they_are_documented() -> None:
    assert all(code.startswith("E3") and len(code) == 4 for code in CODES)
