"""What happened, as a sentence: the part of the history that a person reads."""

from collections.abc import Callable

from govern.domain.count import counted
from govern.services.telling_service import TELLERS as SERVICE_TELLERS
from govern.services.telling_words import Data, Teller, digest_of, fields_of, word


def tell(kind: str, data: Data) -> str:
    """One sentence for an event, without who and when. A kind that is new here tells its data."""
    teller = _TELLERS.get(kind)
    return teller(data) if teller else fields_of(data)


def _added(what: str) -> Callable[[Data], str]:
    return lambda data: f"{what} {data['id']} '{data['name']}'"


def _changed(what: str, name: str | None) -> Callable[[Data], str]:
    def told(data: Data) -> str:
        changes = (
            data["changes"] if name else {k: c for k, c in data.items() if k != "scope_change"}
        )
        words = [f"{each} from {word(c['from'])} to {word(c['to'])}" for each, c in changes.items()]
        return f"{what} {data[name]}: {'; '.join(words)}" if name else f"{what}: {'; '.join(words)}"

    return told


def _reviewed(data: Data) -> str:
    said = [
        name.replace("_", " ") for name in ("summary", "went_well", "went_badly") if name in data
    ]
    if "rating" in data:
        said.append(f"rating {word(data['rating'])}")
    said += [f"{each['kpi']} {word(each['follow_up'])}" for each in data["kpis"]]
    return f"review {data['review']} is written: {', '.join(said)}"


def _readings(data: Data) -> str:
    return _many(data["readings"], "reading", lambda each: word(each["actual"]))


def _validated(data: Data) -> str:
    told = _readings(data)
    own = data.get("not_separated")
    return f"{told}; validated by who reported them: {', '.join(map(str, own))}" if own else told


def _not_validated(data: Data) -> str:
    the = "" if len(data["readings"]) > 1 else "the "
    return f"validating {the}{_readings(data)} was refused: {data['code']}"


def _planned(data: Data) -> str:
    told = _many(data["planned"], "planned value", lambda each: word(each["planned"]))
    by = data.get("adjusted")
    if by is None:
        return told
    return (
        f"{told}; adjusted to {by['rate']} of what was promised, as {by['n']} reviewed KPIs of its "
        f"{by['by']} came to"
    )


def _many(values: list[Data], what: str, shown: Callable[[Data], str]) -> str:
    if len(values) == 1:
        (one,) = values
        return f"{what} of {one['kpi']} for {one['period']}: {shown(one)}"
    kpis = sorted({each["kpi"] for each in values})
    periods = sorted(each["period"] for each in values)
    return f"{len(values)} {what}s of {', '.join(kpis)} for {periods[0]} to {periods[-1]}"


def _submitted(data: Data) -> str:
    told = [
        f"submission {data['submission']} to gate {data['gate']}, iteration {data['iteration']}: "
        f"advice {data['advice']}"
    ]
    for outcome in ("not_met", "unknown", "waived"):
        if named := [each["id"] for each in data["results"] if each["outcome"] == outcome]:
            told.append(f"{outcome.replace('_', ' ')}: {', '.join(named)}")
    if shown := data.get("lessons"):
        told.append(f"lessons shown: {', '.join(str(each['lesson']) for each in shown)}")
    if missing := data.get("calendar_missing"):
        told.append(
            f"its days are counted Monday to Friday, as the rules have no calendar '{missing}'"
        )
    return "; ".join([*told, f"facts {digest_of(data['facts_digest'])}"])


def _cast(data: Data) -> str:
    # Before votes could count in several roles, an event named the one.
    roles = " or ".join(data.get("roles") or [data["role"]])
    behalf = f" for {data['for_person_id']}" if data.get("for_person_id") else ""
    told = (
        f"{data['decision']} as {roles}{behalf} on submission {data['submission']}: "
        f"{data['reason']}"
    )
    if data["override"]:
        told += f" (against the advice {data['advice']}: {data['override_reason']})"
    if data.get("signed_at"):
        told += f", signed by who confirmed to be it at {data['signed_at']} ({data['signed_how']})"
    return told


