"""Examples on disk: `events.jsonl` (bodies, chain after chain), `content/` (what they cite, by digest)
and `personal.json` (reference → text)."""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from govern.domain.instant import read_instant
from govern.domain.personal import with_personal
from govern.ledger.event import Event, leaf_hash
from govern.services.replay_chain import Replayed, replay_chain
from govern.services.replay_texts import Texts

FOLDER = Path(__file__).parent


def releases() -> list[Path]:
    return sorted(each for each in FOLDER.iterdir() if (each / "events.jsonl").exists())


def events(release: Path) -> Iterator[Event]:
    for line in (release / "events.jsonl").read_bytes().splitlines():
        told = json.loads(line)
        yield Event(
            told["project"],
            told["seq"],
            told["prev"],
            line,
            leaf_hash(line),
            told["kind"],
            read_instant(told["at"]),
        )


def texts(release: Path, instead: str | None = None) -> Texts:
    """`instead` stands in place of every personal text."""
    known: dict[str, str] = json.loads((release / "personal.json").read_text())

    def read(digest: str) -> bytes | None:
        path = release / "content" / digest.removeprefix("sha256:")
        return path.read_bytes() if path.exists() else None

    def reveal(data: Any) -> Any:
        return with_personal(data, lambda each: (instead or known[each]) if each in known else each)

    return Texts(read, reveal)


def replayed(release: Path, instead: str | None = None) -> list[Replayed]:
    found = texts(release, instead)
    return [
        each
        for _, chain in groupby(events(release), key=lambda event: event.project)
        for each in replay_chain(chain, found)
    ]
