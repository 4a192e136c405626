"""What rules see of the portfolio as Parquet: all of it, judged as the database is, or refused."""

import json
from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import Any

import polars as pl
import pytest

from govern.domain.refusal import InvalidInput, NotAllowed
from govern.services.backtests import backtest
from govern.services.frame_export import export_frame
from govern.services.frame_folder import MANIFEST, FrameFolder, bucket_of, open_frame, part_of
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.rulebooks import published
from tests.services.house import NOW, ROOT, House

LAST = date(2026, 10, 31)


@pytest.fixture
def example(house: House) -> House:
    import_folder(house.runtime, OPERATOR, ROOT / "examples" / "portfolio", now=NOW)
    return house


@pytest.fixture
def folder(example: House, tmp_path: Path) -> Path:
    return written(example, tmp_path / "frame", buckets=3, at_once=5)


def written(house: House, path: Path, **more: Any) -> Path:
    path.mkdir()
    export_frame(house.runtime, OPERATOR, path, now=NOW, **more)
    return path


def told(house: House, **more: Any) -> dict[str, Any]:
    return backtest(house.runtime, OPERATOR, last=LAST, now=NOW, **more)


@pytest.mark.parametrize("buckets", [1, 4, None])
def test_a_folder_is_judged_as_the_database_is(
    example: House, tmp_path: Path, buckets: int | None
) -> None:
    frame = open_frame(written(example, tmp_path / "frame", buckets=buckets))
    seen: list[tuple[int, int]] = []
    found = told(example, folder=frame, at_once=4, progress=lambda *at: seen.append(at))
    assert found == told(example)
    assert sum(rule["fired"] for rule in found["rules"]) > 0
    assert (seen[0], seen[-1]) == ((0, 27), (27, 27))


def test_the_manifest_says_what_is_there(example: House, folder: Path) -> None:
    manifest = open_frame(folder).manifest
    assert manifest.rulebook_digest == published(example.runtime)["digest"]
    assert (manifest.projects, manifest.buckets, manifest.exact) == (27, 3, False)
    assert manifest.made_at == NOW.isoformat()
    for part in manifest.parts:
        rows = pl.read_parquet(folder / part.path, hive_partitioning=False)
        assert 0 < rows.height == part.projects <= 5
        buckets = {bucket_of(each, 3) for each in rows["project"]}
        assert buckets == {int(Path(part.path).parts[0].removeprefix("bucket="))}


def test_it_is_read_by_others_with_its_buckets(folder: Path) -> None:
    rows = pl.scan_parquet(folder / "**/*.parquet", hive_partitioning=True).collect()
    assert rows.height == 27
    assert set(rows["bucket"]) == {0, 1, 2}


def test_the_facts_of_then_are_judged_whatever_comes_after(
    example: House, folder: Path, tmp_path: Path
) -> None:
    before = told(example)
    (tmp_path / "more").mkdir()
    for name in ("projects", "kpis"):
        source = ROOT / "examples" / "portfolio" / f"{name}.csv"
        (tmp_path / "more" / source.name).write_text(source.read_text())
    (tmp_path / "more" / "readings.csv").write_text(
        "kpi_id,period_end,actual,reason\n"
        + "".join(f"{each},2026-10-31,0,wrong\n" for each in _kpis(folder))
    )
    assert not import_folder(example.runtime, OPERATOR, tmp_path / "more", now=NOW).refusals
    assert told(example) != before
    assert told(example, folder=open_frame(folder)) == before


def _kpis(folder: Path) -> list[str]:
    """Those that somebody reports, with a figure for the last period."""
    found: list[str] = []
    for tables in open_frame(folder).read(100):
        reported = tables.kpis.filter(pl.col("formula").is_null())["kpi"]
        last = (pl.col("period") == LAST) & pl.col("actual").is_not_null()
        own = pl.col("kpi").is_in(reported.implode())
        found += tables.values.filter(last & own)["kpi"].to_list()
    return found


def test_a_portfolio_without_projects_is_a_folder_too(house: House, tmp_path: Path) -> None:
    frame = open_frame(written(house, tmp_path / "frame"))
    assert frame.manifest.parts == ()
    assert told(house, folder=frame) == told(house)


def test_it_takes_whoever_sees_everything(example: House, folder: Path, tmp_path: Path) -> None:
    one = example.pia
    (tmp_path / "own").mkdir()
    with pytest.raises(NotAllowed):
        export_frame(example.runtime, one, tmp_path / "own", now=NOW)
    with pytest.raises(NotAllowed):
        backtest(example.runtime, one, folder=open_frame(folder), last=LAST, now=NOW)


