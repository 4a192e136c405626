"""`govern people`: who there is, what they may do, where they are signed in, and tokens of programs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.problems import check_format, report_problems
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.mail_choice import MailChoice
from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.intake import group_roles
from govern.services import notice_mail
from govern.services import people as known
from govern.services import roles as granted
from govern.services import sessions as signed_in
from govern.services.erasing import erase_person
from govern.services.people import OPERATOR, add_person, known_people
from govern.services.roles import grant_role
from govern.services.tokens import all_tokens, issue_token
from govern.services.tokens import revoke_token as end_token
from govern.settings import clock


@click.group()
def people() -> None:
    """Add people, grant and take away roles, issue and revoke tokens, sign people out."""


@people.command(name="list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List everybody with their roles."""
    with session(ctx) as ready:
        found = known_people(ready.runtime, OPERATOR, clock())
    if form == "json":
        as_json(found)
        return
    table(
        "People",
        ["name", "e-mail", "roles"],
        [
            [
                each["name"],
                each["email"],
                ", ".join(
                    f"{grant['role']} on {grant['project'] or grant['portfolio'] or 'everything'}"
                    for grant in each["roles"]
                )
                or "none",
            ]
            for each in found
        ],
    )


@people.command()
@click.argument("email")
@click.argument("name")
@click.pass_context
def add(ctx: click.Context, email: str, name: str) -> None:
    """Add NAME, known by EMAIL."""
    with session(ctx) as ready:
        add_person(ready.runtime, OPERATOR, email=email, name=name, now=clock())
    click.echo(f"{name} can be granted roles now: govern people grant {email} ROLE")


@people.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--portfolio", help="On this portfolio only.")
@click.option("--project", help="On this project only.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day on which it holds. Default: until it is taken away.",
)
@click.pass_context
def grant(
    ctx: click.Context,
    email: str,
    role: str,
    portfolio: str | None,
    project: str | None,
    until: datetime | None,
) -> None:
    """Grant ROLE to EMAIL: on a project, a portfolio, or everything."""
    if portfolio and project:
        raise click.UsageError("Name a portfolio or a project, not both.")
    with session(ctx) as ready:
        grant_role(
            ready.runtime,
            OPERATOR,
            email=email,
            role=Role(role),
            portfolio=portfolio,
            project=project,
            until=None if until is None else until.replace(tzinfo=UTC) + timedelta(days=1),
            now=clock(),
        )
    last = "" if until is None else f" until {until.date()}"
    click.echo(f"{email} is {role} on {project or portfolio or 'everything'}{last}.")


@people.command()
@click.argument("email")
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--days",
    default=90,
    show_default=True,
    type=click.IntRange(1, 366),
    help="How long it is good for.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in TokenScope]),
    help="What it may be used for; may be repeated. Default: all that EMAIL may.",
)
@click.pass_context
def token(ctx: click.Context, email: str, label: str, days: int, scopes: tuple[str, ...]) -> None:
    """Issue a token for EMAIL. It is shown once: only its hash is kept."""
    with session(ctx) as ready:
        secret = issue_token(
            ready.runtime,
            OPERATOR,
            email=email,
            label=label,
            lifetime=timedelta(days=days),
            scopes=[TokenScope(each) for each in scopes] or None,
            now=clock(),
        )
    click.echo(secret)


@people.command()
@click.argument("email", required=False)
@format_option
@click.pass_context
def tokens(ctx: click.Context, email: str | None, form: str) -> None:
    """List the tokens that can be used: everybody's, or those of EMAIL."""
    with session(ctx) as ready:
        found = all_tokens(ready.runtime, OPERATOR, clock(), email=email)
    if form == "json":
        as_json(found)
        return
    table(
        "Tokens",
        ["no.", "whose", "what for", "scopes", "made by", "good until", "last used"],
        [
            [
                str(each["id"]),
                each["person_name"],
                each["label"],
                "all" if each["scopes"] is None else ", ".join(each["scopes"]),
                each["issued_by_name"] or "unknown",
                str(each["expires_at"].date()),
                "never" if each["last_used_on"] is None else str(each["last_used_on"]),
            ]
            for each in found
        ],
    )


@people.command(name="revoke-token")
@click.argument("number", type=int)
@click.option("--reason", help="Why; it stands in the history.")
@click.pass_context
def revoke_token(ctx: click.Context, number: int, reason: str | None) -> None:
    """Revoke the token NUMBER at once; `govern people tokens` lists them."""
    with session(ctx) as ready:
        ended = end_token(ready.runtime, OPERATOR, number, reason=reason, now=clock())
    click.echo(f"Token {number} ({ended['label']}) signs nobody in any more.")


