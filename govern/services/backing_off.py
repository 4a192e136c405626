"""How long to wait after a try that failed: longer each time, and not all at one moment."""

import hashlib
from datetime import timedelta

FIRST = timedelta(seconds=30)
FACTOR = 4
LONGEST = timedelta(hours=6)
SPREAD = 0.2
"""The pause is up to so much shorter or longer."""


def pause(tries: int, about: str) -> timedelta:
    """After so many tries: half a minute, 2, 8, 32 minutes, 2 hours 8 minutes, then 6 hours each.

    The spread follows from `about` and the number of tries, so that it is the same for one thing and
    different for those that failed together.
    """
    steps = min(tries - 1, 8)
    whole = min(FIRST * FACTOR**steps, LONGEST)
    digest = hashlib.sha256(f"{about} {tries}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 0xFFFFFFFF  # from 0 to 1
    return whole * (1 - SPREAD + 2 * SPREAD * share)
