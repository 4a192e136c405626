"""Processor time of this process and of all that it started, those that have ended among them (Linux)."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def spent() -> float:
    """Seconds of all so far: a server and its workers and backends, clients, and this process."""
    return sum(sum(map(int, fields[11:15])) for fields in _family(os.getpid())) / _TICKS


def _family(root: int) -> Iterator[list[str]]:
    """What the system says of each (proc(5), from the third field of stat on)."""
    known: dict[int, list[str]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                known[int(each.name)] = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
    ours = {root}
    while more := {pid for pid, fields in known.items() if int(fields[1]) in ours} - ours:
        ours |= more
    return (known[pid] for pid in ours if pid in known)
