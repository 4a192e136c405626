"""Decision tables of a rulebook: from the grids in its files to conditions and values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from govern.documents.problem import Level
from govern.documents.shape import Fields, Value
from govern.documents.source import Place
from govern.language import tree
from govern.language.check import Checked
from govern.language.errors import LanguageError
from govern.language.explain import shown
from govern.language.meaning import Collect, Constant, Logic, Meaning, Pick
from govern.language.meaning import Value as Fixed
from govern.language.parse import parse, parse_tests
from govern.language.scopes import Scope as Names
from govern.language.table import Table
from govern.language.types import BOOLEAN, NULL, TEXT, Type, choice, listed
from govern.language.write import write
from govern.rulebook import format as keys
from govern.rulebook.build import SCOPES
from govern.rulebook.conditions import Reader, names_in
from govern.rulebook.params import taken_names
from govern.rulebook.scope import Scope
from govern.rulebook.table import DecisionTable, Hit, TableRow
from govern.rulebook.table_check import Checkable, check_rows
from govern.rulebook.table_sense import check_sense
from govern.rulebook.table_tests import build_table_tests
from govern.rulebook.table_text import Cell, Grid, read_grid

ANY: Final = "-"
"""The cell of an input that any value fits, also a missing one."""

Tests = tuple[bool, tuple[tree.Node, ...]]
"""Whether `not(…)` stands around them, and the tests of a cell; none of them: any value fits."""
_ANY_VALUE: Final[Tests] = (False, ())


@dataclass(frozen=True, slots=True)
class _Draft:
    """A table whose grid could be read. `tests` has for each row the tests of each input."""

    fields: Fields
    file: Fields
    reader: Reader
    name: str
    grid: Grid
    headers: tuple[tree.Expression, ...]
    tests: tuple[tuple[Tests, ...], ...]

    @property
    def scope(self) -> Scope:
        return self.fields.get(keys.SCOPE) or Scope.KPI

    def reads(self) -> set[str]:
        nodes = [header.tree for header in self.headers]
        nodes += [test for row in self.tests for _, cell in row for test in cell]
        return {name for node in nodes for name in names_in(node)}


def build_tables(files: Sequence[tuple[Fields, Reader]]) -> dict[str, DecisionTable]:
    """The tables of all files by id, those without errors. Each file's reader gets to know them.

    A table may read others, in whatever file and order, but not itself.
    """
    readers = [reader for _, reader in files]
    drafts: dict[str, _Draft] = {}
    broken: set[str] = set()
    taken: dict[str, Place] = {}
    for file, reader in files:
        for fields in file.get(keys.TABLES) or ():
            draft = _draft(fields, file, reader, taken)
            name = _name(fields)
            if draft is not None:
                drafts[draft.name] = draft
            elif name is not None and name not in drafts:
                broken.add(name)
    built: dict[str, DecisionTable] = {}
    known: dict[str, Table] = {}
    for name in _in_order(drafts, broken):
        draft = drafts[name]
        draft.reader.tables, draft.reader.broken = known, frozenset(broken)
        table = _table(draft)
        if table is None:
            broken.add(name)
        else:
            built[table.id], known[name] = table, table.read
    for reader in readers:
        reader.tables, reader.broken = known, frozenset(broken)
    return built


def _name(fields: Fields) -> str | None:
    found = fields.get(keys.TABLE_ID)
    return found.replace("-", "_") if found else None


def _draft(fields: Fields, file: Fields, reader: Reader, taken: dict[str, Place]) -> _Draft | None:
    name = _name(fields)
    if name is not None:
        place = fields.place(keys.TABLE_ID)
        if name in taken:
            what = f"the table '{name}' is already defined at {taken[name]}"
            reader.add("E323", what, place, "give one of them another id")
            return None
        taken[name] = place
        if name in taken_names():
            what = f"'{name}' is already a name in conditions"
            reader.add("E323", what, place, f"{name}-table")
            return None
    scalar = fields.get(keys.ROWS)
    grid = read_grid(scalar, reader.problems) if scalar else None
    if grid is None or name is None or not fields.complete:
        return None
    headers = _headers(grid, reader)
    found = [[_tests(cell, reader) for cell in row.inputs] for row in grid.rows]
    tests = tuple(tuple(cell for cell in row if cell is not None) for row in found)
    if headers is None or any(len(row) < len(headers) for row in tests):
        return None
    return _Draft(fields, file, reader, name, grid, headers, tests)


def _headers(grid: Grid, reader: Reader) -> tuple[tree.Expression, ...] | None:
    found: list[tree.Expression] = []
    for cell in grid.header.inputs:
        try:
            parsed = parse(cell.text, cell)
        except LanguageError as error:
            reader.problems.extend(error.problems)
            continue
        if any(parsed == other for other in found):
            reader.add("E321", f"`{cell.text}` is the input of two columns", cell.place)
        found.append(parsed)
    names: set[str] = set()
    fits = len(found) == len(grid.header.inputs)
    for cell in grid.header.outputs:
        if not cell.text.isidentifier() or cell.text in names:
            what = f"`{cell.text}` is the output of two columns"
            if cell.text not in names:
                what = f"`{cell.text}` cannot be the name of an output"
            reader.add("E321", what, cell.place, "a name begins with a letter, such as rag")
            fits = False
        names.add(cell.text)
    return tuple(found) if fits else None


def _tests(cell: Cell, reader: Reader) -> Tests | None:
    """The tests of a cell, `None` where they have problems."""
    if cell.text == ANY:
        return _ANY_VALUE
    try:
        return parse_tests(cell.text, cell)
    except LanguageError as error:
        reader.problems.extend(error.problems)
        return None


def _in_order(drafts: Mapping[str, _Draft], broken: set[str]) -> list[str]:
    """The tables, each behind those that it reads; those in a circle are broken."""
    order: list[str] = []
    waiting = {name: draft.reads() & drafts.keys() for name, draft in drafts.items()}
    while waiting:
        ready = [name for name, reads in waiting.items() if not reads & waiting.keys()]
        if not ready:
            for name, reads in waiting.items():
                draft = drafts[name]
                others = " and ".join(f"'{each}'" for each in sorted(reads & waiting.keys()))
                what = f"the table '{name}' reads {others}, and so in the end itself"
                place = draft.fields.place(keys.TABLE_ID)
                draft.reader.add("E328", what, place, "take one of the inputs out of the circle")
            broken |= waiting.keys()
            return order
        order += ready
        for name in ready:
            del waiting[name]
    return order


def _table(draft: _Draft) -> DecisionTable | None:
    reader, fields = draft.reader, draft.fields
    if draft.reads() & reader.broken:
        return None
    before = len(reader.problems)
    names = SCOPES[draft.scope]
    inputs = [reader.checked(header, names, None) for header in draft.headers]
    tests = [
        [
            _condition(draft, names, row, column, checked) if checked is not None else None
            for column, checked in enumerate(inputs)
        ]
        for row in range(len(draft.tests))
    ]
    outputs = [_outputs(draft, column) for column in range(len(draft.grid.header.outputs))]
    priority = _priority(draft, outputs[0]) if outputs[0] else None
    if _has_errors(reader, before):
        return None
    found = [each for each in outputs if each is not None]
    checked = tuple(each for each in inputs if each is not None)
    conditions = [[each.meaning if each else None for each in row] for row in tests]
    rows = tuple(
        TableRow(
            _all_of([each for each in cells if each is not None]),
            tuple(values[number] for _, values in found),
            line.place,
        )
        for number, (cells, line) in enumerate(zip(conditions, draft.grid.rows, strict=True))
    )
    order = priority or tuple(range(len(rows)))
    cells = tuple(tuple(row) for row in conditions)
    values = tuple(row.values for row in rows)
    checkable = Checkable(checked, cells, values, draft.grid, fields[keys.HIT], order)
    check_sense(checked, tests, draft.grid, reader)
    check_rows(checkable, reader)
    if _has_errors(reader, before):
        return None
    read = _read(draft, rows, found, order)
    results = _results(draft, read, names)
    return DecisionTable(
        id=fields[keys.TABLE_ID],
        name=draft.name,
        title=fields.get(keys.TABLE_TITLE),
        scope=draft.scope,
        area=draft.file.get(keys.AREA) or "",
        hit=fields[keys.HIT],
        inputs=checked,
        rows=rows,
        results=results,
        read=read,
        tests=build_table_tests(fields, draft.scope, results, reader),
        place=fields.place(keys.TABLE_ID),
    )


def _has_errors(reader: Reader, before: int) -> bool:
    return any(problem.level is Level.ERROR for problem in reader.problems[before:])


def _condition(
    draft: _Draft, names: Names, row: int, column: int, input_: Checked
) -> Checked | None:
    """What one cell asks for: the header's value, tested."""
    (negated, found), cell = draft.tests[row][column], draft.grid.rows[row].inputs[column]
    if not found:
        return None
    header = draft.headers[column].tree
    # The header's own problems have been told; what is found here shall point into the cell.
    span = (0, len(cell.text))
    asked: list[tree.Node] = []
    if any(isinstance(test, tree.Null) for test in found):
        asked.append(tree.Comparison("=", header, tree.Null(span=span), span=span))
    others = tuple(test for test in found if not isinstance(test, tree.Null))
    if others:
        asked.append(tree.In(header, others, span=span))
    node = asked[0] if len(asked) == 1 else tree.Logic("or", tuple(asked), span=span)
    if negated:
        node = tree.Call("not", (node,), span=span)
    before = len(draft.reader.problems)
    checked = draft.reader.checked(tree.Expression(node, cell.text, cell), names, BOOLEAN)
    told = draft.reader.problems[before:]
    known = {problem.message for problem in input_.problems}
    draft.reader.problems[before:] = [each for each in told if each.message not in known]
    return checked


