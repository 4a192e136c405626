"""Rule files: written, checked, tested, published."""

import json
from textwrap import indent
from xml.etree import ElementTree

from pytest_bdd import given, parsers, then, when

from features.house import ROOT, House, email, rows
from govern.services.rulebooks import list_revisions
from govern.store.paging import PageRequest

_WORDS = {"checks": "check", "tests": "test"}


@given(parsers.parse('the rule file "{name}"'))
def _(house: House, name: str, docstring: str) -> None:
    path = house.folder / "rules" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(docstring + "\n", encoding="utf-8")


@given(parsers.parse('the workflow file "{name}"'))
def _(house: House, name: str, docstring: str) -> None:
    path = house.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(docstring + "\n", encoding="utf-8")


@given(parsers.parse('the author changes "{old}" to "{new}" in "{name}"'))
@when(parsers.parse('the author changes "{old}" to "{new}" in "{name}"'))
def _(house: House, old: str, new: str, name: str) -> None:
    path = house.folder / "rules" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@when(
    parsers.re(
        r"the author (?P<does>checks|tests) the (?P<which>shipped )?rules(?P<strictly> strictly)?"
    )
)
def _(house: House, does: str, which: str | None, strictly: str | None) -> None:
    folder = str(ROOT / "rules") if which else "rules"
    options = ["--strict"] if strictly else []
    house.run("--rules", folder, "rules", _WORDS[does], *options)


@given(parsers.parse('the author adds these tests to "{name}"'))
def _(house: House, name: str, docstring: str) -> None:
    """To the last rule of the file."""
    path = house.folder / "rules" / name
    tests = indent(docstring + "\n", " " * 6)
    path.write_text(path.read_text(encoding="utf-8") + tests, encoding="utf-8")


@when("the author tests the rules with their coverage")
def _(house: House) -> None:
    house.run("--rules", "rules", "rules", "test", "--coverage")


@when(
    parsers.re(r"the author tests the (?P<which>shipped )?rules for a coverage of (?P<least>\d+) %")
)
def _(house: House, which: str | None, least: str) -> None:
    folder = str(ROOT / "rules") if which else "rules"
    house.run("--rules", folder, "rules", "test", "--coverage", "--min", least)


@when("the author tests the rules for a CI server")
def _(house: House) -> None:
    house.run("--rules", "rules", "rules", "test", "--format", "junit")


@then("a CI server reads that these tests failed")
def _(house: House, datatable: list[list[str]]) -> None:
    assert house.ran is not None
    found = [
        {
            "suite": str(case.get("classname")),
            "test": str(case.get("name")),
            "where": str(case.get("file")),
            "line": str(case.get("line")),
            **dict(line.split(maxsplit=1) for line in (failure.text or "").splitlines()[1:3]),
        }
        for case in ElementTree.fromstring(house.ran.told).iter("testcase")  # noqa: S314 - our own
        for failure in case.iter("failure")
    ]
    assert found == rows(datatable)


@given("the author publishes the rules")
@when("the author publishes the rules")
def _(house: House) -> None:
    house.run("--rules", "rules", "rules", "publish")


@when(parsers.re(r'(?P<name>\w+) proposes the rules because "(?P<note>[^"]*)"'))
def _(house: House, name: str, note: str) -> None:
    words = ("rules", "propose", "--author", email(name), "--note", note)
    ran = house.run("--rules", "rules", *words)
    house.noted["proposed"] = ran.told.removeprefix("Proposed ").partition(" ")[0]


@when(parsers.re(r"(?P<name>\w+) puts the proposed rules in force"))
def _(house: House, name: str) -> None:
    house.run("rules", "publish", house.noted["proposed"], "--publisher", email(name))


@when(parsers.re(r"(?P<name>\w+) puts the revision before it in force"))
def _(house: House, name: str) -> None:
    past = list_revisions(house.runtime, PageRequest(), state="past").items
    house.run("rules", "publish", past[0]["digest"], "--publisher", email(name))


@then("the revisions are")
def _(house: House, datatable: list[list[str]]) -> None:
    """Those of the scenario; the organisation began with the shipped rules."""
    ran = house.run("rules", "revisions", "--format", "json")
    found = json.loads(ran.told)[: len(datatable) - 1]
    assert [
        {
            "state": each["state"],
            "author": each["author_name"] or each["author"],
            "publisher": each["publisher_name"],
            "note": each["note"] or "",
        }
        for each in found
    ] == rows(datatable)


@given(parsers.re(r"the portfolio is swept by the rules as of (?P<text>[\d-]+)"))
@when(parsers.re(r"the portfolio is swept by the rules as of (?P<text>[\d-]+)"))
def _(house: House, text: str) -> None:
    ran = house.run("--rules", "rules", "sweep", "--as-of", text, "--format", "json")
    house.swept = json.loads(ran.told) if ran.code == 0 else None


@then("this is reported")
def _(house: House, docstring: str) -> None:
    assert house.ran is not None
    assert docstring in house.ran.complained, house.ran.complained


@then("these problems are reported")
def _(house: House, datatable: list[list[str]]) -> None:
    """Every error is among the rows; of warnings only those that a row names."""
    assert house.ran is not None
    told = house.ran.complained
    blocks = [each for each in told.split("\n\n") if "[E" in each]
    wanted = rows(datatable)
    for row in wanted:
        found = [
            each for each in blocks if each.startswith(f"{row['where']}: ") and row["what"] in each
        ]
        assert found, told
        assert row["what would be right"] in found[0], told
    errors = {each.split(": ")[0] for each in blocks if ": error[" in each}
    assert errors <= {row["where"] for row in wanted}, told
