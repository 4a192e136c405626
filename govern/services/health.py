"""Whether the service can do its work."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from govern import ENGINE_VERSION
from govern.domain.record import Record
from govern.domain.refusal import Busy
from govern.services.log_upkeep import standing
from govern.services.runtime import Runtime


def health(runtime: Runtime) -> Record:
    """The engine's version and how the log stands, once the database has answered, else Busy."""
    try:
        with runtime.store.reading() as connection:
            connection.execute(select(1))
    except SQLAlchemyError as error:
        raise Busy("The database does not answer.") from error
    log = standing(runtime)
    return {
        "status": "ok",
        "engine": ENGINE_VERSION,
        "log": {
            "sealing": log["key"] is not None,
            "size": log["size"],
            "sealed_at": log["sealed_at"],
            "unsealed": log["unsealed"],
        },
    }
