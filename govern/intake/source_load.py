"""Source files → sources, with every problem in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govern.documents import yaml
from govern.documents.files import read_yaml_files
from govern.documents.problem import Level, Problem
from govern.documents.read import read
from govern.documents.shape import Fields
from govern.documents.source import Source
from govern.intake import source_format as keys
from govern.intake import source_sql
from govern.intake.source import DateKeys, FileSource, LabelKeys, NumberKeys, TableKeys
from govern.intake.source_kinds import source_shape


@dataclass(frozen=True, slots=True)
class LoadedSources:
    """`fields`: id → what the file of a sound source says, of any kind. `sources` is what `render`
    needs; `paths`: id → the path of its file."""

    fields: Mapping[str, Fields]
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]
    paths: Mapping[str, str]

    def file(self, source_id: str) -> FileSource | None:
        """The source of this id, where it is a mapping of files."""
        found = self.fields.get(source_id)
        return None if found is None or kind_of(found) != "file" else file_source(found)

    def sql(self) -> dict[str, source_sql.SqlSource]:
        """The sources that are databases, by their ids."""
        return {
            name: source_sql.sql_source(each)
            for name, each in self.fields.items()
            if kind_of(each) == "sql"
        }


def kind_of(fields: Fields) -> str:
    return fields.values.get("kind", "file")


def load_sources(directory: Path) -> LoadedSources:
    """The sources of a directory; a directory that is not there has none."""
    if not directory.is_dir():
        return LoadedSources({}, (), {}, {})
    files = read_yaml_files(directory)
    prefix = directory.as_posix().rstrip("/") + "/"
    problems = list(files.problems)
    texts = {path: Source(prefix + path, text) for path, text in sorted(files.texts.items())}
    found: dict[str, Fields] = {}
    paths: dict[str, str] = {}
    for source in texts.values():
        fields = read_source(source, problems)
        if fields is None:
            continue
        name = fields[keys.ID]
        if name in found:
            what = f"the source '{name}' is in {paths[name]} already"
            problems.append(
                Problem("E601", what, fields.place(keys.ID), "give one of them another id")
            )
            continue
        found[name] = fields
        paths[name] = source.path
    return LoadedSources(
        found, tuple(problems), {each.path: each for each in texts.values()}, paths
    )


def read_source(source: Source, problems: list[Problem]) -> Fields | None:
    """What a source file says; `None`, with its problems in the list, where it has an error."""
    document = yaml.load(source)
    before = len(problems)
    problems += document.problems
    if document.root is None:
        return None
    fields = read(document.root, source_shape(), problems)
    if fields is not None and fields.complete:
        check = source_sql.check if kind_of(fields) == "sql" else _check
        check(fields, problems)
    sound = all(each.level is not Level.ERROR for each in problems[before:])
    return fields if fields is not None and fields.complete and sound else None


def _check(fields: Fields, problems: list[Problem]) -> None:
    """What no shape can say."""
    numbers = fields.get(keys.NUMBERS)
    said = {} if numbers is None else numbers.values
    if numbers is not None and said.get("decimal") and said.get("decimal") == said.get("thousands"):
        what = "the decimal sign cannot also stand between thousands"
        problems.append(
            Problem("E602", what, numbers.node.place, 'such as {decimal: ",", thousands: "."}')
        )
    dates = fields.get(keys.DATES)
    if dates is not None and dates.values.get("fiscal_start", 1) > 12:
        what = f"there is no month {dates.values['fiscal_start']}"
        problems.append(Problem("E602", what, dates.node.place, "a month from 1 to 12"))
    labels: set[str] = set()
    for each in fields.get(keys.KPIS) or ():
        if keys.LABELLED not in each and not each.get(keys.SKIPPED) and len(each.values) < 2:
            what = f"nothing is said of the label '{each[keys.LABEL]}'"
            problems.append(Problem("E602", what, each.node.place, "add `kpi:` or `skip: true`"))
        folded = fold(each[keys.LABEL])
        if folded in labels:
            what = f"the label '{each[keys.LABEL]}' stands twice"
            problems.append(Problem("E602", what, each.node.place, "keep one of the two"))
        labels.add(folded)


def fold(text: str) -> str:
    """A heading, label or word as it is compared: without regard to case and blanks."""
    return " ".join(text.split()).casefold()


def file_source(fields: Fields) -> FileSource:
    """The mapping that a source file of the kind `file` makes."""
    table = _said(fields, keys.FILE_KEYS)
    numbers = _said(fields, keys.NUMBERS)
    scales = numbers.pop("scales", ())
    said: dict[str, Any] = {
        field.key: fields.values[field.key]
        for field in (
            keys.ID,
            keys.TITLE,
            keys.OWNER,
            keys.KPI,
            keys.HOLDS,
            keys.SCALE,
            keys.PERCENT,
            keys.SIGNS,
            keys.MISSING,
            keys.SKIP,
            keys.ACCEPT,
        )
        if field in fields
    }
    return FileSource(
        **said,
        table=TableKeys(**table),
        columns=_said(fields, keys.COLUMNS),
        measures=_said(fields, keys.MEASURES),
        kpis={fold(each[keys.LABEL]): _label(each) for each in fields.get(keys.KPIS) or ()},
        numbers=NumberKeys(
            **numbers, scales={each[keys.SIGN]: each[keys.TIMES] for each in scales}
        ),
        dates=DateKeys(**_said(fields, keys.DATES)),
    )


def _said(fields: Fields, field: Any) -> dict[str, Any]:
    found: Fields | None = fields.get(field)
    return {} if found is None else dict(found.values)


def _label(each: Fields) -> LabelKeys:
    return LabelKeys(
        kpi=each.get(keys.LABELLED),
        skip=bool(each.get(keys.SKIPPED)),
        scale=each.get(keys.SCALE),
        percent=each.get(keys.PERCENT),
        signs=each.get(keys.SIGNS),
    )
