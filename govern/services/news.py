"""News passed on: what is new in the ledger put down to be sent, and what is due sent."""

from dataclasses import dataclass
from datetime import datetime

from govern.domain.actor import Actor
from govern.services import news_sending, notice_letters
from govern.services.news_relay import relay
from govern.services.news_replay import KEPT_FOR
from govern.services.runtime import Runtime
from govern.store import news, notice_mail


@dataclass(frozen=True, slots=True)
class Passed:
    """How many events were looked at, and how often something was sent or tried."""

    events: int
    posts: int
    letters: int

    @property
    def anything(self) -> bool:
        return bool(self.events or self.posts or self.letters)


def pass_on(runtime: Runtime, actor: Actor, *, now: datetime, for_s: float) -> Passed:
    """Sends for so many seconds at most. Any number of these may run together."""
    relayed = relay(runtime, now=now)
    posts = news_sending.send_waiting(runtime, actor, now=now, for_s=for_s)
    letters = notice_letters.send_waiting(runtime, now=now, for_s=for_s)
    return Passed(relayed.events, posts, letters)


def forget_old(runtime: Runtime, *, now: datetime) -> None:
    """What became of news is known for 90 days."""
    with runtime.store.writing() as connection:
        news.forget_ended(connection, now - KEPT_FOR)
        notice_mail.forget_ended(connection, now - KEPT_FOR)
