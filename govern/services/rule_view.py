"""The rulebook as an author looks at it: each rule with whom it belongs to, when it fired last, what came
of it; and one rule with its text, its tests, and the parameters that it reads."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.rulebook import trials
from govern.rulebook.retuning import settings_of, with_settings
from govern.rulebook.rule import Rule, Rulebook
from govern.services.backtests import backtest
from govern.services.differences import difference
from govern.services.judging import draft_of, require_trying, rule_of, rulebook_of
from govern.services.rule_records import records
from govern.services.runtime import Runtime
from govern.store import findings
from govern.store.paging import LARGEST_PAGE, PageRequest


def list_rules(runtime: Runtime, actor: Actor) -> list[Record]:
    """Every rule of the rulebook in force, on what the actor may see. Raises NoRulebook."""
    with runtime.store.reading() as connection:
        rulebook = rulebook_of(runtime, connection, None)
        fired = {each["rule"]: each for each in findings.firing_of(connection, actor)}
    kept = {each["rule"]: each for each in records(runtime, actor)["rules"]}
    return [_row(rule, fired.get(rule.id), kept.get(rule.id)) for rule in rulebook.rules]


def view_rule(runtime: Runtime, actor: Actor, rule_id: str) -> Record:
    """One rule: as in the list, and its `text`, `settings`, `tests` as they come out now, and `findings`
    of the sweep that stands for today. Raises NotFound and NoRulebook."""
    with runtime.store.reading() as connection:
        rulebook = rulebook_of(runtime, connection, None)
        rule = rule_of(rulebook, rule_id)
        fired = {each["rule"]: each for each in findings.firing_of(connection, actor)}
        sweep = findings.current_sweep_id(connection)
        page = PageRequest(LARGEST_PAGE, None, "project")
        found = (
            []
            if sweep is None
            else findings.page(connection, actor, page, sweep_id=sweep, rule=rule_id).items
        )
    kept = {each["rule"]: each for each in records(runtime, actor, rule=rule_id)["rules"]}
    return {
        **_row(rule, fired.get(rule_id), kept.get(rule_id)),
        "text": text_of(rulebook, rule),
        "path": path_of(rulebook, rule),
        "digest": rulebook.digest,
        "settings": [{**asdict(each), "key": each.key} for each in settings_of(rulebook, rule)],
        "trials": _trials(rulebook, rule),
        "findings": found,
    }


def draft_sources(
    runtime: Runtime, rule_id: str, given: Mapping[str, str], text: str | None
) -> dict[str, str]:
    """The files of the rulebook in force with other settings, and with another text for the rule's own
    file where one is given. Raises NotFound, NoRulebook, and InvalidInput for a text that is no value
    of a setting."""
    with runtime.store.reading() as connection:
        rulebook = rulebook_of(runtime, connection, None)
    rule = rule_of(rulebook, rule_id)
    sources = dict(rulebook.sources)
    if text is not None:
        sources[path_of(rulebook, rule)] = text
    try:
        return with_settings(sources, given)
    except ValueError as wrong:
        key = str(wrong)
        raise InvalidInput(
            "A parameter cannot have this value.",
            errors={key: ["a value on one line, such as 80%, 3 or 12.5"]},
        ) from wrong


def try_draft(
    runtime: Runtime,
    actor: Actor,
    rule_id: str,
    sources: Mapping[str, str],
    *,
    first: date,
    now: datetime,
) -> Record:
    """What the draft would do otherwise since `first`: the rules that `changes`, who fires under one
    rulebook `only`, and what the rule `before` and `after` would have done, with its episodes.

    Nothing is written. Raises FaultyRules with every problem and its place, and as `backtest`.
    """
    require_trying(actor)
    draft = draft_of(sources)
    told = difference(runtime, actor, None, draft, first=first, now=now)
    sides: dict[str, Any] = {}
    for name, rulebook in (("before", None), ("after", draft)):
        known = rulebook is None or rulebook.rule(rule_id) is not None
        sides[name] = (
            backtest(runtime, actor, rules=[rule_id], first=first, draft=rulebook, now=now)
            if known
            else None
        )
    return {**told, **sides}


def text_of(rulebook: Rulebook, rule: Rule) -> str:
    """The rule as its file has it."""
    lines = rulebook.sources[path_of(rulebook, rule)].splitlines()
    start = rule.place.line - 1
    indent = _indent(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    cut = lines[start:end]
    while cut and not cut[-1].strip():
        cut.pop()
    return "\n".join(line[indent:] for line in cut)


def path_of(rulebook: Rulebook, rule: Rule) -> str:
    """The file that the rule stands in, as the rulebook names its sources."""
    return max((each for each in rulebook.sources if rule.place.path.endswith(each)), key=len)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _row(rule: Rule, fired: Record | None, kept: Record | None) -> Record:
    return {
        "rule": rule.id,
        "title": rule.title,
        "area": rule.area,
        "owner": rule.owner,
        "status": rule.status.value,
        "severity": rule.severity.value,
        "scope": str(rule.scope),
        "action": rule.recommend.action.value if rule.recommend else None,
        "tests": len(rule.tests),
        "place": str(rule.place),
        "last_fired": None if fired is None else fired["last"],
        "firing": 0 if fired is None else int(fired["now"]),
        "proposed": 0 if kept is None else kept["proposed"],
        "accepted_share": None if kept is None else kept["accepted_share"],
        "effective_share": None if kept is None else kept["effective_share"],
        "false_alarm_share": None if kept is None else kept["false_alarm_share"],
        "poor": kept is not None and kept["poor"],
        "why": None if kept is None else kept["why"],
        "days_to_answer": None if kept is None else kept["days_to_answer"],
    }


def _trials(rulebook: Rulebook, rule: Rule) -> list[Record]:
    only = Rulebook((rule,), rulebook.digest, rulebook.sources)
    return [
        {
            "name": each.test,
            "expected": list(each.expected),
            "found": list(each.found),
            "passed": each.passed,
        }
        for each in trials.run(only)
    ]
