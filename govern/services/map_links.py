"""Links of the benefits map as they may be: to what is there, without a circle, to 100 % in all."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Connection

from govern.documents.problem import did_you_mean
from govern.domain.benefits.circles import way_round
from govern.domain.benefits.map import BenefitsMap, Key, Kind, percent
from govern.domain.refusal import InvalidInput
from govern.store import objectives
from govern.store.benefits import load_map

Shares = Mapping[str, Decimal | None]

FIELDS = {"serves": Kind.KPI, "produces": Kind.OUTCOME, "leads_to": Kind.OUTCOME}
"""What each field of links leads to, within a project."""

_A = {Kind.KPI: "a KPI", Kind.OUTCOME: "an outcome"}
_THE = {
    "serves": "{} serves KPIs of its own project.",
    "produces": "{} produces outcomes of its own project.",
    "leads_to": "{} leads to other outcomes of its own project.",
}


def refuse_links(
    connection: Connection,
    project_id: str,
    own: Key,
    links: Mapping[str, Shares],
    *,
    dropped: bool = False,
) -> None:
    """Raises InvalidInput for links of `own` that lead out of the project, round in a circle, or
    bring shares of one thing to over 100 %. `links` has the fields to check; the caller has locked the
    project. `dropped`: it brings nothing, and neither do other deliverables that were dropped.
    """
    if not any(links.values()):
        return
    drawn = load_map(connection, [project_id])
    for field, shares in links.items():
        _refuse_strangers(drawn, project_id, own, field, shares)
    if "leads_to" in links:
        _refuse_circle(drawn, own, links["leads_to"])
    if dropped:
        return
    errors: dict[str, list[str]] = {}
    for field, shares in links.items():
        kind = FIELDS[field]
        for target, share in shares.items():
            claimed = _claimed(drawn, own, Key(kind, target))
            if share is not None and claimed + share > 1:
                left = percent(max(Decimal(0), 1 - claimed))
                errors[f"{field}.{target}"] = [
                    f"the shares of this {kind.word} would pass 100 %: {left} is left"
                ]
    if errors:
        raise InvalidInput("Contributions to one thing add up to at most 100 %.", errors=errors)


def refuse_supports(connection: Connection, supports: Shares) -> None:
    """Raises InvalidInput for objectives that there are not, and for shares over 100 % in all: what
    counts towards one objective counts towards no other."""
    strangers = sorted(set(supports) - objectives.known(connection, supports.keys()))
    if strangers:
        ids = [each["id"] for each in objectives.every(connection)]
        raise InvalidInput(
            "A KPI supports strategic objectives of the organisation.",
            errors={
                f"supports.{each}": [
                    "there is no such objective"
                    + (f"; {hint}" if (hint := did_you_mean(each, ids)) else "")
                ]
                for each in strangers
            },
        )
    total = sum((share or Decimal(0) for share in supports.values()), Decimal(0))
    if total > 1:
        raise InvalidInput(
            "What a KPI counts towards objectives adds up to at most 100 %.",
            errors={"supports": [f"the shares add up to {percent(total)}"]},
        )


def _refuse_strangers(
    drawn: BenefitsMap, project_id: str, own: Key, field: str, shares: Shares
) -> None:
    kind = FIELDS[field]
    strangers = sorted(
        each for each in shares if Key(kind, each) not in drawn.by_key or Key(kind, each) == own
    )
    if strangers:
        raise InvalidInput(
            _THE[field].format("An outcome" if own.kind is Kind.OUTCOME else "A deliverable"),
            errors={
                f"{field}.{each}": [
                    "is the outcome itself"
                    if Key(kind, each) == own
                    else f"not {_A[kind]} of project {project_id}"
                ]
                for each in strangers
            },
        )


def _refuse_circle(drawn: BenefitsMap, own: Key, leads_to: Shares) -> None:
    ahead = {
        node.key.id: [
            link.target.id for link in drawn.leaving[node.key] if link.target.kind is Kind.OUTCOME
        ]
        for node in drawn.of(Kind.OUTCOME)
    }
    ahead[own.id] = list(leads_to)
    way = way_round(ahead, own.id)
    if way:
        raise InvalidInput(
            "Outcomes do not lead back to themselves.",
            errors={f"leads_to.{way[1]}": [f"would lead round: {' → '.join(way)}"]},
        )


def _claimed(drawn: BenefitsMap, own: Key, target: Key) -> Decimal:
    others = (
        link.share or Decimal(0)
        for link in drawn.entering[target]
        if link.source != own and not drawn.by_key[link.source].dropped
    )
    return sum(others, Decimal(0))
