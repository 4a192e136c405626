"""Files that say who holds which role, what is submitted to which gate, what came of projects and what
was learned from them: name, value, one row each."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """What becomes of a KPI after its review."""

    kpi: str
    follow_up: str
    owner: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review that one person writes and another signs; `reason` where the rating is not as suggested."""

    line: int
    project: str
    writer: str
    signer: str
    rating: str
    reason: str | None
    summary: str
    went_well: str
    went_badly: str
    follow_ups: tuple[FollowUpRow, ...]


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of a project, told by a person."""

    line: int
    project: str
    email: str
    title: str
    happened: str
    because: str
    next_time: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]


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
        for each in _parts(row["evidence"]):
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


_REVIEW = (
    *("project_id", "writer", "signer", "rating", "reason", "summary"),
    *("went_well", "went_badly", "follow_ups"),
)


def read_reviews(path: Path) -> tuple[ReviewRow, ...]:
    """Columns as `_REVIEW` has them; follow_ups are `KPI=what[, owner, until]` with `;` between them."""
    return tuple(
        ReviewRow(
            line,
            row["project_id"],
            row["writer"],
            row["signer"],
            row["rating"],
            row["reason"] or None,
            row["summary"],
            row["went_well"],
            row["went_badly"],
            tuple(_follow_up(path, line, each) for each in _parts(row["follow_ups"])),
        )
        for line, row in _rows(path, _REVIEW)
    )


def _follow_up(path: Path, line: int, text: str) -> FollowUpRow:
    kpi, equals, said = text.partition("=")
    what, *more = (part.strip() for part in said.split(","))
    right = "KPI=settled, or KPI=keep_measuring, owner, 2027-12-31"
    if not equals or len(more) not in (0, 2):
        raise _wrong(path, line, "follow_ups", text, right)
    if not more:
        return FollowUpRow(kpi.strip(), what)
    try:
        until = date.fromisoformat(more[1])
    except ValueError as error:
        raise _wrong(path, line, "follow_ups", text, right) from error
    return FollowUpRow(kpi.strip(), what, more[0], until)


_LESSON = ("project_id", "email", "title", "happened", "because", "next_time", "categories", "tags")


def read_lessons(path: Path) -> tuple[LessonRow, ...]:
    """Columns as `_LESSON` has them; categories and tags have `;` between them."""
    return tuple(
        LessonRow(
            line,
            row["project_id"],
            row["email"],
            row["title"],
            row["happened"],
            row["because"],
            row["next_time"],
            _parts(row["categories"]),
            _parts(row["tags"]),
        )
        for line, row in _rows(path, _LESSON)
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


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
