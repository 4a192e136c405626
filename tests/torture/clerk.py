"""Somebody who submits, votes and reports, one thing after the other, and writes down what was answered.

What got no answer, or was told to try again, is asked again with the same Idempotency-Key, as a careful
client does; what stays without an answer is written down nowhere.
"""

import random
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from threading import Event, Thread
from typing import Any

from tests.torture.asking import Answer, Ask, Unanswered
from tests.torture.books import READING, SUBMISSION, VOTE, Books, Done
from tests.torture.town import GATE, GATED, PEOPLE, REPORTED, Town

PAUSE_S = 0.1


@dataclass
class Clerk:
    """`name` stands in every mark. `patience_s`: how long one thing is asked for again."""

    name: str
    ask: Ask
    town: Town
    books: Books
    pick: random.Random
    today: Callable[[], date]
    number: int = 0
    patience_s: float = 30.0
    ending: Event = field(default_factory=Event)
    _marks: "count[int]" = field(default_factory=lambda: count(1))

    def work(self) -> None:
        """Until it is to end."""
        while not self.ending.is_set():
            self.act()

    def act(self) -> None:
        """One thing, whichever."""
        try:
            if self.pick.random() < 0.4:
                self._report(self.pick.choice((*REPORTED, *REPORTED, *GATED)))
            else:
                self._decide(self.pick.choice(GATED))
        except Unanswered:
            self.ending.wait(PAUSE_S)

    def _report(self, project: str) -> None:
        mark = self._mark()
        last = self.today().replace(day=1) - timedelta(1)
        body = {
            "period": last.isoformat(),
            "actual": str(self.pick.randrange(10**6)),
            "note": mark,
            "reason": "Counted again.",
        }
        answer = self._do("owner", mark, f"/kpis/{project}-K1/readings", body)
        self._write_down(answer, Done(READING, mark), to_be_expected=())

    def _decide(self, project: str) -> None:
        """Votes where something is open, submits where nothing is."""
        query = f"/submissions?project={project}&state=open"
        found = self._read("sponsor", query)
        if found.status != 200:
            return
        if found.body["items"]:
            self._vote(found.body["items"][0]["id"])
        else:
            self._submit(project)

    def _submit(self, project: str) -> None:
        seen = self._read("manager", f"/projects/{project}")
        if seen.status != 200:
            return
        mark = self._mark()
        body = {"gate": GATE, "note": mark}
        path = f"/projects/{project}/submissions"
        answer = self._do("manager", mark, path, body, seen.version)
        receipt = answer.body["receipt"] if answer.status == 201 else None
        self._write_down(answer, Done(SUBMISSION, mark, None, receipt), to_be_expected=(409, 412))

    def _vote(self, number: int) -> None:
        seen = self._read("sponsor", f"/submissions/{number}")
        if seen.status != 200:
            return
        mark = self._mark()
        body = {"decision": "recycle", "reason": mark, "override_reason": "Not yet."}
        path = f"/submissions/{number}/votes"
        answer = self._do("sponsor", mark, path, body, seen.version)
        done = Done(VOTE, mark)
        if answer.status == 201:
            decided = number if answer.body["state"] == "decided" else None
            done = Done(VOTE, mark, decided, answer.body["receipt"])
        self._write_down(answer, done, to_be_expected=(409, 412))

    def _read(self, office: str, path: str) -> Answer:
        answer = self.ask(self._token(office), "GET", path)
        self._complain_of(answer, path, to_be_expected=())
        return answer

    def _do(
        self, office: str, mark: str, path: str, body: Any, version: str | None = None
    ) -> Answer:
        """The first answer that says whether it was done. Raises Unanswered where none came in time."""
        until = time.monotonic() + self.patience_s
        while True:
            try:
                answer = self.ask(
                    self._token(office), "POST", path, body, version=version, key=mark
                )
            except Unanswered:
                answer = None
            if answer is not None and not is_to_be_tried_again(answer):
                return answer
            if self.ending.is_set() or time.monotonic() > until:
                raise Unanswered(mark)
            self.ending.wait(PAUSE_S)

    def _write_down(self, answer: Answer, done: Done, *, to_be_expected: Sequence[int]) -> None:
        if answer.status in (200, 201):
            self.books.acknowledge(done)
        elif answer.status == 409 and answer.body["code"] == "answer-not-kept":
            # Done, and told so; what exactly was answered is gone.
            self.books.acknowledge(Done(done.kind, done.mark))
        else:
            self.books.refuse(done.mark)
            self._complain_of(answer, done.mark, to_be_expected)

    def _complain_of(self, answer: Answer, what: str, to_be_expected: Sequence[int]) -> None:
        honest = answer.status < 400 or answer.status in (*to_be_expected, 503)
        if not honest:
            self.books.complain(f"{self.name}, {what}: {answer.status} {answer.raw[:300]!r}")

    def _token(self, office: str) -> str:
        return self.town.tokens[office][self.number % PEOPLE]

    def _mark(self) -> str:
        return f"{self.name}-{next(self._marks)}"


def is_to_be_tried_again(answer: Answer) -> bool:
    return answer.status == 503 or (
        answer.status == 409 and answer.body["code"] == "still-answering"
    )


@contextmanager
def at_work(clerks: Sequence[Clerk]) -> Generator[None]:
    """All of them at once, while the block lasts; what one of them stumbles over is raised at its end."""
    stumbled: list[Exception] = []

    def work(clerk: Clerk) -> None:
        try:
            clerk.work()
        except Exception as error:
            stumbled.append(error)

    threads = [Thread(target=work, args=(each,), name=each.name, daemon=True) for each in clerks]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        for each in clerks:
            each.ending.set()
        for each in threads:
            each.join(2 * clerks[0].patience_s + 60)
    if stumbled:
        raise stumbled[0]


def clerks_of(
    town: Town,
    ask: Ask,
    books: Books,
    pick: random.Random,
    today: Callable[[], date],
    *,
    name: str = "clerk",
    patience_s: float = 30.0,
) -> list[Clerk]:
    """One for each of the people of an office."""
    return [
        Clerk(
            f"{name}{number}",
            ask,
            town,
            books,
            random.Random(pick.random()),  # noqa: S311
            today,
            number,
            patience_s,
        )
        for number in range(PEOPLE)
    ]
