"""`govern`: its jobs in the order a new user needs them, each loaded when it is called."""

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from govern import ENGINE_VERSION
from govern.domain.refusal import Refusal

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("govern.cli.demo:demo", "Load the example portfolio, judge it, show what was found."),
    "import": ("govern.cli.importing:import_", "Bring in a folder of CSV files."),
    "sweep": ("govern.cli.sweep:sweep", "Judge every project by the rulebook."),
    "status": (
        "govern.cli.status:status",
        "Show projects by stage, gates waiting, recommendations.",
    ),
    "projects": ("govern.cli.portfolio:projects", "List the projects."),
    "gates": ("govern.cli.portfolio:gates", "List the gates that wait for a decision."),
    "findings": ("govern.cli.portfolio:findings", "List what the rules found."),
    "recommendations": (
        "govern.cli.portfolio:recommendations",
        "List what the rules recommend to change.",
    ),
    "history": ("govern.cli.history:history", "Tell who did what to a project, when and why."),
    "rules": ("govern.cli.rules:rules", "Check and test rule files, publish the rulebook."),
    "workflow": ("govern.cli.workflow:workflow", "Check and draw workflow files."),
    "people": ("govern.cli.people:people", "Add people, grant roles, issue tokens."),
    "serve": ("govern.cli.serve:serve", "Serve the web API."),
    "audit": ("govern.cli.audit:audit", "Verify the ledger."),
}


class Jobs(click.Group):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        return getattr(importlib.import_module(module), name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from govern.documents.problem import did_you_mean  # noqa: PLC0415 - only on a typo

            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"{error.message} {hint or ''}".strip(), ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Jobs"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Jobs, context_settings={"help_option_names": ["-h", "--help"]})
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
    try:
        govern()
    except Refusal as refused:
        click.echo(f"govern: {refused.detail}", err=True)
        for name, problems in refused.facts.get("errors", {}).items():
            click.echo(f"  {name}: {'; '.join(problems)}", err=True)
        sys.exit(1)