@people.command()
@click.argument("email", required=False)
@format_option
@click.pass_context
def roles(ctx: click.Context, email: str | None, form: str) -> None:
    """List the roles in force, who granted them, until when: everybody's, or those of EMAIL."""
    with session(ctx) as ready:
        found = granted.list_grants(ready.runtime, OPERATOR, clock(), person=email)
    if form == "json":
        as_json(found)
        return
    table(
        "Roles",
        ["no.", "who", "role", "on", "granted by", "since", "until"],
        [
            [
                str(each["id"]),
                each["person_name"] or each["person"],
                each["role"],
                each["project"] or each["portfolio"] or "everything",
                f"group {each['brought_by']}"
                if each["brought_by"]
                else each["granted_by_name"] or each["granted_by"],
                str(each["granted_at"].date()),
                "" if each["until"] is None else str((each["until"] - timedelta(days=1)).date()),
            ]
            for each in found
        ],
    )


@people.command()
@click.argument("number", type=int)
@click.option("--reason", help="Why; it stands in the history.")
@click.pass_context
def revoke(ctx: click.Context, number: int, reason: str | None) -> None:
    """Take the role NUMBER away at once; `govern people roles` lists them."""
    with session(ctx) as ready:
        ended = granted.revoke_role(ready.runtime, OPERATOR, number, reason=reason, now=clock())
    click.echo(f"{ended['person_name'] or ended['person']} is no longer {ended['role']} there.")


@people.command()
@click.argument("email", required=False)
@format_option
@click.pass_context
def sessions(ctx: click.Context, email: str | None, form: str) -> None:
    """List who is signed in in a browser: everybody, or EMAIL."""
    with session(ctx) as ready:
        found = signed_in.open_sessions(ready.runtime, OPERATOR, clock(), person=email)
    if form == "json":
        as_json(found)
        return
    table(
        "Signed in",
        ["who", "by", "since", "last seen"],
        [
            [
                each["person_name"],
                each["how"],
                f"{each['started_at']:%Y-%m-%d %H:%M}",
                f"{each['seen_at']:%Y-%m-%d %H:%M}",
            ]
            for each in found
        ],
    )


@people.command(name="sign-out")
@click.argument("email")
@click.pass_context
def sign_out(ctx: click.Context, email: str) -> None:
    """Sign EMAIL out everywhere; their tokens stay."""
    with session(ctx) as ready:
        person = known.known_person(ready.runtime, OPERATOR, email, clock())
        ended = signed_in.end_everywhere(ready.runtime, OPERATOR, person["id"], now=clock())
    click.echo(f"{person['name']}: {counted(ended, 'session')} ended.")


@people.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@check_format
@click.pass_context
def groups(ctx: click.Context, file: Path, form: str) -> None:
    """Report every problem in FILE, which says what role a group brings. Exit code 1 for an error."""
    loaded = group_roles.load(file)
    report_problems(ctx, loaded.problems, loaded.sources, form, False, "govern people groups")
    if form == "text" and loaded.roles is not None:
        click.echo(f"{counted(len(loaded.roles.brings), 'group')} in {file}: no errors.")


@people.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@click.option("--also", multiple=True, help="A further spelling of the name; may be repeated.")
@click.pass_context
def erase(ctx: click.Context, email: str, reason: str, also: tuple[str, ...]) -> None:
    """Erase the name and address of EMAIL (or an id) wherever they stand; every proof stays valid."""
    with session(ctx) as ready:
        done = erase_person(ready.runtime, OPERATOR, email, reason=reason, also=also, now=clock())
    click.echo(
        f"{done.person}: {counted(done.erased, 'text')} erased, {done.redacted} left without the name; roles "
        "and tokens have ended."
    )
    if not done.cleared:
        click.echo(
            "The database server may still hold old versions of rows in its files: see "
            "docs/personal-data.md."
        )
    for each in done.remains:
        click.echo(f"The name still stands in {each}.")


@people.command()
@click.argument("email")
@click.argument("choice", type=click.Choice([*map(str, MailChoice)]))
@click.pass_context
def mail(ctx: click.Context, email: str, choice: str) -> None:
    """Choose for EMAIL which notices they get by mail."""
    with session(ctx) as ready:
        now = clock()
        whose = known.person(ready.runtime, email, now)
        chosen = notice_mail.choose(ready.runtime, whose, MailChoice(choice), version=None, now=now)
    click.echo(f"{whose.name} gets by mail: {chosen['choice']}.")
