"""The table in a sheet: which row has the headings, which column is what, where the periods stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from govern.documents.grid import GridCell
from govern.documents.sheet import letters
from govern.domain.count import counted
from govern.intake.foreign.headings import (
    figure_word,
    heading_of,
    is_total,
    plain_word,
    without_figure_word,
)
from govern.intake.foreign.outcome import Choice, Found, Question
from govern.intake.foreign.periods import looks_like_period
from govern.intake.foreign.place import At, View
from govern.intake.foreign.written import quoted
from govern.intake.problem import did_you_mean
from govern.intake.source import FileSource

_LOOKED_AT = 60
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_COLUMN = re.compile(r"column ([A-Z]{1,3})", re.IGNORECASE)
_NEEDED_LONG = ("period",)


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A column of figures: its period, and whether they are planned or actual where that is said.
    `unknown` is a word in place of that which is none of those known."""

    at: At
    period: str | date
    figure: str | None
    unknown: At | None


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: what → number of the column. `periods` are those of the wide layout. Above `top` are
    titles, from `first` on rows of the table."""

    columns: Mapping[str, int]
    periods: Mapping[int, PeriodColumn] = field(default_factory=dict[int, PeriodColumn])
    top: int = 1
    first: int = 2
    headings: Mapping[int, str] = field(default_factory=dict[int, str])

    @property
    def wide(self) -> bool:
        return bool(self.periods)


def find_table(view: View, source: FileSource, found: Found) -> Table | None:
    """The table, or `None` with problems or questions that say why it is not known."""
    row = _header_row(view, source, found)
    if row is None:
        return None
    rows = [each for each in (row, row - 1, row + 1) if 1 <= each <= view.rows]
    wide = source.table.layout == "wide" or (
        source.table.layout is None
        and (_periods_in(view, row) > 1 or not _names_in(view, row) & {"actual", "planned"})
        and any(_periods_in(view, each) for each in rows)
    )
    found.state(f"the headings stand in row {row}, in the {'wide' if wide else 'long'} layout")
    table = _wide(view, source, found, row, rows) if wide else _long(view, source, found, row)
    if table is not None:
        _tell_hidden(view, table, found)
    return table


def _header_row(view: View, source: FileSource, found: Found) -> int | None:
    keys = source.table
    if keys.header_row is not None:
        if keys.header_row > view.rows:
            found.refuse_file(
                f"has no row {keys.header_row}", "correct `header_row` in the mapping"
            )
            return None
        return keys.header_row
    if keys.header is not None:
        wanted = plain_word(keys.header)
        for number in view.numbers:
            if any(plain_word(at.text) == wanted for at in view.row(number)):
                return number
        found.refuse_file(
            f"has no cell '{keys.header}'", "correct `header` in the mapping, or the file"
        )
        return None
    looked = view.numbers[:_LOOKED_AT]
    for number in looked:
        names = _names_in(view, number)
        long = bool(names & {"actual", "planned"}) and bool(names & {"kpi", "period"})
        periods = _periods_in(view, number)
        if long or periods > 1 or (periods and "kpi" in names):
            return number
    choices = tuple(
        Choice(f"header_row: {number}", " | ".join(at.text[:20] for at in view.row(number))[:70])
        for number in looked
        if sum(1 for _ in view.row(number)) > 1
    )[:5]
    if choices:
        found.ask(Question("file", "Which row has the headings of the columns?", choices))
    else:
        found.refuse_file("has no row with headings", "name the columns: KPI, Month, Actual")
    return None


def _names_in(view: View, row: int) -> set[str]:
    return {name for at in view.row(row) if (name := heading_of(at.text)) is not None}


def _periods_in(view: View, row: int) -> int:
    """How many cells of a row may be periods; years count where several follow one another."""
    count, years = 0, list[int]()
    for at in view.row(row):
        text = without_figure_word(at.text, FileSource())[0]
        if _YEAR.fullmatch(text):
            years.append(int(text))
        elif looks_like_period(_day_or(at.cell, text)):
            count += 1
    steps = {b - a for a, b in pairwise(years)}
    return count + (len(years) if steps and steps <= {0, 1} else 0)


def _day_or(cell: GridCell, text: str) -> str | date:
    return cell.value if isinstance(cell.value, date) else text


def _long(view: View, source: FileSource, found: Found, row: int) -> Table | None:
    headings = {at.column: at.text for at in view.row(row)}
    columns = _columns(headings, source, found, view, row)
    if columns is None:
        return None
    needed = [name for name in _NEEDED_LONG if name not in columns]
    if "kpi" not in columns and source.kpi is None:
        needed.append("kpi")
    if not {"actual", "planned"} & set(columns):
        needed.append("actual")
    for name in needed:
        free = [text for number, text in headings.items() if number not in columns.values()]
        choices = tuple(Choice(f"{name}: {quoted(text)}", f"column '{text}'") for text in free)
        what = {"kpi": "says which KPI", "period": "is the period"}.get(name, "has the figures")
        if choices:
            found.ask(Question("columns", f"Which column {what}?", choices))
        else:
            found.refuse_file(
                f"has no column that {what}",
                f"the headings of row {row} are: {', '.join(headings.values()) or 'none'}",
            )
    if needed:
        return None
    _tell_unread(headings, set(columns.values()), found)
    return Table(columns, {}, row, row + 1, headings)


def _columns(
    headings: Mapping[int, str], source: FileSource, found: Found, view: View, row: int
) -> dict[str, int] | None:
    """What the mapping names; where it names no columns, those whose headings are known words."""
    columns: dict[str, int] = {}
    by_word: dict[str, list[int]] = {}
    for number, text in headings.items():
        by_word.setdefault(plain_word(text), []).append(number)
    sound = True
    for name, text in source.columns.items():
        letter = _COLUMN.fullmatch(text)
        numbers = [_number(letter[1])] if letter else by_word.get(plain_word(text), [])
        if not numbers:
            near = did_you_mean(text, headings.values())
            right = near or f"the headings of row {row} are: {', '.join(headings.values())}"
            found.refuse_file(f"has no column '{text}', which is `{name}`", right)
            sound = False
        elif len(numbers) > 1:
            found.ask(_which_column(name, text, numbers))
            sound = False
        else:
            columns[name] = numbers[0]
    if not source.columns:
        sound = _by_known_words(headings, columns, found) and sound
    return columns if sound else None


def _by_known_words(headings: Mapping[int, str], columns: dict[str, int], found: Found) -> bool:
    meant: dict[str, list[int]] = {}
    for number, text in headings.items():
        name = heading_of(text)
        if name is not None:
            meant.setdefault(name, []).append(number)
    sound = True
    for name, numbers in meant.items():
        if len(numbers) > 1:
            texts = {headings[number] for number in numbers}
            if len(texts) == len(numbers):
                choices = tuple(
                    Choice(f"{name}: {quoted(headings[n])}", f"column {letters(n)}")
                    for n in numbers
                )
                found.ask(Question("columns", f"Which column is `{name}`?", choices))
            else:
                found.ask(_which_column(name, headings[numbers[0]], numbers))
            sound = False
        else:
            columns[name] = numbers[0]
            text = headings[numbers[0]]
            found.state(f"column {letters(numbers[0])} '{text}' is read as `{name}`")
    return sound


def _which_column(name: str, text: str, numbers: list[int]) -> Question:
    choices = tuple(Choice(f"{name}: column {letters(n)}", f"column {letters(n)}") for n in numbers)
    return Question("columns", f"Which of the columns '{text}' is `{name}`?", choices)


def _number(word: str) -> int:
    number = 0
    for letter in word.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _wide(view: View, source: FileSource, found: Found, row: int, rows: list[int]) -> Table | None:
    of_periods = max(rows, key=lambda each: _periods_in(view, each))
    of_figures = _figure_row(view, source, of_periods, rows)
    head = sorted({row, of_periods, *({of_figures} if of_figures else ())})
    headings: dict[int, str] = {}
    for number in head:
        for column in range(1, view.columns + 1):
            at = view.spread(number, column)
            if at is not None and (column not in headings or number == row):
                headings[column] = at.text
    periods: dict[int, PeriodColumn] = {}
    before: At | None = None
    for column in range(1, view.columns + 1):
        at = view.spread(of_periods, column)
        below = view.spread(of_figures, column) if of_figures else None
        figure = figure_word(below.text, source) if below is not None else None
        if at is None and before is not None and figure is not None:
            at = before
            found.state(
                f"{view.name(of_periods, column)} is blank and read as '{at.text}' beside it"
            )
        before = at if at is not None and _heads_period(at, source) else None
        if at is not None and before is not None:
            text, own = without_figure_word(at.text, source)
            said = figure if of_figures else own
            unknown = below if below is not None and figure is None else None
            periods[column] = PeriodColumn(at, _day_or(at.cell, text), said, unknown)
    named = {c: text for c, text in headings.items() if c not in periods}
    columns = _columns(named, source, found, view, row)
    if columns is None:
        return None
    if not periods:
        found.refuse_file(
            f"has no period in row {row}",
            "correct `header_row` or `layout` in the mapping: periods read 2026-01, Jan 2026, Q1 2026",
        )
        return None
    first = min(periods)
    if "kpi" not in columns and source.kpi is None:
        left = [
            c for c in range(1, first) if any(view.at(r, c) for r in range(head[-1], view.rows + 1))
        ]
        choices = tuple(
            Choice(
                f"kpi: {quoted(named[c]) if c in named else f'column {letters(c)}'}",
                f"column {letters(c)}",
            )
            for c in left
        )
        found.ask(Question("columns", "Which column says which KPI?", choices))
        return None
    table = Table(columns, periods, head[0], head[-1] + 1, headings)
    _ask_others(view, table, source, found)
    _tell_unread({c: t for c, t in named.items() if c < first}, set(columns.values()), found)
    return table


def _heads_period(at: At, source: FileSource) -> bool:
    text = without_figure_word(at.text, source)[0]
    return bool(_YEAR.fullmatch(text)) or looks_like_period(_day_or(at.cell, text))


def _figure_row(view: View, source: FileSource, of_periods: int, rows: list[int]) -> int | None:
    """The row beside that of the periods which says under each whether it is planned or actual."""
    for row in rows:
        if row != of_periods and any(
            figure_word(at.text, source) and _under_period(view, source, of_periods, at.column)
            for at in view.row(row)
        ):
            return row
    return None


def _under_period(view: View, source: FileSource, row: int, column: int) -> bool:
    at = view.spread(row, column)
    return at is not None and _heads_period(at, source)


def _ask_others(view: View, table: Table, source: FileSource, found: Found) -> None:
    """Columns behind the first period that hold figures and head none: totals, differences."""
    skipped = {plain_word(each) for each in source.skip}
    for column in range(min(table.periods), view.columns + 1):
        if column in table.periods or column in table.columns.values():
            continue
        text = table.headings.get(column)
        below = [at for at in (view.at(r, column) for r in range(table.first, view.rows + 1)) if at]
        if not any(any(char.isdigit() for char in at.text) for at in below):
            continue
        if text is not None and (
            plain_word(text) in skipped or figure_word(text, source) == "skip"
        ):
            found.state(f"column {letters(column)} '{text}' is left out")
            continue
        place = view.name(table.first - 1, column)
        if text is None and column > max(table.headings, default=0):
            continue  # Each of the rows that reach so far is refused.
        if text is None:
            found.refuse_file("has figures below it and no heading", "name the period", place)
            continue
        total = " It reads like a total." if is_total(text) else ""
        found.ask(
            Question(
                "skip",
                f"Column {letters(column)} '{text}' has figures and names no period. Is it left out?{total}",
                (Choice(f"- {quoted(text)}", "yes; else write the period into its heading"),),
            ),
            place,
        )


def _tell_unread(headings: Mapping[int, str], read: set[int], found: Found) -> None:
    for column, text in headings.items():
        if column not in read:
            found.state(f"column {letters(column)} '{text}' is not read")


def _tell_hidden(view: View, table: Table, found: Found) -> None:
    rows = sorted(row for row in view.sheet.hidden_rows if row >= table.first)
    if rows:
        found.state(
            f"{counted(len(rows), 'hidden row is', 'hidden rows are')} read as the others: "
            + ", ".join(map(str, rows[:5]))
        )
    columns = sorted(view.sheet.hidden_columns & ({*table.periods} | {*table.columns.values()}))
    if columns:
        named = ", ".join(letters(each) for each in columns[:5])
        found.state(
            f"{counted(len(columns), 'hidden column is', 'hidden columns are')} read as the others: {named}"
        )
