"""Histories of one project's gate, from clients who all ask at once and lose answers, held against what
a gate is (`linearizable`)."""

import random
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from tests.torture.asking import Answer, Ask, Unanswered, over_network
from tests.torture.clerk import is_to_be_tried_again
from tests.torture.killing import today
from tests.torture.linearizable import (
    CLOSED,
    LOOK,
    OK,
    READ,
    REFUSED,
    STALE,
    SUBMIT,
    VOTE,
    Call,
    Gate,
    Seen,
    is_linearizable,
)
from tests.torture.place import Place
from tests.torture.proxy import cutting
from tests.torture.server import serving
from tests.torture.tally import Tally
from tests.torture.town import GATE, GATED, PEOPLE, Town, faults_of, opened, settle

NAME = "linearizability of a gate"
ON = ("sqlite", "postgresql")
SHARE = 0.15
CALLS = 8
"""Of each client in one history."""
TRIES = 20
_RESULTS = {
    "stale-version": STALE,
    "submission-closed": CLOSED,
    "already-submitted": REFUSED,
    "already-voted": REFUSED,
}


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    """One history a round. What is acknowledged here are votes and submissions."""
    result = Tally()
    with place.database() as (url, folder):
        town = settle(url, folder, datetime.now(UTC))
        with (
            serving(url, folder, town.environment()) as server,
            cutting(lambda: server.address, pick, SHARE) as proxy,
        ):
            ask = over_network(lambda: proxy.address)
            for number in rounds:
                result += _history(town, ask, GATED[number % len(GATED)], number, pick)
            result = replace(result, injected=proxy.cuts)
        runtime = opened(url, town.keys)
        try:
            return result + Tally(wrong=faults_of(runtime))
        finally:
            runtime.store.close()


def _history(town: Town, ask: Ask, project: str, number: int, pick: random.Random) -> Tally:
    day = today()
    first = _standing(town, ask, project)
    clients = [
        _Client(town, ask, project, each, f"h{number}.{each}", random.Random(pick.random()))  # noqa: S311
        for each in range(PEOPLE)
    ]
    with ThreadPoolExecutor(len(clients)) as pool:
        calls = [call for calls in pool.map(_Client.act, clients) for call in calls]
    done = sum(each.result == OK and each.kind in (SUBMIT, VOTE) for each in calls)
    # At midnight what is judged changes by itself, which is no answer to anybody.
    if today() != day or is_linearizable(calls, first):
        return Tally(acknowledged=done)
    told = "\n".join(f"    {each}" for each in sorted(calls, key=lambda each: each.begun))
    return Tally(acknowledged=done, wrong=(f"no order explains this, from {first}:\n{told}",))


def _standing(town: Town, ask: Ask, project: str) -> Gate:
    """The gate, while nobody does anything."""
    token = town.tokens["sponsor"][0]
    version = ask(token, "GET", f"/projects/{project}").version
    found = ask(token, "GET", f"/submissions?project={project}").body["items"]
    gate = Gate(project=_number(version))
    if not found:
        return gate
    last = ask(token, "GET", f"/submissions/{found[0]['id']}")
    return replace(
        gate,
        number=found[0]["id"],
        version=_number(last.version),
        voters=frozenset(each["person"] for each in last.body["votes"]),
        is_open=last.body["state"] == "open",
    )


class _Client:
    """Each has a sponsor's and a manager's name, and does what comes to mind."""

    def __init__(
        self, town: Town, ask: Ask, project: str, number: int, name: str, pick: random.Random
    ) -> None:
        self._sponsor = town.tokens["sponsor"][number]
        self._manager = town.tokens["manager"][number]
        self._ask, self._project, self._who = ask, project, f"Sponsor{number}"
        self._name, self._pick = name, pick
        self._calls: list[Call] = []
        self._known = self._version = 0

    def act(self) -> Sequence[Call]:
        while len(self._calls) < CALLS:
            self._know()
            if self._known and self._version:
                self._vote()
            else:
                self._submit()
        return self._calls

    def _know(self) -> None:
        """Which submission is open, by a list that no history holds, and its version by a read."""
        query = f"/submissions?project={self._project}&state=open"
        items = self._ask(self._sponsor, "GET", query).body["items"]
        self._known = items[0]["id"] if items else 0
        self._version = 0
        if self._known:
            begun = time.monotonic()
            answer = self._ask(self._sponsor, "GET", f"/submissions/{self._known}")
            seen = Seen(
                _number(answer.version), len(answer.body["votes"]), answer.body["state"] == "open"
            )
            self._calls.append(
                Call(READ, self._who, begun, time.monotonic(), self._known, 0, OK, seen)
            )
            self._version = seen.version

    def _submit(self) -> None:
        begun = time.monotonic()
        looked = self._ask(self._manager, "GET", f"/projects/{self._project}")
        version = _number(looked.version)
        call = Call(LOOK, self._who, begun, time.monotonic(), version=version, result=OK)
        self._calls.append(call)
        path = f"/projects/{self._project}/submissions"
        body = {"gate": GATE, "note": self._key()}
        call, answer = self._do(SUBMIT, self._manager, path, body, version)
        number = answer.body["id"] if answer is not None and answer.status == 201 else 0
        self._calls.append(replace(call, number=number, version=version))

    def _vote(self) -> None:
        body = {"decision": "recycle", "reason": self._key(), "override_reason": "Not yet."}
        # Now and then by what somebody saw before.
        version = self._version - (self._version > 1 and self._pick.random() < 0.1)
        path = f"/submissions/{self._known}/votes"
        call, _ = self._do(VOTE, self._sponsor, path, body, version)
        self._calls.append(replace(call, number=self._known, version=version))

    def _do(
        self, kind: str, token: str, path: str, body: dict[str, str], version: int
    ) -> tuple[Call, Answer | None]:
        """From the first try to the first whole answer; without one it may have been done or not."""
        call = Call(kind, self._who, time.monotonic())
        for _ in range(TRIES):
            try:
                answer = self._ask(
                    token, "POST", path, body, version=f'"v{version}"', key=self._key()
                )
            except Unanswered:
                continue
            if is_to_be_tried_again(answer):
                time.sleep(0.05)
                continue
            done = answer.status == 201
            result = OK if done else _RESULTS[answer.body["code"]]
            return replace(call, ended=time.monotonic(), result=result), answer
        return call, None

    def _key(self) -> str:
        return f"{self._name}-{len(self._calls)}"


def _number(version: str | None) -> int:
    assert version is not None
    return int(version.strip('"').removeprefix("v").partition(".")[0])
