# What govern.spark uses of it, for pyright where the extra is not installed. Nothing here exists when the
# program runs.
class SparkContext:
    defaultParallelism: int  # noqa: N815 - Spark's own names
    master: str
    def setLogLevel(self, logLevel: str) -> None: ...  # noqa: N802, N803
