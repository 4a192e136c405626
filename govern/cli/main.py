"""`govern`: its jobs in the order a new user needs them, each loaded when it is called."""

import gc
import sys
from pathlib import Path
from typing import Any

import click

from govern import ENGINE_VERSION
from govern.cli.jobs import Jobs
from govern.domain.refusal import Refusal

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("govern.cli.demo:demo", "Load the example portfolio, judge it, show what was found."),
    "import": ("govern.cli.importing:import_", "Bring in a folder of CSV files."),
    "readings": (
        "govern.cli.readings:readings",
        "Bring in figures as finance, sales and operations send them.",
    ),
    "sources": (
        "govern.cli.sources:sources",
        "Check where figures come from; pull from databases.",
    ),
    "template": (
        "govern.cli.template:template",
        "Write FILE.xlsx, a workbook to fill in for what is due; it comes back as any other file.",
    ),
    "export": (
        "govern.cli.data_export:export",
        "Write the data to FOLDER as files that an import reads, or as Parquet.",
    ),
    "sweep": ("govern.cli.sweep:sweep", "Judge every project by the rulebook."),
    "tick": (
        "govern.cli.tick:tick",
        "Do what time has made due: reminders, escalations, lapses, ends of holds, value checks.",
    ),
    "due": ("govern.cli.due:due", "List the readings that are to come, from whom, by when."),
    "status": (
        "govern.cli.status:status",
        "Show projects by stage, gates waiting, recommendations.",
    ),
    "projects": ("govern.cli.portfolio:projects", "List the projects."),
    "gates": ("govern.cli.portfolio:gates", "List the gates that wait for a decision."),
    "overrides": (
        "govern.cli.overrides:overrides",
        "Tell how often gates were decided against the advice.",
    ),
    "findings": ("govern.cli.portfolio:findings", "List what the rules found."),
    "recommendations": (
        "govern.cli.portfolio:recommendations",
        "List what the rules recommend to change.",
    ),
    "alternatives": (
        "govern.cli.alternatives:alternatives",
        "Show what could be done about a project, and what that does.",
    ),
    "rollup": (
        "govern.cli.rollup:rollup",
        "Show what was promised, planned, realised and is forecast.",
    ),
    "forecast": (
        "govern.cli.forecast:forecast",
        "Forecast what KPIs will have come to at completion.",
    ),
    "report": (
        "govern.cli.report:report",
        "Write a report about a portfolio, or about a project, submission or review.",
    ),
    "rates": ("govern.cli.rates:rates", "List exchange rates and bring them in."),
    "trajectory": (
        "govern.cli.trajectory:trajectory",
        "Draw the planned values of a KPI through a few points.",
    ),
    "baselines": (
        "govern.cli.baselines:baselines",
        "List the versions of an agreed plan, hold two side by side.",
    ),
    "effects": (
        "govern.cli.effects:effects",
        "List what a project's changes were to bring, and what came.",
    ),
    "review": (
        "govern.cli.review:review",
        "List and show reviews: what came of projects, months after their rollout.",
    ),
    "lessons": (
        "govern.cli.lessons:lessons",
        "Search and show lessons; tell how much of what was promised came.",
    ),
    "history": ("govern.cli.history:history", "Tell who did what to a project, when and why."),
    "map": (
        "govern.cli.map:map_",
        "Show or draw a project's benefits map; check the maps.",
    ),
    "rules": ("govern.cli.rules.group:rules", "Check and test rule files, publish the rulebook."),
    "workflow": ("govern.cli.workflow:workflow", "Check and draw workflow files."),
    "catalogue": (
        "govern.cli.catalogue:catalogue",
        "List, show and check the templates that KPIs are made from.",
    ),
    "schedules": (
        "govern.cli.schedules:schedules",
        "Have reports sent by mail or webhook; tell what is due next.",
    ),
    "deliveries": (
        "govern.cli.deliveries:deliveries",
        "List reports that were sent, wait to be sent, or could not be.",
    ),
    "signin": ("govern.cli.signin:signin", "Make a link that signs EMAIL in, once."),
    "webhooks": (
        "govern.cli.webhooks:webhooks",
        "Have events sent to other services as they happen; tell what became of each.",
    ),
    "people": (
        "govern.cli.people:people",
        "Add people, grant and take away roles, issue and revoke tokens, sign people out.",
    ),
    "separation": (
        "govern.cli.separation:separation",
        "Show which duties are separated; switch a pair off or on.",
    ),
    "serve": ("govern.cli.serve:serve", "Serve the web API."),
    "worker": (
        "govern.cli.worker:worker",
        "Tick, and send news, letters and reports as they come, until stopped.",
    ),
    "keys": ("govern.cli.keys:keys", "Make, show and replace the key that signs the log."),
    "audit": ("govern.cli.audit:audit", "Verify the ledger."),
    "witness": (
        "govern.cli.witness:witness",
        "On another host: see that a log only grows, and cosign it.",
    ),
    "database": (
        "govern.cli.database:database",
        "Let the service's role use what it does not own.",
    ),
}


@click.group(cls=Jobs, jobs=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--database",
    metavar="URL",
    help="Where everything is kept; GOVERN_DATABASE_URL. Default: sqlite:///var/govern.db",
)
@click.option(
    "--rules",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The rules directory; GOVERN_RULES. Default: the one that comes with govern.",
)
@click.option(
    "--workflows",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The workflows directory; GOVERN_WORKFLOWS. Default: the one that comes with govern.",
)
@click.version_option(ENGINE_VERSION, prog_name="govern")
@click.pass_context
def govern(ctx: click.Context, **given: Any) -> None:
    """Does this project still deliver the value it promised, and if not, what should change?"""
    ctx.obj = given


def main() -> None:
    """Runs a command. Exit codes: 0 done, 1 refused or found wanting, 2 called wrongly."""
    # What a command reads it keeps to its end: the collector finds nothing in it, and with its
    # defaults, and once more as Python ends, takes a third of the time to look.
    gc.set_threshold(100_000, 50, 20)
    try:
        govern()
    except Refusal as refused:
        click.echo(f"govern: {refused.detail}", err=True)
        for name, problems in refused.facts.get("errors", {}).items():
            click.echo(f"  {name}: {'; '.join(problems)}", err=True)
        sys.exit(1)
    finally:
        gc.freeze()
