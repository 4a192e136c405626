"""Whether each criterion says how it is judged, and whether a scorecard's anchors fit."""

from collections.abc import Iterable, Iterator

from govern.documents.problem import Problem
from govern.documents.shape import Fields
from govern.process import shapes
from govern.process.scorecards import HIGHEST


def check(criteria: Iterable[Fields]) -> Iterator[Problem]:
    """Problems with `require` and `score`: one of the two, and each anchor at a score of its own."""
    for criterion in criteria:
        has_score = criterion.node.get(shapes.SCORE.key) is not None
        has_condition = criterion.node.get(shapes.REQUIRE.key) is not None
        if has_score == has_condition:
            what = (
                "a criterion is required by a condition or scored by people, not both"
                if has_score
                else "the criterion does not say what it asks for"
            )
            yield Problem(
                "E420",
                what,
                criterion.key_place(shapes.SCORE) if has_score else criterion.node.place,
                "keep one of 'require' and 'score'"
                if has_score
                else "add 'require' with a condition, or 'score' where people judge",
            )
        card = criterion.get(shapes.SCORE)
        if card is not None:
            yield from _anchors(card.get(shapes.ANCHORS) or ())


def check_panels(gate: Fields, criteria: Iterable[Fields]) -> Iterator[Problem]:
    """Scorecards that ask for more people than the panels hold that give the scores."""
    slots = gate.get(shapes.APPROVE) or ()
    panels = {slot.get(shapes.ROLE): slot.get(shapes.OF) for slot in slots}
    for criterion in criteria:
        if (card := criterion.get(shapes.SCORE)) is None:
            continue
        roles = card.get(shapes.BY) or tuple(panels)
        sizes = [panels.get(role) for role in roles]
        known = [size for size in sizes if size is not None]
        scorers = card.get(shapes.SCORERS) or 1
        if known and len(known) == len(sizes) and scorers > sum(known):
            yield Problem(
                "E435",
                f"{scorers} people cannot score it: the panel has {sum(known)}",
                card.place(shapes.SCORERS),
                f"ask for {sum(known)} or fewer, or let another role score as well",
            )


def _anchors(anchors: Iterable[Fields]) -> Iterator[Problem]:
    seen: set[int] = set()
    for anchor in anchors:
        if (at := anchor.get(shapes.AT)) is None:
            continue
        if at > HIGHEST:
            yield Problem(
                "E422",
                f"{at} is more than the highest score",
                anchor.place(shapes.AT),
                "scores go from 0 to 10",
            )
        elif at in seen:
            yield Problem(
                "E422",
                f"the score {at} has a meaning already",
                anchor.place(shapes.AT),
                "give each score one meaning",
            )
        seen.add(at)
