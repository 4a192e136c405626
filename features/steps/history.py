"""What the ledger tells, and whether it holds."""

from typing import Any

from pytest_bdd import parsers, then

from features.house import House, rows
from govern.domain.record import Record

_WHY = ("reason", "because", "code", "note")


def _told(event: Record) -> dict[str, Any]:
    data = event["data"]
    overrides = [
        data.get("override_reason"),
        *(v["override_reason"] for v in data.get("votes", ())),
    ]
    return {
        "who": event["actor_name"],
        "what": event["kind"],
        "when": event["at"].date().isoformat(),
        "why": next((data[name] for name in _WHY if data.get(name)), ""),
        "on": data.get("evidence", ""),
        "against the advice": next(filter(None, overrides), ""),
    }


@then(parsers.parse("the history of {project} tells"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    """The rows come in this order, others may come between; a blank cell says nothing."""
    told = iter([_told(event) for event in house.events(project)])
    for row in rows(datatable):
        wanted = {name: text for name, text in row.items() if text}
        assert any(all(event[name] == text for name, text in wanted.items()) for event in told), (
            f"{wanted} is not there, or not in this order"
        )
