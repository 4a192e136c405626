# polars names numpy's array in its signatures, and numpy is not installed: without this, pyright
# calls every polars method partially unknown. Nothing here exists when the program runs.
from typing import Generic, TypeVar

_Shape = TypeVar("_Shape")
_Type = TypeVar("_Type")

class ndarray(Generic[_Shape, _Type]): ...  # noqa: N801 - numpy's own name
