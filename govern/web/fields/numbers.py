"""Numbers, exact ones, and true or false.

Decimals leave as strings in plain notation. They come in as such strings or as JSON numbers of at
most 15 digits, which every client's floating point still holds (IEEE 754 binary64).
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError

from govern.domain.plain import plain_decimal
from govern.web import patterns
from govern.web.fields.told import Field

MOST_DIGITS = 34
"""Significant digits: what decimal128 arithmetic keeps."""
FLOAT_DIGITS = 15
MOST_BEFORE_POINT = 24
MOST_AFTER_POINT = 18

_NUMBER = re.compile(patterns.NUMBER)


class Number(Field[Decimal]):
    """An exact decimal number that comes in."""

    expects = 'a number is needed, such as "12.5" or 12.5'

    def __init__(
        self,
        says: str | None = None,
        *,
        least: int | None = None,
        most: int | None = None,
        **options: Any,
    ) -> None:
        schema: dict[str, Any] = {"type": ["string", "number"], "pattern": patterns.NUMBER}
        bounds = {"minimum": least, "maximum": most}
        schema |= {name: each for name, each in bounds.items() if each is not None}
        super().__init__(schema, says, **options)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        number = self._read(value)
        whole, _, after = plain_decimal(abs(number)).partition(".")
        digits = len((whole + after).strip("0"))
        if not isinstance(value, str) and digits > FLOAT_DIGITS:
            raise ValidationError(
                f"a JSON number is taken up to {FLOAT_DIGITS} digits; send this one as a string"
            )
        if digits > MOST_DIGITS or len(whole) > MOST_BEFORE_POINT or len(after) > MOST_AFTER_POINT:
            raise _too_long()
        if self._least is not None and number < self._least:
            raise ValidationError(f"is less than {self._least}")
        if self._most is not None and number > self._most:
            raise ValidationError(f"is more than {self._most}")
        return number

    def _read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.unexpected()
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            raise self.unexpected()
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise self.unexpected() from error
        if not number:
            return Decimal(0)
        # Before it is written out in full: an exponent of a million would be a million zeros.
        if not -MOST_DIGITS <= number.adjusted() <= MOST_DIGITS:
            raise _too_long()
        return number


class Figure(Field[Decimal]):
    """A number as the API gives it: a string in plain notation."""

    def __init__(self, says: str | None = None, **options: Any) -> None:
        schema = {"type": "string", "pattern": patterns.PLAIN_NUMBER}
        super().__init__(schema, says, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else plain_decimal(Decimal(value))


class Whole(Field[int]):
    """A whole number that fits a column; in a query it is written in digits."""

    expects = "a whole number is needed"

    def __init__(
        self,
        says: str | None = None,
        *,
        least: int = 0,
        most: int = patterns.LARGEST_INTEGER,
        in_query: bool = False,
        **options: Any,
    ) -> None:
        schema = {"type": "integer", "minimum": least, "maximum": most}
        super().__init__(schema, says, **options)
        self._least, self._most, self._in_query = least, most, in_query

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = self._read(value)
        if not self._least <= number <= self._most:
            raise ValidationError(f"is not between {self._least} and {self._most}")
        return number

    def _read(self, value: Any) -> int:
        if self._in_query:
            if re.fullmatch(r"[0-9]{1,10}", value):
                return int(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            return value
        elif isinstance(value, Decimal) and value.adjusted() < FLOAT_DIGITS and value % 1 == 0:
            return int(value)
        raise self.unexpected()


class Flag(Field[bool]):
    """True or false; in a query the words `true` and `false`."""

    expects = "true or false is needed"

    def __init__(self, says: str | None = None, *, in_query: bool = False, **options: Any) -> None:
        super().__init__({"type": "boolean"}, says, **options)
        self._words: dict[Any, bool] = (
            {"true": True, "false": False} if in_query else {True: True, False: False}
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, str | bool) or value not in self._words:
            raise self.unexpected()
        return self._words[value]


def _too_long() -> ValidationError:
    return ValidationError(
        f"a number has at most {MOST_BEFORE_POINT} digits before the point, {MOST_AFTER_POINT} "
        f"after it, and {MOST_DIGITS} in all"
    )
