"""What concerns no single project, as a sentence: people, access, news, reports sent, and the log."""

from govern.domain.count import counted
from govern.services.telling_words import Data, Teller, fields_of


def _switched(data: Data) -> str:
    how = "separated again" if data["separated"] else "no longer separated"
    return f"{data['pair']}: {how}: {data['reason']}"


def _wanted(data: Data) -> str:
    of = data["project_id"] or data["portfolio_id"] or "all that may be seen"
    kinds = ", ".join(data["kinds"]) or "every kind of event"
    return f"{kinds}, of {of}"


def _granted(data: Data) -> str:
    until = f", until {data['until']}" if data["until"] else ""
    by = f", as group '{data['brought_by']}' brings it" if data.get("brought_by") else ""
    return f"{data['person']} is {data['role']} on {_on(data)}{until}{by}"


def _on(data: Data) -> str:
    return str(data["project"] or data["portfolio"] or "the whole installation")


def _issued(data: Data) -> str:
    scopes = data.get("scopes")
    may = "all that its person may" if scopes is None else ", ".join(scopes) or "nothing"
    return (
        f"token {data['token']} '{data['label']}' of {data['person']}, good until "
        f"{data['expires_at']}, for {may}"
    )


TELLERS: dict[str, Teller] = {
    "portfolio.added": lambda data: f"portfolio {data['portfolio']} '{data['name']}'",
    "person.added": lambda data: f"{data['person']} '{data['person_name']}' {data['email']}",
    "role.granted": _granted,
    "role.revoked": lambda data: (
        f"{data['person']} is no longer {data['role']} on {_on(data)}"
        + (f": {data['reason']}" if data.get("reason") else "")
    ),
    "token.issued": _issued,
    "token.revoked": lambda data: f"token {data['token']} is good no longer",
    "sign_in_link.issued": lambda data: (
        f"link {data['sign_in_link']} signs {data['person']} in, once, until {data['expires_at']}"
    ),
    "session.started": lambda data: (
        "signed in "
        + ("by a link" if data["how"] == "link" else "at the organisation's own issuer")
        + f", session {data['session']}"
    ),
    "session.ended": lambda data: f"session {data['session']} has ended",
    "separation.switched": _switched,
    "report_schedule.added": lambda data: (
        f"schedule {data['schedule']}: report {data['report']}, {data['every']} by "
        f"{data['channel']}, first on {data['first_on']}"
    ),
    "report_schedule.moved_on": lambda data: (
        f"schedule {data['schedule']}: next on {data['next_on']}"
    ),
    "report_schedule.ended": lambda data: (
        f"schedule {data['schedule']} has ended: {data['reason']}"
    ),
    "report.sent": lambda data: (
        f"report {data['report']} of {data['due_on']} by {data['channel']} (delivery "
        f"{data['delivery']}, try {data['tries']})"
    ),
    "report.not_sent": lambda data: (
        f"report {data['report']} of {data['due_on']} (schedule {data['schedule']}): "
        f"{data['because']}"
    ),
    "webhook.added": lambda data: f"webhook {data['webhook']}: {_wanted(data)}",
    "webhook.changed": lambda data: (
        f"webhook {data['webhook']}: {fields_of({k: v for k, v in data.items() if k != 'webhook'})}"
    ),
    "webhook.rotated": lambda data: (
        f"webhook {data['webhook']} has a new secret, the {data['rotation']}. after the first"
    ),
    "webhook.paused": lambda data: f"webhook {data['webhook']} waits",
    "webhook.resumed": lambda data: (
        f"webhook {data['webhook']} goes on"
        + (", without what waited" if data["dropped"] else ", with what waited")
    ),
    "webhook.disabled": lambda data: f"webhook {data['webhook']}: {data['because']}",
    "webhook.ended": lambda data: f"webhook {data['webhook']} has ended: {data['because']}",
    "mail.chosen": lambda data: f"wants by mail: {data['choice']}",
    "person.erased": lambda data: (
        f"{data['person']}: {counted(len(data['erased']), 'text')} erased, {len(data['redacted'])} left "
        f"without the name: {data['reason']}"
    ),
    "personal.read": lambda data: f"{data['read']}: {', '.join(data['of'])}",
    "key.recorded": lambda data: f"the log {data['origin']} is signed by {data['key']}",
    "key.rotated": lambda data: (
        f"the log {data['origin']} is signed by {data['key']}, from size {data['size']} on, and no "
        f"longer by {data['retired']}"
    ),
    "log.restarted": lambda data: (
        f"the log {data['origin']} begins over {data['found']} entries, as an earlier one lost "
        f"events: {data['reason']}"
    ),
    "heads.sealed": lambda data: (
        f"the heads of {data['count']} chains on {data['day']}, when the log had {data['size']} entries"
    ),
}
