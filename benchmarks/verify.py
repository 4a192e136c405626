"""`python -m benchmarks.verify [EVENTS]`: verifying a ledger of a million events, chains and log.

The ledger is a SQLite file made here: projects with chains of like length, appended in turn, in bodies
of the kinds and sizes that gates, readings and sweeps write; all in the log, a checkpoint per thousand
events. Measured in a process of its own: everything that `govern audit verify` does to the chains and
the log, against bare `hashlib.sha256` over the same bytes in the same run.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.goal import Goal, at_least
from govern.ledger.assurance import assure
from govern.ledger.checkpoint import Checkpoint, sign_checkpoint
from govern.ledger.event import GENESIS, Event, compose
from govern.ledger.merkle import Frontier
from govern.ledger.note import Signer, generate
from govern.ledger.verify_log import TILE_LEVELS, Entry, LogAudit, verify_log
from govern.services.audit_keys import opener_of
from govern.settings import shipped
from govern.store import stored
from govern.store.engine import open_engine
from govern.store.migrate import upgrade
from govern.store.transaction import Store

EVENTS = 1_000_000
CHAINS = 500
PER_CHECKPOINT = 1000
LEAST_RATE = 150_000
"""Events a second of processor time, on one core."""
START = datetime(2024, 1, 1, tzinfo=UTC)
KINDS = (
    "readings.recorded",
    "readings.recorded",
    "findings.recorded",
    "gate.submitted",
    "vote.cast",
)


def goals(*, full: bool = False) -> list[Goal]:
    events = EVENTS if full else EVENTS // 10
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/ledger.db"
        signer = generate("govern.example/log")
        _make(address, events, signer)
        seen = _run(address, str(signer.verifier))
    rate = events / seen["whole"]["cpu"]
    return [at_least(f"verifying {events:,} events", LEAST_RATE, rate, "events/s")]


def main() -> None:
    if len(sys.argv) > 2:
        print(json.dumps(_measured(sys.argv[1], sys.argv[2])))
        return
    events = int(sys.argv[1]) if len(sys.argv) == 2 else EVENTS
    with tempfile.TemporaryDirectory() as folder:
        for count in (events // 10, events):
            address = f"sqlite:///{folder}/{count}.db"
            signer = generate("govern.example/log")
            size = _make(address, count, signer)
            _tell(count, size, _run(address, str(signer.verifier)))


def _run(address: str, key: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.verify", address, key]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _tell(count: int, size: int, seen: dict[str, Any]) -> None:
    print(f"{count:,} events, {size / count:.0f} bytes each, {CHAINS} chains")
    for name in ("whole", "bare"):
        part = seen[name]
        print(
            f"  {name:8}{part['wall']:8.2f} s on the clock{part['cpu']:8.2f} s of processor"
            f"{count / part['cpu']:12,.0f} events/s{part['cpu'] / seen['bare']['cpu']:8.1f} x bare"
        )
    print(f"  peak memory {seen['peak'] / 1024:.0f} MiB")


def _measured(address: str, key: str) -> dict[str, Any]:
    store = Store(open_engine(address))
    with store.reading() as connection:
        logs: list[LogAudit] = []

        def read_log(entries: Iterable[Entry]) -> None:
            logs.append(
                verify_log(
                    entries,
                    stored.stored_tiles(connection),
                    stored.stored_checkpoints(connection),
                    opener_of([key]),
                )
            )

        began = _now()
        audit = assure(
            stored.events_as_they_lie(connection),
            stored.entries_as_events_lie(connection),
            stored.stored_heads(connection),
            None,
            read_log,
        )
        whole = _since(began)
        if audit is None or logs[0].faults or audit.sealed != logs[0].vouched:
            raise SystemExit(f"the ledger does not hold: {logs}")
        peak = _peak()
        bare = _bare(store)
    return {"whole": whole, "bare": bare, "peak": peak}


def _bare(store: Store) -> dict[str, float]:
    """The same bytes hashed, some at a time so that reading them does not count."""
    spent = {"wall": 0.0, "cpu": 0.0}
    sha256 = hashlib.sha256
    with store.reading() as connection:
        rows = stored.events_as_they_lie(connection)
        while some := [row[3] for _, row in zip(range(10_000), rows, strict=False)]:
            began = _now()
            for body in some:
                sha256(body).digest()
            took = _since(began)
            spent = {name: spent[name] + took[name] for name in spent}
    return spent


def _peak() -> int:
    """KiB; unlike getrusage it does not count what the parent had when it started this process."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(began: tuple[float, float]) -> dict[str, float]:
    wall, cpu = _now()
    return {"wall": wall - began[0], "cpu": cpu - began[1]}


