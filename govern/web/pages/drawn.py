"""Charts that were drawn before are not drawn again: the same figures give the same drawing."""

import json
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from govern.domain.plain import plain
from govern.reports.charts import CHARTS

MOST_KEPT = 256


def drawn(chart: str, *given: Any, **also: Any) -> Markup:
    """A chart of `govern.reports.charts` by its name; what it is given is made plain first."""
    return _drawn(chart, json.dumps([plain([*given]), plain(also)], sort_keys=True))


@lru_cache(maxsize=MOST_KEPT)
def _drawn(chart: str, told: str) -> Markup:
    given, also = json.loads(told)
    return Markup(CHARTS[chart](*given, **also))  # noqa: S704 - the chart escapes what it is given
