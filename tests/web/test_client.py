"""A client that a generator makes of the description, used as it is against a running server."""

import importlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.services import house as made
from tests.services.house import ROOT
from tests.web.caller import Callers
from tests.web.operations import description, operations

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package `govern_client`, as openapi-python-client writes it, untouched."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(description()), encoding="utf-8")
    command = Path(sys.executable).with_name("openapi-python-client")
    config = folder / "config.yaml"
    config.write_text("package_name_override: govern_client\npost_hooks: []\n", encoding="utf-8")
    done = subprocess.run(
        [
            *(command, "generate", "--path", folder / "openapi.json", "--config", config),
            *("--meta", "none", "--output-path", folder / "govern_client", "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "WARNING" not in said.upper(), said
    return folder


def test_no_operation_is_left_out(generated: Path) -> None:
    written = [
        each
        for each in (generated / "govern_client" / "api").glob("*/*.py")
        if each.name != "__init__.py"
    ]
    assert len(written) == len(operations())


@contextmanager
def _served(app: Flask) -> Generator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


class Generated:
    """The generated package: `call` does an operation, `model` is a class of its data."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder, self._address = folder, address

    def signed_in(self, token: str) -> Any:
        made = importlib.import_module("govern_client")
        # Straight to the server, whatever proxy the environment names.
        return made.AuthenticatedClient(
            base_url=self._address, token=token, httpx_args={"trust_env": False}
        )

    def call(self, operation: str, client: Any, *values: Any, **named: Any) -> Any:
        [module] = (self._folder / "govern_client" / "api").glob(f"*/{operation}.py")
        name = f"govern_client.api.{module.parent.name}.{operation}"
        return importlib.import_module(name).sync_detailed(*values, client=client, **named)

    def model(self, name: str, /, **values: Any) -> Any:
        return getattr(importlib.import_module("govern_client.models"), name).from_dict(values)

    def file(self, content: bytes) -> Any:
        return importlib.import_module("govern_client.types").File(payload=io.BytesIO(content))


@pytest.fixture
def client(
    generated: Path, people: Callers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Generated]:
    monkeypatch.syspath_prepend(generated)
    with _served(people.app) as address:
        yield Generated(generated, address)


def test_it_lists_reads_writes_decides_and_carries_files(
    client: Generated, people: Callers
) -> None:
    pia, sam = (client.signed_in(people.tokens[name]) for name in ("pia", "sam"))
    call, model = client.call, client.model
    for number in range(5):
        made.add_project(people.house, f"P{number}")

    # A list, page by page.
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = call("list_projects", pia, limit=2, **cursor).parsed
        seen += [each.id for each in page.items]
        if page.next_ is None:
            break
        cursor = {"cursor": page.next_}
    assert seen == [f"P{number}" for number in range(5)]

    # A read, not sent again; a write of the version that was read; one of a stale version.
    read = call("get_project", pia, "P1")
    assert (read.parsed.id, str(read.parsed.stage)) == ("P1", "draft")
    tag = read.headers["ETag"]
    known = call("get_project", pia, "P1", if_none_match=tag)
    assert (known.status_code, known.content, known.parsed) == (304, b"", None)
    change = model("ProjectChange", name="Another", spent="12.5")
    changed = call("change_project", pia, "P1", body=change, if_match=tag)
    assert (changed.parsed.name, changed.parsed.spent) == ("Another", "12.5")
    stale = call("change_project", pia, "P1", body=change, if_match=tag)
    assert (stale.status_code, type(stale.parsed).__name__) == (412, "Problem")
    assert stale.parsed.code == "stale-version"
    assert stale.parsed["current"] == 2
    broken = model("NewProject", id="P/1", portfolio="main", name="")
    refused = call("add_project", pia, body=broken).parsed
    assert refused.code == "invalid-input"
    assert sorted(refused.errors.additional_properties) == ["id", "name"]

    # A file, to and fro.
    file = call("hand_in_evidence", pia, "P1", body=client.file(PDF), filename="case.pdf").parsed
    assert (file.media_type, file.size) == ("application/pdf", len(PDF))
    back = call("download_evidence_file", pia, file.id)
    assert back.parsed.payload.read() == PDF

    # Before a gate, and through it.
    links = [
        {"name": name, "link": "https://files.example.org/x.pdf"}
        for name in made.EVIDENCE["value_defined"]
    ]
    wanted = model("NewSubmission", gate="value_defined", evidence=links)
    tag = call("get_project", pia, "P1").headers["ETag"]
    opened = call("submit", pia, "P1", body=wanted, if_match=tag, idempotency_key='"once"')
    again = call("submit", pia, "P1", body=wanted, if_match=tag, idempotency_key='"once"')
    assert (opened.status_code, again.content) == (201, opened.content)
    vote = model("NewVote", decision="go", reason="The value is clear.")
    tag = call("get_submission", sam, opened.parsed.id).headers["ETag"]
    voted = call("vote", sam, opened.parsed.id, body=vote, if_match=tag)
    assert (voted.status_code, str(voted.parsed.state)) == (201, "decided")
    assert str(call("get_project", sam, "P1").parsed.stage) == "value_defined"

    # Who let this through?
    events = call("list_gate_events", sam, "P1", "value_defined").parsed.items
    kinds = [str(each.kind) for each in events]
    assert kinds == ["gate.submitted", "vote.cast", "gate.decided", "stage.moved"]
    assert "flowchart" in call("write_benefits_map", sam, "P1").content.decode()
    assert call("draw_benefits_map", sam, "P1").parsed.payload.read().startswith(b"<svg")


def test_the_ten_lines_of_the_page_do_what_they_say(people: Callers) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    [lines] = re.findall(
        r"^```python\n(import os, requests\n.*?)^```", page, re.MULTILINE | re.DOTALL
    )
    assert len([each for each in lines.splitlines() if each]) == 10
    made.add_project(people.house, "CRM-RELAUNCH")
    for number in range(3):
        made.add_project(people.house, f"P{number}")
    with _served(people.app) as address:
        given = {**os.environ, "API": f"{address}/api/v1", "TOKEN": people.tokens["pia"]}
        # Straight to the server, whatever proxy the environment names.
        done = subprocess.run(
            [sys.executable, "-c", lines.replace('"limit": 100', '"limit": 2')],
            env={**given, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    names = [f"Project {each}" for each in ("CRM-RELAUNCH", "P0", "P1", "P2")]
    assert done.stdout.splitlines() == [*names, "2"]
    changed = people.pia.get("/projects/CRM-RELAUNCH").get_json()
    assert (changed["spent"], changed["version"]) == ("184500.5", 2)
