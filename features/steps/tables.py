"""Decision tables that go to Excel and come back."""

from typing import Any

from openpyxl import load_workbook
from pytest_bdd import given, parsers, then, when

from features.house import House, rows


@given(parsers.parse('the author exports the table "{table}" to "{book}"'))
def _(house: House, table: str, book: str) -> None:
    for path in (house.folder / "rules").rglob("*.yaml"):
        house.noted[path.relative_to(house.folder / "rules").as_posix()] = path.read_bytes()
    assert house.run("rules", "table", "export", table, book, "--rules", "rules").code == 0


@given(parsers.parse('the author changes these cells of "{book}"'))
def _(house: House, book: str, datatable: list[list[str]]) -> None:
    workbook: Any = load_workbook(house.folder / book)
    for row in rows(datatable):
        workbook.worksheets[0][row["cell"]] = row["to"]
    workbook.save(house.folder / book)


@when(parsers.re(r'the author (?P<does>imports|tries to import) "(?P<book>[^"]+)"'))
def _(house: House, does: str, book: str) -> None:
    options = ["--dry-run"] if does == "tries to import" else []
    house.run("rules", "table", "import", book, "--rules", "rules", *options)


@then(parsers.parse('the rule file "{name}" is as it was'))
def _(house: House, name: str) -> None:
    assert (house.folder / "rules" / name).read_bytes() == house.noted[name]


@then(parsers.parse('the rule file "{name}" reads'))
def _(house: House, name: str, docstring: str) -> None:
    assert (house.folder / "rules" / name).read_text(encoding="utf-8") == docstring + "\n"
