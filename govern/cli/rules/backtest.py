"""`govern rules backtest`."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from govern.cli.engine import Asked, engine_of, engine_option
from govern.cli.output import as_json, table
from govern.cli.problems import report_option
from govern.cli.progress import progress_bar
from govern.cli.rules.folder import rules_option
from govern.cli.rules.source import DAY, chosen, day, draft_option, is_digest, revision_option
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services.backtests import backtest as backtest_rules
from govern.services.backtests import outcomes_of_file
from govern.services.frame_folder import open_frame
from govern.services.people import OPERATOR
from govern.settings import clock

EPISODES_SHOWN = 40


@click.command()
@click.argument("rules", metavar="[RULE]...", nargs=-1)
@click.option("--from", "first", type=DAY, help="The range's first day. Default: 3 years before.")
@click.option("--to", "last", type=DAY, help="The range's last day. Default: today.")
@click.option(
    "--against",
    metavar="STAGE|FILE.csv",
    help="Hold the alarms against projects that entered this stage (terminated), or a CSV file with "
    "project_id, date and outcome (or rating).",
)
@click.option(
    "--outcome", "words", metavar="TEXT", multiple=True, help="An outcome of the file that counts."
)
@draft_option
@rules_option
@revision_option
@click.option(
    "--facts",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Judge the facts that govern export parquet wrote there, not those of the database.",
)
@engine_option
@click.option("--episodes", is_flag=True, help="List when each rule fired for what.")
@report_option("json")
@click.pass_context
def backtest(
    ctx: click.Context,
    rules: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    against: str | None,
    words: tuple[str, ...],
    draft: bool,
    revision: str | None,
    facts: Path | None,
    engine: Asked,
    episodes: bool,
    form: str,
) -> None:
    """Tell what rules would have done to the portfolio: every RULE that is judged, or those named.

    On the facts as they are known now, or were when a folder was written. Nothing is written.
    """
    if against is not None and is_digest(against):
        raise click.UsageError(
            "--against takes an outcome; two rulebooks are compared by govern rules diff.", ctx
        )
    is_file = against is not None and against.lower().endswith(".csv")
    if words and not is_file:
        raise click.UsageError("--outcome goes with --against FILE.csv.", ctx)
    rulebook = chosen(ctx, draft, revision)
    outcomes = outcomes_of_file(Path(against), words) if against and is_file else None
    folder = None if facts is None else open_frame(facts)
    with (
        session(ctx, take_rules=False) as ready,
        engine_of(engine) as judging,
        progress_bar("projects") as progress,
    ):
        found = backtest_rules(
            ready.runtime,
            OPERATOR,
            rules=rules,
            first=day(first),
            last=day(last),
            draft=rulebook,
            revision=revision,
            stage=None if is_file else against,
            outcomes=outcomes,
            most_episodes=None if form == "json" else EPISODES_SHOWN if episodes else 0,
            folder=folder,
            engine=judging,
            progress=progress,
            now=clock(),
        )
    if form == "json":
        as_json(found)
    else:
        known = (
            "now"
            if folder is None
            else f"on {folder.manifest.made_at} (log size {folder.manifest.log_size})"
        )
        _show(found, episodes, known)


def _show(found: Record, episodes: bool, known: str) -> None:
    table(
        f"{found['from']} to {found['to']}, {found['projects']} projects, facts as known {known}",
        ["rule", "subjects", "fired for", "episodes", "ongoing", "flapping", "median periods",
         "unknown"],
        [
            [
                each["rule"],
                each["subjects"],
                each["subjects_fired"],
                each["episodes"],
                each["ongoing"],
                each["flapping"],
                _plain(each["median_periods"]),
                _percent(each["unknown_share"]),
            ]
            for each in found["rules"]
        ],
    )  # fmt: skip
    if found["against"] is not None:
        _show_accuracy(found)
    if episodes:
        _show_episodes(found)


def _show_accuracy(found: Record) -> None:
    rows = [(each["rule"], each["accuracy"]) for each in found["rules"]]
    if len(rows) > 1:
        rows.append(("any of them", found["together"]))
    together = found["together"]
    table(
        f"Against {found['against']}: {counted(together['outcomes'], 'project')} in this range, "
        f"{together['left_out']} left out (before it, or without a date)",
        ["rule", "looked at", "warned", "late", "false alarms", "precision", "recall", "lead days"],
        [
            [
                name,
                each["looked_at"],
                each["warned"],
                each["late"],
                each["false_alarms"],
                _percent(each["precision"]),
                _percent(each["recall"]),
                _plain(each["lead_days"]),
            ]
            for name, each in rows
        ],
    )


def _show_episodes(found: Record) -> None:
    columns = ["rule", "project", "kpi", "start", "end", "periods", "ongoing", "flaps"]
    rows = [
        ["-" if each[name] is None else each[name] for name in columns]
        for each in found["episodes"]
    ]
    table("Episodes", columns, rows)
    if found["left_off"]:
        click.echo(f"… and {found['left_off']} more; --format json lists all.")


def _percent(share: Any) -> str:
    return "-" if share is None else f"{share * 100:.1f}%"


def _plain(number: Any) -> str:
    return "-" if number is None else f"{number:f}"
