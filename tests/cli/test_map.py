"""`govern map`: the short form, the formats, and what the exit code says."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.refusal import NotFound

Run = Callable[..., Result]

FILES = {
    "projects.csv": "project_id,name,stage\nSHOP,Web shop,draft\nBARE,Bare,draft\n",
    "objectives.csv": "objective_id,name\nGROW,Grow\n",
    "kpis.csv": "kpi_id,project_id,name,cadence,supports\nSALES,SHOP,Sales,monthly,GROW\n",
    "readings.csv": "kpi_id,period_end,planned\n",
    "deliverables.csv": (
        "deliverable_id,project_id,name,serves\nSITE,SHOP,Site,SALES:40%\nLOGO,BARE,Logo,\n"
    ),
}


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(govern, ["--database", database_url, *arguments])

    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    assert run("import", str(tmp_path)).exit_code == 0
    return run


@pytest.mark.parametrize(
    "words", [["SHOP"], ["show", "SHOP"], ["--format", "table", "SHOP"], ["SHOP", "--format=table"]]
)
def test_the_ways_are_shown_however_it_is_called(run: Run, words: list[str]) -> None:
    shown = run("map", *words)
    assert shown.exit_code == 0, shown.output
    assert "40 %" in shown.stdout
    assert "? of the project's value counts towards GROW." in shown.stdout


def test_each_format_is_one_document(run: Run) -> None:
    data = json.loads(run("map", "SHOP", "--format", "json").stdout)
    assert data["contributions"] == [{"deliverable": "SITE", "kpi": "SALES", "share": "0.4"}]
    root = ET.fromstring(run("map", "SHOP", "--format", "svg").stdout)  # noqa: S314 - made here
    assert root.tag.endswith("svg")
    assert run("map", "SHOP", "--format", "mermaid").stdout.startswith("flowchart LR\n")


def test_the_check_ends_with_1_where_anything_is_wrong(run: Run) -> None:
    fine = run("map", "check", "SHOP")
    assert (fine.exit_code, fine.stdout) == (0, "Nothing is wrong with the map.\n")
    for words in (["check"], ["check", "BARE"]):
        found = run("map", *words, "--format", "json")
        assert found.exit_code == 1
        [problem] = json.loads(found.stdout)
        assert (problem["id"], problem["code"]) == ("LOGO", "deliverable-serves-nothing")
    assert isinstance(run("map", "check", "NONE").exception, NotFound)


def test_the_history_tells_of_links_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deliverables.csv").write_text(
        "deliverable_id,project_id,name,serves\nSITE,SHOP,Site,SALES:50%\n"
    )
    assert run("import", str(tmp_path)).exit_code == 0
    events = json.loads(run("history", "SHOP", "--format", "json").stdout)
    assert events[-1]["told"] == "deliverable SITE: serves from SALES: 0.4 to SALES: 0.5"
