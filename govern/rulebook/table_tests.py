"""The tests that stand with a decision table, read and checked."""

from collections.abc import Mapping
from typing import Any, cast

from govern.documents.problem import did_you_mean
from govern.documents.shape import Fields
from govern.language.check import Checked
from govern.language.explain import shown
from govern.rulebook import format as keys
from govern.rulebook.conditions import Reader
from govern.rulebook.scope import Scope
from govern.rulebook.table import TableTest
from govern.rulebook.tests import build_given, fits


def build_table_tests(
    table: Fields, scope: Scope, outputs: Mapping[str, Checked], reader: Reader
) -> tuple[TableTest, ...]:
    """The table's tests that have no problem of their own."""
    tests: list[TableTest] = []
    names: set[str] = set()
    for fields in table.get(keys.TABLE_TESTS_OF[scope]) or ():
        name = fields.get(keys.TEST_NAME)
        if name is not None and name in names:
            what = f"the table already has a test with the name '{name}'"
            reader.add("E311", what, fields.place(keys.TEST_NAME), "say what differs")
        names.add(name or "")
        expect = _expected(fields, outputs, reader) if fields.complete else None
        if expect is None:
            continue
        periods = len(next(iter(expect.values())))
        if fits(fields, scope, periods, reader):
            tests.append(TableTest(**build_given(fields, scope, periods), expect=expect))
    return tuple(tests)


def _expected(
    fields: Fields, outputs: Mapping[str, Checked], reader: Reader
) -> dict[str, tuple[str, ...]] | None:
    given = fields[keys.TABLE_EXPECT]
    place = fields.place(keys.TABLE_EXPECT)
    if not isinstance(given, dict):
        if len(outputs) > 1:
            helps = f"expect: {{{', '.join(f'{name}: …' for name in outputs)}}}"
            reader.add("E309", "the table has several outputs; say which", place, helps)
            return None
        given = {next(iter(outputs)): given}
    named = cast(dict[str, Any], given)
    for name in named:
        if name not in outputs:
            helps = did_you_mean(name, outputs) or f"possible: {', '.join(outputs)}"
            reader.add("E110", f"the table has no output '{name}'", place, helps)
            return None
    expect = {name: _in_time(value) for name, value in named.items()}
    if len({len(each) for each in expect.values()}) != 1:
        what = "each output is expected for the same number of periods"
        reader.add("E309", what, place, "one value a period")
        return None
    return expect


def _in_time(given: Any) -> tuple[str, ...]:
    """One text a period."""
    return tuple(_at_once(each) for each in _listed(given))


def _at_once(given: Any) -> str:
    return ", ".join(shown(each.value) for each in _listed(given))


def _listed(given: Any) -> tuple[Any, ...]:
    return cast(tuple[Any, ...], given) if isinstance(given, tuple) else (given,)
