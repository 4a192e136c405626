"""Whether the service can do its work."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from govern import ENGINE_VERSION
from govern.domain.record import Record
from govern.domain.refusal import Busy
from govern.services.runtime import Runtime


def health(runtime: Runtime) -> Record:
    """The engine's version, once the database has answered. Raises Busy where it does not."""
    try:
        with runtime.store.reading() as connection:
            connection.execute(select(1))
    except SQLAlchemyError as error:
        raise Busy("The database does not answer.") from error
    return {"status": "ok", "engine": ENGINE_VERSION}
