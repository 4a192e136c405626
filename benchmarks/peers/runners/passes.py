"""What the runners of peers in Python share. Each runs in the peers' own environment as `with_PEER.py
FOLDER`, and tells as JSON how many seconds of processor time one pass over the job in FOLDER takes, the
median of its repeats, and what fired.
"""

import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]
Truths = list[list[Any]]
"""Of each row, what each rule came to."""
Pass = Callable[[], Truths]
Peer = Callable[[list[str], Rows], Pass]
"""Rules as the peer's text, and facts → a pass over them. Compiling the rules, and making the facts ready
in whatever form the peer is quickest with, is not timed."""


def run(peer: Peer) -> None:
    folder = Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    passes: dict[str, Pass] = {}
    fired: dict[str, tuple[int, str]] = {}
    for scope, rules in job["rules"][Path(sys.argv[0]).stem.removeprefix("with_")].items():
        rows = json.loads((folder / f"{scope}.json").read_text())
        passes[scope] = peer(list(rules.values()), rows)
        fired |= found(rules, passes[scope]())
    tell(timed(lambda: [each() for each in passes.values()], job["repeats"]), fired)


def timed(work: Callable[[], object], repeats: int) -> float:
    seconds: list[float] = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def tell(seconds: float, fired: dict[str, tuple[int, str]]) -> None:
    print(json.dumps({"seconds": seconds, "found": fired}))


def found(rules: Iterable[str], truths: Truths) -> dict[str, tuple[int, str]]:
    """Per rule how many rows it fires in, and the digest of their numbers."""
    by_rule: dict[str, tuple[int, str]] = {}
    for at, rule in enumerate(rules):
        fires = [str(row) for row, told in enumerate(truths) if told[at] is True]
        by_rule[rule] = (len(fires), hashlib.sha256("\n".join(fires).encode()).hexdigest())
    return by_rule
