"""A sender of news is killed at any step, in the middle of a delivery too: each event comes at least once,
under one id with one content, of each project in order, and none is lost."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from govern.services import news, tokens, webhooks
from govern.services.outlets import Outlets
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store.tables import event
from govern.web.app import create_app
from tests.services.house import NOW
from tests.services.receivers import Hook, hook, hooks_of
from tests.torture.asking import in_process
from tests.torture.books import Books, compare
from tests.torture.clerk import clerks_of
from tests.torture.dying import NEVER, SEND, Spec, dying
from tests.torture.place import Place
from tests.torture.power_loss import clock, today
from tests.torture.tally import Tally
from tests.torture.town import GATED, REPORTED, Town, opened, settle

NAME = "worker killed mid-delivery"
ON = ("sqlite", "postgresql")
EACH = 5
"""Kills in a round."""
APART = timedelta(minutes=6)
"""After so long what somebody had taken who is dead is anybody's (`news_sending.TAKEN_FOR`)."""


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    with place.database() as (url, folder), hook() as there:
        town = settle(url, folder, NOW)
        runtime = opened(url, town.keys)
        try:
            telling = replace(runtime, outlets=Outlets(None, hooks_of(there)))
            return _run(telling, town, url, there, pick, rounds)
        finally:
            runtime.store.close()


def _run(
    runtime: Runtime,
    town: Town,
    url: str,
    there: Hook,
    pick: random.Random,
    rounds: Iterable[int],
) -> Tally:
    whose = tokens.present(runtime, town.tokens["sponsor"][0], NOW).actor
    assert whose is not None
    webhooks.add(runtime, whose, url=there.url, now=NOW)
    first = _last_event(runtime)
    books, kills, now = Books(), 0, NOW
    clerks = clerks_of(town, in_process(create_app(runtime, clock)), books, pick, today, name="n")
    spec = Spec(SEND, url, str(town.keys), {}, there.host)
    with dying(spec) as process:
        steps = 20_000
        for _ in rounds:
            for turn in range(EACH):
                pick.choice(clerks).act()
                now += APART
                step = NEVER if turn == EACH - 1 else pick.randrange(1, steps)
                ended = process.go(step, now, turn)
                kills += ended.steps is None
                steps = ended.steps or steps
    while news.pass_on(runtime, OPERATOR, now=now + APART, for_s=60).anything:
        now += APART
    result = compare(runtime, books, injected=kills)
    owed = _owed(runtime, first)
    got = [each["webhook-id"] for each in there.headers]
    lost = sum(leaf not in set(got) for leaf in owed)
    wrong = tuple(_misdelivered(there, owed, got))
    return result + Tally(acknowledged=len(owed), lost=lost, wrong=wrong)


def _last_event(runtime: Runtime) -> dict[str, int]:
    with runtime.store.reading() as connection:
        rows = connection.execute(select(event.c.project, event.c.seq))
        last: dict[str, int] = {}
        for project, seq in rows:
            last[project] = max(seq, last.get(project, 0))
        return last


def _owed(runtime: Runtime, after: dict[str, int]) -> dict[str, tuple[str, int]]:
    """Leaf → chain and number of every event of a project since."""
    with runtime.store.reading() as connection:
        rows = connection.execute(
            select(event.c.leaf, event.c.project, event.c.seq).where(
                event.c.project.in_((*GATED, *REPORTED))
            )
        )
        return {
            row.leaf: (row.project, row.seq) for row in rows if row.seq > after.get(row.project, 0)
        }


def _misdelivered(there: Hook, owed: dict[str, tuple[str, int]], got: list[str]) -> Iterator[str]:
    contents: dict[str, set[bytes]] = {}
    for leaf, body in zip(got, there.bodies, strict=True):
        contents.setdefault(leaf, set()).add(body)
    yield from (f"{leaf} came with {len(b)} contents" for leaf, b in contents.items() if len(b) > 1)
    order: dict[str, list[int]] = {}
    for leaf in contents:  # in the order in which each came first
        if leaf not in owed:
            yield f"nobody owes {leaf}"
            continue
        project, seq = owed[leaf]
        order.setdefault(project, []).append(seq)
    yield from (f"news of {p} out of order: {s}" for p, s in order.items() if s != sorted(s))
