"""Decision tables of the rules directory as Excel workbooks, for authors who live in Excel."""

import os
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path

from govern import ENGINE_VERSION
from govern.documents.files import read_yaml_files
from govern.documents.problem import Level, Problem, did_you_mean
from govern.documents.sheet import CellPlace, Sheet
from govern.documents.source import Source
from govern.documents.xlsx import read_workbook, write_workbook
from govern.documents.xlsx_guard import LARGEST, UnreadableWorkbook
from govern.domain.refusal import Duplicate, InvalidInput, NotFound
from govern.rulebook.load import Loaded, load, load_sources
from govern.rulebook.table_page import grid_digest, pages
from govern.rulebook.table_place import as_read, rewritten, written_tables
from govern.rulebook.table_sheet import TableSheet, read_table


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in the way, or what somebody should know; `sources` is what `render` needs."""

    problems: tuple[Problem, ...]
    sources: Mapping[str, Source] = field(default_factory=dict[str, Source])


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes in the file `path`. `told` has warnings about the table only.

    `came` and `went` count rows that were not there before, and rows that are there no more; `stale`
    says that the table was changed in its file after the workbook was made.
    """

    table_id: str
    path: Path
    before: str
    after: str
    came: int
    went: int
    stale: bool
    told: Told

    @property
    def difference(self) -> str:
        """A unified diff of the file, empty where nothing changes."""
        path = self.path.as_posix()
        lines = (self.before.splitlines(keepends=True), self.after.splitlines(keepends=True))
        return "".join(unified_diff(*lines, fromfile=path, tofile=path))


def export_table(
    directory: Path, table_id: str, workbook: Path, *, overwrite: bool = False
) -> Told | None:
    """Writes a table as a workbook; the problems where the rules have errors.

    Raises NotFound for a table that is not there, Duplicate for a file that is there and may not be
    written over, InvalidInput for one that cannot be written.
    """
    if workbook.suffix.lower() != ".xlsx":
        raise InvalidInput(
            f"Excel opens workbooks by their ending: name {workbook.name} so that it ends with .xlsx.",
            errors={"file": ["a name that ends with .xlsx"]},
        )
    loaded = load(directory)
    rulebook = loaded.rulebook
    if rulebook is None:
        return Told(loaded.problems, loaded.sources)
    table = rulebook.table(table_id)
    if table is None:
        known = [each.id for each in rulebook.tables]
        hint = did_you_mean(table_id, known) or f"there are: {', '.join(known) or 'none'}"
        raise NotFound(f"The rules in {directory} have no table '{table_id}': {hint}")
    written = next(each for each in written_tables(rulebook.sources) if each.id == table_id)
    prefix = _prefix(directory)
    source = loaded.sources[prefix + written.path]
    sheets = pages(written, table, source, rulebook.digest, ENGINE_VERSION)
    try:
        content = write_workbook(sheets, table_id, f"{source.path}, {rulebook.digest}")
    except UnreadableWorkbook as error:
        place = written.place("id")
        found = _below(Problem("E346", error.what, place, "split the table, or shorten it"), prefix)
        return Told((found,), loaded.sources)
    try:
        with workbook.open("wb" if overwrite else "xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise Duplicate(f"{workbook} is there already; --force writes over it.") from None
    except OSError as error:
        raise InvalidInput(
            f"{workbook} cannot be written: {error.strerror}. Is it open in Excel?",
            errors={"file": ["a file that can be written"]},
        ) from error
    return None


def import_table(directory: Path, workbook: Path, *, dry_run: bool = False) -> Imported | Told:
    """Puts a workbook's rows in place of those of its table; the problems where there are errors.

    Nothing is written where the rulebook with these rows would have an error, nor on a dry run.
    Raises InvalidInput where the file cannot be written.
    """
    files = read_yaml_files(directory)
    problems = list(files.problems)
    sheets = _sheets(workbook, problems)
    tables = written_tables(files.texts)
    sheet = None
    if sheets is not None:
        sheet = read_table(sheets, workbook.as_posix(), tables, problems)
    if sheet is None or problems:
        return Told(tuple(problems))
    path = directory / sheet.table.path
    # The bytes of the file: `files` has it with other line ends.
    raw = path.read_bytes().decode("utf-8")
    new = rewritten(raw, sheet.table, sheet.lines)
    prefix = _prefix(directory)
    if new is None:
        what = "the rows cannot be put here without touching what stands around them"
        place = _below(Problem("E347", what, sheet.table.place("rows")), prefix)
        return Told((replace(place, help="change the rows in the file"),))
    texts = {**files.texts, sheet.table.path: as_read(new)}
    told = _checked(load_sources(texts), sheet, prefix)
    if any(problem.level is Level.ERROR for problem in told.problems):
        return told
    if new != raw and not dry_run:
        _replace(path, new.encode())
    old, now = Counter(sheet.table.lines), Counter(sheet.lines)
    return Imported(
        table_id=sheet.table.id,
        path=path,
        before=as_read(raw),
        after=as_read(new),
        came=(now - old).total(),
        went=(old - now).total(),
        stale=new != raw and sheet.exported not in {None, grid_digest(sheet.table)},
        told=told,
    )


def _sheets(workbook: Path, problems: list[Problem]) -> tuple[Sheet, ...] | None:
    place = CellPlace(workbook.as_posix(), 1, 1)
    try:
        with workbook.open("rb") as stream:
            # One byte more than is taken tells that the file is too large.
            return read_workbook(stream.read(LARGEST + 1))
    except UnreadableWorkbook as error:
        problems.append(Problem("E340", error.what, place, error.help))
    except OSError as error:
        problems.append(Problem("E340", f"the file cannot be read: {error.strerror}", place))
    return None


def _checked(loaded: Loaded, sheet: TableSheet, prefix: str) -> Told:
    """Every error, and what is worth a warning about the table, at the cells of the sheet."""
    texts = {path: source.text for path, source in loaded.sources.items()}
    now = next(each for each in written_tables(texts) if each.id == sheet.table.id)
    lines = range(now.node.place.line, now.grid.rows[-1].place.line + 1)
    found: list[Problem] = []
    for problem in loaded.problems:
        moved = sheet.on_sheet(problem, now.grid)
        if moved is not problem:
            found.append(moved)
        elif problem.level is Level.ERROR or (
            problem.place.path == now.path and problem.place.line in lines
        ):
            found.append(_below(problem, prefix))
    sources = {prefix + path: Source(prefix + path, text) for path, text in texts.items()}
    return Told(tuple(found), sources)


def _below(problem: Problem, prefix: str) -> Problem:
    return replace(problem, place=replace(problem.place, path=prefix + problem.place.path))


def _prefix(directory: Path) -> str:
    """What stands before the paths of rule files where problems name them."""
    return directory.as_posix().rstrip("/") + "/"


def _replace(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all; also where it is a link. Raises InvalidInput."""
    target = path.resolve()
    # A hidden file is none of the rules, whoever looks at the directory meanwhile.
    draft = target.with_name(f".{target.name}.new")
    try:
        draft.write_bytes(content)
        shutil.copymode(target, draft)
        os.replace(draft, target)
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be written: {error.strerror}; it stays as it was.",
            errors={"rules": ["a folder that can be written"]},
        ) from error
