"""Files that say who holds which role, and what is submitted to which gate: name, value, one row each."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govern.domain.refusal import InvalidInput
from govern.domain.role import Role


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One role of one person, on a portfolio, a project, or (both `None`) everything."""

    line: int
    name: str
    email: str
    role: Role
    portfolio: str | None
    project: str | None


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A gate that a person puts a project before, with links to the evidence by name."""

    line: int
    project: str
    gate: str
    email: str
    note: str | None
    evidence: dict[str, str]


def read_grants(path: Path) -> tuple[GrantRow, ...]:
    """Columns name, email, role, portfolio, project. Raises InvalidInput naming the line."""
    known = {role.value: role for role in Role}
    rows: list[GrantRow] = []
    for line, row in _rows(path, ("name", "email", "role", "portfolio", "project")):
        if row["role"] not in known:
            raise _wrong(path, line, "role", row["role"], f"one of {', '.join(known)}")
        if row["portfolio"] and row["project"]:
            raise _wrong(path, line, "project", row["project"], "a portfolio or a project")
        rows.append(
            GrantRow(
                line,
                row["name"],
                row["email"],
                known[row["role"]],
                row["portfolio"] or None,
                row["project"] or None,
            )
        )
    return tuple(rows)


def read_submissions(path: Path) -> tuple[SubmissionRow, ...]:
    """Columns project_id, gate, email, note, evidence (`name=link; name=link`)."""
    rows: list[SubmissionRow] = []
    for line, row in _rows(path, ("project_id", "gate", "email", "note", "evidence")):
        evidence: dict[str, str] = {}
        for each in filter(None, (part.strip() for part in row["evidence"].split(";"))):
            name, equals, link = each.partition("=")
            if not equals:
                raise _wrong(path, line, "evidence", each, "name=link")
            evidence[name.strip()] = link.strip()
        rows.append(
            SubmissionRow(
                line, row["project_id"], row["gate"], row["email"], row["note"] or None, evidence
            )
        )
    return tuple(rows)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != columns:
            raise _wrong(path, 1, "columns", ",".join(reader.fieldnames or ()), ",".join(columns))
        for row in reader:
            if None in row or None in row.values():
                raise _wrong(path, reader.line_num, "columns", str(len(row)), str(len(columns)))
            yield reader.line_num, {name: text.strip() for name, text in row.items()}


def _wrong(path: Path, line: int, column: str, value: str, right: str) -> InvalidInput:
    return InvalidInput(
        f"{path.name}:{line}: '{value}' cannot be taken as {column}; right would be {right}.",
        errors={f"{path.name}:{line} {column}": [right]},
    )
