"""The two kinds of schema: what is given to us, and what we tell."""

from collections.abc import Iterable
from typing import Any, cast

from marshmallow import Schema, fields

from govern.web.fields import Text, Whole, Word
from govern.web.patterns import TEXT_LENGTH

LARGEST_PAGE = 500


class Given(Schema):
    """A body or a query. A field that is not known is refused by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known = ", ".join(cast("Iterable[str]", self.fields))  # pyright: ignore[reportUnknownMemberType] - no type there
        self.error_messages = {
            **self.error_messages,
            "unknown": f"there is no such field here; known are {known}",
            "type": "a JSON object is needed",
        }


class Told(Schema):
    """An answer. Every field is always there; what is not known is null."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class PageQuery(Given):
    """What every list takes; a list adds its filters and `sort`."""

    limit = Whole("How many to give at most.", least=1, most=LARGEST_PAGE, in_query=True)
    cursor = Text(TEXT_LENGTH, "Where the next page begins: the `next` of the page before.")


def sort_by(*names: str, default: str) -> Word:
    """The `sort` of a list: a field name, with a minus in front for descending."""
    orders = [order for name in names for order in (name, f"-{name}")]
    return Word(
        orders,
        f"The order, with a minus in front for descending; `{default}` unless named. "
        "What is missing comes last.",
    )


def receipt_field() -> fields.String:
    """The `receipt` in the answer to a decision."""
    return fields.String(
        allow_none=True,
        metadata={
            "description": "A note that the log signed over the event of this decision: keep it. Null "
            "where the log has no key, and on a read."
        },
    )


def receipts_field() -> fields.List[Any]:
    """The `receipts` in the answer to a decision about several projects."""
    return texts(
        "One per project that was changed: a note that the log signed over the event, to keep. Empty "
        "where the log has no key, and where nothing was changed."
    )


def next_page() -> Text:
    """The `next` of a page."""
    return Text(TEXT_LENGTH, "The cursor of the next page; null on the last one.", allow_none=True)


def listed(schema: type[Schema], says: str | None = None) -> fields.List[Any]:
    metadata = {"description": says} if says else {}
    return fields.List(fields.Nested(schema), metadata=metadata)


def texts(says: str | None = None) -> fields.List[Any]:
    metadata = {"description": says} if says else {}
    return fields.List(fields.String(), metadata=metadata)


def listed_words(words: Any, says: str | None = None) -> fields.List[Any]:
    """A list of the words of an enumeration."""
    return fields.List(Word(words), metadata={"description": says} if says else {})
