"""A piece of evidence as a submission holds it: a link or a file, under a name, and who brought it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from govern.documents.links import wrong_with
from govern.domain.actor import Actor
from govern.domain.refusal import InvalidInput
from govern.store import evidence


def entries(
    connection: Connection, actor: Actor, project_id: str, given: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Evidence as a submission holds it. `given`: `name` and either `link` or `file`, its number.

    Raises InvalidInput for a name given twice, a link that is none, and a file that the project does
    not have.
    """
    errors: dict[str, list[str]] = {}
    made: list[dict[str, Any]] = []
    for index, each in enumerate(given):
        at = f"evidence.{index}"
        if each["name"] in {earlier["name"] for earlier in made}:
            errors[f"{at}.name"] = [f"'{each['name']}' was given before"]
        link, number = each.get("link"), each.get("file")
        entry = {"name": each["name"], "by": actor.person_id}
        if (link is None) == (number is None):
            errors[at] = ["either a link or a file is needed"]
        elif link is not None:
            if wrong := wrong_with(link):
                errors[f"{at}.link"] = [wrong]
            entry["link"] = link
        else:
            found = evidence.find(connection, number) if number is not None else None
            if found is None or found["project"] != project_id:
                errors[f"{at}.file"] = [f"project {project_id} has no evidence file {number}"]
            else:
                entry |= {k: found[k] for k in ("digest", "filename", "media_type", "size")}
                entry["file"] = found["id"]
        made.append(entry)
    if errors:
        raise InvalidInput("Some evidence cannot be taken as it is.", errors=errors)
    return made


def content(entry: Mapping[str, Any]) -> tuple[Any, Any]:
    """What makes a piece of evidence another: not who brought it, nor what its file is called."""
    return entry.get("link"), entry.get("digest")
