"""`govern readings import`: what it prints, what it writes down, how it ends."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.actor import Grant
from govern.domain.role import Role
from govern.services import kpis, projects
from govern.services.people import OPERATOR
from govern.settings import Settings, clock
from govern.wiring import started
from tests.databases import only_sqlite

ASKED = "KPI;Month;Actual\nSales;2025-01;1.234\nSales;2025-02;80\n"


@pytest.fixture
def database(database_url: str) -> str:
    """A database with one KPI in it."""
    with started(Settings(database_url=database_url)) as ready:
        grants = (*OPERATOR.grants, Grant(Role.PROJECT_MANAGER))
        manager = replace(OPERATOR, grants=grants)
        shop = {"id": "SHOP", "portfolio": "main", "name": "Web shop"}
        projects.add_project(
            ready.runtime, manager, shop, workflow="value-realization", now=clock()
        )
        sales = {"id": "SALES", "project": "SHOP", "name": "Sales", "unit": "EUR"}
        kpis.add_kpi(ready.runtime, manager, sales, now=clock())
    return database_url


def run(database: str, *words: str, **options: Any) -> Result:
    arguments = ["--database", database, "readings", "import", *words]
    return CliRunner().invoke(govern, arguments, **options)


def sent(folder: Path, text: str = ASKED) -> str:
    path = folder / "sales.csv"
    path.write_text(text)
    return str(path)


def test_what_is_asked_is_told_with_its_lines_and_ends_with_1(
    database: str, tmp_path: Path
) -> None:
    ran = run(database, sent(tmp_path))
    assert ran.exit_code == 1
    assert "asked: Which sign stands before the decimals?" in ran.stderr
    assert '  below `numbers` decimal: ","  # 1.234,5 is one thousand' in ran.stderr
    assert "Nothing was written: answer what is asked, mend what is refused." in ran.stderr


@only_sqlite
def test_a_drafted_mapping_is_a_source_once_it_is_answered(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    saved = folder / "Sales EU.yaml"
    file = sent(tmp_path)
    assert run(database, file, "--dry-run", "--save", str(saved)).exit_code == 1
    text = saved.read_text()
    assert "id: sales-eu\n" in text
    saved.write_text(text.replace('# decimal: ","', 'decimal: ","'))
    source = {"GOVERN_SOURCES": str(folder)}
    ran = run(
        database, file, "--source", "sales-eu", "--accept", "C2", "--format", "json", env=source
    )
    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.stdout)
    assert [each["value"] for each in report["cells"]] == ["1234", "80"]
    again = run(database, file, "--save", str(saved))
    assert (again.exit_code, "is there already; name a new file" in again.stderr) == (2, True)


@only_sqlite
def test_a_preview_shows_every_cell_and_writes_nothing(database: str, tmp_path: Path) -> None:
    file = sent(
        tmp_path, "KPI,Month,Actual\nSales,2025-01,90\nSales,2025-02,N/A\nSales,2025-03,x\n"
    )
    ran = run(database, file, "--preview")
    assert ran.exit_code == 1
    for told in ("new: SALES 2025-01-31 actual 90", "'N/A' is taken as missing", "is not a figure"):
        assert told in " ".join(ran.stdout.split())
    assert "Dry run: nothing was written." in ran.stdout
    good = run(database, file, "--keep-good")
    assert (good.exit_code, "refused: sales.csv:C4: 'x' is not a figure" in good.stderr) == (
        1,
        True,
    )
    assert "Nothing was written" not in good.output


@only_sqlite
def test_a_file_that_is_not_there_is_told(database: str, tmp_path: Path) -> None:
    ran = run(database, str(tmp_path / "none.csv"))
    assert ran.exit_code == 1
    assert "none.csv cannot be read: No such file" in str(ran.exception)
