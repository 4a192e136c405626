"""Evidence as files: handed in once per project, kept by the hash of their content, read back whole."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from govern.documents.media import TYPES, media_of
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import (
    EvidenceEmpty,
    EvidenceMismatch,
    EvidenceTypeRefused,
    InvalidInput,
    NotAllowed,
    NotFound,
    TooLarge,
)
from govern.domain.role import Permission
from govern.services.access import project_for
from govern.services.keeping import MB
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import evidence, projects
from govern.store.paging import Page, PageRequest

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was kept, with its content."""

    filename: str
    media_type: str
    content: bytes


def hand_in(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    filename: str,
    media_type: str,
    content: bytes,
    now: datetime,
) -> Record:
    """Keeps a file for the submissions of a project; the one that stands, where its content does.

    For the roles that submit to the project's gates or decide them. Sent as `application/octet-stream`,
    it is what its name says. Raises NotFound, NotAllowed, EvidenceEmpty, TooLarge, EvidenceTypeRefused,
    EvidenceMismatch, and InvalidInput for a filename that cannot be; nothing is kept then.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, project_id, lock=True)
        _require_concerned(runtime, connection, actor, project)
        kind = _check(runtime, filename, media_type, content)
        digest, kept_in = runtime.keeping.put(connection, content, kind, now)
        found = evidence.by_digest(connection, project_id, digest)
        if found is not None:
            return found
        values = {
            "digest": digest,
            "filename": filename,
            "media_type": kind,
            "size": len(content),
            "kept_in": kept_in,
        }
        brought = {**values, "project_id": project_id, "recorded_by": actor.person_id}
        file_id = evidence.add(connection, brought, now)
        record_event(
            connection, project_id, actor, "evidence.kept", {"file": file_id, **values}, now
        )
    return get_file(runtime, actor, file_id)


def list_files(runtime: Runtime, actor: Actor, request: PageRequest, project_id: str) -> Page:
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        return evidence.page(connection, actor, request, project_id)


def get_file(runtime: Runtime, actor: Actor, file_id: int) -> Record:
    with runtime.store.reading() as connection:
        return _file_for(connection, actor, file_id)


def read_file(runtime: Runtime, actor: Actor, file_id: int) -> Content:
    """The content of a file. Raises NotFound, EvidenceDamaged where it is not what was handed in."""
    with runtime.store.reading() as connection:
        found = _file_for(connection, actor, file_id)
        content = runtime.keeping.get(connection, found)
        return Content(found["filename"], found["media_type"], content)


def _file_for(connection: Connection, actor: Actor, file_id: int) -> Record:
    found = evidence.find(connection, file_id)
    project = projects.find(connection, found["project"]) if found else None
    if (
        found is None
        or project is None
        or not actor.may(Permission.READ, project["portfolio"], project["id"])
    ):
        raise NotFound(f"There is no evidence file {file_id} that you may see.")
    return found


def _require_concerned(
    runtime: Runtime, connection: Connection, actor: Actor, project: Record
) -> None:
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    concerned = {role for gate in workflow.gates for role in (*gate.submit, *gate.roles)}
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(concerned):
        needed = sorted(role.value for role in concerned)
        raise NotAllowed(
            f"Evidence is handed in by those who submit to the gates of project {project['id']} or "
            f"decide them: {', '.join(needed)}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def _check(runtime: Runtime, filename: str, media_type: str, content: bytes) -> str:
    """The type of the file, without parameters."""
    kind = media_of(media_type, filename)
    if kind is None:
        raise EvidenceTypeRefused(
            f"A file sent as '{media_type[:100] or 'nothing'}' is not taken as evidence.",
            sent=media_type[:100],
            allowed=list(TYPES),
        )
    if not content:
        raise EvidenceEmpty(f"'{filename}' is empty.", filename=filename)
    largest = runtime.keeping.largest
    if len(content) > largest:
        raise TooLarge(
            f"'{filename}' has {len(content)} bytes; at most {largest // MB} MB are taken.",
            size=len(content),
            largest=largest,
        )
    _check_name(filename)
    if not kind.fits(filename):
        raise EvidenceMismatch(
            f"'{filename}' is sent as {kind.type}, whose names end on "
            f"{' or '.join(kind.extensions)}.",
            filename=filename,
            sent=kind.type,
            extensions=list(kind.extensions),
        )
    wrong = kind.check(content)
    if wrong is not None:
        raise EvidenceMismatch(
            f"'{filename}' is no {kind.title}: {wrong}.", filename=filename, sent=kind.type
        )
    return kind.type


def _check_name(filename: str) -> None:
    if (
        not filename.strip(" .")
        or len(filename) > LONGEST_NAME
        or not filename.isprintable()
        or set(filename) & set("/\\:")
    ):
        raise InvalidInput(
            "The file needs a name that it can be saved under.",
            errors={
                "filename": [
                    f"1 to {LONGEST_NAME} visible characters, without folders: none of / \\ :"
                ]
            },
        )
