"""For authors: a rule as it would be with other thresholds, over the portfolio, before it is in force."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask import request

from govern.documents.problem import Level
from govern.domain.refusal import FaultyRules, InvalidInput, Refusal
from govern.services import rulebooks
from govern.services.rule_view import draft_sources, try_draft, view_rule
from govern.web.pages import timeline
from govern.web.pages.form import Form
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.pages.rules import may_try
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, now, runtime

pages = Pages("rule_try")

_SET = "set|"
"""What the name of a setting's field begins with; its key follows."""
MOST_DRAWN = 60

_ONLY = (
    Column("rule", "Rule"),
    Column("project", "Project", link="project_link"),
    Column("kpi", "KPI", missing="the project"),
    Column("change", "With the change"),
    Column("first", "From", Kind.DAY),
    Column("last", "To", Kind.DAY),
    Column("periods", "Periods", Kind.NUMBER),
    Column("message", "What it says", long=True),
)


@pages.page("/rules/<id:rule>/try")
def look_back(rule: str) -> Any:
    """The rule as it is, over the time: what it would have done."""
    return _page(rule, Form(_asked(request.args)), _settings(request.args), None)


@pages.form("/rules/<id:rule>/try")
def try_change(rule: str) -> Any:
    text = request.form.get("text")
    given = _settings(request.form)
    form = Form(_asked(request.form) | {"text": text or ""})
    if request.form.get("do") != "propose":
        return _page(rule, form, given, _written(text))
    try:
        sources = draft_sources(runtime(), rule, given, _written(text))
        rulebooks.propose(
            runtime(), actor(), sources, note=request.form.get("note", "").strip(), now=now()
        )
    except Refusal as refused:
        return _page(rule, _refused(form, refused), given, _written(text))
    return go_on(f"/rules/{rule}?proposed=yes")


def _page(rule_id: str, form: Form, given: Mapping[str, str], text: str | None) -> Any:
    found = view_rule(runtime(), actor(), rule_id)
    first, form = _first(form)
    changed = {
        each["key"]: given[each["key"]]
        for each in found["settings"]
        if each["key"] in given and given[each["key"]].strip() != each["text"]
    }
    told: dict[str, Any] | None = None
    sources: dict[str, str] | None = None
    try:
        sources = draft_sources(runtime(), rule_id, changed, text)
        if first is not None:
            told = try_draft(runtime(), actor(), rule_id, sources, first=first, now=now())
    except Refusal as refused:
        form = _refused(form, refused)
    answer = render(
        "rule-try.html",
        title=f"Try {found['title']}",
        rule=found,
        form=form,
        given=given,
        first=first or date(now().year - 1, 1, 1),
        changes=told["changes"] if told else [],
        told=told,
        is_changed=bool(told and not told["same"]),
        lines=_lines(told) if told else [],
        file_text=(sources or {}).get(found["path"], form.given.get("text", "")),
        may_try=may_try(actor()),
        only=_only(told) if told else None,
        most=MOST_DRAWN,
    )
    if form.errors:
        answer.status_code = InvalidInput.status
    return answer


def _first(form: Form) -> tuple[date | None, Form]:
    asked = form.given.get("first") or f"{now().year - 1}-01-01"
    try:
        return date.fromisoformat(asked), form
    except ValueError:
        errors = {**form.errors, "first": ["a day such as 2025-01-01"]}
        return None, Form(form.given, errors)


def _refused(form: Form, refused: Refusal) -> Form:
    """Problems of the files as sentences with their places; what a setting cannot be, at its field."""
    if isinstance(refused, FaultyRules):
        problems: list[dict[str, Any]] = refused.facts.get("problems", [])
        told = [
            f"{each['path']}, line {each['line']}: {each['message']}"
            + (f" ({each['help']})" if each["help"] else "")
            for each in problems
            if each["level"] == Level.ERROR
        ]
        return Form(form.given, {"": told or [refused.detail]})
    again = form.refused(refused)
    errors = {
        (f"{_SET}{name}" if "|" in name else name): texts for name, texts in again.errors.items()
    }
    return Form(form.given, errors)


def _asked(sent: Mapping[str, str]) -> dict[str, Any]:
    return {name: sent[name] for name in ("first", "note") if name in sent}


def _settings(sent: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(_SET): value for name, value in sent.items() if name.startswith(_SET)}


def _written(text: str | None) -> str | None:
    """A browser sends line ends of its own."""
    if text is None or not text.strip():
        return None
    return text.replace("\r\n", "\n")


def _lines(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line for each subject that fires before or after, with its bars; those that change first."""
    sides = {name: _by_subject(told[name]) for name in ("before", "after")}
    subjects = sorted({*sides["before"], *sides["after"]}, key=str)
    lines = [
        {
            "project": project,
            "kpi": kpi,
            "differs": _spans(sides["before"].get((project, kpi), []))
            != _spans(sides["after"].get((project, kpi), [])),
            **{
                name: timeline.bars(sides[name].get((project, kpi), []), told["from"], told["to"])
                for name in sides
            },
        }
        for project, kpi in subjects
    ]
    return sorted(lines, key=lambda each: not each["differs"])


def _by_subject(side: Mapping[str, Any] | None) -> dict[tuple[str, str | None], list[Any]]:
    if side is None:
        return {}

    def key(each: Any) -> tuple[str, str]:
        return each["project"], each["kpi"] or ""

    episodes = sorted(side["episodes"], key=lambda each: (*key(each), each["start"]))
    return {
        (project, kpi or None): list(found) for (project, kpi), found in groupby(episodes, key=key)
    }


def _spans(episodes: list[Any]) -> list[tuple[date, date]]:
    return [(each["start"], each["end"]) for each in episodes]


def _only(told: Mapping[str, Any]) -> Table:
    return Table(
        "difference",
        "What would be different",
        _ONLY,
        [
            {
                "rule": each["rule_id"],
                "project": each["project_id"],
                "project_link": f"/projects/{each['project_id']}",
                "kpi": each["kpi_id"],
                "change": "fires" if each["fires_in"] == "B" else "no longer fires",
                **{name: each[name] for name in ("first", "last", "periods", "message")},
            }
            for each in told["only"]
        ],
        none="Nothing: the same rules fire for the same KPIs and projects.",
    )
