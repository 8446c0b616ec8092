"""The line a calendar calls a match by in, its two clubs out, and the score; `ical` calls it.

Theory: a line is clubs parted by a word or a dash with a space on both sides, or by a score; a
competition may stand before a colon, remarks in brackets at the end. One that is parted twice is
no line of ours: nobody could tell the clubs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.arabic.digits import western
from bot.arabic.fold import fold, words
from bot.arabic.lists import word_lists
from bot.feeds.sanitize import cut

NAME_LIMIT: Final = 60  # characters of a club
_DESCRIPTION: Final = 2_000  # characters in which a result is looked for
_SCORE: Final = r"(?P<home>\d{1,2})\s*[-\u2013\u2014:]\s*(?P<away>\d{1,2})"
_BETWEEN_SCORE: Final = re.compile(rf"(?<=\S)\s+{_SCORE}\s+(?=\S)")
_LAST_SCORE: Final = re.compile(rf"[\s:,]+{_SCORE}$")
_BRACKETS: Final = re.compile(r"\s*[(\[](?P<inner>[^()\[\]]*)[)\]]\s*$")
_ONLY_SCORE: Final = re.compile(rf"\s*{_SCORE}\s*")
_COMPETITION: Final = re.compile(r"(?P<name>[^:]{2,60}):\s+(?P<rest>.+)")
_SIGNS: Final = re.compile(r"^[^\w(]+")  # a ball, a flag, a bullet
_MOST_REMARKS: Final = 3

Score = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """What one line says of a match."""

    home: str
    away: str
    score: Score | None = None
    competition: str = ""
    is_off: bool = False


def read_summary(line: str) -> Said | None:
    """Read the line of an event; None when it names no two clubs."""
    rest = _SIGNS.sub("", western(line)).strip()
    is_off = _is_off(rest)
    rest, score = _without_remarks(rest)
    competition = ""
    if found := _COMPETITION.fullmatch(rest):
        competition, rest = _name(found["name"]), _SIGNS.sub("", found["rest"])
    if between := _BETWEEN_SCORE.search(rest):
        clubs = [rest[: between.start()], rest[between.end() :]]
        score = _numbers(between)
    else:
        if last := _LAST_SCORE.search(rest):
            rest, score = rest[: last.start()], _numbers(last)
        clubs = _between().split(rest)
    names = [_name(club) for club in clubs]
    if len(names) != 2 or not all(words(name) for name in names):
        return None
    return Said(names[0], names[1], score, competition, is_off)


def score_in(description: str) -> Score | None:
    """Find the result in a description: a score right behind a word that announces it."""
    found = _result().search(western(description[:_DESCRIPTION]).casefold())
    return _numbers(found) if found else None


def _without_remarks(line: str) -> tuple[str, Score | None]:
    """Drop what stands in brackets at the end; a bare score there is the result."""
    score: Score | None = None
    for _ in range(_MOST_REMARKS):
        remark = _BRACKETS.search(line)
        if remark is None:
            break
        line = line[: remark.start()]
        if bare := _ONLY_SCORE.fullmatch(remark["inner"]):
            score = _numbers(bare)
    return line, score


def _numbers(found: re.Match[str]) -> Score:
    return int(found["home"]), int(found["away"])


def _name(club: str) -> str:
    """Return a name without dashes around it and the word that the match is not played."""
    kept = " ".join(word for word in club.split() if fold(word) not in _off_words())
    return cut(kept.strip(" -\u2013\u2014|,:"), NAME_LIMIT)


def _is_off(line: str) -> bool:
    return not _off_words().isdisjoint(words(fold(line)))


@cache
def _off_words() -> frozenset[str]:
    return frozenset(map(fold, word_lists("bot.feeds", "matches")["off"]))


@cache
def _between() -> re.Pattern[str]:
    known = sorted(word_lists("bot.feeds", "matches")["between"], key=len, reverse=True)
    return re.compile(rf"\s+(?:{'|'.join(map(re.escape, known))})\s+", re.IGNORECASE)


@cache
def _result() -> re.Pattern[str]:
    known = sorted(word_lists("bot.feeds", "matches")["result"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})\W{{1,12}}{_SCORE}(?!\d)")
