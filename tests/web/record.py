"""Writes the examples of the description anew: `python -m tests.web.record`.

They are what was sent and answered as the people of the example portfolio did each operation
(tests.web.story).
"""

import re
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from govern.services.outlets import Outlets, read_hooks
from govern.store.engine import open_engine
from govern.store.migrate import upgrade
from govern.store.transaction import Store
from govern.web.recorded import FOLDER
from tests.databases import MIGRATIONS
from tests.services.receivers import hook, mailbox
from tests.web.lindmark import settle
from tests.web.operations import operations
from tests.web.story import tell
from tests.web.teller import Teller, as_json


@contextmanager
def told() -> Generator[Teller]:
    """The story, told, and its house still open."""
    with TemporaryDirectory() as folder, mailbox() as box, hook() as there:
        url = f"sqlite:///{folder}/govern.db"
        upgrade(url, MIGRATIONS)
        store = Store(open_engine(url))
        outlets = Outlets(box.server, read_hooks(there.host, "a secret of this machine"))
        teller = Teller(settle(store, Path(folder) / "keys", outlets), there.url)
        tell(teller)
        yield teller
        store.close()


def by_subject(examples: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The tag of an operation → its operations, in the order of the description."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, (_, _, operation) in operations().items():
        if name in examples:
            found[operation["tags"][0].replace(" ", "-")][name] = examples[name]
    return found


_RANDOM = (
    (re.compile(r"T\d\d:\d\d:\d\d\.(?!000000)\d{6}Z"), "(moment)"),
    (re.compile(r"\bperson-[0-9a-f]+\b"), "(person)"),
    (re.compile(r"\b[0-9a-f]{12,}\b"), "(digits)"),
    (re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}"), "(letters)"),
)
"""What is chosen by chance, what is worked out from it, and how long things took."""


def settled(value: Any) -> Any:
    """With the same word for all that chance chose."""
    if isinstance(value, str):
        for pattern, word in _RANDOM:
            value = pattern.sub(word, value)
        return value
    if isinstance(value, list):
        return [settled(each) for each in value]
    if isinstance(value, dict):
        found: dict[str, list[Any]] = {}
        for name, each in value.items():
            found.setdefault(settled(name), []).append(
                0 if name == "duration_ms" else settled(each)
            )
        # Several people, by ids of chance, come in an order of chance.
        return {
            name: each[0] if len(each) == 1 else sorted(each, key=str)
            for name, each in found.items()
        }
    return value


def main() -> None:
    with told() as teller:
        subjects = by_subject(teller.told)
    for file in FOLDER.glob("*.json"):
        file.unlink()
    for subject, examples in subjects.items():
        (FOLDER / f"{subject}.json").write_text(as_json(examples), encoding="utf-8")


if __name__ == "__main__":
    main()
