"""Rule files → a rulebook, whole or not at all, with every problem in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from govern.documents import yaml
from govern.documents.files import digest, read_yaml_files
from govern.documents.problem import Level, Problem, did_you_mean
from govern.documents.read import read
from govern.documents.shape import Fields
from govern.documents.source import Place, Source
from govern.domain.progress import Progress, nobody_watches
from govern.language.table import Table
from govern.rulebook import format as keys
from govern.rulebook.beside import Beside, read_beside
from govern.rulebook.build import build_rules
from govern.rulebook.conditions import Reader
from govern.rulebook.params import Layer, read_layer, resolve, taken_names, unused
from govern.rulebook.rule import Rule, Rulebook, Status
from govern.rulebook.snoozes import expired, unknown_rules
from govern.rulebook.table import DecisionTable
from govern.rulebook.table_build import build_tables


@dataclass(frozen=True, slots=True)
class Loaded:
    """`rulebook` is `None` where there is any error. `sources` is what `render` needs: the path
    that places name → the file. `readable` are the decision tables without errors, by name, as
    conditions outside of the rulebook read them; `calendars` the ids of the calendar files, `None`
    where one of them could not be read."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]
    readable: Mapping[str, Table]
    calendars: frozenset[str] | None


def load(
    directory: Path, *, today: date | None = None, progress: Progress = nobody_watches
) -> Loaded:
    """The rulebook of a directory; problems name files as `directory` does.

    `today` also warns of snoozes that are over. `progress` is told of files.
    """
    files = read_yaml_files(directory)
    prefix = directory.as_posix().rstrip("/") + "/"
    return _load(files.texts, prefix, files.problems, today, progress)


def load_sources(sources: Mapping[str, str]) -> Loaded:
    """The rulebook of texts by path, as `Rulebook.sources` has them: the same digest, the same
    rules."""
    return _load(sources, "", (), None)


@dataclass(frozen=True, slots=True)
class _File:
    """A rule file and what holds for it: its folders' parameters, the outermost first, and its own."""

    fields: Fields
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class _Built:
    """Rules and tables by id, those without errors; `taken` has every rule's id."""

    rules: Mapping[str, Rule]
    tables: Mapping[str, DecisionTable]
    taken: Mapping[str, Place]
    readers: tuple[Reader, ...]


