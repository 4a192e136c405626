"""Trying rules on the portfolio, before they are in force or after."""

from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import backtests, explaining
from govern.services.judging import draft_or_revision
from govern.web.resource import Resource
from govern.web.schemas.trying import (
    EPISODES,
    Backtest,
    Explanation,
    NewBacktest,
    NewExplanation,
)
from govern.web.site import actor, now, runtime

rules = Resource(
    "rules", "Trying rules, also ones that nobody has published.", writes=TokenScope.RULES
)


@rules.write("POST", "/rules/explain", Explanation, body=NewExplanation)
def explain_rules(body: dict[str, Any]) -> Any:
    """Tell why a rule says what it says of a project, with the value of every part.

    Nothing is written. `draft` holds rule files to try in place of those in force; with errors they
    are refused as `faulty-rules`, with every problem and its place.
    """
    draft = draft_or_revision(body.get("draft"), body.get("revision"))
    return explaining.explain(
        runtime(),
        actor(),
        body["project"],
        rule=body.get("rule"),
        kpi=body.get("kpi"),
        on=body.get("period"),
        draft=draft,
        revision=body.get("revision"),
        now=now(),
    )


@rules.write("POST", "/rules/backtest", Backtest, body=NewBacktest)
def backtest_rules(body: dict[str, Any]) -> Any:
    """Tell what rules would have done over a range of time, on the facts as they are known now.

    Nothing is written. Takes the role rule_author, rule_publisher, auditor or admin, and looks at the
    projects that it is held on. `draft` as in explaining.
    """
    draft = draft_or_revision(body.get("draft"), body.get("revision"))
    return backtests.backtest(
        runtime(),
        actor(),
        rules=body.get("rules", ()),
        first=body.get("from"),
        last=body.get("to"),
        draft=draft,
        revision=body.get("revision"),
        stage=body.get("against"),
        outcomes=backtests.outcomes_given(body.get("outcomes", ())),
        most_episodes=body.get("most_episodes", EPISODES),
        now=now(),
    )
