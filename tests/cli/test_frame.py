"""`govern export parquet`, and `govern rules backtest --facts` over what it wrote."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.refusal import InvalidInput
from tests.services.house import ROOT

ENDS = ("--from", "2026-01-01", "--to", "2026-10-31")


def run(*words: str) -> Result:
    return CliRunner().invoke(govern, ["--database", "sqlite:///govern.db", *words])


@pytest.fixture
def frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("import", str(ROOT / "examples" / "portfolio")).exit_code == 0
    told = run("export", "parquet", "frame", "--buckets", "4")
    assert told.exit_code == 0
    assert told.stdout.startswith("frame: 27 projects in 4 files, ")
    assert "at least the log's first 0 events." in told.stdout
    return tmp_path / "frame"


def test_what_was_written_is_judged_as_the_database_is(frame: Path) -> None:
    found = [
        json.loads(run("rules", "backtest", *ENDS, *more, "--format", "json").stdout)
        for more in ((), ("--facts", "frame"), ("--facts", "frame", "--engine", "embedded"))
    ]
    assert found[0] == found[1] == found[2]
    assert found[0]["projects"] == 27
    manifest = json.loads((frame / "manifest.json").read_text())
    shown = run("rules", "backtest", *ENDS, "--facts", "frame").stdout
    assert f"facts as known on {manifest['made_at']} (log size 0)" in shown


def test_a_folder_that_is_not_whole_is_refused_with_what_is_wrong(frame: Path) -> None:
    (frame / "bucket=001" / "part-000.parquet").unlink()
    told = run("rules", "backtest", *ENDS, "--facts", "frame")
    assert isinstance(told.exception, InvalidInput)
    assert str(told.exception) == "frame is not whole: 1 of its files cannot be taken."
    assert told.exception.facts["errors"] == {"bucket=001/part-000.parquet": ["it is missing"]}


def test_a_folder_with_something_in_it_is_not_written_to(frame: Path) -> None:
    before = sorted(frame.rglob("*"))
    told = run("export", "parquet", "frame")
    assert (told.exit_code, "is there already, and not empty" in told.output) == (2, True)
    assert sorted(frame.rglob("*")) == before


@pytest.mark.parametrize("buckets", ["0", "1001", "many"])
def test_buckets_that_cannot_be_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buckets: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", "parquet", "frame", "--buckets", buckets).exit_code == 2
    assert not list(tmp_path.iterdir())
