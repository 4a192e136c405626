"""One application for many tests: describing some 180 operations takes longer than most tests do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from govern.services.runtime import Runtime
from govern.web.app import create_app
from govern.web.body import LARGEST_BODY
from govern.web.site import EXTENSION, Site


@dataclass(frozen=True)
class SharedApp:
    """What `create_app` gives, over this site: a client that it opens is to be used before another one is
    opened by whomever."""

    site: Site

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self._taken()(environ, start_response)

    def test_client(self) -> FlaskClient:
        return self._taken().test_client()

    def __getattr__(self, name: str) -> Any:
        return getattr(_app(), name)

    def _taken(self) -> Flask:
        app = _app()
        app.extensions[EXTENSION] = self.site
        return app


def shared_app(runtime: Runtime, clock: Callable[[], datetime]) -> Flask:
    return cast(Flask, SharedApp(Site(runtime, clock, LARGEST_BODY)))


@cache
def _app() -> Flask:
    def nobody() -> datetime:
        raise AssertionError("no test has said what it stands on")

    return create_app(cast(Runtime, None), nobody)