def _load(
    texts: Mapping[str, str],
    prefix: str,
    found: tuple[Problem, ...],
    today: date | None,
    progress: Progress = nobody_watches,
) -> Loaded:
    problems = list(found)
    by_path = {path: Source(prefix + path, text) for path, text in sorted(texts.items())}
    beside = read_beside(by_path, problems)
    files: list[_File] = []
    # Reading the files takes about as long as building their rules.
    total = len(by_path)
    for number, (path, source) in enumerate(by_path.items(), start=1):
        progress(number // 2, total)
        fields = None if path in beside.paths else _file(source, problems)
        if fields is not None:
            above = beside.above(path)
            own = read_layer(fields, above, taken_names(), problems)
            files.append(_File(fields, (*above, own)))
    built = _build(files, beside, problems, lambda done, of: progress((total + done) // 2, total))
    rules, tables = _with_portfolios(built, files, beside, problems)
    if len(beside.paths) == len(texts) and not problems:
        place = Place(prefix.rstrip("/") or ".", 1, 1)
        problems.append(Problem("E312", "there are no rule files here", place))
    problems += _unused(files, built, beside)
    problems += _replacements(rules, built.taken)
    problems += unknown_rules(beside.snoozes, built.taken)
    problems += expired(beside.snoozes, today) if today is not None else ()
    problems.sort(key=lambda each: (each.place.path, each.place.line, each.place.column))
    rulebook = None
    if all(each.level is not Level.ERROR for each in problems):
        ordered = tuple(rules[rule_id] for rule_id in sorted(rules))
        by_id = tuple(tables[table_id] for table_id in sorted(tables))
        rulebook = Rulebook(
            ordered, digest(texts), dict(texts), by_id, tuple(beside.snoozes), beside.calendars
        )
    readable = {table.name: table.read for table in tables.values()}
    found_in = {each.path: each for each in by_path.values()}
    calendars = None if beside.broken else frozenset(beside.calendars)
    return Loaded(rulebook, tuple(problems), found_in, readable, calendars)


def _build(
    files: list[_File],
    beside: Beside,
    problems: list[Problem],
    progress: Progress = nobody_watches,
    portfolio: str | None = None,
) -> _Built:
    """The rules and tables, with the parameters that hold in a portfolio."""
    readers = [
        Reader(
            resolve(file.layers, portfolio),
            problems,
            calendar=beside.calendar(file.layers, problems),
        )
        for file in files
    ]
    with_readers = [(file.fields, reader) for file, reader in zip(files, readers, strict=True)]
    tables = build_tables(with_readers)
    rules: dict[str, Rule] = {}
    taken: dict[str, Place] = {}
    for number, (fields, reader) in enumerate(with_readers, start=1):
        progress(number, len(files))
        for rule_id, place, rule in build_rules(fields, reader):
            if rule_id in taken:
                what = f"the rule '{rule_id}' is already defined at {taken[rule_id]}"
                problems.append(Problem("E301", what, place, "give one of them another id"))
            else:
                taken[rule_id] = place
                if rule is not None:
                    rules[rule_id] = rule
    return _Built(rules, tables, taken, tuple(readers))


def _with_portfolios(
    built: _Built, files: list[_File], beside: Beside, problems: list[Problem]
) -> tuple[dict[str, Rule], dict[str, DecisionTable]]:
    """The rules and tables by id, each with what it becomes in the portfolios that have parameters
    of their own."""
    found: dict[str, dict[str, Rule]] = {}
    grids: dict[str, dict[str, DecisionTable]] = {}
    for portfolio in beside.portfolios(file.layers[-1] for file in files):
        own: list[Problem] = []
        there = _build(files, beside, own, portfolio=portfolio)
        told = {(problem.code, problem.place) for problem in problems}
        problems += [
            replace(problem, message=f"in portfolio '{portfolio}': {problem.message}")
            for problem in own
            if (problem.code, problem.place) not in told
        ]
        for rule_id, rule in there.rules.items():
            if rule_id in built.rules and rule.meanings != built.rules[rule_id].meanings:
                found.setdefault(rule_id, {})[portfolio] = rule
        for table_id, table in there.tables.items():
            if table_id in built.tables and table.read != built.tables[table_id].read:
                grids.setdefault(table_id, {})[portfolio] = table
    rules = {
        rule_id: replace(rule, portfolios=found[rule_id]) if rule_id in found else rule
        for rule_id, rule in built.rules.items()
    }
    tables = {
        table_id: replace(table, portfolios=grids[table_id]) if table_id in grids else table
        for table_id, table in built.tables.items()
    }
    return rules, tables


def _unused(files: list[_File], built: _Built, beside: Beside) -> list[Problem]:
    """Warnings for parameters that no rule or table reads, of files and of folders."""
    problems: list[Problem] = []
    for file, reader in zip(files, built.readers, strict=True):
        if keys.RULES in file.fields or keys.TABLES in file.fields:
            problems += unused(file.layers[-1], reader.names, "this file")
    for layer in beside.folders.values():
        below = [
            reader.names
            for file, reader in zip(files, built.readers, strict=True)
            if layer in file.layers
        ]
        problems += unused(layer, set[str]().union(*below), "this folder")
    return problems


def _file(source: Source, problems: list[Problem]) -> Fields | None:
    """What the file says, where it is a mapping at all."""
    document = yaml.load(source)
    problems.extend(document.problems)
    if document.root is None:
        return None
    file = read(document.root, keys.FILE, problems)
    if file is not None and not (file.node.get("rules") or file.node.get("tables")):
        what = f"{keys.FILE.name} needs the key 'rules' or 'tables'"
        problems.append(Problem("E111", what, file.node.place, "rules: a list of rules"))
    return file


def _replacements(rules: Mapping[str, Rule], taken: Mapping[str, Place]) -> list[Problem]:
    problems: list[Problem] = []
    for rule in rules.values():
        if rule.replaced_by is None:
            continue
        if rule.status is not Status.DEPRECATED:
            what = f"'{rule.id}' is {rule.status}, so nothing replaces it"
            problems.append(Problem("E305", what, rule.place, "status: deprecated"))
        elif rule.replaced_by not in taken or rule.replaced_by == rule.id:
            what = f"there is no rule '{rule.replaced_by}' to replace '{rule.id}'"
            helps = did_you_mean(rule.replaced_by, set(taken) - {rule.id})
            problems.append(Problem("E305", what, rule.place, helps))
    return problems
