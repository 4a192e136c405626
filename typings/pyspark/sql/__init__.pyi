from collections.abc import Callable, Iterator
from typing import Any

from pyspark import SparkContext

_Task = Callable[[Iterator[Any]], Iterator[Any]]

class _Conf:
    def set(self, key: str, value: str) -> None: ...

class _Reader:
    def parquet(self, *paths: str) -> DataFrame: ...

class _Builder:
    def master(self, master: str) -> _Builder: ...
    def config(self, key: str, value: str) -> _Builder: ...
    def getOrCreate(self) -> SparkSession: ...  # noqa: N802 - Spark's own name

class SparkSession:
    builder: _Builder
    sparkContext: SparkContext  # noqa: N815
    conf: _Conf
    read: _Reader
    def range(self, start: int, end: int, step: int, numPartitions: int) -> DataFrame: ...  # noqa: N803
    def stop(self) -> None: ...

class DataFrame:
    def select(self, *columns: str) -> DataFrame: ...
    def repartition(self, numPartitions: int, *columns: str) -> DataFrame: ...  # noqa: N803
    def sortWithinPartitions(self, *columns: str) -> DataFrame: ...  # noqa: N802
    def mapInArrow(self, func: _Task, schema: str) -> DataFrame: ...  # noqa: N802
    def toArrow(self) -> Any: ...  # noqa: N802