def _decided(data: Data) -> str:
    against = f", against the advice {data['advice']}" if data["override"] else ", as advised"
    rules = f", rulebook {digest_of(data['rulebook_digest'])}" if data["rulebook_digest"] else ""
    waived = f"; waived: {', '.join(data['waived'])}" if data.get("waived") else ""
    return (
        f"gate {data['gate']}: {data['decision']}{against}{waived}; "
        f"facts {digest_of(data['facts_digest'])}{rules}"
    )


def _brought(data: Data) -> str:
    replaced = set(data["replaced"])
    told = [
        f"'{each['name']}' {'replaced' if each['name'] in replaced else 'added'}: "
        f"{each.get('link') or each['filename'] + ' ' + digest_of(each['digest'])}"
        for each in data["evidence"]
    ]
    return f"evidence on submission {data['submission']}: {'; '.join(told)}"


def _scored(data: Data) -> str:
    note = f": {data['note']}" if data["note"] else ""
    return (
        f"{data['score']} of 10 for '{data['criterion']}' as {data['role']} on submission "
        f"{data['submission']}{note}"
    )


def _waived(data: Data) -> str:
    return (
        f"waiver {data['waiver']} of '{data['criterion']}' at gate {data['gate']} as "
        f"{data['role']} until {data['expires_on']}: {data['reason']}"
    )


def _not_separate(what: str) -> Callable[[Data], str]:
    return lambda data: f"{what} for '{data['criterion']}' was refused: {data['code']}"


def _migrated(data: Data) -> str:
    was, now = data["from"], data["to"]
    stage = (
        f"; stage {data['from_stage']} is now {data['to_stage']}"
        if data["from_stage"] != data["to_stage"]
        else ""
    )
    lost = f" ({' '.join(data['lost'])})" if data["lost"] else ""
    return (
        f"from {was['workflow']} version {was['version']} to {now['workflow']} version "
        f"{now['version']}{stage}: {data['reason']}{lost}"
    )


def _moved(data: Data) -> str:
    why = f": {data['reason']}" if data.get("reason") else ""
    at = f" at gate {data['gate']}" if data.get("gate") else ""
    at += f" of scope change {data['scope_change']}" if data.get("scope_change") else ""
    return f"from {data['from']} to {data['to']} by {data['decision']}{at}{why}"


def _lapsed(data: Data) -> str:
    overdue = ", ".join(
        f"{each['condition']} by {each['owner']}, due {each['due']}" for each in data["conditions"]
    )
    return f"the conditional go at gate {data['gate']} is a hold: overdue {overdue}"


def _found(data: Data) -> str:
    counts: dict[str, int] = {}
    for each in data["findings"]:
        counts[each["state"]] = counts.get(each["state"], 0) + 1
    told = [f"{count} {state}" for state, count in sorted(counts.items())]
    states = ", ".join(told) or "nothing any more"
    return f"sweep as of {data['as_of']}: {states}; rulebook {digest_of(data['rulebook_digest'])}"


def _proposed(data: Data) -> str:
    return (
        f"recommendation {data['recommendation']} by rule {data['rule']}, "
        f"{data['action']}: {data['message']}"
    )


def _answered(data: Data) -> str:
    until = f" until {data['deferred_until']}" if data.get("deferred_until") else ""
    return (
        f"recommendation {data['recommendation']} by rule {data['rule']}{until}: {data['reason']}"
    )


def _superseded(data: Data) -> str:
    return (
        f"recommendation {data['recommendation']} by rule {data['rule']}: recommendation "
        f"{data['superseded_by']} says the same of something worse"
    )


def _resumed(data: Data) -> str:
    by = f", to be answered by {data['decide_by']}" if data["decide_by"] else ""
    return f"recommendation {data['recommendation']} by rule {data['rule']} waits again{by}"


def _raised(data: Data) -> str:
    number, change = data["recommendation"], data["scope_change_id"]
    if change is None:
        return f"nothing came of the scope change that was to do recommendation {number}"
    return f"scope change {change} is to do recommendation {number}"


