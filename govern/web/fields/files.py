"""The files of a rulebook: path → text."""

import re
from typing import Any, cast

from marshmallow import ValidationError

from govern.web.fields.told import Field

MOST_FILES = 1000
LONGEST_PATH = 200
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
PATH = rf"^({_PART}/)*{_PART}\.ya?ml$"
"""Relative, with `/`, no hidden parts, as the rules directory is read."""

_PATH = re.compile(PATH)


class Files(Field[dict[str, str]]):
    expects = "an object is needed: path → text"

    def __init__(self, says: str | None = None, **options: Any) -> None:
        schema = {
            "type": "object",
            "minProperties": 1,
            "maxProperties": MOST_FILES,
            "propertyNames": {"type": "string", "maxLength": LONGEST_PATH, "pattern": PATH},
            "additionalProperties": {"type": "string"},
        }
        super().__init__(schema, says, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self.unexpected()
        files = cast("dict[str, Any]", value)
        if not 1 <= len(files) <= MOST_FILES:
            raise ValidationError(f"holds {len(files)} files; 1 to {MOST_FILES} are taken")
        errors = {path: [wrong] for path, text in files.items() if (wrong := _wrong(path, text))}
        if errors:
            raise ValidationError(errors)
        return files


def _wrong(path: str, text: Any) -> str | None:
    if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
        return "a path is relative and ends in .yaml, such as revenue/revenue.yaml"
    return None if isinstance(text, str) else "the text of the file is needed"
