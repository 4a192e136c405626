"""The figures of a chart as a table: for whoever reads rather than looks."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from govern.reports import shown


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Markup:
    """Names or days first, then figures: None is unknown, an empty text stands for none."""
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="n"') if at else "", each)
        for at, each in enumerate(columns)
    )
    body = Markup("\n").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            first, Markup("").join(_cell(each) for each in rest)
        )
        for first, *rest in rows
    )
    return Markup(
        '<div class="wide"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table></div>'
    ).format(head, body)


def _cell(value: Any) -> Markup:
    if value == "":
        return Markup("<td></td>")
    if shown.decimal(value) is None:
        return Markup('<td class="n"><span class="unknown">unknown</span></td>')
    return Markup('<td class="n"><data value="{}">{}</data></td>').format(
        str(value), shown.number(value)
    )
