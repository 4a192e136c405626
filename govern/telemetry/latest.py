"""An answer that may be long in coming, for those who cannot wait: the newest that there is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`value` is None where asking failed."""

    value: T | None
    at: float


class Latest(Generic[T]):
    """Asks in a thread of its own, one at a time, however many want to know.

    An answer serves for `fresh_s` seconds. Who asks waits `wait_s` at most, and then gets the last one
    if it is younger than `keep_s`, else None: whoever hangs, nobody else does.
    """

    def __init__(
        self, ask: Callable[[], T], *, fresh_s: float, wait_s: float, keep_s: float = 0.0
    ) -> None:
        self._ask = ask
        self._fresh_s, self._wait_s, self._keep_s = fresh_s, wait_s, keep_s
        self._lock = threading.Lock()
        self._last: Answer[T] | None = None
        self._asking: threading.Event | None = None

    def get(self) -> tuple[T | None, bool]:
        """The answer, and whether the last time of asking came to one in time."""
        with self._lock:
            if self._last is not None and monotonic() - self._last.at < self._fresh_s:
                return self._last.value, self._last.value is not None
            asking = self._asking
            if asking is None:
                asking = self._asking = threading.Event()
                threading.Thread(
                    target=self._work, args=(asking,), name="govern-asking", daemon=True
                ).start()
        before = self._last
        if asking.wait(self._wait_s):
            last = self._last
            if last is not None and last.value is not None:
                return last.value, True
        if before is not None and monotonic() - before.at < self._keep_s:
            return before.value, False
        return None, False

    def _work(self, asking: threading.Event) -> None:
        value: T | None = None
        try:
            value = self._ask()
        except Exception:  # whoever wants to know is told that there is no answer
            value = None
        finally:
            with self._lock:
                self._last = Answer(value, monotonic())
                self._asking = None
            asking.set()
