"""`--engine`: where a portfolio is judged."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from govern.services.engines import EMBEDDED, Engine
from govern.spark.master import RIGHT, is_master


@dataclass(frozen=True, slots=True)
class Asked:
    """`spark`: by Spark, with this `master` or the one of Spark's own configuration."""

    spark: bool = False
    master: str | None = None


class _Engine(click.ParamType[Asked]):
    name = "engine"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Asked:
        if isinstance(value, Asked):
            return value
        name, named, master = value.partition("=")
        if name not in ("embedded", "spark") or (named and name == "embedded"):
            self.fail(
                f"{value!r} is no engine; there are embedded, spark and spark=MASTER", param, ctx
            )
        if named and not is_master(master):
            self.fail(f"{master!r} is no master of Spark's; right would be {RIGHT}", param, ctx)
        return Asked(name == "spark", master or None)


engine_option: Callable[[Any], Any] = click.option(
    "--engine",
    type=_Engine(),
    default="embedded",
    metavar="embedded|spark[=MASTER]",
    help="Judge in this process, or by the same evaluation on Spark. Default: embedded.",
)


@contextmanager
def engine_of(asked: Asked) -> Generator[Engine]:
    """Raises BadConfiguration where Spark is asked for and cannot be had."""
    if not asked.spark:
        yield EMBEDDED
        return
    from govern.spark.session import spark_engine  # noqa: PLC0415 - only where it is asked for

    with spark_engine(asked.master) as engine:
        yield engine
