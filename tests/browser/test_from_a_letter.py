"""An approver who has never seen it: from the link in a letter to a recorded decision."""

import re
from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import BrowserContext, expect

from govern.domain.record import Record
from govern.services import gates
from govern.services.notice_letters import send_waiting
from govern.services.outlets import Outlets
from govern.services.people import OPERATOR
from govern.services.ticking import tick
from tests.browser.kinds import OpenPage, on_both
from tests.browser.people import APPROVER
from tests.browser.serving import Server
from tests.browser.signing_in import link_for
from tests.services.receivers import mailbox

FEWER_THAN = 10
LINKS_IN_MAIL = 2
"""The letter's own, and that of the letter that signs in: pressed in a mail program, which is not here."""

DECIDE_WITHIN = timedelta(days=14)
"""Of the example's first submission; who has not voted is reminded some days before."""

_PRESSED = "addEventListener('pointerdown', each => { if (each.isTrusted) pressed(); }, true)"


class Presses:
    """Counts what is pressed in a window, wherever and for whatever, as the browser has it."""

    def __init__(self, context: BrowserContext) -> None:
        self.count = 0
        context.expose_function("pressed", self._one_more)
        context.add_init_script(_PRESSED)

    def _one_more(self) -> None:
        self.count += 1


@on_both
def test_from_a_letter_to_a_recorded_decision(open_page: OpenPage, server: Server) -> None:
    gate = _link_of_the_reminder(server)
    page = open_page()
    presses = Presses(page.context)
    page.goto(gate)
    # Who is not signed in is asked to, and has another letter with a link that does it.
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    path = gate.removeprefix(server.address)
    page.goto(link_for(server, APPROVER, leads_to=path))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Value is defined")
    page.get_by_role("link", name="Decide", exact=True).click()
    page.get_by_role("radio", name="Go", exact=True).click()
    page.get_by_role("textbox", name="Reason").click()
    page.keyboard.type("The benefits are agreed with those who will have them.")
    page.get_by_role("button", name="Record my decision").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded: go")
    assert presses.count >= 5
    assert presses.count + LINKS_IN_MAIL < FEWER_THAN
    [vote] = _submission(server, int(path.rpartition("/")[2]))["votes"]
    assert (vote["person"], vote["decision"]) == ("Margit Solberg", "go")


def _link_of_the_reminder(server: Server) -> str:
    """What stands in the letter that an approver gets who has not decided when the day has come."""
    server.clock.now += DECIDE_WITHIN
    with mailbox() as box:
        posting = replace(server.runtime, outlets=Outlets(box.server, None))
        tick(posting, OPERATOR, now=server.clock())
        send_waiting(posting, now=server.clock(), for_s=60)
    links = [
        found[0]
        for letter, to in zip(box.letters, box.to, strict=True)
        if to == [APPROVER]
        and "LE-025" in letter.get_content()
        and (found := re.search(rf"{re.escape(server.address)}/gates/\d+", letter.get_content()))
    ]
    assert links, [letter.get_content() for letter in box.letters]
    return links[0]


def _submission(server: Server, number: int) -> Record:
    return gates.get_submission(server.runtime, OPERATOR, number, now=server.clock())
