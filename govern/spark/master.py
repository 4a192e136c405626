"""What `--engine spark=MASTER` may name (Spark, Submitting Applications, Master URLs)."""

import re

_LOCAL = re.compile(r"local(\[(\*|[1-9]\d*)(,\s*[1-9]\d*)?\])?")
_LOCAL_CLUSTER = re.compile(r"local-cluster\[\s*[1-9]\d*\s*,\s*[1-9]\d*\s*,\s*[1-9]\d*\s*\]")
_ELSEWHERE = re.compile(r"spark://[^\s:,/]+:\d+(,[^\s:,/]+:\d+)*|yarn|k8s://\S+")

RIGHT = (
    "local[4] (4 threads of this machine), local-cluster[2,1,1024] (2 executors of this machine with 1 "
    "core and 1024 MiB each), spark://HOST:7077, yarn or k8s://HOST:PORT"
)


def is_here(master: str | None) -> bool:
    """Whether its executors are on this machine. `None` is what Spark's own configuration says."""
    return master is not None and bool(_LOCAL.fullmatch(master) or _LOCAL_CLUSTER.fullmatch(master))


def is_master(text: str) -> bool:
    return is_here(text) or bool(_ELSEWHERE.fullmatch(text))
