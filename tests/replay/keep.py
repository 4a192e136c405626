"""Keeps the examples of this version, when it is released: `python -m tests.replay.keep`.

The example portfolio is loaded, its gates are decided, and two projects live a whole life. What is
kept of a version is never made again.
"""

import json
import re
import sys
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from govern import ENGINE_VERSION
from govern.domain.decision import Answer
from govern.domain.refusal import NotAllowed
from govern.rulebook.load import load
from govern.services import decisions, rulebooks
from govern.services.ballots import Ballot
from govern.services.example import load_example
from govern.services.people import OPERATOR
from govern.services.replaying import chains_of_projects, events_in_turn
from govern.services.sweeps import sweep
from govern.store import people, submissions
from govern.store.engine import open_engine
from govern.store.migrate import upgrade
from govern.store.tables import blob, personal
from govern.store.transaction import Store
from tests.databases import MIGRATIONS
from tests.replay.kept import FOLDER
from tests.services.house import NOW, ROOT, House, build
from tests.services.lived_house import live

DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
DECIDERS = tuple(
    f"{name}@lindmark.example" for name in ("margit.solberg", "yusuf.demir", "ruth.adeyemi")
)


def keep(folder: Path) -> None:
    if folder.exists():
        sys.exit(f"{folder} is kept already: a release keeps its examples once.")
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/govern.db"
        upgrade(url, MIGRATIONS)
        store = Store(open_engine(url))
        house = build(store)
        live(house)
        _portfolio(house)
        _write(store, folder)
        store.close()


def _portfolio(house: House) -> None:
    runtime = house.runtime
    shipped = load(ROOT / "rules").rulebook
    assert shipped is not None
    rulebooks.publish(runtime, OPERATOR, shipped, note=None, now=NOW)
    load_example(runtime, OPERATOR, ROOT / "examples", now=NOW)
    with runtime.store.reading() as connection:
        waiting = submissions.all_open(connection, OPERATOR)
        actors = [
            people.actor_of_person(connection, found["id"], NOW)
            for each in DECIDERS
            if (found := people.by_email(connection, each))
        ]
    for each in waiting:
        for actor in actors:
            answer = Answer.GO if each["advice"] == "go" else Answer.RECYCLE
            with runtime.store.reading() as connection:
                found = submissions.find(connection, each["id"])
            if actor is not None and found is not None and found["state"] == submissions.OPEN:
                ballot = Ballot(answer, "As discussed.", "The board wants it so.")
                with suppress(NotAllowed):
                    decisions.vote(runtime, actor, each["id"], ballot, version=None, now=NOW)
    sweep(runtime, OPERATOR, as_of=date(2026, 11, 25), now=NOW + timedelta(days=1))


def _write(store: Store, folder: Path) -> None:
    (folder / "content").mkdir(parents=True)
    cited: set[str] = set()
    with store.reading() as connection:
        lines = [
            event.body
            for chain in chains_of_projects(connection)
            for event in events_in_turn(connection, chain)
        ]
        content = {
            digest: bytes(held)
            for digest, held in connection.execute(select(blob.c.digest, blob.c.content))
        }
        rows = connection.execute(select(personal.c.ref, personal.c.value)).all()
        texts = {row.ref: row.value for row in rows}
    wanted = {each.decode() for line in lines for each in DIGEST.findall(line)} & content.keys()
    while wanted - cited:
        digest = (wanted - cited).pop()
        cited.add(digest)
        wanted |= {each.decode() for each in DIGEST.findall(content[digest])} & content.keys()
    for digest in sorted(cited):
        (folder / "content" / digest.removeprefix("sha256:")).write_bytes(content[digest])
    (folder / "events.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    said = b"".join(lines) + b"".join(content[digest] for digest in cited)
    kept = {ref: text for ref, text in sorted(texts.items()) if ref.encode() in said}
    (folder / "personal.json").write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n")


if __name__ == "__main__":
    keep(FOLDER / ENGINE_VERSION)
