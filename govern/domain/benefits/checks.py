"""What is wrong with a map: things that hang in the air, circles, what is shared out or counted twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from govern.domain.benefits.circles import circles
from govern.domain.benefits.map import BenefitsMap, Key, Kind, Node, percent
from govern.domain.benefits.paths import contributions


class Check(StrEnum):
    """What is looked for."""

    DELIVERABLE_SERVES_NOTHING = "deliverable-serves-nothing"
    KPI_WITHOUT_DELIVERABLE = "kpi-without-deliverable"
    KPI_WITHOUT_OBJECTIVE = "kpi-without-objective"
    OUTCOME_FROM_NOTHING = "outcome-from-nothing"
    OUTCOME_LEADS_NOWHERE = "outcome-leads-nowhere"
    CIRCLE = "circle"
    SHARED_OUT_TWICE = "shares-over-100-percent"
    SUPPORT_OVER_WHOLE = "supports-over-100-percent"
    DIRECTLY_AND_THROUGH = "directly-and-through-outcome"
    COUNTED_TWICE = "counted-twice"


@dataclass(frozen=True, slots=True)
class MapProblem:
    """`place` is the thing that it is told at, `others` the further things that have part in it."""

    check: Check
    place: Key
    problem: str
    right: str
    project: str | None = None
    others: tuple[Key, ...] = ()

    def __str__(self) -> str:
        return f"{self.place} {self.problem}; {self.right}"


def problems_of(drawn: BenefitsMap) -> list[MapProblem]:
    """Every problem, in the order of the map's columns and ids."""
    found = [*_loose_ends(drawn), *_without_objective(drawn), *_circles(drawn)]
    found += [*_shares(drawn), *_twice_by_one(drawn), *_twice_for_one(drawn)]
    order = {node.key: number for number, node in enumerate(drawn.nodes)}
    return sorted(found, key=lambda each: (order[each.place], each.check, each.others))


def _told(
    drawn: BenefitsMap, check: Check, place: Key, problem: str, right: str, *others: Key
) -> MapProblem:
    return MapProblem(check, place, problem, right, drawn.by_key[place].project, others)


def _loose_ends(drawn: BenefitsMap) -> Iterator[MapProblem]:
    reaches = contributions(drawn)
    live = {node.key.id for node in drawn.of(Kind.DELIVERABLE) if not node.dropped}
    served = {kpi for each in live for kpi in reaches[each]}
    for each in sorted(live):
        if not reaches[each]:
            yield _told(
                drawn,
                Check.DELIVERABLE_SERVES_NOTHING,
                Key(Kind.DELIVERABLE, each),
                "reaches no KPI",
                "tie it to the KPI it serves or to an outcome that leads to one, or drop it",
            )
    onward, fed = _leads_to_kpi(drawn), _fed(drawn)
    for node in drawn.of(Kind.OUTCOME):
        if node.key not in fed:
            yield _told(
                drawn,
                Check.OUTCOME_FROM_NOTHING,
                node.key,
                "is brought about by no deliverable",
                "name it in `produces` of the deliverable that brings it about",
            )
        if node.key not in onward:
            yield _told(
                drawn,
                Check.OUTCOME_LEADS_NOWHERE,
                node.key,
                "leads to no KPI",
                "say in `serves` which KPI it moves, or in `leads_to` to which outcome it leads",
            )
    for node in drawn.of(Kind.KPI):
        # A composite is served by what serves its inputs, and nothing should serve a disbenefit.
        if node.key.id not in served and not node.inputs and not node.disbenefit:
            yield _told(
                drawn,
                Check.KPI_WITHOUT_DELIVERABLE,
                node.key,
                "is served by no deliverable",
                "tie the deliverable to it that will move it, or do not promise it",
            )


def _fed(drawn: BenefitsMap) -> set[Key]:
    """The outcomes that a deliverable which is not dropped leads to."""
    waiting = [n.key for n in drawn.of(Kind.DELIVERABLE) if not n.dropped]
    found: set[Key] = set()
    while waiting:
        for link in drawn.leaving[waiting.pop()]:
            if link.target.kind is Kind.OUTCOME and link.target not in found:
                found.add(link.target)
                waiting.append(link.target)
    return found


def _leads_to_kpi(drawn: BenefitsMap) -> set[Key]:
    """The outcomes from which a KPI is reached."""
    waiting = [node.key for node in drawn.of(Kind.KPI)]
    found: set[Key] = set()
    while waiting:
        for link in drawn.entering[waiting.pop()]:
            if link.source.kind is Kind.OUTCOME and link.source not in found:
                found.add(link.source)
                waiting.append(link.source)
    return found


