"""Text in, its search form and the words of it out; called before indexing, comparing, searching.

The law: folding is for finding, never for showing. Each character folds by itself, whatever stands
beside it, so one pass of ``str.translate`` does all and folding twice is folding once. Raise
``SEARCH_VERSION`` in ``stem.py`` with any change here: the index holds what this file said.
"""

from __future__ import annotations

import re
import unicodedata

_ALEF = "\N{ARABIC LETTER ALEF}"
_BEH = "\N{ARABIC LETTER BEH}"
_FEH = "\N{ARABIC LETTER FEH}"
_HEH = "\N{ARABIC LETTER HEH}"
_JEEM = "\N{ARABIC LETTER JEEM}"
_KAF = "\N{ARABIC LETTER KAF}"
_QAF = "\N{ARABIC LETTER QAF}"
_YEH = "\N{ARABIC LETTER YEH}"

# The hamza on alef, waw and yeh is a combining mark to Unicode and falls with the other marks:
# hurried typing leaves it out, and the Maghreb says and writes yeh where the East has the hamza.
# The hamza that stands alone stays: it is a letter («water» without it is the word «what»).
_LETTERS = {
    "\N{ARABIC LETTER ALEF WASLA}": _ALEF,
    "\N{ARABIC LETTER ALEF WITH WAVY HAMZA ABOVE}": _ALEF,
    "\N{ARABIC LETTER ALEF WITH WAVY HAMZA BELOW}": _ALEF,
    "\N{ARABIC LETTER ALEF MAKSURA}": _YEH,
    "\N{ARABIC LETTER TEH MARBUTA}": _HEH,
    # keyboards of Persian and Urdu, met in names, on phones and in scraped text
    "\N{ARABIC LETTER FARSI YEH}": _YEH,
    "\N{ARABIC LETTER E}": _YEH,
    "\N{ARABIC LETTER YEH BARREE}": _YEH,
    "\N{ARABIC LETTER KEHEH}": _KAF,
    "\N{ARABIC LETTER SWASH KAF}": _KAF,
    "\N{ARABIC LETTER HEH DOACHASHMEE}": _HEH,
    "\N{ARABIC LETTER HEH GOAL}": _HEH,
    "\N{ARABIC LETTER TEH MARBUTA GOAL}": _HEH,
    "\N{ARABIC LETTER AE}": _HEH,
    # foreign sounds in the letter that most newspapers put for them; g is kaf in Moroccan names
    "\N{ARABIC LETTER GAF}": _KAF,
    "\N{ARABIC LETTER NG}": _KAF,
    "\N{ARABIC LETTER KEHEH WITH THREE DOTS ABOVE}": _KAF,
    "\N{ARABIC LETTER PEH}": _BEH,
    "\N{ARABIC LETTER TCHEH}": _JEEM,
    "\N{ARABIC LETTER VEH}": _FEH,
    "\N{ARABIC LETTER FEH WITH THREE DOTS BELOW}": _FEH,
    # the Maghrebi hand's feh and qaf
    "\N{ARABIC LETTER FEH WITH DOT MOVED BELOW}": _FEH,
    "\N{ARABIC LETTER DOTLESS FEH}": _FEH,
    "\N{ARABIC LETTER QAF WITH DOT ABOVE}": _QAF,
    "\N{ARABIC LETTER DOTLESS QAF}": _QAF,
    "\N{ARABIC DECIMAL SEPARATOR}": ".",
    "\N{ARABIC THOUSANDS SEPARATOR}": ",",
    # letters to Unicode, marks to the eye
    "\N{ARABIC TATWEEL}": "",
    "\N{ARABIC LETTER HIGH HAMZA}": "",
    "\N{ARABIC SMALL WAW}": "",
    "\N{ARABIC SMALL YEH}": "",
}
_WORD = re.compile(r"[^\W_]+")
_LAST_KEPT = (
    0xFFFF  # code point; rarer ones are worked out anew, so strange text cannot fill memory
)


class _Folded(dict[int, str]):
    """Map a code point to its folded text, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code <= _LAST_KEPT:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return the search form: bare letters, ASCII digits, lower case, no marks, nothing invisible.

    White space and punctuation stay where they are. Idempotent.
    """
    return text.translate(_FOLDED)


def words(folded: str) -> list[str]:
    """Return the runs of letters and digits, in order: what the index and a query are made of."""
    return _WORD.findall(folded)


def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    if _is_presentation_form(character):
        parts = parts.lstrip(" ")  # a mark alone decomposes to space + mark: it would split a word
    return "".join(_fold_part(part) for part in parts)


def _fold_part(part: str) -> str:
    if part in _LETTERS:
        return _LETTERS[part]
    match unicodedata.category(part):
        case "Mn" | "Mc" | "Me" | "Cf":
            return ""
        case "Nd":
            return str(unicodedata.decimal(part))
        case _:
            return part.casefold()


def _is_presentation_form(character: str) -> bool:
    return "\ufb50" <= character <= "\ufeff"  # Arabic Presentation Forms-A to -B
