"""The observation tables of one project, for what is put to one project while somebody waits."""

from sqlalchemy import Connection

from govern.observation.plain_rows import PlainTables, plain_rows
from govern.services.observing import load_tables
from govern.store import project_rows


def load_project(connection: Connection, project_id: str) -> PlainTables:
    """What `observing.load_tables` loads of a project, as plain rows."""
    rows = project_rows.load(connection, project_id)
    return plain_rows(load_tables(connection, {project_id})) if rows is None else rows
