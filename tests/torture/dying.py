"""Work that dies at a chosen step, by SIGKILL: `python -m tests.torture.dying '{…}'`.

A process that has loaded everything forks once for each line of its standard input. The line is a number:
the child does its job and kills itself at that step, counted in calls and returns (`sys.setprofile`), those
into C among them, so that it may be between any two of them: before a COMMIT, or right after. It answers
`died`, or `ended` and how many steps there were. Lines that begin with `+` are what was acknowledged.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from govern.services import news
from govern.services.outlets import Hooks, Outlets
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.sealing import seal
from govern.web.app import create_app
from tests.services.receivers import SECRET
from tests.torture.asking import in_process
from tests.torture.books import Books, Done
from tests.torture.clerk import clerks_of
from tests.torture.town import Town, opened

NEVER = 0
"""The step of who ends by itself."""
ACT, SEAL, SEND = "act", "seal", "send"


@dataclass(frozen=True)
class Spec:
    """What a job needs to know; all of it is plain, so that it can be handed to another process."""

    job: str
    url: str
    keys: str
    tokens: Mapping[str, list[str]]
    host: str = ""

    def line(self) -> str:
        return json.dumps(vars(self))


@dataclass(frozen=True)
class Ended:
    """`steps` is None for who died. `done` is what was acknowledged by then."""

    steps: int | None
    done: list[Done]


@dataclass(frozen=True)
class Dying:
    """The process that forks."""

    process: "subprocess.Popen[str]"

    def go(self, step: int, now: datetime, seed: int) -> Ended:
        """Does the job once, as of `now`, to die at this step of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps([step, now.isoformat(), seed])}\n")
        self.process.stdin.flush()
        done: list[Done] = []
        while line := self.process.stdout.readline():
            word, _, rest = line.strip().partition(" ")
            if word == "+":
                done.append(Done(**json.loads(rest)))
            elif word == "died":
                return Ended(None, done)
            elif word == "ended":
                return Ended(int(rest), done)
            else:
                raise AssertionError(line)
        raise AssertionError(f"{self.process.args} ended with {self.process.wait()}")


@contextmanager
def dying(spec: Spec) -> Generator[Dying]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.dying", spec.line()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    try:
        yield Dying(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        # With the child that it may have just then; nothing of it is wanted any more.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()


# --- the process that forks -------------------------------------------------------------------


class _Reports(Books):
    """Tells what is acknowledged at once: who dies tells nothing any more."""

    def acknowledge(self, done: Done) -> None:
        os.write(1, f"+ {json.dumps({n: getattr(done, n) for n in _FIELDS})}\n".encode())


_FIELDS = ("kind", "mark", "decided", "receipt")


def main() -> int:
    spec = Spec(**json.loads(sys.argv[1]))
    job = _job(spec)
    for line in sys.stdin:
        step, now, seed = json.loads(line)
        child = os.fork()
        if not child:
            _die_at(step)
            count = _in_child(job, datetime.fromisoformat(now), seed)
            os.write(1, f"ended {count}\n".encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            os.write(1, b"died\n")
        elif status:
            os.write(1, f"failed {status}\n".encode())
    return 0


_Job = Callable[[datetime, int], None]
_steps = 0


def _in_child(job: _Job, now: datetime, seed: int) -> int:
    try:
        job(now, seed)
    finally:
        sys.setprofile(None)
    return _steps


def _die_at(step: int) -> None:
    def count(frame: FrameType, event: str, about: object) -> None:
        global _steps  # noqa: PLW0603 - of a process that lives for one job
        _steps += 1
        if _steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def _job(spec: Spec) -> _Job:
    """Opened before it forks; no connection is taken along."""
    runtime = opened(spec.url, Path(spec.keys))
    runtime.store.close()
    if spec.job == SEAL:
        return lambda now, _: _seal(runtime, now)
    if spec.job == SEND:
        hooks = Hooks(frozenset({spec.host}), SECRET.encode())
        telling = replace(runtime, outlets=Outlets(None, hooks))
        return lambda now, _: _send(telling, now)
    return _acting(runtime, spec)


def _seal(runtime: Runtime, now: datetime) -> None:
    seal(runtime, now)


def _send(runtime: Runtime, now: datetime) -> None:
    news.pass_on(runtime, OPERATOR, now=now, for_s=60)


def _acting(runtime: Runtime, spec: Spec) -> _Job:
    moment: list[datetime] = []
    app = create_app(runtime, lambda: moment[-1])
    town = Town(spec.tokens, Path(spec.keys))

    def act(now: datetime, seed: int) -> None:
        moment.append(now)
        pick: Any = random.Random(seed)  # noqa: S311
        books = _Reports()
        clerks = clerks_of(town, in_process(app), books, pick, now.date, name=f"d{seed}.")
        pick.choice(clerks).act()
        if books.wrong:
            raise AssertionError(books.wrong)

    return act


if __name__ == "__main__":
    sys.exit(main())
