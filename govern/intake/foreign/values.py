"""One cell as the value of a KPI: its digits, its percent sign, its currency, its scale."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govern.documents.grid import Broken, GridCell
from govern.domain.plain import plain_decimal
from govern.intake.foreign.figures import (
    CURRENCIES,
    SUFFIXES,
    bounded,
    read_digits,
    take_apart,
    which_decimal,
)
from govern.intake.foreign.labels import Named
from govern.intake.foreign.outcome import Asked, Choice, Question
from govern.intake.foreign.written import label_line, quoted
from govern.intake.numbers import PERCENT_UNITS
from govern.intake.problem import CellProblem
from govern.intake.source import FileSource, NumberKeys
from govern.intake.source_format import Percent
from govern.intake.source_load import fold
from govern.intake.texts import MISSING_WORDS

_HUNDRED = Decimal(100)


class MissingFigure(Exception):  # noqa: N818 - an answer
    """The cell says that there is no figure; the message is how."""


@dataclass(frozen=True, slots=True)
class Value:
    """`bare`: it has no percent sign and its KPI is counted in %, so that 0.8 may be 80."""

    value: Decimal
    how: tuple[str, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """How the figures of a file are written. `torn`: its cells contradict each other."""

    source: FileSource
    numbers: NumberKeys
    torn: bool = False

    def missing(self, cell: GridCell) -> bool:
        said = {fold(each) for each in self.source.missing}
        return fold(cell.raw) in said or (
            isinstance(cell.value, str) and cell.raw.casefold() in MISSING_WORDS
        )


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    exact: bool
    percent: bool
    currency: str | None
    suffix: str = ""


def value_of(cell: GridCell, label: str, named: Named, writing: Writing) -> Value:
    """Raises MissingFigure, CellProblem, Asked."""
    if writing.missing(cell):
        raise MissingFigure(f"'{cell.raw}' is taken as missing")
    figure = _figure(cell, writing)
    how: list[str] = []
    value, bare = _percentage(figure, label, named, writing.source, how)
    _check_currency(figure.currency, named, writing.numbers, how)
    value *= _suffix(figure.suffix, named, writing.numbers, how)
    scale = named.keys.scale if named.keys.scale is not None else writing.source.scale
    if scale is not None and scale != 1:
        value *= scale
        how.append(f"times {plain_decimal(scale)}")
    value, rounded = bounded(value, figure.exact)
    return Value(value, (*how, *([rounded] if rounded else ())), bare)


def check_writing(cell: GridCell, writing: Writing) -> None:
    """Raises what a cell raises before it is known whose figure it is."""
    if writing.missing(cell):
        raise MissingFigure(f"'{cell.raw}' is taken as missing")
    _figure(cell, writing)


def _figure(cell: GridCell, writing: Writing) -> _Figure:
    match cell.value:
        case Broken() as broken:
            raise CellProblem(broken.what, broken.help)
        case Decimal() as number:
            value = number.scaleb(2) if cell.percent else number
            return _Figure(value, False, cell.percent, cell.currency)
        case date():
            raise CellProblem("is a day, not a figure", "format the cell as a number, and check it")
        case str() as text:
            written = take_apart(text, writing.numbers)
    if writing.torn and any(sign in written.digits for sign in ".,"):
        raise Asked(which_decimal())
    value = read_digits(written.digits, writing.numbers)
    return _Figure(
        -value if written.negative else value,
        True,
        written.percent,
        written.currency,
        written.suffix,
    )


def is_percentage(named: Named) -> bool:
    return (named.kpi.unit or "").casefold() in PERCENT_UNITS


def _percentage(
    figure: _Figure, label: str, named: Named, source: FileSource, how: list[str]
) -> tuple[Decimal, bool]:
    """The value in the KPI's unit, and whether it is a bare figure nobody has said anything of."""
    points = is_percentage(named)
    if figure.percent:
        if points:
            how.append("the unit is %")
            return figure.value, False
        signs = named.keys.signs or source.signs
        if signs is None:
            raise Asked(_which_sign(label, named))
        how.append(f"a percentage is a {signs.value}")
        return figure.value.scaleb(-2) if signs is Percent.SHARE else figure.value, False
    if not points:
        return figure.value, False
    percent = named.keys.percent or source.percent
    if percent is Percent.SHARE:
        how.append("a share, in %")
        return figure.value.scaleb(2), False
    return figure.value, percent is None


