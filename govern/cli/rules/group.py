"""`govern rules`: its commands in the order of an author's work."""

import click

from govern.cli.jobs import Jobs

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("govern.cli.rules.check:check", "Report every problem in the rules directory."),
    "test": ("govern.cli.rules.test:test", "Run the tests that the rule files carry."),
    "explain": ("govern.cli.rules.explain:explain", "Tell why a rule says what it says."),
    "backtest": ("govern.cli.rules.backtest:backtest", "Tell what rules would have done."),
    "diff": ("govern.cli.rules.diff:diff", "Tell what two rulebooks say differently."),
    "fmt": ("govern.cli.rules.fmt:fmt", "Lay out the rule files in one way."),
    "table": ("govern.cli.rules.table:table", "Move a decision table to Excel and back."),
    "schema": ("govern.cli.rules.schema:schema", "Print the JSON Schema of rule files."),
    "list": ("govern.cli.rules.list:list_", "List the rules of the rulebook in force."),
    "record": ("govern.cli.rules.record:record", "Tell how well each rule recommends."),
    "propose": ("govern.cli.rules.propose:propose", "Propose the rules directory as a revision."),
    "publish": ("govern.cli.rules.publish:publish", "Put a proposed revision in force."),
    "revisions": ("govern.cli.rules.revisions:revisions", "List what was proposed and in force."),
    "watch": ("govern.cli.rules.watch:watch", "Check and test whenever a rule file is saved."),
}


@click.group(cls=Jobs, jobs=COMMANDS)
def rules() -> None:
    """Check and test rule files, publish the rulebook."""
