"""Folders of files, imported by the command that people type."""

import csv
import json

from pytest_bdd import given, parsers, then, when

from features.house import House, rows
from govern.domain.refusal import NotFound
from govern.services import projects
from govern.services.people import OPERATOR


@given(parsers.parse('a folder "{name}" to import with the projects'))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    house.noted["folder"] = name
    (house.folder / name).mkdir()
    _file(house, "projects", datatable)


@given(parsers.re(r"with the (?P<what>KPIs|readings|deliverables|objectives|outcomes)"))
def _(house: House, what: str, datatable: list[list[str]]) -> None:
    _file(house, what.lower(), datatable)


def _file(house: House, what: str, table: list[list[str]]) -> None:
    path = house.folder / house.noted["folder"] / f"{what}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)


def _import(house: House, *options: str) -> None:
    house.run("import", house.noted["folder"], *options, "--format", "json")


@given("the folder is imported")
@when("the folder is imported")
def _(house: House) -> None:
    _import(house)


@given("these readings come in")
def _(house: House, datatable: list[list[str]]) -> None:
    _file(house, "readings", datatable)
    _import(house)
    assert house.ran is not None
    assert house.ran.code == 0, house.ran


@when("the folder is imported, keeping the good rows")
def _(house: House) -> None:
    _import(house, "--keep-good")


@when("the folder is imported as a dry run")
def _(house: House) -> None:
    _import(house, "--dry-run")


@then("the import counts")
def _(house: House, datatable: list[list[str]]) -> None:
    assert house.ran is not None
    report = json.loads(house.ran.told)
    for row in rows(datatable):
        kind = row["rows"].lower()
        counts = [str(report[each].get(kind, 0)) for each in ("added", "changed", "unchanged")]
        assert counts == [row["new"], row["changed"], row["unchanged"]], (kind, report)


@then("these rows are refused")
def _(house: House, datatable: list[list[str]]) -> None:
    assert house.ran is not None
    refused = json.loads(house.ran.told)["refusals"]
    wanted = rows(datatable)
    assert len(refused) == len(wanted), refused
    for each, row in zip(refused, wanted, strict=True):
        told = {name: str(each[name]) for name in ("file", "line", "column", "value")}
        assert told == {name: row[name] for name in told}
        assert each["problem"]
        assert row["right"] in each["right"], each


@then(parsers.parse("nothing of {project} is there"))
def _(house: House, project: str) -> None:
    try:
        projects.get_project(house.runtime, OPERATOR, project)
    except NotFound:
        return
    raise AssertionError(f"{project} is there")


@when(parsers.parse('the data is exported to "{name}"'))
def _(house: House, name: str) -> None:
    house.run("export", name)


@when(parsers.parse('the folder "{name}" is imported'))
def _(house: House, name: str) -> None:
    house.noted["folder"] = name
    _import(house)


@then(parsers.re(r'in "(?P<name>\w+)" the (?P<what>projects|KPIs|readings|deliverables) are'))
def _(house: House, name: str, what: str, datatable: list[list[str]]) -> None:
    path = house.folder / name / f"{what.lower()}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        found = [[row[column] for column in datatable[0]] for row in csv.DictReader(file)]
    assert found == datatable[1:]


@then(parsers.parse('nothing is written over "{name}"'))
def _(house: House, name: str) -> None:
    assert house.ran is not None
    assert (house.ran.code, house.ran.told) == (2, "")
    assert f"{name} is there already, and not empty." in house.ran.complained
