"""Who may what, as docs/who-may-what.md lists it."""

from dataclasses import dataclass
from pathlib import Path

from govern.domain.role import Role

PAGE = Path(__file__).parents[3] / "docs" / "who-may-what.md"
NOBODY = "nobody"
EVERY_ROLE = frozenset(role.value for role in Role)
EVERYBODY = EVERY_ROLE | {NOBODY}


@dataclass(frozen=True)
class Row:
    action: str
    stages: frozenset[str]
    roles: frozenset[str]


def rows(section: str, stages: tuple[str, ...]) -> list[Row]:
    """The rows of all tables below a heading of the second level; `stages` is what *every* means."""
    found: list[Row] = []
    here = False
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            here = line == f"## {section}"
        elif here and line.startswith("| ") and not line.startswith(("| action", "|---")):
            cells = [each.strip() for each in line.strip().strip("|").split("|")]
            action, *where, who = cells
            found.append(
                Row(
                    action.replace("`", ""),
                    _stages(where[0], stages) if where else frozenset(stages),
                    _roles(who),
                )
            )
    assert found, f"{PAGE} has no table below '{section}'"
    return found


def _stages(cell: str, every: tuple[str, ...]) -> frozenset[str]:
    first, _, but = cell.partition(" but ")
    if first == "every stage":
        return frozenset(every) - frozenset(_listed(but))
    return frozenset(_listed(cell))


def _roles(cell: str) -> frozenset[str]:
    if cell in ("every role", "everybody"):
        return EVERY_ROLE if cell == "every role" else EVERYBODY
    named = frozenset(_listed(cell))
    assert named <= EVERY_ROLE, f"{PAGE}: no roles: {sorted(named - EVERY_ROLE)}"
    return named


def _listed(cell: str) -> list[str]:
    return [each.strip().strip("`") for each in cell.split(",") if each.strip()]
