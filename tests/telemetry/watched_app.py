"""The web application, watched as `govern serve` watches it, for people of a house."""

from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

from govern.services.runtime import Runtime
from govern.telemetry.telemetry import LOCAL, Scraping, counting
from govern.web.app import create_app
from tests.services.house import NOW, House
from tests.web.caller import token_of


@dataclass(frozen=True)
class Watched:
    house: House
    runtime: Runtime
    app: Flask

    def get(
        self, path: str, *, name: str | None = None, peer: str = "127.0.0.1", **headers: str
    ) -> TestResponse:
        """`headers` with underscores for hyphens."""
        sent = {each.replace("_", "-"): value for each, value in headers.items()}
        if name is not None:
            sent["Authorization"] = f"Bearer {token_of(self.house, name)}"
        client = self.app.test_client()
        return client.get(path, headers=sent, environ_base={"REMOTE_ADDR": peer}, buffered=True)

    def figures(self) -> dict[str, float]:
        """Each sample as it is written, name and labels, with its value."""
        answer = self.get("/metrics")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        rows = (each for each in answer.get_data(as_text=True).splitlines() if each[:1] != "#")
        return {name: float(value) for name, _, value in (each.rpartition(" ") for each in rows)}


def watched_app(house: House, scraping: Scraping | None = None) -> Watched:
    telemetry = counting(scraping or Scraping(LOCAL))
    runtime = telemetry.over(house.runtime)
    app = create_app(runtime, lambda: NOW, telemetry=telemetry)
    return Watched(house, runtime, app)