def _implemented(data: Data) -> str:
    change, note = data["scope_change_id"], data["implemented_note"]
    through = f" by scope change {change}" if change is not None else ""
    said = f": {note}" if note else ""
    return f"recommendation {data['recommendation']} by rule {data['rule']}{through}{said}"


def _ended(data: Data) -> str:
    return f"recommendation {data['recommendation']} by rule {data['rule']}, {data['action']}"


def _rescoped(data: Data) -> str:
    since = f", from {data['effective_on']} on" if data["effective_on"] else ""
    raised = f" by recommendation {data['recommendation']}" if data.get("recommendation") else ""
    return f"scope change {data['scope_change']} {_scope(data)}{since}{raised}: {data['reason']}"


def _amended(data: Data) -> str:
    since = f", from {data['effective_on']} on" if data["effective_on"] else ""
    return (
        f"scope change {data['scope_change']} is now revision {data['revision']}, {_scope(data)}"
        f"{since}: {data['reason']}"
    )


def _scope(data: Data) -> str:
    about: set[str] = {
        each.get("kpi") or each.get("deliverable") or "the project" for each in data["changes"]
    }
    return f"'{data['title']}' of {', '.join(sorted(about))}"


def _rescoping(data: Data) -> str:
    behalf = f" for {data['for_person_id']}" if data.get("for_person_id") else ""
    return (
        f"{data['decision']} as {data['role']}{behalf} on scope change {data['scope_change']}: "
        f"{data['reason']}"
    )


