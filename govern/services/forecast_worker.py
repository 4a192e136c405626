"""Forecasts that a page does not wait for: worked out one after the other beside what else is done.

The first forecast of a KPI takes a good part of a second, and a portfolio has hundreds. What is asked for
is noted, a thread works it out, and the next look finds it.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from threading import Lock, Thread

from govern.forecasting.forecast import Forecast, forecast
from govern.forecasting.history import History

PENDING = "its forecast is being worked out; look again in a moment"
MOST_KEPT = 8192


class ForecastWorker:
    """The same history has the same forecast, so what is kept is never out of date."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[History, Forecast] = OrderedDict()
        self._wanted: OrderedDict[History, None] = OrderedDict()
        self._thread: Thread | None = None

    def find(self, histories: Iterable[History], within: float) -> dict[History, Forecast]:
        """Those that are known after at most so many seconds; the others are worked out afterwards."""
        asked = [*dict.fromkeys(histories)]
        with self._lock:
            self._wanted |= {each: None for each in asked if each not in self._kept}
            if self._wanted and self._thread is None:
                self._thread = Thread(target=self._work, name="forecasts", daemon=True)
                self._thread.start()
            thread = self._thread
        if thread is not None:
            thread.join(within)
        with self._lock:
            found = {each: self._kept[each] for each in asked if each in self._kept}
            for each in found:
                self._kept.move_to_end(each)
        return found

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._thread = None
                    return
                history = next(iter(self._wanted))
            made = _made(history)
            with self._lock:
                self._wanted.pop(history, None)
                self._kept[history] = made
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)


WORKER = ForecastWorker()
"""One for the process: forecasts belong to nobody's database."""


def _made(history: History) -> Forecast:
    """The forecast; unknown, and why, where making it fails: nobody waits for it who could be told."""
    try:
        return forecast(history)
    except Exception as failed:
        return replace(pending(history), why=f"making its forecast failed: {type(failed).__name__}")


def pending(history: History) -> Forecast:
    """What is told of a forecast that is not there yet: all but what it comes to."""
    days = [day for day, _ in history.actual]
    return Forecast(
        history.completes_on,
        history.completes_by,
        len(days),
        max(days, default=None),
        None,
        why=PENDING,
    )
