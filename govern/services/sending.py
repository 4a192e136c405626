"""What a report is when it leaves: a letter with a page, or a CloudEvent with its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from govern.domain.distribution import Channel, mailboxes
from govern.domain.record import Record
from govern.services import cloud_events, mail
from govern.services.outlets import Outlets
from govern.services.signing import Signed
from govern.services.trying import NotSent, NotWanted

MADE = "report.made"
"""The kind of the CloudEvent that a report is; no event of the ledger."""

LISTED = 30
"""So many things that are due stand in a letter."""

WORDS = {
    "reading": ("reading", "readings"),
    "gate": ("gate decision", "gate decisions"),
    "recommendation": ("answer to a recommendation", "answers to recommendations"),
    "condition": ("condition", "conditions"),
    "review": ("review", "reviews"),
    "value_check": ("value check", "value checks"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a try. `refused` counts the addresses of a letter that the server did not take."""

    refused: int = 0


def number_of(delivery: Record) -> str:
    """What the receiver knows it by: the same over all tries, another one in every other govern."""
    return str(
        uuid5(
            NAMESPACE_URL,
            f"govern:{delivery['key']}:{delivery['recorded_at']:%Y-%m-%dT%H:%M:%S.%f}",
        )
    )


def signed_as(schedule: Record) -> Signed:
    """What the secret belongs to that the reports of a schedule are signed with."""
    return Signed("report schedule", schedule["id"], schedule["recorded_at"])


def send(
    outlets: Outlets,
    schedule: Record,
    delivery: Record,
    kept: Mapping[str, Any],
    *,
    public_url: str,
    at: datetime,
) -> Told:
    """Tries once, at the moment `at`. `kept` is what the outbox holds. Raises NotSent, NotWanted."""
    if delivery["channel"] == Channel.EMAIL:
        if outlets.mail is None:
            raise NotSent("mail cannot be sent: GOVERN_SMTP_URL or GOVERN_MAIL_FROM is not set")
        to = mailboxes(delivery["address"])
        if not to:
            raise NotWanted("every address was erased")
        return Told(mail.send(outlets.mail, letter(delivery, kept, to), at=at))
    from govern.services import webhook  # noqa: PLC0415 - only what sends needs HTTP and TLS

    if outlets.hooks is None:
        raise NotSent("no report is posted: GOVERN_WEBHOOK_HOSTS or its secret is not set")
    answer = webhook.post(
        outlets.hooks,
        delivery["address"],
        signed_as(schedule),
        number_of(delivery),
        body(schedule, delivery, kept, public_url),
        at=at,
    )
    webhook.require_taken(answer)
    return Told()


def body(schedule: Record, delivery: Record, kept: Mapping[str, Any], public_url: str) -> bytes:
    """The CloudEvent of a POST."""
    data = kept["data"]
    told = {
        "report": data["kind"],
        "title": data["title"],
        "about": data["about"],
        "at": data["at"],
        "delivery": delivery["id"],
        "due_next": kept["due_next"],
        "next_on": kept["next_on"],
        "data": data,
        "html": kept["html"],
    }
    return cloud_events.write(
        public_url,
        MADE,
        number_of(delivery),
        subject=schedule["project"] or schedule["portfolio"] or "all",
        at=delivery["recorded_at"],
        data=told,
    )


def letter(delivery: Record, kept: Mapping[str, Any], to: tuple[str, ...]) -> mail.Letter:
    data = kept["data"]
    return mail.Letter(
        to,
        delivery["subject"],
        summary(kept),
        kept["html"],
        f"{data['kind']}-{delivery['due_on'].isoformat()}.html",
        number_of(delivery),
    )


def subject(data: Mapping[str, Any]) -> str:
    """One line, whatever a name holds."""
    told = f"{data['title']}: {data['about']['name']}, {data['at']}"
    return " ".join(told.split())


def summary(kept: Mapping[str, Any]) -> str:
    """What a letter says before its page is opened: what is due next, and when the next report comes."""
    data, due = kept["data"], kept["due_next"]
    lines = [
        f"{data['title']}: {data['about']['name']}",
        f"Figures of {data['at']}. The report is attached as a page.",
        "",
        *_due(due),
    ]
    if kept["next_on"] is not None:
        lines += ["", f"The next report comes on {kept['next_on']}."]
    return "\n".join(lines) + "\n"


def _due(due: Mapping[str, Any]) -> list[str]:
    counted = [each for each in due["counts"] if each["due"]]
    if not counted:
        return [f"Nothing is due by {due['by']}."]
    items: Sequence[Mapping[str, Any]] = due["items"]
    lines = [f"Due by {due['by']}: {', '.join(_count(each) for each in counted)}.", ""]
    lines += [_line(each) for each in items[:LISTED]]
    more = sum(each["due"] for each in counted) - min(len(items), LISTED)
    return [*lines, f"and {more} more"] if more else lines


def _count(counted: Mapping[str, Any]) -> str:
    one, many = WORDS[counted["what"]]
    told = f"{counted['due']} {one if counted['due'] == 1 else many}"
    return f"{told} ({counted['overdue']} overdue)" if counted["overdue"] else told


def _line(item: Mapping[str, Any]) -> str:
    late = " OVERDUE" if item["overdue"] else ""
    return f"- {item['on']}{late}: {WORDS[item['what']][0]}, {item['project']}: {item['text']}"


def next_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
