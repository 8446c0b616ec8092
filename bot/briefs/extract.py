"""An article in, one to three of its own sentences out, and those that go on; layouts call it.

The law: nothing is invented. What is told stands in the article word for word, in its order; only
a dateline before a sentence and an agency's name behind it are left away.

Theory: news tells its facts first, so the brief is the text's beginning without what is no news:
bylines and datelines, credits, links to other articles, what the headline said already, what was
known before, and sentences that lean on one that is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.arabic.fold import fold, words
from bot.arabic.sentences import sentences
from bot.arabic.shorten import shorten, units
from bot.arabic.stem import stem
from bot.arabic.stopwords import is_stopword
from bot.briefs.dateline import without_dateline, without_tag
from bot.briefs.lists import begins, phrases
from bot.model import Article

MOST_SENTENCES = 3

_MOST_READ = 24  # sentences that are looked at when a brief goes on
_ENDLESS = 2**31  # UTF-16 units
_SHORTEST = 3  # words; less is an agency's tag or a cry
_SHORT_LINE = 8  # words; without a full stop it is a byline, a caption or a heading
_NEW_SHARE = 0.25  # a sentence repeats the title when less than this of its words is new
_QUESTION = "\N{ARABIC QUESTION MARK}"
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_ENDED = re.compile(rf"[.!?{_QUESTION}{_ELLIPSIS}]+[\s»”\"')\]]*$")
_CUT_OFF = re.compile(rf"\s*(?:\[\s*(?:{_ELLIPSIS}|\.{{3}})\s*\]|{_ELLIPSIS}|\.{{3}})\s*$")
# Behind the mark of a list stands no digit: that is a score, a decimal, a range, frost.
_LIST_MARK = re.compile(
    r"^(?:[-\u2013\u2014*\u2022]++(?![0-9])|[0-9]{1,2}\s*[-.)\u2013](?!\s*[0-9]))\s*"
)


def brief_of(article: Article, most: int, *, limit: int = MOST_SENTENCES) -> str:
    """Tell an article in at most ``limit`` of its sentences and ``most`` UTF-16 units.

    The body speaks, the feed's summary when the body tells nothing; "" when neither does. Only a
    first sentence that is too long by itself is cut, between words and with an ellipsis.
    """
    told = _told(article, limit + 1)
    return _joined(told[:limit], most) if told else ""


def further_of(article: Article, brief: str, most: int) -> str:
    """Go on where a brief of this article ended, in whole sentences and ``most`` UTF-16 units.

    A sentence that tells next to nothing which stood before is passed over; "" when nothing is
    left, when not even the next one fits, and behind a brief that was cut.
    """
    told = _told(article, _MOST_READ)
    length = next((n for n in range(1, len(told)) if _joined(told[:n], _ENDLESS) == brief), None)
    more: list[str] = []
    for sentence in told[length:] if length else ():
        if repeats(" ".join((article.title, brief, *more)), sentence):
            continue
        if units(_joined([*more, sentence], _ENDLESS)) > most:
            break
        more.append(sentence)
    return _joined(more, most) if more else ""


def repeats(title: str, sentence: str) -> bool:
    """Say whether a sentence tells nothing, or next to nothing, that its headline does not."""
    said = _content(sentence)
    return len(said - _content(title)) < _NEW_SHARE * len(said)


def _told(article: Article, most: int) -> list[str]:
    """Return the first sentences that may be told, of the body or else of the summary."""
    for text in (article.body, article.summary):
        if told := _without_torso(list(islice(_facts(article, text), most))):
            return told
    return []


def _facts(article: Article, text: str) -> Iterator[str]:
    """Yield the sentences that may be told, in order."""
    is_linked = False  # the sentence before is told too
    for number, written in enumerate(_news(article, text)):
        sentence = _LIST_MARK.sub("", written)
        is_listed = sentence != written and number > 0
        leans = is_listed or begins(sentence, phrases("extract", "dangling"))
        is_linked = not (
            (leans and not is_linked)
            or sentence.endswith(":")  # it announces a list that will not be there
            or begins(sentence, phrases("extract", "background"))
            or repeats(article.title, sentence)
        )
        if is_linked:
            yield sentence


def _news(article: Article, text: str) -> Iterator[str]:
    """Yield the sentences of the text itself, without what the page put round it."""
    is_first = True
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        if len(lines) > 1 and _is_caption(line):
            continue
        if is_first:
            line, is_first = without_dateline(line, article.source.name, article.author), False
        for sentence in sentences(line):
            if begins(sentence, phrases("extract", "furniture")):
                break
            sentence = " ".join(without_tag(sentence).split())
            if len(words(fold(sentence))) >= _SHORTEST:
                yield sentence


def _is_caption(line: str) -> bool:
    """Say whether a line among others is a byline, a credit or a heading."""
    if begins(line.lstrip("( "), phrases("extract", "credits")):
        return True
    if len(words(fold(line))) > _SHORT_LINE or line.rstrip().endswith(":"):
        return False
    return begins(line, phrases("extract", "bylines")) or not _ENDED.search(line)


def _without_torso(told: list[str]) -> list[str]:
    """Drop a last sentence that the feed cut off, unless it is all there is."""
    if not told or not _CUT_OFF.search(told[-1]):
        return told
    return told[:-1] or [_CUT_OFF.sub(_ELLIPSIS, told[-1])]


def _joined(told: list[str], most: int) -> str:
    """Join as many sentences as fit, each closed with a full stop where its line end did that."""
    text, *others = told
    if units(text) > most:
        return shorten(text, most)
    for sentence in others:
        longer = f"{text if _ENDED.search(text) else f'{text}.'} {sentence}"
        if units(longer) > most:
            break
        text = longer
    return text


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(fold(text)) if not is_stopword(word))
