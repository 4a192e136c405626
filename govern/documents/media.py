"""The kinds of file that may stand as evidence, and whether a content is what its kind says.

A name and a declared type are what somebody says; the content is looked at. Only its beginning, its
end and the parts of a package are: this tells a mistake or a disguise, not a flaw inside the file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import ZipFile

BYTES: Final = "application/octet-stream"
"""The type of a content whose sender does not say what it is."""

LARGEST_DIRECTORY: Final = 2 * 2**20
"""Bytes of a package's list of parts: far more than any office file has, and read in no time."""

_END: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
_LOCATOR_64: Final = b"PK\x06\x07"
_LOCATOR_64_LENGTH: Final = 20
_MOST_READ: Final = 2**20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

_Check = Callable[[bytes], str | None]
"""What is wrong with a content, or None."""


@dataclass(frozen=True, slots=True)
class Media:
    """`extensions` are those that a file's name may end on, in lower case with their dot."""

    type: str
    title: str
    extensions: tuple[str, ...]
    check: _Check

    def fits(self, filename: str) -> bool:
        return filename.lower().endswith(self.extensions)


def _begins(*, head: bytes, tail: bytes, title: str) -> _Check:
    def check(content: bytes) -> str | None:
        if not content.startswith(head):
            return f"it does not begin as a {title} does"
        if tail not in content[len(head) :]:
            return f"it does not end as a {title} does: it was cut off"
        return None

    return check


def _office(part: str, kind: str) -> _Check:
    """Office Open XML (ECMA-376 part 2): a package whose list of content types names the kind."""

    def check(content: bytes) -> str | None:
        try:
            with _package(content) as package:
                names = set(package.namelist())
                if part not in names or "[Content_Types].xml" not in names:
                    return f"it is a package without {part}"
                types = _read(package, "[Content_Types].xml")
        except _NoPackage as error:
            return str(error)
        if b"macroEnabled" in types or any(each.endswith("vbaProject.bin") for each in names):
            return "it carries macros"
        return None if kind.encode() in types else f"its content types do not name {kind}"

    return check


def _open_document(kind: str) -> _Check:
    """OpenDocument 1.3 part 2, 3.3: the part `mimetype` says what the package is."""

    def check(content: bytes) -> str | None:
        try:
            with _package(content) as package:
                if "mimetype" not in package.namelist():
                    return "it is a package that does not say what it is"
                said = _read(package, "mimetype")
        except _NoPackage as error:
            return str(error)
        return None if said.strip() == kind.encode() else f"it says that it is {said[:80]!a}"

    return check


def _text(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} is not UTF-8"
    if text.startswith("%PDF-"):
        return "it begins as a PDF does"
    found = _CONTROL.search(text)
    return None if found is None else f"character {found.start() + 1} is a control character"


class _NoPackage(Exception):  # noqa: N818 - what a content is not
    pass


def _package(content: bytes) -> ZipFile:
    """Opens a package whose list of parts is of a sensible size. Raises _NoPackage."""
    if not content.startswith(b"PK\x03\x04"):
        raise _NoPackage("it does not begin as a package does")
    end = content.rfind(_END)
    if end < 0 or len(content) < end + _END_LENGTH:
        raise _NoPackage("it does not end as a package does: it was cut off")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    locator = content[max(0, end - _LOCATOR_64_LENGTH) : end]
    if size > LARGEST_DIRECTORY or locator.startswith(_LOCATOR_64):
        raise _NoPackage("its list of parts is too long")
    try:
        return ZipFile(BytesIO(content))
    except Exception as error:  # zipfile raises many kinds for a damaged list
        raise _NoPackage("its list of parts is damaged") from error


def _read(package: ZipFile, name: str) -> bytes:
    """The beginning of a part, never more than it takes to tell."""
    try:
        with package.open(name) as part:
            return part.read(_MOST_READ)
    except Exception as error:  # zipfile and zlib raise many kinds for a damaged part
        raise _NoPackage(f"its part {name} is damaged") from error


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

KNOWN: Final[tuple[Media, ...]] = (
    Media(
        "application/pdf",
        "PDF",
        (".pdf",),
        _begins(head=b"%PDF-", tail=b"%%EOF", title="PDF"),
    ),
    Media(
        "image/png",
        "PNG image",
        (".png",),
        _begins(head=b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", tail=b"IEND", title="PNG"),
    ),
    Media(
        "image/jpeg",
        "JPEG image",
        (".jpg", ".jpeg"),
        _begins(head=b"\xff\xd8\xff", tail=b"\xff\xd9", title="JPEG"),
    ),
    Media(
        f"{_OOXML}.spreadsheetml.sheet",
        "Excel workbook",
        (".xlsx",),
        _office("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    ),
    Media(
        f"{_OOXML}.wordprocessingml.document",
        "Word document",
        (".docx",),
        _office("word/document.xml", "wordprocessingml.document.main+xml"),
    ),
    Media(
        f"{_OOXML}.presentationml.presentation",
        "PowerPoint presentation",
        (".pptx",),
        _office("ppt/presentation.xml", "presentationml.presentation.main+xml"),
    ),
    Media(
        f"{_ODF}.spreadsheet",
        "OpenDocument spreadsheet",
        (".ods",),
        _open_document(f"{_ODF}.spreadsheet"),
    ),
    Media(f"{_ODF}.text", "OpenDocument text", (".odt",), _open_document(f"{_ODF}.text")),
    Media("text/csv", "CSV table", (".csv",), _text),
    Media("text/plain", "plain text", (".txt",), _text),
    Media("text/markdown", "Markdown text", (".md", ".markdown"), _text),
)
TYPES: Final = tuple(each.type for each in KNOWN)


def media_of(media_type: str, filename: str = "") -> Media | None:
    """By its type, without parameters such as a charset; plain bytes are what their name says."""
    wanted = media_type.partition(";")[0].strip().lower()
    if wanted == BYTES:
        return next((each for each in KNOWN if each.fits(filename)), None)
    return next((each for each in KNOWN if each.type == wanted), None)
