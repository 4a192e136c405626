"""What waits for whoever is asking, most urgent first."""

from typing import Any

from govern.services.reviews_waiting import reviews_to_sign
from govern.services.waiting import waiting_for
from govern.services.waiting_list import counted, listed
from govern.web.pages.menu import roles_of
from govern.web.pages.page import Pages
from govern.web.pages.render import render
from govern.web.site import actor, now, runtime

pages = Pages("waiting")


@pages.page("/waiting")
def waiting() -> Any:
    found = waiting_for(runtime(), actor(), now=now())
    found["reviews"] = reviews_to_sign(runtime(), actor(), now=now())
    items = listed(found, now().date())
    return render(
        "waiting.html",
        title="Waiting for me",
        items=items,
        counts=list(counted(items)),
        roles=sorted(role.value for role in roles_of(actor())),
    )
