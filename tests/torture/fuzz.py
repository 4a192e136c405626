"""Damaged and generated input: conditions, rule and workflow files, CSV folders, and sequences of requests in
which one answer's ids are the next one's (schemathesis, stateful). No crash, no hang, no 500.

`tests.language.fuzz` and `tests.rulebook.fuzz` do the first two by the million: `make fuzz`.
"""

import random
import signal
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from govern.intake.folder import read_folder
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.intake.test_any_text import HEADS, check, content
from tests.language.fuzz import conditions_of
from tests.language.mutants import mutant
from tests.rulebook.fuzz import damaged, faults
from tests.services import house as made
from tests.torture.place import Place
from tests.torture.tally import Tally
from tests.web.caller import everybody, furnish, good

NAME = "fuzz"
ON = ("sqlite",)
CONDITIONS, FILES, FOLDERS, SEQUENCES, STEPS = 100, 5, 10, 1, 12
"""Inputs in a round."""
LONGEST_S = 60
"""An input that takes longer hangs."""


class _Hangs(BaseException):
    """Not an Exception: nothing catches it on the way."""


def run(place: Place, pick: random.Random, rounds: Iterable[int]) -> Tally:
    """`injected` counts inputs, and requests of the sequences."""
    result = Tally()
    with place.database() as (url, _):
        store = Store(open_engine(url))
        try:
            requests = Requests(store)
            for _ in rounds:
                for job in (_conditions, _files, _folders, requests.sequences):
                    result += job(pick.randrange(2**32))
        finally:
            store.close()
    return result


def _conditions(number: int) -> Tally:
    texts = (mutant(number, each) for each in range(CONDITIONS))
    return _each(texts, conditions_of)


def _files(number: int) -> Tally:
    def judge(text: str) -> None:
        told = list(faults(text))
        assert not told, told

    return _each((damaged(number, each) for each in range(FILES)), judge)


def _each(inputs: Iterable[str], judge: Callable[[str], object]) -> Tally:
    count, wrong = 0, list[str]()
    for text in inputs:
        count += 1
        try:
            with _alarmed():
                judge(text)
        except (Exception, _Hangs) as error:  # whatever it is, it is what is looked for
            wrong.append(f"{error!r:.300} at {ascii(text)[:300]}")
    return Tally(count, wrong=tuple(wrong))


def _folders(number: int) -> Tally:
    counted = list[int]()

    @seed(number)
    @_unhurried(FOLDERS)
    @given(st.fixed_dictionaries({}, optional={file: content(file) for file in HEADS}))
    def any_folder(files: dict[str, bytes]) -> None:
        counted.append(1)
        with tempfile.TemporaryDirectory() as folder, _alarmed():
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            check(read_folder(Path(folder)))

    return _told(any_folder, counted, "folder")


class Requests:
    """Sequences of requests to one furnished portfolio, which they leave as they leave it."""

    def __init__(self, store: Store) -> None:
        house = made.build(store)
        furnish(house)
        self._callers = everybody(house)
        described = good(self._callers.nobody.get("/openapi.json"))
        self._schema = schemathesis.openapi.from_dict(described)

    def sequences(self, number: int) -> Tally:
        counted = list[int]()
        app, token = self._callers.app, self._callers.tokens["ali"]

        @seed(number)
        class Machine(self._schema.as_state_machine()):  # type: ignore[misc]
            def before_call(self, case: Any) -> None:
                counted.append(1)

            def get_call_kwargs(self, case: Any) -> dict[str, Any]:
                return {"app": app, "headers": {"Authorization": f"Bearer {token}"}}

            def call(self, case: Any, **more: Any) -> Any:
                with _alarmed():
                    return super().call(case, **more)

            def validate_response(
                self, response: Any, case: Any, additional_checks: Any = None, **more: Any
            ) -> None:
                case.validate_response(response, checks=[not_a_server_error])

        return _told(lambda: Machine.run(settings=_unhurried(SEQUENCES)), counted, "sequence")


def _unhurried(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )


def _told(work: Callable[[], None], counted: Sequence[int], what: str) -> Tally:
    try:
        work()
    except (Exception, _Hangs) as error:  # whatever it is, it is what is looked for
        return Tally(len(counted), wrong=(f"{what}: {error!r:.2000}",))
    return Tally(len(counted))


@contextmanager
def _alarmed() -> Generator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
