"""How values are written in messages."""

from datetime import date
from decimal import Decimal

import pytest

from govern.rulebook.findings import findings
from govern.rulebook.judge import judge
from govern.rulebook.message import FORMATS, written
from tests.rulebook.observed import observed
from tests.rulebook.rule_files import HEAD, file, rule, rulebook


@pytest.mark.parametrize(
    ("value", "how", "expected"),
    [
        (Decimal("0.784"), "percent", "78.4%"),
        (Decimal("0.8"), "percent", "80%"),
        (Decimal("0.79996"), "percent", "80%"),
        (Decimal("0.7997"), "percent", "79.97%"),
        (Decimal("-12.8"), "percent", "-1,280%"),
        (Decimal("1234567.5"), "money", "1,234,568"),
        (Decimal("12.5"), "money", "12.50"),
        (Decimal(12), "money", "12"),
        (Decimal("-0.001"), "number", "0"),
        (Decimal("1234.567"), "number", "1,234.57"),
        (Decimal("1E+2"), None, "100"),
        (Decimal(1), "periods", "1 period"),
        (Decimal(3), "periods", "3 periods"),
        (date(2026, 3, 1), "date", "1 March 2026"),
        (None, "percent", "unknown"),
        (True, None, "yes"),
        (False, None, "no"),
        ("text", None, "text"),
        (("a", "b"), None, "a, b"),
    ],
)
def test_formats(value: object, how: str | None, expected: str) -> None:
    assert written(value, how) == expected  # pyright: ignore[reportArgumentType]


def test_every_format_is_tested() -> None:
    assert set(FORMATS) == {"percent", "money", "number", "periods", "date"}


def message(text: str, head: str = HEAD) -> str:
    book = rulebook(file(rule(message=text), head=head))
    seen = observed({"k1": [70]})
    return findings(book, seen, judge(book, seen))[0].message


def test_placeholders_are_expressions_on_the_row_that_is_judged() -> None:
    assert message("{project}: {kpi} at {attainment : percent}") == "Ports: KPI k1 at 70%"
    assert message("{period:date}, {planned - actual} missing") == "30 June 2026, 30 missing"
    assert message("{baseline}") == "unknown"
    assert message("{{{streak}}} {streak:periods}") == "{1} 1 period"
    assert message('{if attainment < 80% then "low" else "ok"}') == "low"
    assert message("below {act:percent}", HEAD + "params: {act: 80%}\n") == "below 80%"


@pytest.mark.parametrize(
    "text",
    ["{kpi.__class__}", "{0}{kpi!r}", '{__import__("os")}', "{kpi:>10000000}", "{{kpi}", "}"],
)
def test_nothing_else_is_evaluated(text: str) -> None:
    with pytest.raises(AssertionError):
        message(text)
