"""Small true contents of every kind that is taken as evidence."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20) + b"\xff\xd9"


def package(parts: Mapping[str, str]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return content.getvalue()


def office(part: str, kind: str) -> bytes:
    types = f'<Types><Override PartName="/{part}" ContentType="application/x.{kind}"/></Types>'
    return package({"[Content_Types].xml": types, part: "<x/>"})


XLSX = office("xl/workbook.xml", "spreadsheetml.sheet.main+xml")
DOCX = office("word/document.xml", "wordprocessingml.document.main+xml")
PPTX = office("ppt/presentation.xml", "presentationml.presentation.main+xml")
ODS = package({"mimetype": f"{ODF}.spreadsheet", "content.xml": "<x/>"})
ODT = package({"mimetype": f"{ODF}.text", "content.xml": "<x/>"})

TRUE: Mapping[str, tuple[str, bytes]] = {
    "application/pdf": ("case.pdf", PDF),
    "image/png": ("plan.png", PNG),
    "image/jpeg": ("site.JPG", JPEG),
    f"{OOXML}.spreadsheetml.sheet": ("figures.xlsx", XLSX),
    f"{OOXML}.wordprocessingml.document": ("case.docx", DOCX),
    f"{OOXML}.presentationml.presentation": ("board.pptx", PPTX),
    f"{ODF}.spreadsheet": ("figures.ods", ODS),
    f"{ODF}.text": ("case.odt", ODT),
    "text/csv": ("kpis.csv", b"kpi;actual\r\nSALES;12,5\r\n"),
    "text/plain": ("notes.txt", "Beschluss: weiter für Köln\n".encode()),
    "text/markdown": ("case.md", b"\xef\xbb\xbf# Case\n\n- value\n"),
}
"""Type → a name, and a content."""