_TELLERS: dict[str, Teller] = {
    **SERVICE_TELLERS,
    "project.added": lambda data: f"'{data['name']}' enters in stage {data['stage']}",
    "project.changed": _changed("changes", None),
    "kpi.added": _added("KPI"),
    "kpi.changed": _changed("KPI", "kpi"),
    "deliverable.added": _added("deliverable"),
    "deliverable.changed": _changed("deliverable", "deliverable"),
    "outcome.added": _added("outcome"),
    "outcome.changed": _changed("outcome", "outcome"),
    "objective.added": _added("objective"),
    "objective.changed": _changed("objective", "id"),
    "readings.recorded": _readings,
    "readings.validated": _validated,
    "validation.refused": _not_validated,
    "plan.recorded": _planned,
    "gate.submitted": _submitted,
    "vote.cast": _cast,
    "gate.rejudged": lambda data: (
        f"submission {data['submission']} is asked again (round {data['round']}): "
        + " ".join(data["changed"])
    ),
    "gate.judged": lambda data: (
        f"submission {data['submission']} to gate {data['gate']}, with what was scored: advice "
        f"{data['advice']}"
    ),
    "notice.sent": lambda data: f"notice {data['notice']}: {data['text']}",
    "evidence.kept": lambda data: (
        f"evidence file {data['file']} '{data['filename']}', {data['size']} bytes, "
        f"{digest_of(data['digest'])}"
    ),
    "evidence.added": _brought,
    "vote.refused": lambda data: (
        f"{data['decision']} on submission {data['submission']} was refused: {data['code']}"
    ),
    "criterion.scored": _scored,
    "score.refused": _not_separate("a score"),
    "waiver.granted": _waived,
    "waiver.revoked": lambda data: (
        f"waiver {data['waiver']} of '{data['criterion']}' at gate {data['gate']}: {data['reason']}"
    ),
    "waiver.refused": _not_separate("a waiver"),
    "gate.decided": _decided,
    "gate.reminded": lambda data: (
        f"submission {data['submission']} to gate {data['gate']}, to be decided by "
        f"{word(data['decide_by'])}"
    ),
    "gate.escalated": lambda data: (
        f"submission {data['submission']} to gate {data['gate']} to {data['to']}, undecided after "
        f"{data['after_working_days']} working days"
    ),
    "gate.expired": lambda data: (
        f"submission {data['submission']} to gate {data['gate']}: {data['because']}"
    ),
    "gate.confirmed": lambda data: (
        f"the conditional go at gate {data['gate']} is a go: every condition is closed"
    ),
    "gate.lapsed": _lapsed,
    "stage.moved": _moved,
    "project.migrated": _migrated,
    "gate.withdrawn": lambda data: (
        f"submission {data['submission']} to gate {data['gate']} is withdrawn: {data['reason']}"
    ),
    "baseline.frozen": lambda data: (
        f"gate {data['gate']} freezes the baseline of {counted(len(data['kpis']), 'KPI')}"
    ),
    "baseline.kept": lambda data: (
        f"baseline {data['number']} is kept, as it was frozen at {data['frozen_at']}"
    ),
    "scope_change.proposed": _rescoped,
    "scope_change.amended": _amended,
    "scope_change.voted": _rescoping,
    "scope_change.refused": lambda data: (
        f"{data['decision']} on scope change {data['scope_change']} was refused: {data['code']}"
    ),
    "scope_change.decided": lambda data: (
        f"scope change {data['scope_change']}: {data['decision']}, {data['state']}"
    ),
    "scope_change.applied": lambda data: (
        f"scope change {data['scope_change']} made baseline {data['number']} of "
        f"{counted(len(data['kpis']), 'KPI')}"
    ),
    "review.opened": lambda data: (
        f"review {data['review']}, number {data['number']}, is opened"
        + (f", due by {data['due_on']}" if data["due_on"] else "")
    ),
    "review.changed": _reviewed,
    "review.answered": lambda data: (
        f"review {data['review']}: '{data['question']}' is answered"
        + (f" with {data['score']}" if data["score"] is not None else "")
    ),
    "review.refused": lambda data: f"signing review {data['review']} was refused: {data['code']}",
    "review.signed": lambda data: (
        f"review {data['review']}, number {data['number']}, is signed off: {data['rating']}"
        + (f", suggested {data['suggested']}" if data["suggested"] != data["rating"] else "")
        + (f": {data['reason']}" if data["reason"] else "")
    ),
    "scope_change.withdrawn": lambda data: f"scope change {data['scope_change']}: {data['reason']}",
    "lesson.added": lambda data: f"lesson {data['lesson']} '{data['label']}': {data['next_time']}",
    "lesson.changed": lambda data: f"lesson {data['lesson']} '{data['label']}' is written anew",
    "lesson.withdrawn": lambda data: f"lesson {data['lesson']}: {data['reason']}",
    "effect.named": lambda data: (
        f"effect {data['effect']}: {data['kpi']} is to be better by {data['size']} by {data['by']}"
    ),
    "effect.replaced": lambda data: (
        f"effect {data['effect']} on {data['kpi']} by {data['by']} is replaced by others"
    ),
    "effect.dropped": lambda data: (
        f"effect {data['effect']} on {data['kpi']} by {data['by']} is not expected any more: "
        "its change came to nothing"
    ),
    "effect.begun": lambda data: (
        f"effect {data['effect']}: without the change {data['kpi']} would come to "
        f"{data['counterfactual'] or 'nobody knows what'} by {data['by']}"
        + (f", as {data['why']}" if data["why"] else "")
    ),
    "effect.measured": lambda data: (
        f"effect {data['effect']} on {data['kpi']} by {data['by']} is {data['state']}: "
        + (data["why"] or f"{data['came']} of {data['size']}")
    ),
    "condition.set": lambda data: (
        f"condition {data['condition']}, owed by {data['owner']} until {data['due']}: {data['text']}"
    ),
    "condition.closed": lambda data: f"condition {data['condition']} on: {data['evidence']}",
    "findings.recorded": _found,
    "recommendation.proposed": _proposed,
    "recommendation.accepted": _answered,
    "recommendation.rejected": _answered,
    "recommendation.deferred": _answered,
    "recommendation.cleared": _answered,
    "recommendation.superseded": _superseded,
    "recommendation.expired": _ended,
    "recommendation.resumed": _resumed,
    "recommendation.raised": _raised,
    "recommendation.implemented": _implemented,
    "recommendation.effective": _ended,
    "recommendation.ineffective": _ended,
}
