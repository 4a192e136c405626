"""What waits for the person who asks."""

from typing import Any

from govern.services.waiting import waiting_for
from govern.web.resource import Resource
from govern.web.schemas.service import Waiting
from govern.web.site import actor, now, runtime

waiting = Resource("waiting", "What waits for you.")


@waiting.read("/waiting", Waiting)
def list_waiting() -> Any:
    """List what you can act on now: gates and scope changes to decide, criteria to score,
    recommendations, conditions."""
    return waiting_for(runtime(), actor(), now=now())
