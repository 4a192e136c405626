"""Names of months and of what periods are called, in English, German, French and Spanish."""

import unicodedata

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_SHORT = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
}
_MORE = {
    "en": {"sept": 9},
    "de": {"jänner": 1, "jän": 1, "feber": 2, "maerz": 3, "mrz": 3, "sept": 9},
    "fr": {"fév": 2, "jan": 1, "jui": 6, "sep": 9},
    "es": {"setiembre": 9, "sept": 9},
}

QUARTER = r"(?:q|quarter|quartal|trimestre|trim\.?|t)"
HALF = r"(?:h|hy|half|halbjahr|hj|semestre|s)"
WEEK = r"(?:w|wk|week|cw|kw|kalenderwoche|woche|sem\.?|semaine|semana)"
FISCAL = r"(?:fy|fiscal year|gj|geschäftsjahr|exercice|ejercicio)"


def plain_letters(text: str) -> str:
    """In small letters without accents, so that Février and fevrier are one."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def month_names(language: str | None) -> dict[str, int]:
    """Name → number of the month, of one language or of all; no name means two months."""
    names: dict[str, int] = {}
    for each in _MONTHS if language is None else (language,):
        for words in (_MONTHS[each], _SHORT[each]):
            names |= {plain_letters(word): n for n, word in enumerate(words.split(), start=1)}
        names |= {plain_letters(word): number for word, number in _MORE[each].items()}
    return names
