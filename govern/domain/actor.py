"""Who is asking, and in which roles on what."""

from dataclasses import dataclass
from datetime import datetime

from govern.domain.role import ALLOWED, Permission, Role
from govern.domain.token_scope import TokenScope


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on one project, on one portfolio, or (both `None`) on the whole installation."""

    role: Role
    portfolio_id: str | None = None
    project_id: str | None = None

    def covers(self, portfolio_id: str | None, project_id: str | None) -> bool:
        if self.project_id is not None:
            return self.project_id == project_id
        if self.portfolio_id is not None:
            return self.portfolio_id == portfolio_id
        return True


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. `person_id` is what the ledger records; the name stays outside it."""

    person_id: str
    name: str
    grants: tuple[Grant, ...] = ()
    confirmed_at: datetime | None = None
    """When they last showed who they are, in a browser; a program's token never shows that."""
    came_by: str | None = None
    """How they signed in in a browser: `link` or `oidc`; None for a program and on the command line."""
    scopes: frozenset[TokenScope] | None = None
    """What the token they came with may be used for; None where that is all they may do."""

    def roles_on(self, portfolio_id: str | None, project_id: str | None) -> frozenset[Role]:
        return frozenset(g.role for g in self.grants if g.covers(portfolio_id, project_id))

    def may(self, permission: Permission, portfolio_id: str | None, project_id: str | None) -> bool:
        return not ALLOWED[permission].isdisjoint(self.roles_on(portfolio_id, project_id))

    @property
    def everywhere(self) -> frozenset[Role]:
        """The roles held on the whole installation."""
        return self.roles_on(None, None) if self.grants else frozenset()

    @property
    def portfolios(self) -> frozenset[str]:
        return frozenset(
            g.portfolio_id for g in self.grants if g.portfolio_id and g.project_id is None
        )

    @property
    def projects(self) -> frozenset[str]:
        return frozenset(g.project_id for g in self.grants if g.project_id)
