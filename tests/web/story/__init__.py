"""What the people of the example do with the web API: every operation, each once at least."""

from tests.web.story import (
    access,
    advice,
    audit,
    definition,
    figures,
    gate,
    move,
    news,
    review,
    rulebook,
)
from tests.web.teller import Teller

CHAPTERS = (
    access.signs_in,
    definition.defines,
    definition.plans,
    figures.reports,
    gate.passes_a_gate,
    gate.waives,
    advice.judges,
    advice.answers,
    review.reviews,
    review.learns,
    rulebook.keeps_rules,
    advice.changes_scope,
    move.moves,
    news.informs,
    news.subscribes,
    news.is_told,
    access.manages_access,
    audit.oversees,
)


def tell(teller: Teller) -> None:
    for chapter in CHAPTERS:
        chapter(teller)
