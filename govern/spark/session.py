"""Starting Spark, and what has to be there for it."""

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from govern.domain.refusal import BadConfiguration
from govern.settings import hand_on, variable
from govern.spark.engine import SparkEngine
from govern.spark.java import java_home
from govern.spark.master import is_here

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ALWAYS: Final = {
    "spark.app.name": "govern",
    "spark.ui.showConsoleProgress": "false",
    # A task has a core: more threads would take them from other tasks.
    "spark.executorEnv.POLARS_MAX_THREADS": "1",
    # What is asked for at once is bounded by ourselves.
    "spark.driver.maxResultSize": "0",
}
_HERE: Final = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


@contextmanager
def spark_engine(
    master: str | None, options: Mapping[str, str] | None = None
) -> Generator[SparkEngine]:
    """Spark with this master, or the one of its own configuration, stopped at the end. `options` are laid
    over what its configuration says.

    Raises BadConfiguration where the extra is not installed, there is no Java, or Spark does not start.
    """
    if find_spec("pyspark") is None or find_spec("pyarrow") is None:
        raise BadConfiguration(
            "--engine spark takes Spark, which is not installed: pip install 'govern[spark]'"
        )
    here = is_here(master)
    hand_on("JAVA_HOME", str(java_home()))
    if here:
        _hand_on_if_missing("SPARK_LOCAL_IP", "127.0.0.1")
        _hand_on_if_missing("PYSPARK_PYTHON", sys.executable)
    session = _session(master, {**_ALWAYS, **(_HERE if here else {}), **(options or {})})
    try:
        yield SparkEngine(session, here or session.sparkContext.master.startswith("local"))
    finally:
        session.stop()


def _session(master: str | None, options: Mapping[str, str]) -> "SparkSession":
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where it is asked for

    builder = SparkSession.builder
    if master is not None:
        builder = builder.master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadConfiguration(
            f"Spark did not start with the master {master or 'of its configuration'}: {first}"
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _hand_on_if_missing(name: str, value: str) -> None:
    if variable(name) is None:
        hand_on(name, value)
