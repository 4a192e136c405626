"""Finds shares that are compared as if they were counted in percent: `attainment < 90` for 90%."""

from decimal import Decimal
from typing import Final

from govern.documents.problem import Level
from govern.language import tree
from govern.language.context import Context
from govern.language.meaning import Aggregate, Constant, Contribution, Meaning, Read
from govern.language.write import plain, write

COLUMNS: Final = frozenset({"attainment", "progress", "tolerance"})
"""What is a share, 1 for 100%. The variance is not: it is in the unit of its KPI."""
MOST: Final = Decimal(10)
"""Up to here a share is one that somebody can mean: ten times what was planned."""
_ALIKE = frozenset({"min", "max", "mean", "median"})


def warn_of_percent(context: Context, left: Meaning, right: Meaning) -> None:
    """Warns where one side is a share and the other a number above `MOST`."""
    for share, number in ((left, right), (right, left)):
        value = number.value if isinstance(number, Constant) else None
        if not isinstance(value, Decimal) or abs(value) <= MOST or not _is_share(share):
            continue
        text = write(number.source)
        named = f"{text}, which is {plain(value)}" if isinstance(number.source, tree.Name) else text
        what = f"`{write(share.source)}` is a share, 1 for 100%, and compared with {named}"
        helps = f"did you mean {plain(value)}%?"
        context.problem("E252", what, number.source, helps, Level.WARNING)


def _is_share(meaning: Meaning) -> bool:
    match meaning:
        case Read(column=column):
            return column in COLUMNS
        case Aggregate(function=function, members=members) if members.value is not None:
            return function in _ALIKE and _is_share(members.value)
        case _:
            return isinstance(meaning, Contribution)
