"""One entry of a table → its outcome: which KPI, which period, planned or actual, which value."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from govern.intake.foreign.entries import Entry
from govern.intake.foreign.headings import figure_word, scale_in
from govern.intake.foreign.known import KnownKpi
from govern.intake.foreign.labels import Labels, Named, SkippedLabel
from govern.intake.foreign.outcome import Asked, Became, CellOutcome, Choice, Found, Question
from govern.intake.foreign.periods import fitted, read_period
from govern.intake.foreign.place import At, View
from govern.intake.foreign.said import SaidBadly, read_said
from govern.intake.foreign.table import Table
from govern.intake.foreign.titles import scale_of_titles, years_in
from govern.intake.foreign.values import (
    MissingFigure,
    Writing,
    check_writing,
    value_of,
    which_percent,
    which_scale,
)
from govern.intake.foreign.written import quoted
from govern.intake.problem import CellProblem
from govern.intake.source import DateKeys
from govern.intake.source_load import fold

T = TypeVar("T")

_SMALL = Decimal(1)


class _Left(Exception):  # noqa: N818 - an answer
    """The figure is not taken, by what a heading or row says of it."""


@dataclass(slots=True)
class _Steps:
    """What is asked in several steps, so that all of it is asked at once."""

    asked: list[Question] = field(default_factory=list[Question])

    def take(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except Asked as asked:
            self.asked += asked.questions
            return None


@dataclass(slots=True)
class CellReader:
    """Reads the entries of one table."""

    view: View
    table: Table
    writing: Writing
    dates: DateKeys
    kpis: Mapping[str, KnownKpi]
    found: Found
    labels: Labels = field(init=False)
    _years: tuple[int, ...] = field(init=False)
    _scale: Question | None = field(default=None)
    _bare: dict[int, tuple[str, Named]] = field(default_factory=dict[int, tuple[str, Named]])

    def __post_init__(self) -> None:
        self.labels = Labels(self.kpis, self.writing.source)
        self._years = years_in(self.view, self.table, self.found.file)

    def ask_scale(self) -> None:
        """Whether the whole table is in thousands or millions, where its titles say so."""
        if self.writing.source.scale is None:
            self._scale = scale_of_titles(self.view, self.table)

    def outcome(self, entry: Entry) -> CellOutcome:
        """What becomes of the entry; its questions are asked."""
        name = self.view.name(entry.row, entry.column)
        raw = "" if entry.cell is None else entry.cell.text
        base = CellOutcome(f"{self.found.file}:{name}", raw, Became.ASKED, "")
        try:
            return self._read(entry, base)
        except (SkippedLabel, _Left) as left:
            return replace(base, became=Became.SKIPPED, how=str(left))
        except MissingFigure as missing:
            return replace(base, became=Became.MISSING, how=str(missing))
        except CellProblem as problem:
            return base.refused(problem.problem, problem.right)
        except SaidBadly as badly:
            place = f"{self.found.file}:{self.view.name(badly.at.row, badly.at.column)}"
            return replace(base, place=place, raw=badly.at.text).refused(badly.problem, badly.right)
        except Asked as asked:
            for question in asked.questions:
                self.found.ask(question, name)
            return replace(base, how=" ".join(each.text for each in asked.questions))

    def _read(self, entry: Entry, base: CellOutcome) -> CellOutcome:
        cell = entry.cell
        if cell is None:
            self._merged(entry)
            # Blank cells of rows that are skipped or not known are no figures at all.
            raise MissingFigure("is blank")
        label = None if entry.label is None else entry.label.text
        if self._left(entry):
            raise _Left("what its heading or row is called is left out by the mapping")
        named = self._named(label, entry, cell)
        if named.kpi.composite:
            raise CellProblem(
                f"belongs to {named.kpi.id}, whose figures follow from other KPIs",
                "report those; leave this row out with `skip: true`",
            )
        self._merged(entry)
        if entry.stray is not None:
            at = self.view.name(entry.stray.row, entry.stray.column)
            raise CellProblem(
                f"stands in a row with '{entry.stray.text}' in {at}, below no heading",
                "give that column a heading; where a decimal comma has cut a figure in two, put it in"
                " quotes",
            )
        steps = _Steps()
        figure = steps.take(lambda: self._figure(entry))
        placed = steps.take(lambda: self._period(entry, named))
        steps.take(lambda: self._check_scale(entry, named, label))
        value = steps.take(lambda: value_of(cell.cell, label or named.kpi.id, named, self.writing))
        if steps.asked or figure is None or placed is None or value is None:
            raise Asked(*steps.asked)
        period, period_how = placed
        said = read_said(entry.said, self.dates) if figure == "actual" else {}
        outcome = replace(
            base,
            became=Became.TAKEN,
            how="; ".join((*value.how, named.how, period_how)),
            kpi=named.kpi.id,
            period=period,
            figure=figure,
            value=value.value,
            said=said,
        )
        if value.bare:
            self._bare[id(outcome)] = (label or named.kpi.id, named)
        return outcome

    def _named(self, label: str | None, entry: Entry, cell: At) -> Named:
        """Where the label is asked, so is what can be asked without knowing the KPI."""
        try:
            return self.labels.find(label)
        except Asked as asked:
            steps = _Steps()
            steps.take(lambda: self._figure(entry))
            with suppress(CellProblem, MissingFigure):
                steps.take(lambda: check_writing(cell.cell, self.writing))
            raise Asked(*asked.questions, *steps.asked) from None

    def percentages(self, outcomes: list[CellOutcome]) -> list[CellOutcome]:
        """The outcomes, those of a KPI counted in % asked where a figure without a percent sign is 1
        or less: it may be a share, and then so may the others be."""
        asked: set[str] = set()
        for each in outcomes:
            if id(each) in self._bare and each.value and abs(each.value) <= _SMALL:
                asked.add(self._bare[id(each)][0])
        found: list[CellOutcome] = []
        for each in outcomes:
            label, named = self._bare.get(id(each), ("", None))
            if named is None or label not in asked:
                found.append(each)
                continue
            question = which_percent(label, named)
            self.found.ask(question, each.place.rpartition(":")[2])
            found.append(replace(each, became=Became.ASKED, how=question.text, value=None))
        return found

    def _merged(self, entry: Entry) -> None:
        span = self.view.merged(entry.row, entry.column)
        if span is None:
            return
        first = self.view.at(span[0], span[1])
        if first is not None:
            names = f"{self.view.name(span[0], span[1])}:{self.view.name(span[2], span[3])}"
            raise CellProblem(
                f"is merged with others, {names}: one figure for several places",
                "unmerge them, and fill each cell",
            )

    def _left(self, entry: Entry) -> bool:
        word = entry.figure
        if word is None and entry.word is not None:
            word = figure_word(entry.word.text, self.writing.source)
        return word == "skip"

    def _figure(self, entry: Entry) -> str:
        source = self.writing.source
        figure = entry.figure
        if figure is None and entry.word is not None:
            figure = figure_word(entry.word.text, source)
            if figure is None:
                word = quoted(entry.word.text)
                raise Asked(
                    Question(
                        "measures",
                        f"What are figures called '{entry.word.text}'?",
                        tuple(
                            Choice(f"{name}: [{word}]", means)
                            for name, means in (
                                ("actual", "actual values"),
                                ("planned", "planned values"),
                                ("skip", "they are not taken"),
                            )
                        ),
                    )
                )
        figure = figure or source.holds
        if figure is None:
            raise Asked(
                Question(
                    "",
                    "Are the figures of the table planned or actual?",
                    (
                        Choice("holds: actual", "what was achieved"),
                        Choice("holds: planned", "what is planned"),
                    ),
                )
            )
        return figure

    def _period(self, entry: Entry, named: Named) -> tuple[date, str]:
        if entry.period is None or entry.period_at is None:
            raise CellProblem("stands in a row without a period", "fill the period in")
        text = entry.period_at.text
        try:
            written = read_period(entry.period, self.dates, self._years)
            if written is None:
                raise CellProblem(
                    f"has the period '{text}', which is none",
                    "write it as 2026-01, Jan 2026, 2026-Q1, 2026-W14 or its last day, 2026-01-31",
                )
            end, how = fitted(written, named.kpi.cadence, self.dates)
        except CellProblem as problem:
            if problem.problem.startswith("has the period"):
                raise
            at = self.view.name(entry.period_at.row, entry.period_at.column)
            raise CellProblem(
                f"has the period '{text}' in {at}, which {problem.problem}", problem.right
            ) from None
        return end, f"'{text}' is {how}"

    def _check_scale(self, entry: Entry, named: Named, label: str | None) -> None:
        if named.keys.scale is not None or self.writing.source.scale is not None:
            return
        if self._scale is not None:
            raise Asked(self._scale)
        if label is not None and fold(label) == fold(named.kpi.name):
            return
        seen = scale_in(label or "") or scale_in(entry.unit or "") or self._in_heading(entry)
        if seen is not None and label is not None:
            raise Asked(which_scale(label, named, *seen))

    def _in_heading(self, entry: Entry) -> tuple[str, int] | None:
        text = self.table.headings.get(entry.column)
        return None if text is None or entry.column in self.table.periods else scale_in(text)
