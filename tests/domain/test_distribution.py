"""Days on which reports are due, and where they may go."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import dates, sampled_from

from govern.domain.distribution import (
    Every,
    hook_host,
    last_day_by,
    mailboxes,
    next_day_after,
    nth_day,
)

FIRST = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (Every.DAILY, ["2027-01-31", "2027-02-01", "2027-02-02"]),
        (Every.WEEKLY, ["2027-01-31", "2027-02-07", "2027-02-14"]),
        (Every.MONTHLY, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        (Every.QUARTERLY, ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31", "2028-01-31"]),
    ],
)
def test_days_are_counted_from_the_first(every: Every, days: list[str]) -> None:
    assert [nth_day(FIRST, every, n).isoformat() for n in range(len(days))] == days


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [
        ("2027-01-30", None, "2027-01-31"),
        ("2027-01-31", "2027-01-31", "2027-02-28"),
        ("2027-02-27", "2027-01-31", "2027-02-28"),
        ("2027-02-28", "2027-02-28", "2027-03-31"),
        ("2027-12-30", "2027-11-30", "2027-12-31"),
        ("2028-02-29", "2028-02-29", "2028-03-31"),
    ],
)
def test_after_a_standstill_the_last_day_counts(day: str, last: str | None, following: str) -> None:
    found = last_day_by(FIRST, Every.MONTHLY, date.fromisoformat(day))
    assert (None if found is None else found.isoformat()) == last
    after = next_day_after(FIRST, Every.MONTHLY, date.fromisoformat(day))
    assert after.isoformat() == following


SOME = dates(date(2020, 1, 1), date(2040, 1, 1))


@given(first=SOME, every=sampled_from(Every), day=SOME)
def test_no_day_lies_between_the_last_and_the_next(first: date, every: Every, day: date) -> None:
    listed = [nth_day(first, every, n) for n in range(0, 300)]
    last, following = last_day_by(first, every, day), next_day_after(first, every, day)
    if day <= listed[-2]:
        assert last == max((each for each in listed if each <= day), default=None)
        assert following == min(each for each in listed if each > day)
    assert (last is None) == (day < first)
    assert following > day
    assert following - max(day, first) <= timedelta(days=92)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@example.org", ("a@example.org",)),
        (" a@example.org ,b.c+d@x.example.org", ("a@example.org", "b.c+d@x.example.org")),
        ("(erased), b@example.org", ("b@example.org",)),
        ("(erased)", ()),
    ],
)
def test_addresses_have_commas_between_them(text: str, found: tuple[str, ...]) -> None:
    assert mailboxes(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "@example.org", "a@", "a@b@c", "a b@example.org", "a@example.org;b@example.org"),
        *(
            "a@example.org\nBcc: b@example.org",
            "a@example.org\r",
            '"a"@example.org',
            "ä@example.org",
        ),
        *("a@example.org,", "a@-x.org", "A <a@example.org>", f"{'a' * 65}@example.org"),
        ",".join(f"a{n}@example.org" for n in range(51)),
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        mailboxes(text)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Hooks.example.org/x?y=1", "hooks.example.org"),
        ("https://hooks.example.org:443/", "hooks.example.org"),
        ("https://hooks.example.org:8443", "hooks.example.org:8443"),
        ("http://127.0.0.1:80/x", "127.0.0.1"),
        ("http://[::1]:8080/x", "[::1]:8080"),
        ("http://localhost/x", "localhost"),
    ],
)
def test_a_host_is_named_with_its_port(url: str, host: str) -> None:
    assert hook_host(url) == host


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "http://example.org/", "ftp://example.org/", "https://", "https:///x"),
        *("https://u@example.org/", "https://u:p@example.org/", "https://example.org/#x"),
        *("https://example.org/ x", "https://example.org/\r\nX: y", "https://example.org:x/"),
        *("https://ex\u0430mple.org/", "https://example.org:99999/", f"https://x.org/{'x' * 2000}"),
        "http://127.0.0.1.example.org/",
    ],
)
def test_what_no_report_is_posted_to(url: str) -> None:
    with pytest.raises(ValueError, match="an address"):
        hook_host(url)
