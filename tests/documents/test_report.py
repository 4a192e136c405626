"""Reports for programs: what each format asks for is there, and nothing in a text breaks out."""

import json
import xml.etree.ElementTree as ET
from pathlib import PurePath
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.documents.annotations import annotation
from govern.documents.codes import CODES
from govern.documents.junit import Case, junit
from govern.documents.problem import Level, Problem
from govern.documents.report import FORMATS, report
from govern.documents.sarif import sarif
from govern.documents.source import Place, Source

BASE = PurePath("/repo")
PATH = "/repo/rules/a b.yaml"
ERROR = Problem("E110", "unknown key 'a,b'", Place(PATH, 3, 5, 4), "did you mean 'c: d'?")
WARNING = Problem("E308", "lacks tests", Place(PATH, 1, 1), None, Level.WARNING)
SOURCES = {PATH: Source(PATH, "x\ny\n    oops: 1\n"), "rules/ok.yaml": Source("rules/ok.yaml", "")}


def told(form: str, *problems: Problem, strict: bool = False) -> str:
    return report(
        form,
        problems,
        SOURCES,
        title="check",
        codes=CODES,
        version="1.2.3",
        base=BASE,
        strict=strict,
    )


def test_sarif_has_what_the_standard_requires() -> None:
    log = json.loads(told("sarif", ERROR, WARNING))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("govern", "1.2.3")
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in driver["rules"]] == ["E110", "E308"]
    assert driver["rules"][0]["shortDescription"]["text"] == CODES["E110"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        where = location["physicalLocation"]
        assert where["artifactLocation"] == {"uri": "rules/a%20b.yaml", "uriBaseId": "%SRCROOT%"}
        region = where["region"]
        assert 1 <= region["startColumn"] < region["endColumn"]
        assert region["startLine"] >= 1


def test_sarif_without_problems_is_a_run_without_results() -> None:
    (run,) = json.loads(told("sarif"))["runs"]
    assert run["results"] == []


def test_sarif_names_a_file_elsewhere_by_its_whole_path() -> None:
    elsewhere = Problem("E100", "gone", Place("/else/é.yaml", 1, 1))
    (result,) = sarif([elsewhere], CODES, "1", BASE)["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote(location["uri"]) == "file:///else/é.yaml"
    assert "uriBaseId" not in location


def test_an_annotation_is_as_github_reads_it() -> None:
    odd = Problem("E101", "50% of\r\nit", Place("/repo/a:b,c%.yaml", 7, 2, 3), "line two")
    assert annotation(odd, BASE) == (
        "::error file=a%3Ab%2Cc%25.yaml,line=7,col=2,endColumn=5,title=E101"
        "::50%25 of%0D%0Ait%0Aline two"
    )
    assert annotation(WARNING, BASE).startswith("::warning file=rules/a b.yaml,line=1,")


@given(st.text(), st.text(min_size=1))
def test_an_annotation_is_always_one_line(message: str, path: str) -> None:
    line = annotation(Problem("E1", message, Place(path, 1, 1)), BASE)
    assert "\n" not in line
    assert "\r" not in line
    assert line.count("::") >= 2
    properties = line.removeprefix("::error ").partition("::")[0]
    assert len(properties.split(",")) == 5


def test_junit_has_a_case_for_each_file_and_a_failure_for_one_with_errors() -> None:
    suites = ET.fromstring(told("junit", WARNING, ERROR))  # noqa: S314 - it is our own
    assert suites.attrib == {"name": "check", "tests": "2", "failures": "1", "errors": "0"}
    (suite,) = suites
    bad, good = suite
    assert (bad.get("name"), good.get("name")) == ("rules/a b.yaml", "rules/ok.yaml")
    assert bad.get("line") == "3"
    failure, notes = bad
    assert failure.get("type") == "E110"
    assert failure.text is not None
    assert "did you mean 'c: d'?" in failure.text
    assert "lacks tests" in (notes.text or "")
    assert len(good) == 0


def test_a_warning_fails_only_where_it_counts() -> None:
    assert 'failures="0"' in told("junit", WARNING)
    assert 'failures="1"' in told("junit", WARNING, strict=True)


@given(st.text(), st.text(), st.text(min_size=1))
def test_junit_can_always_be_read(name: str, failure: str, notes: str) -> None:
    text = junit(name, [Case(name, failure, notes, 1, failure, notes, notes)])
    (suite,) = ET.fromstring(text)  # noqa: S314 - it is our own
    assert len(suite) == 1


def test_json_is_a_list_of_problems() -> None:
    (found,) = json.loads(told("json", ERROR))
    assert found == {
        "code": "E110", "level": "error", "path": PATH, "line": 3, "column": 5,
        "message": "unknown key 'a,b'", "help": "did you mean 'c: d'?",
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_nothing(form: str) -> None:
    told(form)