def _make(address: str, count: int, signer: Signer) -> int:
    """Fills a database; returns how many bytes the bodies have."""
    engine = open_engine(address)
    upgrade(engine, shipped("migrations"))
    driver: Any = engine.raw_connection().driver_connection
    for pragma in ("query_only = OFF", "synchronous = OFF", "cache_size = -200000"):
        driver.execute(f"PRAGMA {pragma}")
    for (name,) in driver.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        driver.execute(f"DROP TRIGGER {name}")
    bytes_in = 0
    tiles: list[tuple[int, int, str]] = []

    def completed(level: int, index: int, digest: bytes) -> None:
        tiles.append((level // TILE_LEVELS, index, digest.hex()))

    tree = Frontier(completed, TILE_LEVELS)
    batch: list[Event] = []
    heads: dict[str, tuple[int, str]] = {}
    for event in _events(count, heads):
        batch.append(event)
        bytes_in += len(event.body)
        tree.append(bytes.fromhex(event.leaf))
        if len(batch) == PER_CHECKPOINT or tree.size == count:
            driver.execute("BEGIN")
            _write(driver, batch, tree, signer)
            driver.execute("COMMIT")
            batch.clear()
    driver.execute("BEGIN")
    driver.executemany("INSERT INTO log_tile VALUES (?, ?, ?)", tiles)
    driver.executemany("INSERT INTO chain VALUES (?, ?, ?)", [(p, *at) for p, at in heads.items()])
    driver.executemany(
        "INSERT INTO sealed_chain VALUES (?, ?)", [(p, n) for p, (n, _) in heads.items()]
    )
    driver.execute("COMMIT")
    engine.dispose()
    return bytes_in


def _write(driver: Any, batch: list[Event], tree: Frontier, signer: Signer) -> None:
    at = batch[-1].recorded_at
    driver.executemany(
        "INSERT INTO event (project, seq, prev, body, leaf, kind, recorded_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(e.project, e.seq, e.prev, e.body, e.leaf, e.kind, e.fields()["at"]) for e in batch],
    )
    first = tree.size - len(batch)
    driver.executemany(
        "INSERT INTO log_entry (log_index, project, seq, leaf) VALUES (?, ?, ?, ?)",
        [(first + n, e.project, e.seq, e.leaf) for n, e in enumerate(batch)],
    )
    sealed = Checkpoint(signer.name, tree.size, tree.root(), at)
    driver.execute(
        "INSERT INTO checkpoint (size, root, note, sealed_at) VALUES (?, ?, ?, ?)",
        (tree.size, tree.root().hex(), sign_checkpoint(sealed, signer), batch[-1].fields()["at"]),
    )


def _events(count: int, heads: dict[str, tuple[int, str]]) -> Iterator[Event]:
    for number in range(count):
        project = f"LE-{number % CHAINS:03}"
        seq, prev = heads.get(project, (0, GENESIS))
        kind = KINDS[number % len(KINDS)]
        event = compose(
            project=project,
            seq=seq + 1,
            prev=prev,
            at=START + timedelta(seconds=number),
            actor=f"person-{number % 97}",
            kind=kind,
            data=_data(kind, number),
        )
        heads[project] = (event.seq, event.leaf)
        yield event


def _data(kind: str, number: int) -> dict[str, Any]:
    digest = "sha256:" + hashlib.sha256(str(number).encode()).hexdigest()
    if kind == "readings.recorded":
        reading = {"period": "2026-10-31", "actual": f"{number}.25", "reported_on": "2026-11-03"}
        return {"kpi": f"KPI-{number % 4000}", "source": "import", "readings": [reading] * 3}
    if kind == "findings.recorded":
        states = {"fires": number % 5, "pending": number % 3, "unknown": 1, "silent": 20}
        return {
            "as_of": "2026-10-31",
            "facts_digest": digest,
            "rulebook_digest": digest,
            "counts": states,
        }
    return {
        "gate": "planned",
        "iteration": 2,
        "advice": "conditional_go",
        "because": ["a should-meet criterion is not met: tolerance-set"],
        "facts_digest": digest,
        "rulebook_digest": digest,
        "workflow_digest": digest,
        "engine": "1.0",
        "evidence": [{"name": "benefits_realisation_plan", "digest": digest}],
    }


if __name__ == "__main__":
    main()
