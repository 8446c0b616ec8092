"""A text's first line in, the line without its dateline out; and agency tags. Called by extract.

Theory: a dateline is a chain of short pieces before dashes or a colon, «town - agency: …» or
«reporter - newspaper …». A dash may as well part a wish or a match of two clubs, so a piece counts
only when every word of it is known: a town, an agency, the source's or the author's own name, a
date. One unknown piece (the reporter) may lead the chain. What is doubtful stays.
"""

from __future__ import annotations

import re
from functools import cache

from bot.arabic.fold import fold, words
from bot.briefs.lists import vocabulary

_TATWEEL = "\N{ARABIC TATWEEL}"  # typed for a dash
_DASH = rf"[-\u2013\u2014{_TATWEEL}]+"
_PIECE = re.compile(
    r"\s*(?P<words>[^\n:.!\u061f]{1,40}?)"
    rf"(?:\s+{_DASH}\s*|{_DASH}\s+|\s*(?P<colon>:)\s+)"  # a dash inside a word is none of ours
)
_MOST_PIECES = 4
_REPORTER = 4  # words of a name at most
_TAG = re.compile(r"\s*[(\[/]\s*(?P<words>[^()\[\]/]{1,24})\s*[)\]/](?P<stop>\s*\.?)\s*$")


def without_dateline(line: str, source: str, author: str) -> str:
    """Return the line without the dateline it begins with, if any."""
    desks = _desks() | _words_of(source) | _words_of(author)
    end = place = 0
    for number in range(_MOST_PIECES):
        piece = _PIECE.match(line, place)
        if piece is None:
            break
        said = _words_of(piece["words"])
        if number == 0 and piece["colon"] and said.isdisjoint(desks):
            break  # a town and a colon open a list of towns as often
        place = piece.end()
        if _is_known(said, desks):
            end = place
        elif number or len(said) > _REPORTER:
            break
    return line[end:]


def without_tag(sentence: str) -> str:
    """Return the sentence without the agency's name in brackets at its end."""
    tag = _TAG.search(sentence)
    said = _words_of(tag["words"]) if tag else frozenset()
    if tag is None or not said or not said <= _desks():
        return sentence
    return sentence[: tag.start()] + tag["stop"].strip()


def _is_known(said: frozenset[str], desks: frozenset[str]) -> bool:
    names = desks | vocabulary("extract", "places")
    rest = said - names - vocabulary("extract", "beside")
    return not said.isdisjoint(names) and all(word.isdigit() for word in rest)


@cache
def _desks() -> frozenset[str]:
    return vocabulary("extract", "agencies")


def _words_of(text: str) -> frozenset[str]:
    return frozenset(words(fold(text)))
