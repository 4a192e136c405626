"""The words by which headings of columns are known, where the mapping does not name them."""

import re
from typing import Final

from govern.intake.foreign.months import plain_letters
from govern.intake.source import FileSource

_WORDS: Final = {
    "kpi": "kpi|kpi id|kpi name|kennzahl|indicator|indicateur|indicador|metric|measure|benefit|"
    "bezeichnung|nutzen|indicateur cle",
    "period": "period|period end|month|monat|mois|mes|date|datum|fecha|quarter|quartal|trimestre|week|"
    "woche|kw|semaine|semana|zeitraum|berichtsmonat|periode|periodo|reporting month|reporting period",
    "year": "year|jahr|annee|ano",
    "measure": "art|type|tipo|plan/ist|actual/plan|scenario|szenario|wertart|version",
    "actual": "actual|actuals|actual value|ist|istwert|ist-wert|value|wert|valeur|valor|reel|realise|real|"
    "figure|amount|betrag|result|ergebnis|importe|montant",
    "planned": "planned|plan|planwert|plan-wert|planned value|budget|target|soll|sollwert|prevu|"
    "presupuesto|previsto|budgete",
    "reported_on": "reported on|reported|reported at|gemeldet am|stand|as of",
    "note": "note|notes|comment|comments|remark|remarks|bemerkung|kommentar|commentaire|comentario",
    "confidence": "confidence|sicherheit|confiance|confianza",
    "link": "link|evidence|beleg|url|nachweis",
    "reason": "reason|reason for correction|grund|motif|motivo",
    "unit": "unit|einheit|unite|unidad|uom",
}
KNOWN: Final = {word: name for name, words in _WORDS.items() for word in words.split("|")}
_FIGURES: Final = {
    "actual": "actual|actuals|act|ist|istwert|ist-wert|reel|realise|real|a",
    "planned": "plan|planned|planwert|plan-wert|budget|soll|sollwert|prevu|presupuesto|bud|p",
}
_TOTALS: Final = re.compile(
    r"(?:grand |sub)?total(?:e|es)?\b|sum(?:me|ma|a)?\b|(?:gesamt|zwischensumme|insgesamt)|ytd\b"
)
_SCALES: Final = re.compile(
    r"(?P<k>\bTEUR\b|\bT€|\bk€|\bk(?:EUR|USD|GBP|CHF)\b|\b(?:EUR|USD|GBP|CHF) k\b|[€$£]\s?'?000s?\b|'000\b"
    r"|\b000s\b|(?i:\bin (?:thousands?|tausend|tsd)\b|\btsd\b|\ben (?:milliers|miles)\b))"
    r"|(?P<m>\bm(?:EUR|USD|GBP|CHF)\b|\b(?:EUR|USD|GBP|CHF) m\b|[€$£]\s?m(?:io|n)?\b"
    r"|(?i:\bin (?:millions?|millionen|mio)\b|\bmio\b|\bmillions\b|\ben (?:millions|millones)\b))"
)


def plain_word(text: str) -> str:
    """A heading as it is compared: small letters, without accents, underlines and double blanks."""
    return " ".join(plain_letters(text).replace("_", " ").split()).rstrip(":*")


def heading_of(text: str) -> str | None:
    """What a heading says a column is, by the words that are known."""
    word = plain_word(text)
    bare = re.sub(r"\s*[(\[].*[)\]]$", "", word)
    return KNOWN.get(word) or KNOWN.get(bare)


def figure_word(text: str, source: FileSource) -> str | None:
    """`actual`, `planned` or `skip`: what a word of a heading or row says that figures are."""
    word = plain_word(text)
    if word in {plain_word(each) for each in source.skip}:
        return "skip"
    for name, words in source.measures.items():
        if word in {plain_word(each) for each in words}:
            return name
    return next((name for name, words in _FIGURES.items() if word in words.split("|")), None)


def without_figure_word(text: str, source: FileSource) -> tuple[str, str | None]:
    """`Jan 2026 Ist` → `Jan 2026` and `actual`; the text itself where no such word stands in it."""
    words = re.sub(r"[()\[\]]", " ", text).split()
    for size in range(1, len(words)):
        for head, tail in ((words[:-size], words[-size:]), (words[size:], words[:size])):
            figure = figure_word(" ".join(tail).strip("-–:/"), source)
            if figure is not None:
                return " ".join(head).strip("-–:/ "), figure
    return text, None


def is_total(text: str) -> bool:
    return _TOTALS.match(plain_word(text)) is not None


def scale_in(text: str) -> tuple[str, int] | None:
    """What a title, heading or label says of thousands or millions, and how much that is."""
    match = _SCALES.search(text)
    if match is None:
        return None
    return match[0], 1000 if match["k"] else 1_000_000
