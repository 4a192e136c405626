"""Where somebody can go, and where they begin: by their roles."""

from dataclasses import dataclass

from govern.domain.actor import Actor
from govern.domain.role import ALLOWED, Permission, Role


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    path: str
    roles: frozenset[Role]
    """Whose entry it is; all others may know the address and still find what they may see there."""
    everywhere: bool = False
    """Whether such a role has to be held on the whole installation to see anything there."""


_DECIDE = frozenset({Role.SPONSOR, Role.FINANCE, Role.GATEKEEPER, Role.PROJECT_MANAGER})
_REPORT = frozenset({Role.DATA_OWNER, Role.BENEFIT_OWNER, Role.FINANCE, Role.PROJECT_MANAGER})
_RULES = frozenset({Role.RULE_AUTHOR, Role.RULE_PUBLISHER, Role.ADMIN, Role.AUDITOR})
_AUDIT = frozenset({Role.AUDITOR})
_ALL = frozenset(Role)

ENTRIES = (
    Entry("Waiting for me", "/waiting", _ALL),
    Entry("Portfolio", "/portfolio", _ALL),
    Entry("Projects", "/projects", _ALL),
    Entry("Readings due", "/readings", _REPORT),
    Entry("Rules", "/rules", _RULES),
    Entry("History", "/history", _AUDIT),
    Entry("Access", "/access", ALLOWED[Permission.SEE_ACCESS], everywhere=True),
)

_FIRST = (
    (_AUDIT, "/history"),
    (_DECIDE, "/waiting"),
    (frozenset({Role.DATA_OWNER}), "/readings"),
    (frozenset({Role.RULE_AUTHOR, Role.RULE_PUBLISHER}), "/rules"),
)


def roles_of(actor: Actor) -> frozenset[Role]:
    """The roles held anywhere."""
    return frozenset(each.role for each in actor.grants)


def menu_for(actor: Actor) -> tuple[Entry, ...]:
    held = roles_of(actor)
    return tuple(
        each
        for each in ENTRIES
        if not each.roles.isdisjoint(actor.everywhere if each.everywhere else held)
    )


def home_of(actor: Actor) -> str:
    held = roles_of(actor)
    return next((path for roles, path in _FIRST if not roles.isdisjoint(held)), "/portfolio")
