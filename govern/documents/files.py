"""The files of a directory that people write, and the name of their content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from govern.documents.problem import Problem
from govern.documents.source import Place


@dataclass(frozen=True, slots=True)
class Files:
    """`texts`: path below the directory, with `/`, → text; without the files in `problems`."""

    texts: dict[str, str]
    problems: tuple[Problem, ...]


def read_yaml_files(directory: Path) -> Files:
    """Every `*.yaml` and `*.yml` below the directory, in the order of their paths.

    Hidden files and directories are left out. Problems name files as `directory` does.
    """
    if not directory.is_dir():
        what = "there is no such directory"
        return Files({}, (Problem("E100", what, Place(directory.as_posix(), 1, 1)),))
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(directory.rglob("*")):
        below = path.relative_to(directory)
        hidden = any(part.startswith(".") for part in below.parts)
        if hidden or path.suffix not in {".yaml", ".yml"} or not path.is_file():
            continue
        try:
            texts[below.as_posix()] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            what = f"the file is not UTF-8 text (byte {error.start})"
            problems.append(Problem("E100", what, Place(path.as_posix(), 1, 1), "save it as UTF-8"))
        except OSError as error:
            what = f"the file cannot be read: {error.strerror}"
            problems.append(Problem("E100", what, Place(path.as_posix(), 1, 1)))
    return Files(texts, tuple(problems))


def digest(texts: Mapping[str, str]) -> str:
    """`sha256:…` over the JSON object path → text, canonical as in RFC 8785, UTF-8."""
    canonical = json.dumps(
        dict(sorted(texts.items(), key=lambda each: each[0].encode("utf-16-be"))),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def differences(before: Files, after: Files) -> tuple[str, ...]:
    """What became of the files, one sentence a file: `changed a.yaml`. Their content counts, not
    when they were written."""
    told = [f"gone {path}" for path in before.texts if path not in after.texts]
    for path, text in after.texts.items():
        if path not in before.texts:
            told.append(f"new {path}")
        elif text != before.texts[path]:
            told.append(f"changed {path}")
    told += [
        f"unreadable {problem.place.path}"
        for problem in after.problems
        if problem not in before.problems
    ]
    return tuple(told)
