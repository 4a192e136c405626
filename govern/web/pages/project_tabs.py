"""What stands at the top of every page of a project: its name, where it stands, and the tabs."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from govern.domain.record import Record
from govern.services.project_overview import project_head
from govern.web.pages.looking_back import ASKED, kept
from govern.web.pages.render import render
from govern.web.site import actor, now, runtime

TABS: Mapping[str, str] = {
    "": "Overview",
    "kpis": "KPIs",
    "benefits": "Deliverables and benefits map",
    "recommendations": "Recommendations and scope changes",
    "gates": "Gates",
    "history": "History",
}
"""The end of the address → what the tab is called."""

WITHIN = 1.5
"""Seconds that a page waits for forecasts; those that take longer are there on the next look."""


def head_of(project_id: str) -> Record:
    return project_head(runtime(), actor(), project_id, now=now())


def render_tab(
    template: str, tab: str, head: Record, *, title: str | None = None, **values: Any
) -> Response:
    """A page of a project. `tab` is where in the tabs it stands; `title` what the window is called
    where that is not the tab."""
    project = head["project"]
    path = f"/projects/{project['id']}"
    told = title or TABS[tab]
    return render(
        template,
        title=f"{told}: {project['name']}",
        head=head,
        project=project,
        path=path,
        kept=kept(),
        tab=tab,
        as_of=request.args.get(ASKED, ""),
        tabs=[
            {"name": name, "title": text, "path": f"{path}/{name}".rstrip("/") + kept()}
            for name, text in TABS.items()
        ],
        **values,
    )
