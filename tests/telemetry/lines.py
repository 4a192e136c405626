"""The log as a test reads it."""

import io
import json
import logging
from collections.abc import Iterable
from typing import Any

from govern.telemetry import logs
from govern.telemetry.secrets import Secrets


class Lines:
    def __init__(self) -> None:
        root = logging.getLogger()
        self._before = root.handlers[:], root.level
        self.out = io.StringIO()
        self.configure()

    def configure(
        self, form: str = logs.JSON, level: str = "info", known: Iterable[str] = ()
    ) -> None:
        logs.configure(form, level, Secrets(known), self.out)

    def close(self) -> None:
        root = logging.getLogger()
        root.handlers[:], level = self._before
        root.setLevel(level)

    @property
    def text(self) -> str:
        return self.out.getvalue()

    def all(self, event: str | None = None) -> list[dict[str, Any]]:
        told = [json.loads(each) for each in self.text.splitlines()]
        return [each for each in told if event in (None, each["event"])]

    def one(self, event: str) -> dict[str, Any]:
        (found,) = self.all(event)
        return found
