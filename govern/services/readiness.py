"""Whether the service can take requests, and if not, what is missing."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from govern.domain.refusal import Refusal
from govern.services.runtime import Runtime
from govern.store import revisions, rulebooks
from govern.store.migrate import current

DATABASE, MIGRATIONS, RULEBOOK, WORKFLOW = "database", "migrations", "rulebook", "workflow"


@dataclass(frozen=True, slots=True)
class Missing:
    """`what` is one of the four words above; `why` is a sentence that says what would be right."""

    what: str
    why: str


NO_ANSWER = Missing(DATABASE, "The database does not answer in time.")


def missing(runtime: Runtime, newest: str | None) -> list[Missing]:
    """What is missing; nothing where the service is ready. `newest` is the revision that this govern
    works with. A later one is none that hinders: while a newer govern takes over, the one that is
    running goes on.
    """
    try:
        at = current(runtime.store.engine)
        # Revisions are numbers of four digits.
        if at is None or (newest is not None and at < newest):
            return [
                Missing(
                    MIGRATIONS,
                    f"The database is at revision {at or 'none'}, and this govern works with "
                    f"{newest}: run govern database migrate.",
                )
            ]
        with runtime.store.reading() as connection:
            rulebook = rulebooks.in_force(connection)
            workflows = revisions.every(connection)
    except (SQLAlchemyError, Refusal, OSError) as error:
        return [Missing(DATABASE, f"The database does not answer: {type(error).__name__}.")]
    found: list[Missing] = []
    if rulebook is None:
        found.append(
            Missing(RULEBOOK, "No rulebook is in force; publish one: govern rules publish.")
        )
    if not workflows:
        found.append(
            Missing(WORKFLOW, "No workflow was taken in; see the setting GOVERN_WORKFLOWS.")
        )
    return found
