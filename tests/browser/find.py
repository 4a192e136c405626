"""Finds a Chromium that really starts, or fetches one without root: `python -m tests.browser.find [FOLDER]`.

`make test` runs it first. What was found is kept beside the environment and looked at again when it
has changed; tests that are started by hand take it from there, or look themselves.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.browser.sources import SOURCES, NotHere, driver_node

ROOT = Path(__file__).parents[2]
FOLDER = Path(sys.prefix) / "browser"
START_S = 120

MISSING = """\
The tests in a browser need Chromium, and none could be had. Any of these will do:
- install one: apt install chromium, brew install --cask chromium;
- GOVERN_CHROMIUM=/path/of/chromium in the environment;
- let one be fetched: from Debian's packages, from npm, or from Playwright's server.
`make test BROWSER=skip` leaves these tests out. What was tried:"""


class NoBrowser(Exception):  # noqa: N818 - says what is missing
    """No Chromium starts; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser that has started here. `node` is what Playwright's driver runs on."""

    program: str
    version: str
    node: str
    sandbox: bool
    source: str

    def __str__(self) -> str:
        loose = (
            "" if self.sandbox or _is_root() else "; without its sandbox, which does not start here"
        )
        return f"Chromium {self.version} ({self.source}: {self.program}{loose})"


def found(folder: Path = FOLDER) -> Chromium:
    """Raises NoBrowser where none starts and none can be fetched."""
    if known := _kept(folder):
        return known
    with _one_at_a_time(folder):
        # Another process may just have looked.
        if known := _kept(folder):
            return known
        chromium = _look(folder)
        _keep(folder, chromium)
        return chromium


def _look(folder: Path) -> Chromium:
    named = os.environ.get("GOVERN_CHROMIUM")
    try:
        node = driver_node()
    except NotHere as missing:
        raise NoBrowser(f"{MISSING}\n- Playwright: {missing}") from missing
    if named:
        started = _started(Path(named), node, "GOVERN_CHROMIUM")
        if isinstance(started, str):
            raise NoBrowser(f"GOVERN_CHROMIUM is '{named}', which does not start: {started}")
        return started
    tried: list[str] = []
    for source in _asked():
        try:
            for program in SOURCES[source](_emptied(folder / source)):
                started = _started(program, node, source)
                if isinstance(started, Chromium):
                    return started
                tried.append(f"{source}: {program} does not start: {started}")
        except (NotHere, OSError) as missing:
            tried.append(f"{source}: {missing}")
    raise NoBrowser("\n- ".join((MISSING, *tried)))


def _asked() -> tuple[str, ...]:
    """Which sources, in which order: GOVERN_CHROMIUM_FROM, else all."""
    words = tuple(os.environ.get("GOVERN_CHROMIUM_FROM", "").replace(",", " ").split())
    for each in words:
        if each not in SOURCES:
            known = ", ".join(SOURCES)
            raise NoBrowser(f"GOVERN_CHROMIUM_FROM names '{each}'; right would be some of {known}.")
    return words or tuple(SOURCES)


def _emptied(folder: Path) -> Path:
    """A path at which nothing is: half of what was fetched is not to be built on."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _started(program: Path, node: str, source: str) -> Chromium | str:
    """The browser, once it has shown a page; else what it said instead."""
    said = ""
    for sandbox in (False,) if _is_root() else (True, False):
        code, said = _tell(program, node, sandbox)
        if code == 0:
            return Chromium(str(program), said, node, sandbox, source)
    return said


def _tell(program: Path, node: str, sandbox: bool) -> tuple[int, str]:
    flags = [] if sandbox else ["no-sandbox"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.start", str(program), *flags],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PLAYWRIGHT_NODEJS_PATH": node},
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=START_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return 1, f"it showed nothing within {START_S} s"
    if process.returncode == 0:
        return 0, out.strip()
    return process.returncode, _reason(err)


def _reason(said: str) -> str:
    """The first line that the browser itself wrote, out of Playwright's long log; else how it ended."""
    for telling in (r"\[err\] (.+)", r"<(process did exit[^>]*)>", r"Error: (.+)", r"(\S.*)\s*$"):
        if line := re.search(telling, said):
            return line[1].strip()
    return "it said nothing"


def _is_root() -> bool:
    return os.geteuid() == 0


# --- what was found before --------------------------------------------------------------------


def _kept(folder: Path) -> Chromium | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads((folder / "found.json").read_text())
        chromium = Chromium(**kept["chromium"])
        if kept["for"] == _mark(chromium):
            return chromium
    return None


def _keep(folder: Path, chromium: Chromium) -> None:
    text = json.dumps({"for": _mark(chromium), "chromium": asdict(chromium)}, indent=1)
    # In an environment that belongs to somebody else every run looks anew.
    with suppress(OSError):
        aside = folder / f"found.{os.getpid()}"
        aside.write_text(text + "\n")
        aside.replace(folder / "found.json")


def _mark(chromium: Chromium) -> dict[str, Any]:
    """What must be as it was for a browser to be taken as found."""
    at = Path(chromium.program).stat()
    return {
        "program": [at.st_size, at.st_mtime_ns],
        "node": Path(chromium.node).stat().st_size,
        "playwright": version("playwright"),
        "root": _is_root(),
        "asked": [os.environ.get(f"GOVERN_CHROMIUM{each}", "") for each in ("", "_FROM")],
    }


@contextmanager
def _one_at_a_time(folder: Path) -> Generator[None]:
    with ExitStack() as stack:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            fcntl.flock(stack.enter_context((folder / "lock").open("a")), fcntl.LOCK_EX)
        yield


def main(folder: str = str(FOLDER)) -> None:
    try:
        sys.stdout.write(f"browser: {found(Path(folder))}\n")
    except NoBrowser as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main(*sys.argv[1:])
