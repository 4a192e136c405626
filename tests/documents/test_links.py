"""Links are web addresses that nothing runs from and no password stands in."""

import pytest

from govern.documents.links import LONGEST_LINK, wrong_with


@pytest.mark.parametrize(
    "link",
    [
        "https://files.example.org/case.pdf",
        "http://intranet",
        "https://files.example.org:8443/a?b=c#d",
        "https://example.org/people/@ann/näher",
        "https://[2001:db8::1]/case",
    ],
)
def test_web_addresses_are_taken(link: str) -> None:
    assert wrong_with(link) is None


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JAVASCRIPT:alert(1)//https://x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "//example.org/x",
        "/case.pdf",
        "case.pdf",
        "",
        "https://",
        "https:///x",
        "https://user:secret@example.org/",
        "https://example.org@evil.example/",
        "https://example.org\\@evil.example/",
        "https://example.org/a b",
        "https://example.org/\nx",
        "https://example.org/x\n",
        "https://example.org/\u202efdp.exe",
        "java\nscript:https://example.org",
    ],
)
def test_anything_else_is_told(link: str) -> None:
    assert "web address" in (wrong_with(link) or "")


def test_a_link_has_an_end() -> None:
    base = "https://example.org/"
    assert wrong_with(base + "x" * (LONGEST_LINK - len(base))) is None
    assert "characters" in (wrong_with(base + "x" * LONGEST_LINK) or "")
