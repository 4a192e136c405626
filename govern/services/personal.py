"""What people wrote or are called, on its way into the ledger and out of it.

Events and blobs hold references; the texts stand apart and can be erased (`services.erasing`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.personal import REFERENCE, personal_texts, with_personal
from govern.store import personal


def hide(connection: Connection, data: Any, now: datetime) -> Any:
    """Plain data with a reference in place of each personal text, in the caller's transaction.

    An equal text has an equal reference until it is erased. Much data at once takes few queries.
    """
    wanted = set(personal_texts(data))
    if not wanted:
        return data
    references = personal.references_of(connection, wanted, now)
    return with_personal(data, references.__getitem__)


def reveal(connection: Connection, data: Any) -> Any:
    """Plain data that was hidden, in words again; `(erased)` where a text is no more.

    What was written before texts stood apart is left as it is. Much data at once takes few queries.
    """
    hidden = {each for each in personal_texts(data) if REFERENCE.fullmatch(each)}
    if not hidden:
        return data
    texts = personal.texts_of(connection, hidden)
    return with_personal(data, lambda each: texts.get(each, each))