def _without_objective(drawn: BenefitsMap) -> Iterator[MapProblem]:
    wholes = _wholes(drawn)
    supporting = {n.key.id for n in drawn.of(Kind.KPI) if drawn.leaving[n.key]}
    # What counts within another KPI supports what that one supports, and the other way round.
    covered = {*supporting}
    for part, within in wholes.items():
        if part in supporting:
            covered |= {whole for whole in within if drawn.by_key[Key(Kind.KPI, whole)].inputs}
        if supporting & within:
            covered.add(part)
    for node in drawn.of(Kind.KPI):
        if node.key.id not in covered and not node.disbenefit:
            yield _told(
                drawn,
                Check.KPI_WITHOUT_OBJECTIVE,
                node.key,
                "supports no objective",
                "say in `supports` which strategic objective it is for",
            )


def _circles(drawn: BenefitsMap) -> Iterator[MapProblem]:
    ahead = {
        node.key: [
            link.target for link in drawn.leaving[node.key] if link.target.kind is Kind.OUTCOME
        ]
        for node in drawn.of(Kind.OUTCOME)
    }
    for way in circles(ahead):
        yield _told(
            drawn,
            Check.CIRCLE,
            way[0],
            f"leads back to itself: {' → '.join(key.id for key in way)}",
            "take out the link that points from effect to cause",
            *way[1:-1],
        )


def _shares(drawn: BenefitsMap) -> Iterator[MapProblem]:
    for node in drawn.nodes:
        if node.key.kind in (Kind.KPI, Kind.OUTCOME):
            # What is dropped brings nothing.
            given = [
                link
                for link in drawn.entering[node.key]
                if not drawn.by_key[link.source].dropped and link.share is not None
            ]
            total = sum((link.share or Decimal(0) for link in given), Decimal(0))
            if total > 1:
                yield _told(
                    drawn,
                    Check.SHARED_OUT_TWICE,
                    node.key,
                    f"is shared out to {percent(total)}",
                    "shares into one thing add up to at most 100 %",
                    *(link.source for link in given),
                )
        if node.key.kind is Kind.KPI:
            supports = [link for link in drawn.leaving[node.key] if link.share is not None]
            total = sum((link.share or Decimal(0) for link in supports), Decimal(0))
            if total > 1:
                yield _told(
                    drawn,
                    Check.SUPPORT_OVER_WHOLE,
                    node.key,
                    f"counts to {percent(total)} towards objectives",
                    "what counts towards one objective counts towards no other: at most 100 %",
                    *(link.target for link in supports),
                )


def _twice_by_one(drawn: BenefitsMap) -> Iterator[MapProblem]:
    through = contributions(
        BenefitsMap(
            drawn.nodes,
            tuple(
                link
                for link in drawn.links
                if not (link.source.kind is Kind.DELIVERABLE and link.target.kind is Kind.KPI)
            ),
        )
    )
    for node in drawn.of(Kind.DELIVERABLE):
        for link in drawn.leaving[node.key]:
            if link.target.kind is Kind.KPI and link.target.id in through[node.key.id]:
                yield _told(
                    drawn,
                    Check.DIRECTLY_AND_THROUGH,
                    node.key,
                    f"reaches the {link.target} directly and through an outcome, and counts twice",
                    "leave out the one or the other",
                    link.target,
                )


def _twice_for_one(drawn: BenefitsMap) -> Iterator[MapProblem]:
    towards = {
        node.key.id: {link.target.id for link in drawn.leaving[node.key]}
        for node in drawn.of(Kind.KPI)
    }
    for part, within in sorted(_wholes(drawn).items()):
        for whole in sorted(within):
            for objective in sorted(towards[part] & towards[whole]):
                yield _told(
                    drawn,
                    Check.COUNTED_TWICE,
                    Key(Kind.KPI, part),
                    f"counts towards the objective {objective}, and so does the KPI {whole}, in"
                    " which it is counted already",
                    "let one of the two support it",
                    Key(Kind.KPI, whole),
                    Key(Kind.OBJECTIVE, objective),
                )


def _wholes(drawn: BenefitsMap) -> Mapping[str, set[str]]:
    """KPI id → the KPIs on the map in which it is counted: those it is part of, those computed from
    it, and so on up."""
    kpis: Mapping[str, Node] = {node.key.id: node for node in drawn.of(Kind.KPI)}
    up: dict[str, set[str]] = {each: set() for each in kpis}
    for each, node in kpis.items():
        if node.part_of in kpis:
            up[each].add(node.part_of)
        for part in node.inputs:
            if part in kpis:
                up[part].add(each)
    found: dict[str, set[str]] = {}
    for each in kpis:
        above: set[str] = set()
        waiting = [*up[each]]
        while waiting:
            whole = waiting.pop()
            if whole not in above and whole != each:
                above.add(whole)
                waiting += up[whole]
        found[each] = above
    return found
