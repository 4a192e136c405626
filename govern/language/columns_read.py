"""Which columns of the frames the column reading of conditions takes."""

from collections.abc import Iterable

from govern.language.check import Checked
from govern.language.history_columns import Helper, needs
from govern.language.meaning import History, Meaning, Read, parts


def columns_read(conditions: Iterable[Checked]) -> frozenset[str]:
    """The names of the columns, of whatever frame, also those that history functions take unsaid."""
    seen: set[Meaning] = set()
    waiting = [each.meaning for each in conditions]
    while waiting:
        meaning = waiting.pop()
        if meaning in seen:
            continue
        seen.add(meaning)
        waiting += parts(meaning)
        if isinstance(meaning, History | Helper):
            waiting += needs(meaning)
    return frozenset(each.column for each in seen if isinstance(each, Read))