def _all_of(conditions: list[Meaning]) -> Meaning:
    if not conditions:
        return Constant(BOOLEAN, tree.Truth(True), True)
    if len(conditions) == 1:
        return conditions[0]
    source = tree.Logic("and", tuple(each.source for each in conditions))
    return Logic(BOOLEAN, source, "and", tuple(conditions))


def _outputs(draft: _Draft, column: int) -> tuple[Type, tuple[Fixed, ...]] | None:
    """The type and the values of one output; adds a problem for each cell that does not fit."""
    reader = draft.reader
    header = draft.grid.header.outputs[column].text
    kind: Type | None = None
    values: list[Fixed] = []
    for row in draft.grid.rows:
        cell = row.outputs[column]
        found = _constant(cell, draft)
        if found is None:
            continue
        if found.type == NULL:
            values.append(None)
        elif kind not in {None, found.type}:
            what = f"`{cell.text}` is {found.type}, and the values of {header} above are {kind}"
            reader.add("E322", what, cell.place, "one type in each output")
        else:
            kind = found.type
            values.append(found.value)
    if len(values) < len(draft.grid.rows):
        return None
    if kind is None:
        what = f"the output {header} never has a value"
        reader.add("E322", what, draft.grid.header.outputs[column].place, "leave it out")
        return None
    if kind == TEXT:
        kind = choice(*dict.fromkeys(str(value) for value in values if value is not None))
    return kind, tuple(values)


