"""A long table, a part of it at a time; as a file it is whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from govern.web.pages.table import Table

ROWS = 50


@dataclass(frozen=True, slots=True)
class Part:
    """`number` of `of` pages; rows `first` to `last` of `total`."""

    number: int
    of: int
    first: int
    last: int
    total: int


def paged(table: Table, args: Mapping[str, str], rows: int = ROWS) -> tuple[Table, Part]:
    """The part of the table that `page-NAME` of the address asks for, in the order that it asks for; the
    nearest part there is where it asks for another."""
    total = len(table.rows)
    of = max(1, -(-total // rows))
    asked = args.get(f"page-{table.name}", "1")
    number = min(max(int(asked), 1), of) if asked.isascii() and asked.isdigit() else 1
    first = (number - 1) * rows
    part = Part(number, of, min(first + 1, total), min(first + rows, total), total)
    if args.get("csv") == table.name:
        return table, part
    ordered = table.ordered(args)
    return replace(ordered, rows=ordered.rows[first : first + rows]), part
