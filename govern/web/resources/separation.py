"""Which duties are separated in this installation."""

from typing import Any

from govern.services.separation import list_pairs
from govern.web.resource import Resource
from govern.web.schemas.separation import Separation
from govern.web.site import runtime

separation = Resource("separation", "Which two things nobody does alone.")


@separation.read("/separation", Separation)
def get_separation() -> Any:
    """Read which pairs of duties are separated, and who has switched one, when and why.

    An operator switches a pair on the command line; `submitter/decider` can never be switched off.
    """
    return {"pairs": list_pairs(runtime())}
