"""Printing: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from govern.domain.plain import plain
from govern.domain.record import Record

format_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table for people or JSON for programs.",
)


def as_json(value: Any) -> None:
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], whole: int = 0
) -> None:
    """Prints a table; cells wrap but for those of the first `whole` columns, missing values read
    "unknown"."""
    from rich import box  # noqa: PLC0415 - slow to import, and JSON does without
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    numeric = list(rows)
    for index, column in enumerate(columns):
        right = all(isinstance(row[index], int) for row in numeric) and bool(numeric)
        shown.add_column(
            column,
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=index < whole,
        )
    for row in numeric:
        shown.add_row(*(Text(cell(value)) for value in row))
    console = Console(width=None if _on_terminal() else 120, highlight=False)
    with console.capture() as captured:
        console.print(shown)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    click.echo("\n".join([click.style(title, bold=True), *filter(None, lines), ""]))


def records(
    title: str, columns: dict[str, str], found: Sequence[Record], form: str, none: str
) -> None:
    """Prints records by `columns` (field → heading), as a table or as JSON; `none` where empty."""
    if form == "json":
        as_json(list(found))
    elif found:
        table(title, list(columns.values()), [[row[name] for name in columns] for row in found])
    else:
        click.echo(none)


def cell(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(cell, value))  # pyright: ignore[reportUnknownArgumentType]
    return str(plain(value))


def _on_terminal() -> bool:
    return sys.stdout.isatty()
