"""Texts, ids and words."""

import re
from collections.abc import Iterable
from typing import Any

from marshmallow import ValidationError

from govern.web import patterns
from govern.web.fields.told import Field

_IDENTIFIER = re.compile(patterns.IDENTIFIER)
_CURRENCY = re.compile(patterns.CURRENCY)


class Text(Field[str]):
    """Text without blanks around it; never empty. One line, unless `lines` says otherwise."""

    expects = "a text is needed"

    def __init__(
        self, longest: int, says: str | None = None, *, lines: bool = False, **options: Any
    ) -> None:
        pattern = patterns.PARAGRAPHS if lines else patterns.LINE
        schema = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}
        super().__init__(schema, says, **options)
        self._longest = longest
        self._pattern = re.compile(pattern)
        self._lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.unexpected()
        text = value.strip()
        if not text:
            raise ValidationError("is blank; leave it out, or say null where that is taken")
        if len(text) > self._longest:
            raise ValidationError(f"has {len(text)} characters; at most {self._longest} are taken")
        if not self._pattern.fullmatch(text):
            raise ValidationError(
                "holds control or invisible characters"
                + ("" if self._lines else ", or a line break")
            )
        return text


class Identifier(Field[str]):
    """An id that the organisation gave, as it stands in its own files."""

    expects = "an id is a text"

    def __init__(self, says: str | None = None, **options: Any) -> None:
        schema = {
            "type": "string",
            "minLength": 1,
            "maxLength": patterns.ID_LENGTH,
            "pattern": patterns.IDENTIFIER,
        }
        super().__init__(schema, says, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.unexpected()
        check_identifier(value)
        return value


class Currency(Field[str]):
    """A currency by its three letters, as ISO 4217 has them."""

    expects = "a currency has three capital letters, as EUR"

    def __init__(self, says: str | None = None, **options: Any) -> None:
        super().__init__({"type": "string", "pattern": patterns.CURRENCY}, says, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
            raise self.unexpected()
        return value


def check_identifier(value: str) -> None:
    """Raises ValidationError unless the text can stand as an id in an address."""
    usable = _IDENTIFIER.fullmatch(value) and value not in (".", "..")
    if not usable or len(value) > patterns.ID_LENGTH:
        raise ValidationError(
            f"an id has 1 to {patterns.ID_LENGTH} characters, none of / \\ ;, no blanks but single "
            "ones inside, and no @ in front"
        )


class Word(Field[str]):
    """One of a few words."""

    def __init__(self, known: Iterable[Any], says: str | None = None, **options: Any) -> None:
        self.known = tuple(str(each) for each in known)
        schema = {"type": "string", "enum": list(self.known)}
        super().__init__(schema, says, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.known:
            raise ValidationError(f"one of {', '.join(self.known)} is needed")
        return value
