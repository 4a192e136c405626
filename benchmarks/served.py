"""A govern that serves a portfolio, for benchmarks: granian with its workers, a key, people with tokens."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bare import Place
from benchmarks.filled import fill, postgresql, project_id
from govern.domain.role import Role
from govern.services import gates, log_keys, people, tokens
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.settings import Settings
from govern.store import people as stored_people
from govern.wiring import started

GATE = "value_check"
WORKERS = {"SQLite": 1, "PostgreSQL": os.cpu_count() or 1}
"""Of each database: one process with four threads, or as many processes as there are cores."""
PEOPLE = {"dan": Role.DATA_OWNER, "pia": Role.PROJECT_MANAGER, "sam": Role.SPONSOR}


@contextmanager
def placed(name: str, projects: int) -> Iterator[tuple[Place, Callable[[], list[dict[str, Any]]]]]:
    """The service with its portfolio; and what puts every project before its gate."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url = f"sqlite:///{folder / 'govern.db'}"
        if name == "PostgreSQL":
            url = stack.enter_context(postgresql())
        fill(url, folder, projects)
        settings = Settings(database_url=url, keys_dir=folder / "keys")
        runtime = stack.enter_context(started(settings)).runtime
        secrets, ids = _people(runtime)
        log_keys.new_key(runtime, OPERATOR, "bench.example/log", now=datetime.now(UTC))
        port = stack.enter_context(_serving(url, folder, WORKERS[name]))
        yield Place(url, port, secrets, ids), lambda: _submitted(runtime, ids["pia"], projects)


def _people(runtime: Runtime) -> tuple[dict[str, str], dict[str, str]]:
    """Tokens and ids by name."""
    secrets: dict[str, str] = {}
    ids: dict[str, str] = {}
    now = datetime.now(UTC)
    for name, role in PEOPLE.items():
        email = f"{name}@example.org"
        ids[name] = people.add_person(runtime, OPERATOR, email=email, name=name, now=now)
        people.grant_role(runtime, OPERATOR, email=email, role=role, portfolio="main", now=now)
        secrets[name] = tokens.issue_token(
            runtime, OPERATOR, email=email, label="bench", lifetime=timedelta(days=1), now=now
        )
    return secrets, ids


def _submitted(runtime: Runtime, manager: str, projects: int) -> list[dict[str, Any]]:
    """Every project before its gate, decided there or not."""
    now = datetime.now(UTC)
    with runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, manager, now)
    if actor is None:
        raise SystemExit("the project manager is gone")
    return [
        gates.submit(runtime, actor, project_id(number), GATE, now=now)
        for number in range(projects)
    ]


@contextmanager
def _serving(url: str, folder: Path, workers: int) -> Iterator[int]:
    port = _free_port()
    served = subprocess.Popen(
        [sys.executable, "-c", "from govern.cli.main import main; main()", "serve"],
        env={
            **os.environ,
            "GOVERN_DATABASE_URL": url,
            "GOVERN_KEYS_DIR": str(folder / "keys"),
            "GOVERN_PORT": str(port),
            "GOVERN_WORKERS": str(workers),
            "GOVERN_REQUESTS_PER_MINUTE": "1000000",
            "GOVERN_TICKS": "no",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_ready(port, served)
        yield port
    finally:
        served.terminate()
        served.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _until_ready(port: int, served: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and served.poll() is None:
        try:
            asked = HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/readyz")
            if asked.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the service did not start")
