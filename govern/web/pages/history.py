"""For auditors: what happened, over all chains, the last first."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request
from marshmallow import fields

from govern.reports import shown
from govern.services import event_search, log_reading
from govern.services.event_proof import prove
from govern.services.event_search import Search
from govern.services.ledger import SERVICE
from govern.web.fields import Day, Text
from govern.web.pages.form import read_query
from govern.web.pages.looking_back import ASKED
from govern.web.pages.page import Pages
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.patterns import TAG_LENGTH
from govern.web.schemas.base import Given
from govern.web.site import actor, now, runtime

pages = Pages("history")

_COLUMNS = (
    Column("at", "When", Kind.MOMENT),
    Column("project", "Project", link="project_link"),
    Column("who", "Who"),
    Column("told", "What happened", link="link", long=True),
    Column("kind", "Kind"),
    Column("index", "In the log", missing="not yet"),
)


_DAY_LENGTH = len("2026-11-24")


class HistoryQuery(Given):
    chain = Text(200, "A project's id, or @service.")
    kind = Text(TAG_LENGTH, "`gate.decided`, or `gate.*` for all that begin so.")
    person = Text(200, "A name, an address or an id.")
    first = Day("From this day on (UTC).")
    last = Day("Up to and with this day.")
    before = fields.Integer(load_default=None)


@pages.page("/history")
def events() -> Any:
    form = read_query(HistoryQuery)
    asked: dict[str, Any] = dict(form.data or {})
    before = asked.pop("before", None)
    found = event_search.search(runtime(), actor(), Search(**asked), before=before)
    older = None
    if found.next is not None:
        kept = {**request.args.to_dict(), "before": found.next}
        older = "/history?" + urlencode(kept)
    return render(
        "history.html",
        title="History",
        form=form,
        found=found,
        older=older,
        then=_as_known(form.data or {}),
        kinds=_choices(),
        events=Table(
            "events", "What happened", _COLUMNS, [_row(each) for each in found.items], cards=True
        ),
    )


def _as_known(asked: dict[str, Any]) -> str | None:
    """Where the project stands as it was on the day up to which its events are listed."""
    chain, last = asked.get("chain"), asked.get("last")
    if chain in (None, SERVICE) or last is None or last > now().date():
        return None
    return f"/projects/{quote(chain, safe='')}?" + urlencode({ASKED: last.isoformat()})


@pages.page("/history/<id:chain>/<number:seq>")
def event(chain: str, seq: int) -> Any:
    return _event(chain, seq)


@pages.page(f"/history/{SERVICE}/<number:seq>")
def service_event(seq: int) -> Any:
    return _event(SERVICE, seq)


@pages.page("/history/<id:chain>/<number:seq>/proof")
def proof(chain: str, seq: int) -> Response:
    return _proof(chain, seq)


@pages.page(f"/history/{SERVICE}/<number:seq>/proof")
def service_proof(seq: int) -> Response:
    return _proof(SERVICE, seq)


def _event(chain: str, seq: int) -> Any:
    found = event_search.one(runtime(), actor(), chain, seq)
    return render(
        "event.html",
        title=f"Event {seq} of {_named(chain)}",
        event={**found, "told": _told(found)},
        proven=prove(runtime(), actor(), chain, seq),
        plain=_plain(found["data"]),
        data=json.dumps(found["data"], indent=2, ensure_ascii=False),
        named=_named(chain),
        checked_at=now(),
    )


def _plain(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What one line can say: neither lists nor what was left empty."""
    return [
        (name, _in_words(value))
        for name, value in data.items()
        if isinstance(value, str | int | float) and value != ""
    ]


def _in_words(value: str | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return shown.dated(text) if len(text) == _DAY_LENGTH else text


def _proof(chain: str, seq: int) -> Response:
    text = log_reading.proof(runtime(), actor(), chain, seq)
    answer = Response(text, mimetype="text/plain")
    filename = f"{_named(chain).replace(' ', '-')}-{seq}.tlog-proof"
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def _named(chain: str) -> str:
    return "the service" if chain == SERVICE else chain


def _told(found: dict[str, Any]) -> str:
    text = shown.dated(found["told"])
    return text[:1].upper() + text[1:]


def _row(found: dict[str, Any]) -> dict[str, Any]:
    of_project = found["project"] != SERVICE
    return {
        **found,
        "told": _told(found),
        "who": found["actor_name"] or found["actor"],
        "link": f"/history/{found['project']}/{found['seq']}",
        "project": found["project"] if of_project else "the service",
        "project_link": f"/projects/{found['project']}" if of_project else None,
    }


def _choices() -> list[tuple[str, str]]:
    """Kinds of events that there are, under the groups that their names begin with."""
    known = event_search.kinds(runtime())
    groups = sorted({each.partition(".")[0] for each in known})
    choices = [("", "Every kind")]
    for group in groups:
        choices.append((f"{group}.*", f"{group.replace('_', ' ').capitalize()}: all"))
        choices += [(each, f"– {each}") for each in known if each.startswith(f"{group}.")]
    return choices
