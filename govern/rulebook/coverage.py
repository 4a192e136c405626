"""What the tests in rule files reach: clauses seen true and seen false, rows of tables that counted.

Condition and decision coverage of the rules' conditions (ISO 29119-4, 5.3), by the plain reading of
the periods that the tests are about. A clause of `when` counts where the rule applies, one of
`clear_when` where it decides: the rule has fired, and its condition is false. One behind `if` counts on
the branch that is taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from govern.documents.source import Place, Source
from govern.domain.finding import FindingState
from govern.language.check import Checked
from govern.language.meaning import Value
from govern.language.row_place import RowPlace
from govern.language.row_reading import value_at
from govern.language.write import write
from govern.observation.frame import Observations
from govern.rulebook.explaining import conditions_of
from govern.rulebook.judge import portfolio_of, rule_at
from govern.rulebook.reach import Clause, Reach, Row, targets_of
from govern.rulebook.rule import Rule, Rulebook
from govern.rulebook.table import DecisionTable
from govern.rulebook.trials import TrialResult


@dataclass(frozen=True, slots=True)
class Aim:
    """What tests are to reach: a clause of a rule's `part` (`when`, `clear_when`, `applies_to`), the
    whole of one that joins clauses, or a `row` of a table.

    `lacking` is what no test has shown of it: `true`, `false`, or `reached` for a row; `of` is how
    many of these there are.
    """

    part: str
    text: str
    place: Place
    lacking: tuple[str, ...]
    of: int


@dataclass(frozen=True, slots=True)
class Covered:
    """A rule or, where `is_table`, a decision table."""

    id: str
    is_table: bool
    place: Place
    aims: tuple[Aim, ...]

    @property
    def of(self) -> int:
        return sum(aim.of for aim in self.aims)

    @property
    def seen(self) -> int:
        return self.of - sum(len(aim.lacking) for aim in self.aims)

    @property
    def percent(self) -> Decimal:
        return _percent(self.seen, self.of)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rules by id, then tables by id."""

    items: tuple[Covered, ...]

    @property
    def of(self) -> int:
        return sum(item.of for item in self.items)

    @property
    def seen(self) -> int:
        return sum(item.seen for item in self.items)

    @property
    def percent(self) -> Decimal:
        return _percent(self.seen, self.of)


def _percent(seen: int, of: int) -> Decimal:
    """Rounded down to a tenth: 100 stands for all."""
    exact = Decimal(100 * seen) / of if of else Decimal(100)
    return exact.quantize(Decimal("0.1"), ROUND_FLOOR)


def covered(
    rulebook: Rulebook, results: Iterable[TrialResult], sources: Mapping[str, Source]
) -> Coverage:
    """What these results of the rulebook's tests reach. `sources`: path in places → file, for the
    text of rows."""
    reach = Reach(rulebook.tables)
    rules = {rule.id: rule for rule in rulebook.rules}
    outputs = {
        f"{table.id}.{name}": (table, name) for table in rulebook.tables for name in table.results
    }
    clauses: dict[tuple[str, str], set[Clause]] = {}
    rows: set[Row] = set()
    for result in results:
        if result.rule_id in outputs:
            rows |= set(_rows_reached(*outputs[result.rule_id], result, reach))
            continue
        for part, found in _reached(rules[result.rule_id], result, reach):
            seen = clauses.setdefault((result.rule_id, part), set())
            for each in found:
                if isinstance(each, Clause):
                    seen.add(each)
                else:
                    rows.add(each)
    of_rules = [
        Covered(rule.id, False, rule.place, tuple(_of_rule(rule, clauses)))
        for rule in rulebook.rules
    ]
    of_tables = [
        Covered(table.id, True, table.place, tuple(_of_table(table, rows, sources)))
        for table in rulebook.tables
    ]
    return Coverage((*of_rules, *of_tables))


def _rows_reached(
    table: DecisionTable, output: str, result: TrialResult, reach: Reach
) -> Iterator[Row]:
    for row in result.rows:
        if row is not None:
            portfolio = portfolio_of(table.scope, result.observations)[row]
            checked = table.within(portfolio).results[output]
            found = reach.of(checked, result.observations, row)
            yield from (each for each in found if isinstance(each, Row))


def _reached(
    rule: Rule, result: TrialResult, reach: Reach
) -> Iterator[tuple[str, Iterator[Clause | Row]]]:
    """Each part of the rule that decides in a period of a test, with what is reached of it."""
    fires_on = False
    for row, state in zip(result.rows, result.found, strict=True):
        if row is None:
            continue
        here = rule_at(rule, result.observations, row)
        applies, clear_when = here.applies_to, here.clear_when
        if applies is not None:
            yield "applies_to", reach.of(applies, result.observations, row)
            if _value(applies, result.observations, row) is not True:
                fires_on = False
                continue
        yield "when", reach.of(here.when, result.observations, row)
        ends = fires_on and _value(here.when, result.observations, row) is False
        if clear_when is not None and ends:
            yield "clear_when", reach.of(clear_when, result.observations, row)
        fires_on = state == FindingState.FIRES or (fires_on and state == FindingState.UNKNOWN)


def _value(checked: Checked, observations: Observations, row: int) -> Value:
    return value_at(checked.meaning, RowPlace(observations, checked.scope.name, row))


def _of_rule(rule: Rule, clauses: Mapping[tuple[str, str], set[Clause]]) -> Iterator[Aim]:
    for part, checked in conditions_of(rule):
        seen = clauses.get((rule.id, part), set[Clause]())
        for number, meaning in enumerate(targets_of(checked)):
            start, end = meaning.source.span
            lacking = tuple(
                name
                for name, value in (("true", True), ("false", False))
                if Clause(number, value) not in seen
            )
            place = checked.expression.origin.at(start, end - start)
            yield Aim(part, write(meaning.source), place, lacking, 2)


def _of_table(table: DecisionTable, rows: set[Row], sources: Mapping[str, Source]) -> Iterator[Aim]:
    for number, row in enumerate(table.rows):
        source = sources.get(row.place.path)
        text = source.line(row.place.line).strip() if source else write(row.condition.source)
        lacking = () if Row(table.id, number) in rows else ("reached",)
        yield Aim("row", text, row.place, lacking, 1)
