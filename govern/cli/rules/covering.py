"""What the tests in rule files reach, as text and as JSON."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from govern.rulebook.coverage import Aim, Coverage, Covered

_SAID: Final = {"true": "never true", "false": "never false", "reached": "no test reaches it"}
_LONGEST: Final = 100


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """By file: each rule and table with its share, and what is lacking with its place."""
    by_file = sorted(coverage.items, key=lambda item: (item.place.path, item.place.line))
    for path, items in groupby(by_file, key=lambda item: item.place.path):
        yield path
        for item in items:
            yield f"  {item.percent:5}%  {item.id} ({item.seen} of {item.of})"
            for aim in item.aims:
                if aim.lacking:
                    yield f"    {aim.place}: {_said(aim)}"
        yield ""
    yield (
        f"Coverage: {coverage.percent}% ({coverage.seen} of {coverage.of}: each clause true and "
        "false, each row of a table once)."
    )


def _said(aim: Aim) -> str:
    text = aim.text if len(aim.text) <= _LONGEST else aim.text[: _LONGEST - 1] + "…"
    lacking = " and ".join(_SAID[each] for each in aim.lacking)
    return f"{aim.part}: {lacking}: {text}"


def plain_coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "percent": coverage.percent,
        "seen": coverage.seen,
        "of": coverage.of,
        "items": [_plain(item) for item in coverage.items],
    }


def _plain(item: Covered) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": "table" if item.is_table else "rule",
        "place": str(item.place),
        "percent": item.percent,
        "seen": item.seen,
        "of": item.of,
        "lacking": [
            {"part": aim.part, "text": aim.text, "place": str(aim.place), "lacking": aim.lacking}
            for aim in item.aims
            if aim.lacking
        ],
    }
