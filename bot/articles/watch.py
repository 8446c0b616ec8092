"""Words a reader follows or mutes in, whether an article tells of them out; called by jobs.

Words are kept in their folded form and compared by stems, as a search would: every word must stand
in the title or the text. No pattern, so nothing typed can be slow or wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.arabic.fold import fold, words
from bot.arabic.stem import stem
from bot.arabic.stopwords import is_stopword
from bot.model import Article, Draft

LONGEST = 80  # characters of what is typed that are looked at
MOST_WORDS = 6


def watched(typed: str) -> str:
    """Return the form in which words are kept: folded, without function words, one space between.

    "" when nothing is left to look for.
    """
    found = [word for word in words(fold(typed[:LONGEST])) if not is_stopword(word)]
    return " ".join(dict.fromkeys(found[:MOST_WORDS]))


def stems_of(article: Article | Draft) -> frozenset[str]:
    """Return the stems of an article's title and text."""
    text = f"{article.title}\n{article.summary}\n{article.body}"
    return frozenset(stem(word) for word in words(fold(text)))


def tells_of(stems: frozenset[str], kept: str) -> bool:
    """Say whether an article with these stems has every one of the words; "" is in none."""
    wanted = [stem(word) for word in kept.split()]
    return bool(wanted) and stems.issuperset(wanted)


def words_in(texts: Collection[frozenset[str]], kept: Iterable[str]) -> frozenset[str]:
    """Return which words are told of by one of several articles, which are given as their stems."""
    return frozenset(words for words in kept if any(tells_of(stems, words) for stems in texts))


def rarest(kept: str) -> str:
    """Return the stem by which an index finds words: the longest says most; "" of nothing."""
    return max((stem(word) for word in kept.split()), key=len, default="")
