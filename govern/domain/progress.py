"""How far long work is, told to whoever watches."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how many of the things that are worked through are done, and of how many."""


def nobody_watches(done: int, total: int) -> None:
    """The progress of what nobody watches."""
