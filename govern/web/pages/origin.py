"""Whether a form came from a page of ours: browsers say where a request comes from."""

from urllib.parse import urlencode, urlsplit

from flask import Request

from govern.domain.refusal import ForeignForm

_OURS = frozenset({"same-origin", "none"})


def refuse_foreign(request: Request) -> None:
    """Raises ForeignForm for a form that another site sent. A program that says nothing of where it is
    sends no cookie that it did not choose to."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OURS:
        raise foreign()
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise foreign()


def foreign() -> ForeignForm:
    return ForeignForm(
        "This form was not sent from a page of this session, so nothing was done. Open the page again, "
        "and send it from there."
    )


def local_path(text: str | None) -> str:
    """A path of ours to go on to; `/` where the text names another place."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return "/"
    if any(character < " " or character == "\\" for character in text):
        return "/"
    split = urlsplit(text)
    return "/" if split.scheme or split.netloc else text


def query(**values: str) -> str:
    return urlencode(values)