def _which_sign(label: str, named: Named) -> Question:
    unit = f"counted in '{named.kpi.unit}'" if named.kpi.unit else "without a unit"
    return Question(
        "kpis",
        f"'{label}' has percent signs, and {named.kpi.id} is {unit}: what is 80%?",
        (
            Choice(label_line(label, named.keys, signs="share"), "0.8"),
            Choice(label_line(label, named.keys, signs="points"), "80"),
        ),
    )


def which_percent(label: str, named: Named) -> Question:
    """To be asked where bare figures of a percentage may be shares."""
    return Question(
        "kpis",
        f"{named.kpi.id} is counted in %, and figures of '{label}' are 1 or less without a percent"
        " sign: what is 0.8?",
        (
            Choice(label_line(label, named.keys, percent="share"), "80 %"),
            Choice(label_line(label, named.keys, percent="points"), "0.8 %"),
        ),
    )


def which_scale(label: str | None, named: Named, seen: str, times: int) -> Question:
    """To be asked where a title, heading or label names thousands or millions."""
    section, line = "", "scale: {}"
    if label is not None:
        section, line = "kpis", label_line(label, named.keys, scale="@").replace("@", "{}")
        line = line.replace("{label", "{{label").removesuffix("}") + "}}"
    unit = (
        f" {named.kpi.id} counts {named.kpi.unit}." if label is not None and named.kpi.unit else ""
    )
    where = f"'{label}'" if label is not None else "The table"
    return Question(
        section,
        f"{where} says '{seen}'.{unit} What are the figures multiplied by?",
        (
            Choice(line.format(times), f"1 is {times:,}"),
            Choice(line.format(1), "the KPI counts them so itself: 1 is 1"),
        ),
    )


def _check_currency(sign: str | None, named: Named, numbers: NumberKeys, how: list[str]) -> None:
    if sign is None:
        return
    sign = sign.strip()
    code = CURRENCIES.get(sign, sign)
    wanted = named.kpi.currency or ""
    unit = named.kpi.unit or ""
    if sign in numbers.currency or sign in unit or code in unit:
        how.append(f"in {sign}")
        return
    if wanted:
        if code == wanted or (code == "$" and wanted.endswith("D")):
            how.append(f"in {sign}")
            return
        raise CellProblem(
            f"is in {sign}, and {named.kpi.id} counts {wanted}",
            f"give it in {wanted}; nothing is converted here",
        )
    raise Asked(
        Question(
            "numbers",
            f"Figures have '{sign}' beside them, and {named.kpi.id} counts"
            f" '{unit or 'nothing that is said'}': are they what it counts?",
            (Choice(f"currency: [{quoted(sign)}]", "yes; else set the KPI's currency"),),
        )
    )


def _suffix(suffix: str, named: Named, numbers: NumberKeys, how: list[str]) -> Decimal:
    if not suffix:
        return Decimal(1)
    if suffix in numbers.scales:
        how.append(f"'{suffix}' is times {plain_decimal(numbers.scales[suffix])}")
        return numbers.scales[suffix]
    if fold(suffix) == fold(named.kpi.unit or ""):
        how.append(f"in {suffix}")
        return Decimal(1)
    if suffix in SUFFIXES:
        times = plain_decimal(SUFFIXES[suffix])
        raise Asked(
            Question(
                "numbers",
                f"Figures have '{suffix}' behind them: what does it multiply them by?",
                (
                    Choice(f"scales: [{{sign: {quoted(suffix)}, times: {times}}}]", times),
                    Choice(f"scales: [{{sign: {quoted(suffix)}, times: 1}}]", "nothing"),
                ),
            )
        )
    raise CellProblem(f"has '{suffix[:20]}' behind the figure", "write the figure alone")
