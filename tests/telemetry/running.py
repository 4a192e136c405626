"""A real `govern serve` with two workers and all that watches over it, and a collector beside it."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from prometheus_client.parser import text_string_to_metric_families

from tests.telemetry.collector import Collector, collecting
from tests.walk.served import command, plain_environment, served

TOKEN = "a-token-for-the-metrics-0123"  # noqa: S105 - of this test alone
HOOK_SECRET = "a-secret-for-webhooks-0123"  # noqa: S105
WORKERS = 2


@dataclass(frozen=True)
class Running:
    address: str
    database_url: str
    folder: Path
    environment: Mapping[str, str]
    collector: Collector

    def get(self, path: str, **headers: str) -> tuple[int, Mapping[str, str], str]:
        """`headers` with underscores for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with build_opener(ProxyHandler({})).open(
                Request(self.address + path, headers=sent),  # noqa: S310 - of this machine
                timeout=60,
            ) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.headers, refused.read().decode()

    def scrape(self) -> str:
        status, _, text = self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200, text
        return text

    def figure(self, name: str, **labels: str) -> float:
        """The sum over all samples of this name that have these labels."""
        return sum(
            sample.value
            for family in text_string_to_metric_families(self.scrape())
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def govern(self, *words: str) -> str:
        done = subprocess.run(
            command(self.database_url, *words),
            env={**plain_environment(), **self.environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self) -> str:
        return (self.folder / "serve.log").read_text()

    def lines(self, event: str) -> list[dict[str, Any]]:
        written = self.log().splitlines(keepends=True)
        told = [json.loads(each) for each in written if each.endswith("\n")]
        return [each for each in told if each["event"] == event]

    def line_of(self, request_id: str) -> dict[str, Any]:
        """The line of a request, which is written after its answer."""
        for _ in range(300):
            found = [e for e in self.lines("request") if e["request_id"] == request_id]
            if found:
                (line,) = found
                return line
            time.sleep(0.1)
        raise AssertionError(f"no line tells of {request_id}")


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[Running]:
    with collecting() as collector:
        environment = {
            "GOVERN_METRICS": "token",
            "GOVERN_METRICS_TOKEN": TOKEN,
            "GOVERN_METRICS_DIR": str(folder / "figures"),
            "GOVERN_KEYS_DIR": str(folder / "keys"),
            "GOVERN_WEBHOOK_HOSTS": "127.0.0.1:9",
            "GOVERN_WEBHOOK_SECRET": HOOK_SECRET,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        with served(database_url, folder, workers=WORKERS, environment=environment) as address:
            yield Running(address, database_url, folder, environment, collector)