def _constant(cell: Cell, draft: _Draft) -> Constant | None:
    if cell.text == "null":
        return Constant(NULL, tree.Null(), None)
    try:
        parsed = parse(cell.text, cell)
    except LanguageError as error:
        draft.reader.problems.extend(error.problems)
        return None
    if isinstance(parsed.tree, tree.Name) and parsed.tree.name not in draft.reader.params:
        what = f"`{cell.text}` is no constant"
        helps = f'a text stands in double quotes: "{cell.text}"'
        draft.reader.add("E322", what, cell.place, helps)
        return None
    checked = draft.reader.checked(parsed, SCOPES[draft.scope], None)
    if checked is None:
        return None
    if isinstance(checked.meaning, Constant) and checked.type.is_scalar:
        return checked.meaning
    what = f"`{cell.text}` is no constant"
    draft.reader.add("E322", what, cell.place, 'an output is a number, a date, true or a "text"')
    return None


def _priority(draft: _Draft, first: tuple[Type, tuple[Fixed, ...]]) -> tuple[int, ...] | None:
    """The rows by their priority, for the hit policy that asks for it."""
    given = draft.fields.get(keys.PRIORITY)
    reader, hit = draft.reader, draft.fields[keys.HIT]
    if hit is not Hit.PRIORITY:
        if given is not None:
            what = f"`priority` has no meaning with hit: {hit}"
            reader.add("E329", what, draft.fields.key_place(keys.PRIORITY), "hit: priority")
        return None
    values = [shown(value) for value in first[1]]
    if given is None:
        helps = f"priority: [{', '.join(dict.fromkeys(values))}], the strongest first"
        place = draft.fields.place(keys.HIT)
        reader.add("E329", "hit: priority needs the order of the values", place, helps)
        return None
    order = [_text(each) for each in given]
    output = draft.grid.header.outputs[0].text
    for number, row in enumerate(draft.grid.rows):
        if values[number] not in order:
            what = f"{row.outputs[0].text} is not in the table's priority"
            reader.add("E329", what, row.outputs[0].place, f"add it to priority: of {output}")
    if any(value not in order for value in values):
        return None
    return tuple(sorted(range(len(values)), key=lambda number: order.index(values[number])))


def _text(given: Value) -> str:
    return shown(given.value)


def _read(
    draft: _Draft,
    rows: tuple[TableRow, ...],
    outputs: list[tuple[Type, tuple[Fixed, ...]]],
    order: tuple[int, ...],
) -> Table:
    hit = draft.fields[keys.HIT]
    operands = tuple(rows[number].condition for number in order)
    alike = list(dict.fromkeys(row.values for row in rows))
    groups = {
        Hit.UNIQUE: order,
        Hit.ANY: tuple(alike.index(rows[number].values) for number in order),
    }.get(hit, (0,) * len(order))
    found: dict[str, Meaning] = {}
    for cell, (kind, values) in zip(draft.grid.header.outputs, outputs, strict=True):
        source = tree.Member(tree.Name(draft.name), cell.text)
        sorted_ = tuple(values[number] for number in order)
        if hit is Hit.COLLECT:
            found[cell.text] = Collect(listed(kind), source, operands, sorted_)
        else:
            found[cell.text] = Pick(kind, source, operands, sorted_, groups)
    return Table(draft.name, str(draft.scope), found)


def _results(draft: _Draft, read: Table, names: Names) -> dict[str, Checked]:
    results: dict[str, Checked] = {}
    for cell in draft.grid.header.outputs:
        node = tree.Member(tree.Name(read.name), cell.text)
        expression = tree.Expression(node, write(node), cell)
        reader = replace(draft.reader, tables={read.name: read})
        checked = reader.checked(expression, names, None)
        if checked is not None:
            results[cell.text] = checked
    return results
