"""A folded word in, its light stem out; called where text is indexed, searched or compared.

The law: every form of one word should meet in one stem, whatever the stem looks like. So letters
that may be clitics are taken until none is left: the first letter of «minister» goes with the
article before it as it goes without. The folded field beside the stems keeps what this loses.
"""

from __future__ import annotations

from functools import cache, lru_cache

from bot.arabic.fold import fold, words
from bot.arabic.lists import word_lists
from bot.arabic.stopwords import is_stopword

# Whoever changes what fold() or stem() answers, for any word, raises this (their word lists, stop
# words among them, count too), or what the index keeps of an article: an index built with another
# version is dropped and built anew.
SEARCH_VERSION: int = 2

_ALEF = "\N{ARABIC LETTER ALEF}"
_HEH = "\N{ARABIC LETTER HEH}"
_LAM = "\N{ARABIC LETTER LAM}"
_MEEM = "\N{ARABIC LETTER MEEM}"
_NOON = "\N{ARABIC LETTER NOON}"
_TEH = "\N{ARABIC LETTER TEH}"
_WAW = "\N{ARABIC LETTER WAW}"
_YEH = "\N{ARABIC LETTER YEH}"

_ARTICLES = (_LAM + _LAM, _ALEF + _LAM)  # «for the» and «the»
_CLITICS = frozenset(
    (
        _WAW,  # and
        "\N{ARABIC LETTER FEH}",  # so
        "\N{ARABIC LETTER BEH}",  # in, by
        "\N{ARABIC LETTER KAF}",  # as
        _LAM,  # for, to
    )
)
# A pronoun opens teh marbuta to teh: both go. Longest first.
_SUFFIXES = (
    _TEH + _HEH + _ALEF,  # her, after a feminine noun
    _TEH + _HEH + _MEEM,  # their
    _TEH + _NOON + _ALEF,  # our
    _HEH + _MEEM + _ALEF,  # of both
    _HEH + _ALEF,  # her
    _HEH + _MEEM,  # their
    _HEH + _NOON,  # their, of women
    _NOON + _ALEF,  # our
    _WAW + _ALEF,  # they did
    _ALEF + _NOON,  # two
    _ALEF + _TEH,  # plural, feminine
    _WAW + _NOON,  # plural, masculine
    _YEH + _NOON,  # plural, masculine; two
    _TEH + _HEH,  # his, after a feminine noun
    _ALEF,  # accusative; the end of many countries
    _HEH,  # his; teh marbuta
    _YEH,  # my; of (a place, a matter)
)
_BY_LENGTH = tuple(
    (size, frozenset(suffix for suffix in _SUFFIXES if len(suffix) == size)) for size in (3, 2, 1)
)
_AFTER_ARTICLE = 2  # letters left at least: «the right» is a word of two letters
_AFTER_CLITIC = 3
_BEFORE_SUFFIX = 3
_LONGEST = 32  # letters; what is longer is no word, and would cost the square of its length
_REMEMBERED = 65_536  # words; a day of news has fewer distinct ones


@lru_cache(_REMEMBERED)
def stem(word: str) -> str:
    """Return the stem of one folded word; function words and foreign words stay as they are."""
    if len(word) > _LONGEST or not _is_arabic(word) or is_stopword(word):
        return word
    return _without_suffixes(_without_clitics(word))


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order and with repeats; it need not be folded."""
    return [stem(word) for word in words(fold(text))]


def _is_arabic(word: str) -> bool:
    return "\u0621" <= word[:1] <= "\u06d3"  # ARABIC LETTER HAMZA to YEH BARREE WITH HAMZA


def _without_clitics(word: str) -> str:
    while _without_suffixes(word) not in _kept():
        if word.startswith(_ARTICLES) and len(word) >= 2 + _AFTER_ARTICLE:
            word = word[2:]
        elif word[0] in _CLITICS and len(word) > _AFTER_CLITIC:
            word = word[1:]
        else:
            break
    return word


def _without_suffixes(word: str) -> str:
    while suffix := _suffix_of(word):
        word = word.removesuffix(suffix)
    return word


def _suffix_of(word: str) -> str:
    for size, suffixes in _BY_LENGTH:
        if len(word) - size >= _BEFORE_SUFFIX and word[-size:] in suffixes:
            return word[-size:]
    return ""


@cache
def _kept() -> frozenset[str]:
    return frozenset(
        _without_suffixes(fold(word)) for word in word_lists(__package__, "stems")["kept"]
    )