@pytest.mark.parametrize("buckets", [0, 1_001])
def test_buckets_that_cannot_be_are_refused(house: House, tmp_path: Path, buckets: int) -> None:
    with pytest.raises(InvalidInput, match="buckets"):
        export_frame(house.runtime, OPERATOR, tmp_path, buckets=buckets, now=NOW)


class TestWhatIsNotWhole:
    """Made once on one database: what is damaged is the folder."""

    @pytest.fixture
    def database_url(self, migrated_sqlite: Path, tmp_path: Path) -> str:
        copyfile(migrated_sqlite, tmp_path / "govern.db")
        return f"sqlite:///{tmp_path / 'govern.db'}"

    @pytest.fixture
    def part(self, folder: Path) -> Path:
        return folder / open_frame(folder).manifest.parts[1].path

    def refused(self, folder: Path) -> dict[str, list[str]]:
        with pytest.raises(InvalidInput) as refused:
            open_frame(folder)
        return refused.value.facts["errors"]

    def test_a_file_is_missing(self, folder: Path, part: Path) -> None:
        part.unlink()
        assert self.refused(folder) == {part.relative_to(folder).as_posix(): ["it is missing"]}

    def test_a_file_is_cut_off(self, folder: Path, part: Path) -> None:
        whole = part.read_bytes()
        part.write_bytes(whole[:-100])
        (problem,) = self.refused(folder)[part.relative_to(folder).as_posix()]
        assert problem == f"it has {len(whole) - 100} bytes; the manifest says {len(whole)}"

    def test_a_byte_is_another(self, folder: Path, part: Path) -> None:
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)
        (problem,) = self.refused(folder)[part.relative_to(folder).as_posix()]
        assert problem == "it holds something else than when it was written"

    def test_a_file_of_another_folder_lies_there(self, folder: Path, part: Path) -> None:
        (folder / "bucket=000" / "stray.parquet").write_bytes(part.read_bytes())
        (problem,) = self.refused(folder)["bucket=000/stray.parquet"]
        assert "not in the manifest" in problem

    def test_a_file_has_other_columns(self, folder: Path, part: Path) -> None:
        pl.read_parquet(part, hive_partitioning=False).drop("budget").write_parquet(part)
        manifest = json.loads((folder / MANIFEST).read_text())
        for each in manifest["parts"]:
            if each["path"] == part.relative_to(folder).as_posix():
                made = part_of(folder, part, each["projects"])
                each |= {"bytes": made.bytes, "sha256": made.sha256}
        (folder / MANIFEST).write_text(json.dumps(manifest))
        (problem,) = self.refused(folder)[part.relative_to(folder).as_posix()]
        assert problem == "column 'budget' is None; right would be Float64"

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda m: m | {"format": "other"}, "not of the format govern/frame/v1"),
            (lambda m: m | {"projects": 28}, "it names 28 projects, and files with 27"),
            (lambda m: {k: v for k, v in m.items() if k != "parts"}, "does not say all"),
            (lambda m: m | {"more": 1}, "does not say all"),
            (
                lambda m: m | {"columns": m["columns"] | {"budget": "String"}},
                "column 'budget' is String; this version reads Float64",
            ),
            (
                lambda m: m | {"columns": m["columns"] | {"colour": "String"}},
                "column 'colour' is String; this version reads no such column",
            ),
            (lambda _: ["nothing"], "not of the format"),
        ],
    )
    def test_the_manifest_is_another(self, folder: Path, change: Any, says: str) -> None:
        changed = change(json.loads((folder / MANIFEST).read_text()))
        (folder / MANIFEST).write_text(json.dumps(changed))
        (problem,) = self.refused(folder)[MANIFEST]
        assert says in problem

    def test_the_manifest_cannot_be_read_or_is_not_there(self, folder: Path) -> None:
        (folder / MANIFEST).write_text("{")
        assert "cannot be read" in self.refused(folder)[MANIFEST][0]
        (folder / MANIFEST).unlink()
        assert "there is none" in self.refused(folder)[MANIFEST][0]

    def test_every_problem_is_told(self, folder: Path) -> None:
        parts = open_frame(folder).manifest.parts
        for part in parts:
            (folder / part.path).unlink()
        assert len(self.refused(folder)) == len(parts) > 1


def test_a_folder_is_what_was_found_whole(folder: Path) -> None:
    frame = open_frame(folder)
    assert isinstance(frame, FrameFolder)
    assert sum(tables.projects.height for tables in frame.read(2)) == frame.projects == 27
    assert frame.largest == max(part.projects for part in frame.manifest.parts)
