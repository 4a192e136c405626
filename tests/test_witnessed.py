"""A log that `govern serve` seals and a witness in another process, with nothing between but HTTP."""

import json
import signal
import subprocess
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.databases import only_sqlite
from tests.walk.served import command, plain_environment, served

ORIGIN = "govern.example.org/log"
WITNESS = "audit.example.org/w1"
WITHIN_S = 60
POLL_S = 0.2


class Operator:
    """Runs `govern` as somebody at a keyboard does, each time in a process of its own."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.database_url = database_url
        self.folder = folder
        self.settings = {"GOVERN_KEYS_DIR": str(folder / "keys")}

    def run(self, *words: str, code: int = 0) -> str:
        ran = subprocess.run(
            command(self.database_url, *words),
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
            env={**plain_environment(), **self.settings},
            cwd=self.folder,
        )
        assert ran.returncode == code, (words, ran.returncode, ran.stdout, ran.stderr)
        return ran.stdout

    def told(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.run(*words, "--format", "json", code=code))

    def token(self, email: str, role: str) -> str:
        self.run("people", "add", email, email.partition("@")[0])
        self.run("people", "grant", email, role)
        words = self.run("people", "token", email).split()
        (token,) = [word for word in words if word.startswith("gov_")]
        return token


@only_sqlite
def test_what_is_served_is_cosigned_and_holds_for_who_trusts_the_witness(
    database_url: str, tmp_path: Path
) -> None:
    operator = Operator(database_url, tmp_path)
    token = operator.token("aud@example.org", "auditor")
    (tmp_path / "token").write_text(token)
    log = f"log {operator.told('keys', 'new', '--origin', ORIGIN)['key']}\n"
    witness = operator.run("witness", "new-key", "--name", WITNESS, "--key", "witness.key")
    (tmp_path / "log.txt").write_text(f"{log}quorum none\n")

    with served(database_url, tmp_path, environment=operator.settings, stop=signal.SIGINT) as at:
        looks = ("witness", "run", "--policy", "log.txt", "--key", "witness.key")
        looks += ("--state", "seen", "--log", f"{at}/api/v1", "--token-file", "token")
        _wait_for_size(at, token, 1)
        first = operator.told(*looks)
        assert (first["before"], first["sent"]) == (0, True)

        operator.run("people", "add", "new@example.org", "New")
        _wait_for_size(at, token, first["size"] + 1)
        second = operator.told(*looks)
        assert (second["before"], second["sent"]) == (first["size"], True)
        assert second["size"] > first["size"]
        assert second["line"] in (_checkpoint(at, token) or "")

    name = witness.split()[1]
    (tmp_path / "policy.txt").write_text(f"{log}{witness}quorum {name}\n")
    held = operator.told("audit", "verify", "--policy", "policy.txt")
    assert (held["faults"], held["fallen"]) == ([], [])
    assert held["witnessed"] == second["size"] <= held["vouched"]

    other = operator.run("witness", "new-key", "--name", "other", "--key", "other.key")
    (tmp_path / "other.txt").write_text(f"{log}{other}quorum other\n")
    refused = operator.told("audit", "verify", "--policy", "other.txt", code=1)
    assert refused["witnessed"] == 0
    assert ["quorum 'other'" in each["what"] for each in refused["faults"]] == [True]


def _wait_for_size(address: str, token: str, least: int) -> None:
    """Until the service, which seals once a second, has sealed so much."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        note = _checkpoint(address, token)
        if note is not None and int(note.splitlines()[1]) >= least:
            return
        time.sleep(POLL_S)
    raise AssertionError(f"nothing of size {least} was sealed within {WITHIN_S} s")


def _checkpoint(address: str, token: str) -> str | None:
    asked = Request(  # noqa: S310 - our own server
        f"{address}/api/v1/log/checkpoint", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with build_opener(ProxyHandler({})).open(asked, timeout=5) as answer:
            return answer.read().decode()
    except HTTPError as refused:
        if refused.code == HTTPStatus.CONFLICT:
            return None  # nothing is sealed yet
        raise
