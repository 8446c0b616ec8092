"""A text in, its sentences in order out; called for what a brief quotes and what names an article.

Theory: Arabic has no capitals, so a stop ends a sentence by what stands round it. A line end always
does. A mark followed by white space does, unless it stands inside a quotation, behind an
abbreviation, an initial or the number of a list, or is the «..» of the press, which is a pause.
Only white space between sentences is lost.
"""

from __future__ import annotations

import re
from functools import cache

from bot.arabic.lists import word_lists

_ARABIC = "\u0621-\u064a"  # ARABIC LETTER HAMZA to YEH
_MARKS = re.compile(
    # marks, what closes behind them, and white space; possessive, so a row of dots costs once
    r"(?<![.!?\u061f\u2026])(?P<marks>[.!?\u061f\u2026]++)[»”\"’')\]\u2069]*+(?=\s)"
    # or the missing space of hurried typing: a mark between two Arabic words of some length
    rf"|(?<=[{_ARABIC}]{{3}})[.!\u061f](?=[{_ARABIC}]{{3}})"
)
_QUOTED = re.compile(r"«[^«»]*(?:«[^«»]*»[^«»]*)*»|“[^“”]*”|\"[^\"]*\"")
_LOOK_BACK = 24  # characters; longer than any abbreviation
_LIST_NUMBER = re.compile(r"\s*[0-9\u0660-\u0669]{1,3}\s*")
_LAST_WORD = re.compile(r"[^\s«»“”\"'()\[\]\u2066-\u2069\u060c]+\Z")


def sentences(text: str) -> list[str]:
    """Split prose into sentences without the white space round them; none is empty."""
    found = (piece.strip() for line in text.splitlines() for piece in _pieces(line))
    return [sentence for sentence in found if sentence]


def _pieces(line: str) -> list[str]:
    quoted = _quoted(line)
    pieces, start = [], 0
    for mark in _MARKS.finditer(line):
        before = line[max(start, mark.start() - _LOOK_BACK) : mark.start()]
        if _ends_sentence(before, mark, quoted):
            pieces.append(line[start : mark.end()])
            start = mark.end()
    return [*pieces, line[start:]]


def _quoted(line: str) -> bytearray:
    """Mark each place inside a quotation, its closing mark included, with a one."""
    places = bytearray(len(line))
    for quotation in _QUOTED.finditer(line):
        start, end = quotation.span()
        places[start + 1 : end] = b"\1" * (end - start - 1)
    return places


def _ends_sentence(before: str, mark: re.Match[str], quoted: bytearray) -> bool:
    """Judge a mark by the letters before it in its sentence and by the quotations of its line."""
    if quoted[mark.end()]:
        return False
    match mark["marks"] or mark[0]:
        case "..":
            return False
        case ".":
            return not _is_abbreviated(before)
        case _:  # who said a quoted «…!» often comes behind it
            return not quoted[mark.start()]


def _is_abbreviated(before: str) -> bool:
    if _LIST_NUMBER.fullmatch(before):
        return True
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last[0]
    tail = word.rpartition(".")[2]
    return word in _abbreviations() or (len(tail) == 1 and tail.isalpha())


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(
        word for group in word_lists(__package__, "abbreviations").values() for word in group
    )
