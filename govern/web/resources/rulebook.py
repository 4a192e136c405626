"""The rulebook in force."""

from typing import Any

from govern.services.rulebooks import published
from govern.web.resource import Resource
from govern.web.schemas.rules import Rulebook
from govern.web.site import runtime

rulebook = Resource("rulebook", "The rules by which sweeps judge.")


@rulebook.read("/rulebook", Rulebook, refuses=(409,))
def get_rulebook() -> Any:
    """Read the published rulebook: its digest, who published it, and its rules."""
    return published(runtime())
