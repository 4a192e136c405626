"""Why a rule says what it says of a project: the rule in force, an earlier one, or a draft."""

from datetime import date, datetime

from govern.domain.actor import Actor
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.language.explain import Explanation, Value, shown
from govern.observation.frame import Observations, observe
from govern.rulebook.explaining import Why, explain_rule
from govern.rulebook.rule import Rule, Rulebook, Scope
from govern.services.access import project_for
from govern.services.judging import rule_of, rulebook_of
from govern.services.observing import load_tables
from govern.services.runtime import Runtime


def explain(
    runtime: Runtime,
    actor: Actor,
    project: str,
    *,
    rule: str | None = None,
    kpi: str | None = None,
    on: date | None = None,
    draft: Rulebook | None = None,
    revision: str | None = None,
    now: datetime,
) -> Record:
    """What a rule says of a project or each of its KPIs, on the facts as they are known now.

    Every rule of the rulebook, where none is named. `kpi` asks for one KPI, `on` for the period that
    was the last to end by that day. `draft` is judged in place of the rulebook in force, or of the
    `revision` with that digest. Raises NotFound (project, rule, KPI, period), InvalidInput and
    NoRulebook.
    """
    if on is not None and on > now.date():
        today = now.date().isoformat()
        raise InvalidInput(
            "Nobody has reported on the future.", errors={"period": [f"{today} or earlier"]}
        )
    with runtime.store.reading() as connection:
        found = project_for(connection, actor, project)
        rulebook = draft or rulebook_of(runtime, connection, revision)
        tables = load_tables(connection, {found["id"]})
    rules = rulebook.rules if rule is None else (rule_of(rulebook, rule),)
    observations = observe(tables, now.date())
    if kpi is not None:
        rules = _on_kpis(rules, kpi, rule, observations, project)
    whys = [why for each in rules for why in explain_rule(each, observations, kpi=kpi, on=on)]
    if on is not None and not whys:
        raise NotFound(
            f"There is nothing to judge of {project} in a period that ended by {on.isoformat()}.",
            project=project,
        )
    return {
        "project": project,
        "as_of": now.date(),
        "rulebook_digest": rulebook.digest,
        "items": [_told(why) for why in whys],
    }


def _on_kpis(
    rules: tuple[Rule, ...], kpi: str, named: str | None, observations: Observations, project: str
) -> tuple[Rule, ...]:
    """Those that are judged on KPIs; a named rule has to be one."""
    if kpi not in observations.kpis["kpi"]:
        raise NotFound(f"Project {project} has no KPI '{kpi}'.", project=project, kpi=kpi)
    judged = tuple(each for each in rules if each.scope is Scope.KPI)
    if named is not None and not judged:
        raise InvalidInput(
            f"The rule '{named}' is judged on the project as a whole.",
            errors={"kpi": ["leave it out for a rule on projects"]},
        )
    return judged


def _told(why: Why) -> Record:
    rule = why.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "status": rule.status,
        "severity": rule.severity,
        "place": str(rule.place),
        "project": why.project_id,
        "project_name": why.project_name,
        "kpi": why.kpi_id,
        "kpi_name": why.kpi_name,
        "period": why.period,
        "seen_on": why.seen_on,
        "state": why.state,
        "streak": why.streak,
        "for_periods": rule.for_periods,
        "since": why.since,
        "sentence": why.sentence,
        "message": why.message,
        "action": rule.recommend.action if rule.recommend and why.because else None,
        "because": why.because,
        "deliverables": list(why.proposed),
        "conditions": [
            {"name": part.name, "text": part.text, **_part(part.explanation)} for part in why.parts
        ],
        "periods": [
            {
                "period": told.period,
                "planned": plain(told.planned),
                "actual": plain(told.actual),
                "attainment": plain(told.attainment),
                "applies": told.applies,
                "when": told.when,
                "state": told.state,
                "streak": told.streak,
            }
            for told in why.periods
        ],
    }


def _part(explanation: Explanation) -> Record:
    return {
        "text": explanation.text,
        "value": _value(explanation.value),
        "parts": [_part(child) for child in explanation.children],
    }


def _value(value: Value) -> str | None:
    return None if value is None else shown(value)
