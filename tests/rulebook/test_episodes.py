"""Episodes on the sorted frame, held against counting them one period after the other."""

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.finding import FindingState
from govern.domain.period import Cadence, numbered_end
from govern.rulebook.episodes import FLAPS_WITHIN, episodes
from govern.rulebook.states import STATE

LETTERS = {"F": "fires", "s": "silent", "p": "pending", "u": "unknown"}
Found = list[tuple[int, int, bool, bool]]
"""Position of the first period, how many, whether it goes on, whether it flaps."""


def end_of(position: int) -> date:
    return numbered_end(Cadence.MONTHLY, 24_000 + position)


def judged(*subjects: str) -> pl.DataFrame:
    """One letter a period, one text a subject: `ssFF`."""
    rows: list[dict[str, Any]] = []
    for subject, states in enumerate(subjects):
        for position, letter in enumerate(states):
            rows.append(
                {
                    "row": len(rows),
                    "period": end_of(position),
                    "subject": subject,
                    "is_last": position == len(states) - 1,
                    "state": LETTERS[letter],
                }
            )
    schema = {"row": pl.Int64, "period": pl.Date, "subject": pl.Int64, "is_last": pl.Boolean}
    return pl.DataFrame(rows, schema={**schema, "state": STATE})


def found(frame: pl.DataFrame) -> Found:
    named = ("row", "periods", "ongoing", "flaps")
    return [tuple(each[name] for name in named) for each in episodes(frame).iter_rows(named=True)]


def counted(*subjects: str) -> Found:
    """The same, one period after the other."""
    told: Found = []
    start = 0
    for states in subjects:
        before: int | None = None
        at = 0
        while at < len(states):
            if states[at] != "F":
                at += 1
                continue
            run = at
            while run < len(states) and states[run] in "Fu":
                run += 1
            last = states.rindex("F", at, run)
            ongoing = run == len(states)
            length = last - at + 1
            again = before is not None and at - before <= FLAPS_WITHIN
            flaps = again or (not ongoing and length < FLAPS_WITHIN)
            told.append((start + at, length, ongoing, flaps))
            before, at = last, run
        start += len(states)
    return told


def test_an_episode_lasts_until_the_rule_is_silent() -> None:
    assert found(judged("spFFs")) == [(2, 2, False, False)]
    assert found(judged("FF")) == [(0, 2, True, False)]
    assert found(judged("sss", "")) == []


def test_a_missing_report_does_not_end_an_episode_nor_make_it_longer() -> None:
    assert found(judged("FuFs")) == [(0, 3, False, False)]
    assert found(judged("FFuus")) == [(0, 2, False, False)]
    assert found(judged("uuFF")) == [(2, 2, True, False)]
    assert found(judged("FFu")) == [(0, 2, True, False)]


def test_one_subjects_episode_does_not_run_into_the_next_ones() -> None:
    assert found(judged("sFF", "FFs")) == [(1, 2, True, False), (3, 2, False, False)]


def test_a_short_episode_flaps_and_so_does_one_that_comes_back_at_once() -> None:
    assert found(judged("FssssFF")) == [(0, 1, False, True), (5, 2, True, False)]
    assert found(judged("FFsFFFs")) == [(0, 2, False, False), (3, 3, False, True)]
    assert found(judged("FFssFFs")) == [(0, 2, False, False), (4, 2, False, False)]
    assert found(judged("sF")) == [(1, 1, True, False)], "it may last"


def test_start_and_end_are_periods() -> None:
    told = episodes(judged("sFFFs")).row(0, named=True)
    assert (told["start"], told["end"]) == (end_of(1), end_of(3))


@given(st.lists(st.text("Fspu", min_size=1, max_size=12), max_size=6))
def test_it_is_what_counting_gives(subjects: list[str]) -> None:
    assert found(judged(*subjects)) == counted(*subjects)
    assert {FindingState(word) for word in LETTERS.values()} == set(FindingState)
