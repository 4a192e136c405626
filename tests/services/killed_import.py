"""An import in a process of its own that is killed (SIGKILL) when it has written so many batches.

Run as `python -m tests.services.killed_import URL FOLDER ROWS BATCHES`.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from govern.intake import readings
from govern.services.catalog import Catalog
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import bulk
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.services.house import NOW


def main() -> None:
    url, folder, rows, batches = sys.argv[1:]
    readings.ROWS = int(rows)  # type: ignore[attr-defined]
    left = [int(batches)]
    add = bulk.add

    def then_dies(*given: Any) -> None:
        add(*given)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    bulk.add = then_dies
    runtime = Runtime(Store(open_engine(url)), Catalog())
    import_folder(runtime, OPERATOR, Path(folder), now=NOW)


if __name__ == "__main__":
    main()
