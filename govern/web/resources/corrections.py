"""Late corrections: which earlier decisions they would have changed."""

from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import correcting as use
from govern.web.resource import Resource
from govern.web.schemas.corrections import Corrections
from govern.web.site import actor, runtime

corrections = Resource(
    "corrections",
    "Figures that were corrected after a decision, and what they would have changed.",
    reads=TokenScope.AUDIT,
)


@corrections.read("/projects/<id:project>/corrections", Corrections)
def list_corrections(project: str) -> Any:
    """List the figures that were corrected late, and the decisions that they would have changed.

    Each correction is put into the facts that every earlier decision saw, and that is judged again by
    the rules and the workflow of its day.
    """
    return {"items": use.corrections(runtime(), actor(), project)}
