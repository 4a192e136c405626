"""Circles among links: what leads back to itself.

Strongly connected components as R. Tarjan finds them (Depth-first search and linear graph algorithms,
SIAM Journal on Computing 1, 1972), without recursion.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


def components(ahead: Mapping[T, Sequence[T]]) -> list[tuple[T, ...]]:
    """The groups of things that lead to one another; what a group leads to comes before it.

    `ahead` has every thing, also those that lead nowhere.
    """
    return list(_Search(ahead).run())


class _Search(Generic[T]):
    def __init__(self, ahead: Mapping[T, Sequence[T]]) -> None:
        self._ahead = ahead
        self._number: dict[T, int] = {}
        self._low: dict[T, int] = {}
        self._open: list[T] = []
        self._is_open: set[T] = set()

    def run(self) -> Iterator[tuple[T, ...]]:
        for start in self._ahead:
            if start not in self._number:
                yield from self._from(start)

    def _from(self, start: T) -> Iterator[tuple[T, ...]]:
        way = [(start, self._enter(start))]
        while way:
            each, left = way[-1]
            for after in left:
                if after not in self._number:
                    way.append((after, self._enter(after)))
                    break
                if after in self._is_open:
                    self._low[each] = min(self._low[each], self._number[after])
            else:
                way.pop()
                if way:
                    before = way[-1][0]
                    self._low[before] = min(self._low[before], self._low[each])
                if self._low[each] == self._number[each]:
                    yield self._close(each)

    def _enter(self, each: T) -> Iterator[T]:
        self._number[each] = self._low[each] = len(self._number)
        self._open.append(each)
        self._is_open.add(each)
        return iter(self._ahead[each])

    def _close(self, first: T) -> tuple[T, ...]:
        at = self._open.index(first)
        group = tuple(self._open[at:])
        del self._open[at:]
        self._is_open -= set(group)
        return group


def circles(ahead: Mapping[T, Sequence[T]]) -> list[tuple[T, ...]]:
    """One way round per group of things that lead to one another: a shortest one, its first thing
    named again at its end."""
    found: list[tuple[T, ...]] = []
    for group in components(ahead):
        within = set(group)
        start = next(each for each in ahead if each in within)
        way = way_round({each: [n for n in ahead[each] if n in within] for each in group}, start)
        if way:
            found.append(way)
    return found


def way_round(ahead: Mapping[T, Sequence[T]], start: T) -> tuple[T, ...]:
    """The shortest way from `start` back to it, with `start` at both ends; empty where there is none."""
    before: dict[T, T] = {}
    waiting = deque([start])
    while waiting:
        each = waiting.popleft()
        for after in ahead.get(each, ()):
            if after == start:
                way = [start, each]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return tuple(reversed(way))
            if after not in before:
                before[after] = each
                waiting.append(after)
    return ()
