"""How many of something, in words."""


def counted(number: int, one: str, more: str | None = None) -> str:
    """1 row, 2 rows; `more` where the plural is another than with an s, as in 1 row is, 2 rows are."""
    return f"{number} {one}" if number == 1 else f"{number} {more or one + 's'}"
