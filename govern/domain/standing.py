"""Which recommendations a sweep makes beside those that there are: so many that people can answer them.

One rule has at most one open recommendation per subject; of several rules that recommend the same
action for the same thing, only the worst is open.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from govern.domain.finding import Severity
from govern.domain.recommendation import OPEN, Action, RecommendationStatus

Subject = tuple[str, str, str | None]
"""Rule, project, KPI: what one finding or recommendation is about."""

Topic = tuple[str, str | None, Action]
"""Project, KPI, action: what several rules may recommend at once."""

_RANK = {Severity.GREEN: 0, Severity.AMBER: 1, Severity.RED: 2}

IN_WORK = frozenset({RecommendationStatus.ACCEPTED, RecommendationStatus.IMPLEMENTED})


@dataclass(frozen=True, slots=True)
class Made:
    """A recommendation that there is."""

    number: int
    subject: Subject
    action: Action
    severity: Severity
    status: RecommendationStatus
    superseded_by: int | None = None

    @property
    def topic(self) -> Topic:
        return (self.subject[1], self.subject[2], self.action)


@dataclass(frozen=True, slots=True)
class Firing:
    """What a rule that fires recommends. `begins`: it did not fire when it was judged before, or was
    not proposed then because something was in the way. `snoozed` for now."""

    subject: Subject
    action: Action
    severity: Severity
    begins: bool
    snoozed: bool = False

    @property
    def topic(self) -> Topic:
        return (self.subject[1], self.subject[2], self.action)


@dataclass(frozen=True, slots=True)
class Settled:
    """`proposed`: subject → the numbers of those that its recommendation supersedes. `withheld`: the
    subjects that begin to fire and are proposed once nothing is in their way."""

    proposed: dict[Subject, tuple[int, ...]] = field(default_factory=dict[Subject, tuple[int, ...]])
    withheld: set[Subject] = field(default_factory=set[Subject])


def settle(
    made: Iterable[Made], firing: Sequence[Firing], *, loud: Set[Subject], ended: Set[Subject]
) -> Settled:
    """What a sweep proposes, and supersedes by it. `loud` are the subjects of which a rule has
    something to say, `ended` those whose open recommendation is cleared by the same sweep."""
    newest: dict[Subject, Made] = {}
    standing: dict[int, Made] = {}
    for each in sorted(made, key=lambda one: one.number):
        newest[each.subject] = each
        if _stands(each, loud, ended):
            standing[each.number] = each
    worst: dict[Topic, int] = {}
    lesser: dict[Topic, list[Made]] = {}
    for each in standing.values():
        worst[each.topic] = max(worst.get(each.topic, 0), _RANK[each.severity])
        if each.status in OPEN:
            lesser.setdefault(each.topic, []).append(each)
    settled = Settled()
    anew = [each for each in firing if _is_due(each, newest.get(each.subject), standing)]
    for each in sorted(anew, key=lambda one: -_RANK[one.severity]):
        rank = _RANK[each.severity]
        if each.snoozed or rank < worst.get(each.topic, rank):
            settled.withheld.add(each.subject)
            continue
        worst[each.topic] = rank
        settled.proposed[each.subject] = tuple(
            one.number for one in lesser.pop(each.topic, ()) if _RANK[one.severity] < rank
        )
    return settled


def _stands(made: Made, loud: Set[Subject], ended: Set[Subject]) -> bool:
    """Whether it waits for an answer, or is in work while its rule still has something to say."""
    if made.status in OPEN:
        return made.subject not in ended
    return made.status in IN_WORK and made.subject in loud


def _is_due(firing: Firing, last: Made | None, standing: dict[int, Made]) -> bool:
    """Whether a new one is due for what fires: where an episode begins, and within one where what was
    done has not helped, or where what superseded the last one is over."""
    if last is None or last.status is RecommendationStatus.CLEARED:
        return True
    if last.status in OPEN:
        return False
    if last.status is RecommendationStatus.SUPERSEDED:
        return last.superseded_by not in standing
    return firing.begins or last.status is RecommendationStatus.INEFFECTIVE
