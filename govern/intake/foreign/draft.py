"""A mapping written down: what is known of a file, and what is asked of it as comments to be chosen."""

from collections.abc import Iterable, Sequence
from typing import Final

from govern.domain.plain import plain_decimal
from govern.intake.foreign.outcome import Question
from govern.intake.foreign.written import label_line, quoted
from govern.intake.source import FileSource
from govern.intake.source_format import SEPARATORS, VERSION

_TOP: Final = ("kpi", "holds", "scale", "percent", "signs")
_HELP: Final = "# ask: {}  Take the # from the line that is right."
_ALWAYS_QUOTED: Final = {*SEPARATORS, ".", ","}


def draft(source: FileSource, questions: Sequence[Question], source_id: str) -> str:
    """The YAML text of the mapping. It can be read as it is: what is asked stands in comments."""
    lines = [
        "# Drafted by govern from a file. What is asked is not known yet, and holds its cells back.",
        f"schema: {VERSION}",
        f"id: {source_id}",
    ]
    lines += _said(source, ("title", "owner"))
    lines += ["kind: file"]
    asked = list(questions)
    lines += _section("file", _fields(_table(source)), asked)
    lines += _section("columns", _fields(dict(source.columns)), asked)
    for name in _TOP:
        lines += _said(source, (name,))
    lines += [line for each in asked if each.section == "" for line in _asked(each, "")]
    measures = {name: _list(words) for name, words in source.measures.items()}
    lines += _section("measures", [f"{name}: {words}" for name, words in measures.items()], asked)
    lines += _section("kpis", _labels(source, asked), asked)
    lines += _section("numbers", _numbers(source), asked)
    lines += _section("dates", _dates(source), asked)
    for name in ("missing", "skip", "accept"):
        words: tuple[str, ...] = getattr(source, name)
        lines += _section(name, [f"- {quoted(word)}" for word in words], asked)
    return "\n".join(lines) + "\n"


def _section(name: str, known: Sequence[str], asked: Iterable[Question]) -> list[str]:
    of_it = [each for each in asked if each.section == name]
    if not known and not of_it:
        return []
    lines = [f"{name}:", *(f"  {line}" for line in known)]
    for question in of_it:
        lines += _asked(question, "  ")
    return lines


def _asked(question: Question, indent: str) -> list[str]:
    lines = [indent + _HELP.format(str(question))]
    lines += [f"{indent}# {each.line} # {each.means}" for each in question.choices]
    return lines


def _said(source: FileSource, names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        value = getattr(source, name)
        if value is not None:
            text = plain_decimal(value) if name == "scale" else quoted(str(value))
            found.append(f"{name}: {text}")
    return found


def _table(source: FileSource) -> dict[str, str | int | bool]:
    table = source.table
    said = {
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "header_row": table.header_row,
        "header": table.header,
        "layout": table.layout,
        "fill_down": table.fill_down or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _fields(said: dict[str, str | int | bool] | dict[str, str]) -> list[str]:
    return [f"{name}: {_value(value)}" for name, value in said.items()]


def _value(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f'"{value}"' if value in _ALWAYS_QUOTED else quoted(value)


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, words)) + "]"


def _labels(source: FileSource, asked: Sequence[Question]) -> list[str]:
    """The labels of the mapping; one that something is asked of stands in the answers whole."""
    open_ones = {
        each.line.partition(", ")[0]
        for question in asked
        if question.section == "kpis"
        for each in question.choices
    }
    lines: list[str] = []
    for label, keys in source.kpis.items():
        line = label_line(label, keys)
        begins = line.partition(", ")[0].casefold()
        if begins not in {each.casefold() for each in open_ones}:
            lines.append(line)
    return lines


def _numbers(source: FileSource) -> list[str]:
    numbers = source.numbers
    lines: list[str] = []
    if numbers.decimal is not None:
        lines.append(f'decimal: "{numbers.decimal}"')
    if numbers.thousands is not None:
        lines.append(f'thousands: "{numbers.thousands}"')
    if numbers.currency:
        lines.append(f"currency: {_list(numbers.currency)}")
    for name in ("parentheses", "trailing_minus"):
        said: bool | None = getattr(numbers, name)
        if said is not None:
            lines.append(f"{name}: {_value(said)}")
    if numbers.scales:
        scales = ", ".join(
            f"{{sign: {quoted(sign)}, times: {plain_decimal(times)}}}"
            for sign, times in numbers.scales.items()
        )
        lines.append(f"scales: [{scales}]")
    return lines


def _dates(source: FileSource) -> list[str]:
    dates = source.dates
    said = {
        "order": None if dates.order is None else dates.order.value,
        "language": dates.language,
        "century": dates.century,
        "year": dates.year,
        "fiscal_start": dates.fiscal_start,
        "fiscal_named": dates.fiscal_named,
        "any_day": dates.any_day or None,
        "serial": dates.serial or None,
    }
    return [f"{name}: {_value(value)}" for name, value in said.items() if value is not None]
