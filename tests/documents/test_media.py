"""A content is what its type says, or it is told what it is not."""

import struct
import time

import pytest

from govern.documents.media import KNOWN, TYPES, media_of
from tests.documents.contents import DOCX, ODT, PDF, PNG, TRUE, XLSX, package


def _wrong(media_type: str, content: bytes) -> str | None:
    media = media_of(media_type)
    assert media is not None
    return media.check(content)


def test_there_is_a_true_content_of_every_kind() -> None:
    assert TRUE.keys() == set(TYPES)


@pytest.mark.parametrize("media_type", TYPES)
def test_a_true_content_is_what_it_says(media_type: str) -> None:
    name, content = TRUE[media_type]
    assert _wrong(media_type, content) is None
    media = media_of(f"{media_type.upper()}; charset=utf-8")
    assert media is not None
    assert media.fits(name)


@pytest.mark.parametrize("media_type", TYPES)
@pytest.mark.parametrize("other", TYPES)
def test_no_content_passes_for_another_kind(media_type: str, other: str) -> None:
    texts = {each for each in TYPES if each.startswith("text/")}
    if media_type != other and not {media_type, other} <= texts:
        assert _wrong(media_type, TRUE[other][1]) is not None


@pytest.mark.parametrize("media_type", [each for each in TYPES if not each.startswith("text/")])
def test_what_was_cut_off_is_told(media_type: str) -> None:
    content = TRUE[media_type][1]
    assert _wrong(media_type, content[: len(content) // 2]) is not None
    assert _wrong(media_type, content[:3]) is not None


@pytest.mark.parametrize(
    ("media_type", "content", "says"),
    [
        ("text/plain", "Grün".encode("cp1252"), "byte 3 is not UTF-8"),
        ("text/csv", "a;b".encode("utf-16"), "byte 1 is not UTF-8"),
        ("text/plain", b"a\x00b", "character 2 is a control character"),
        ("text/plain", b"\x1b[31mred", "character 1 is a control character"),
        ("text/markdown", PDF, "it begins as a PDF does"),
        ("application/pdf", b"<html>%PDF-1.7 %%EOF", "it does not begin as a PDF does"),
        ("application/pdf", b"MZ\x90\x00", "it does not begin as a PDF does"),
        ("image/png", PNG[:8] + b"x" * 30, "it does not begin as a PNG does"),
    ],
)
def test_what_is_wrong_is_said(media_type: str, content: bytes, says: str) -> None:
    assert _wrong(media_type, content) == says


XLSX_TYPE = TYPES[3]
ODT_TYPE = TYPES[7]


def test_office_files_carry_no_macros() -> None:
    types = '<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
    macro = package({"[Content_Types].xml": types, "xl/workbook.xml": "<x/>"})
    assert _wrong(XLSX_TYPE, macro) == "it carries macros"
    hidden = package(
        {
            "[Content_Types].xml": "spreadsheetml.sheet.main+xml",
            "xl/workbook.xml": "<x/>",
            "xl/vbaProject.bin": "x",
        }
    )
    assert _wrong(XLSX_TYPE, hidden) == "it carries macros"


def test_a_package_has_to_say_what_it_is() -> None:
    assert _wrong(XLSX_TYPE, package({"a.txt": "x"})) == "it is a package without xl/workbook.xml"
    assert _wrong(ODT_TYPE, package({"a.txt": "x"})) is not None
    said = _wrong(ODT_TYPE, package({"mimetype": "application/zip"}))
    assert said == "it says that it is b'application/zip'"
    only_named = package({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"})
    assert "do not name" in (_wrong(XLSX_TYPE, only_named) or "")


def test_a_list_of_parts_that_would_take_long_is_not_read() -> None:
    end = XLSX.rfind(b"PK\x05\x06")
    endless = XLSX[: end + 12] + struct.pack("<I", 2**31) + XLSX[end + 16 :]
    assert _wrong(XLSX_TYPE, endless) == "its list of parts is too long"
    far = XLSX[:end] + b"PK\x06\x07" + bytes(16) + XLSX[end:]
    assert _wrong(XLSX_TYPE, far) == "its list of parts is too long"


def test_every_damage_is_told_and_none_breaks_the_check() -> None:
    began = time.monotonic()
    for content, media_type in ((XLSX, XLSX_TYPE), (ODT, ODT_TYPE), (DOCX, TYPES[4])):
        for at in range(0, len(content), 3):
            for value in (0, 0x50, 0xFF):
                damaged = content[:at] + bytes([value]) + content[at + 1 :]
                assert _wrong(media_type, damaged) is None or _wrong(media_type, damaged)
    assert time.monotonic() - began < 30


def test_types_and_extensions_are_told_apart() -> None:
    extensions = [each for media in KNOWN for each in media.extensions]
    assert len(extensions) == len(set(extensions))
    assert media_of("application/zip") is None
    assert media_of("") is None
