"""For authors: the rulebook, and one rule with its tests and what it says of projects."""

from typing import Any

from flask import request

from govern.domain.actor import Actor
from govern.domain.refusal import NoRulebook, Refusal
from govern.domain.role import ALLOWED, Permission
from govern.services import rulebooks
from govern.services.explaining import explain
from govern.services.rule_view import list_rules, view_rule
from govern.store.paging import PageRequest
from govern.web.fields import Identifier, Text
from govern.web.pages.form import read_query
from govern.web.pages.page import Pages
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.schemas.base import Given
from govern.web.site import actor, now, runtime

pages = Pages("rules")

_COLUMNS = (
    Column("title", "Rule", link="link", long=True),
    Column("status", "Status", Kind.WORDS),
    Column("severity", "Severity", Kind.RAG),
    Column("owner", "Owner", missing="nobody"),
    Column("firing", "Fires now", Kind.NUMBER),
    Column("last_fired", "Fired last", Kind.DAY, missing="never"),
    Column("proposed", "Recommended", Kind.NUMBER),
    Column("accepted_share", "Accepted", Kind.SHARE, missing="–"),
    Column("effective_share", "Came to something", Kind.SHARE, missing="–"),
    Column("false_alarm_share", "False alarms", Kind.SHARE, missing="–"),
    Column("tests", "Tests", Kind.NUMBER),
    Column("rule", "Id", only_filed=True),
)
_REVISIONS = (
    Column("proposed_at", "Proposed", Kind.MOMENT),
    Column("by", "By"),
    Column("note", "What changed and why", missing="–"),
    Column("state", "State", Kind.WORDS),
    Column("published_at", "In force from", Kind.MOMENT, missing="not yet"),
    Column("publisher", "Published by", missing="–"),
)
_FINDINGS = (
    Column("project", "Project", link="project_link"),
    Column("kpi", "KPI", link="kpi_link", missing="the project"),
    Column("state", "State", Kind.WORDS),
    Column("period", "Period to", Kind.DAY),
    Column("streak", "Periods", Kind.NUMBER),
    Column("message", "What it says", long=True),
    Column("explained", "Why", link="why_link"),
)


class RuleFilter(Given):
    area = Text(100, "Only of this area.")
    status = Text(20, "Only in this state.")
    find = Text(100, "In the id or the title.")


class Explained(Given):
    project = Identifier("The project to explain it for.")
    kpi = Identifier("Only this KPI.")


@pages.page("/rules")
def rulebook() -> Any:
    form = read_query(RuleFilter)
    wanted: dict[str, Any] = form.data or {}
    try:
        found = list_rules(runtime(), actor())
    except NoRulebook as refused:
        return render("rules-none.html", title="Rules", why=refused.detail)
    text = (wanted.get("find") or "").casefold()
    rows: list[dict[str, Any]] = [
        {**each, "link": f"/rules/{each['rule']}"}
        for each in found
        if (not wanted.get("area") or each["area"] == wanted["area"])
        and (not wanted.get("status") or each["status"] == wanted["status"])
        and (text in each["rule"].casefold() or text in each["title"].casefold())
    ]
    revisions = rulebooks.list_revisions(runtime(), PageRequest(20, None, "-id")).items
    return render(
        "rules.html",
        title="Rules",
        form=form,
        areas=[("", "Every area"), *((each, each) for each in _all(found, "area"))],
        states=[("", "Every status"), *((each, each) for each in _all(found, "status"))],
        poor=[each for each in rows if each["poor"]],
        firing=sum(each["firing"] for each in rows),
        in_force=rulebooks.published(runtime()),
        rules=Table("rules", "The rulebook in force", _COLUMNS, rows, none="No rule is like that."),
        revisions=Table(
            "revisions",
            "Revisions",
            _REVISIONS,
            [
                {
                    **each,
                    "by": each["author_name"] or each["author"],
                    "publisher": each["publisher_name"] or each["publisher"],
                }
                for each in revisions
            ],
            cards=True,
        ),
    )


@pages.page("/rules/<id:rule>")
def one_rule(rule: str) -> Any:
    found = view_rule(runtime(), actor(), rule)
    form = read_query(Explained)
    asked: dict[str, Any] = form.data or {}
    explained: list[dict[str, Any]] | None = None
    if asked.get("project"):
        try:
            told = explain(
                runtime(),
                actor(),
                asked["project"],
                rule=rule,
                kpi=asked.get("kpi"),
                now=now(),
            )
            explained = told["items"]
        except Refusal as refused:
            form = form.refused(refused)
    return render(
        "rule.html",
        title=found["title"],
        rule=found,
        form=form,
        explained=explained,
        may_try=may_try(actor()),
        proposed=request.args.get("proposed"),
        findings=Table(
            "findings",
            "What it says today",
            _FINDINGS,
            [_finding(rule, each) for each in found["findings"]],
            none="It is silent everywhere.",
            cards=True,
        ),
    )


def may_try(who: Actor) -> bool:
    return any(each.role in ALLOWED[Permission.TRY_RULES] for each in who.grants)


def _finding(rule: str, found: dict[str, Any]) -> dict[str, Any]:
    kpi = found["kpi"]
    where = f"project={found['project']}" + (f"&kpi={kpi}" if kpi else "")
    return {
        **found,
        "project_link": f"/projects/{found['project']}",
        "kpi_link": f"/projects/{found['project']}/kpis/{kpi}" if kpi else None,
        "explained": "explain",
        "why_link": f"/rules/{rule}?{where}#explained",
    }


def _all(found: list[dict[str, Any]], name: str) -> list[str]:
    return sorted({each[name] for each in found})
