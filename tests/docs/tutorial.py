"""Runs a tutorial: writes the files it shows, calls the commands it shows, compares what they print.

Pages are Markdown, read in the order of their names, in one scratch directory. Their fenced blocks:

- `yaml FILE`: the content of a file.
- `diff FILE`: a change of a file: what stands there (lines with a blank or `-`) becomes what follows
  (lines with a blank or `+`). It must stand there once.
- `console`: commands behind `$ `, each followed by everything it prints on both streams, blank lines at
  the end aside. A line with nothing but `…` stands for lines left out. `cp`, `export` and `echo $?` are
  the only other commands.

Two things are not compared as they stand. Digests (`sha256:…`) of rulebooks that hold the shipped
rules change with those: the first one in a page is taken for the first one printed, and so on, and a
command that names one is given what was printed. The clock stands at `NOW`, the day of the example.

`python -m tests.docs.tutorial` writes the pages anew with what the commands print now.
"""

import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from govern import settings
from govern.cli.main import govern
from govern.domain.refusal import Refusal

PAGES = Path(__file__).parents[2] / "docs" / "rules"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEFT_OUT = "…"

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BEGINNING = slice(len("sha256:"), len("sha256:") + 12)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Block:
    """A fenced block: what kind, of which file, and its lines. `line` is its first one's number."""

    kind: str
    file: str | None
    text: str
    line: int


@dataclass(frozen=True)
class Difference:
    """A command that does not print what its page says."""

    page: str
    line: int
    command: str
    told: str
    printed: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: $ {self.command}\n{self.told}\n--- printed ---\n{self.printed}"


@dataclass
class Session:
    """A scratch directory as its reader has it after some pages: its files, its last exit code."""

    directory: Path
    exit_code: int = 0
    digests: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, changed: str) -> None:
        path = self.directory / name
        lines = changed.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{name} holds {text.count(before)} times:\n{before}"
        path.write_text(text.replace(before, after), encoding="utf-8")

    def call(self, command: str) -> str:
        """What a command prints. Raises AssertionError for one that is none of the tutorial's."""
        words = shlex.split(self.as_printed(command))
        match words:
            case ["govern", *arguments]:
                return self._govern(arguments)
            case ["echo", "$?"]:
                return f"{self.exit_code}\n"
            case ["export", setting]:
                name, value = setting.split("=", 1)
                os.environ[name] = os.path.expandvars(value)
            case ["cp", "-r", source, target]:
                shutil.copytree(self.directory / source, self.directory / target)
            case ["cp", source, target]:
                shutil.copy(self.directory / source, self.directory / target)
            case _:
                raise AssertionError(f"a tutorial does not call: {command}")
        return ""

    def fits(self, told: str, printed: str) -> bool:
        """Whether the page tells what was printed. Its digests are remembered as those printed."""
        for shown, real in zip(_DIGEST.findall(told), _DIGEST.findall(printed), strict=False):
            self.digests.setdefault(shown, real)
        parts = self.as_printed(told).split(f"{LEFT_OUT}\n")
        pattern = "(?:.*\n)+".join(map(re.escape, parts))
        return re.fullmatch(pattern, printed) is not None

    def _govern(self, arguments: list[str]) -> str:
        result = CliRunner().invoke(govern, arguments, prog_name="govern")
        self.exit_code = result.exit_code
        if isinstance(result.exception, Refusal):  # as govern.cli.main.main tells it
            return f"{result.output}govern: {result.exception.detail}\n"
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return f"{result.output.rstrip()}\n" if result.output else ""

    def as_printed(self, text: str) -> str:
        """With the digests that were printed, whole or (as histories have them) by their beginning."""
        for shown, real in self.digests.items():
            text = text.replace(shown, real).replace(shown[_BEGINNING], real[_BEGINNING])
        return text


class _Stopped(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # pyright: ignore[reportIncompatibleMethodOverride]
        return NOW.astimezone(tz)


@contextmanager
def fresh_clone(directory: Path) -> Generator[Session]:
    """A session after `make demo`, on the day of the example, in a directory with the rules that
    govern comes with."""
    shutil.copytree(settings.shipped("rules"), directory / "rules")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}
    before = Path.cwd()
    os.chdir(directory)
    try:
        with (
            mock.patch.dict(os.environ, plain, clear=True),
            mock.patch.object(settings, "datetime", _Stopped),
        ):
            session = Session(directory)
            session.call("govern demo")
            yield session
    finally:
        os.chdir(before)


def pages() -> list[Path]:
    return sorted(PAGES.glob("[0-9]*.md"))


def blocks(text: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        kind, file, body = found.groups()
        yield Block(kind, file, body, text.count("\n", 0, found.start(3)) + 1)


def calls(block: Block) -> list[tuple[int, str, str]]:
    """Of a block with commands: line, command, and what its page says that it prints."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append((number, line.removeprefix("$ "), ""))
        else:
            at, command, told = found.pop()
            found.append((at, command, f"{told}{line}\n"))
    return found


def follow(session: Session, page: Path) -> list[Difference]:
    """Does what a page says, and tells every command that prints something else."""
    differences: list[Difference] = []
    for block in blocks(page.read_text(encoding="utf-8")):
        match block.kind, block.file:
            case "yaml", str(name):
                session.write(name, block.text)
            case "diff", str(name):
                session.change(name, block.text)
            case "console", None:
                for line, command, told in calls(block):
                    printed = session.call(command)
                    if not session.fits(told, printed):
                        differences.append(Difference(page.name, line, command, told, printed))
            case _:
                raise AssertionError(f"{page.name}:{block.line}: nothing runs {block.kind} here")
    return differences


def _write_anew() -> None:
    with tempfile.TemporaryDirectory() as scratch, fresh_clone(Path(scratch)) as session:
        for page in pages():
            lines = page.read_text(encoding="utf-8").splitlines()
            for found in reversed(follow(session, page)):
                told = len(found.told.splitlines())
                lines[found.line : found.line + told] = found.printed.splitlines()
                sys.stdout.write(f"{found}\n")
            page.write_text(session.as_printed("\n".join(lines) + "\n"), encoding="utf-8")


if __name__ == "__main__":
    _write_anew()
