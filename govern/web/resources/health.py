"""Whether the service can do its work."""

from typing import Any

from govern.services import health as use
from govern.web.resource import Resource
from govern.web.schemas.service import Health
from govern.web.site import runtime

health = Resource("health", "For whoever watches over the service.", open_to_all=True)


@health.read("/health", Health)
def get_health() -> Any:
    """Ask whether the service and its database answer; needs no token."""
    return use.health(runtime())
