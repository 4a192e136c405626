"""Which columns of the frames, and which links, the column reading of conditions takes."""

from collections.abc import Iterable

from govern.language.check import Checked
from govern.language.history_columns import Helper, needs
from govern.language.meaning import History, Meaning, Members, Read, parts


def columns_read(conditions: Iterable[Checked]) -> frozenset[str]:
    """The names of the columns, of whatever frame, also those that history functions take unsaid, and
    of the frames of links."""
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
    columns = frozenset(each.column for each in seen if isinstance(each, Read))
    return columns.union(each.membership for each in seen if isinstance(each, Members))
