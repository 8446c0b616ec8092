"""An article and what was sought in, the words round the find out; search results call it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.arabic.fold import fold, words
from bot.arabic.sentences import sentences
from bot.arabic.shorten import ELLIPSIS, shorten, units
from bot.arabic.stem import stem
from bot.briefs.extract import brief_of
from bot.model import Article, Term

_BEFORE = 6  # words at most before the find when its sentence does not fit
_CLAUSE_ENDS = ("\N{ARABIC COMMA}", "\N{ARABIC SEMICOLON}", ",", ";", ":")


def snippet(article: Article, terms: Sequence[Term], most: int) -> str:
    """Return the sentence that holds most of the terms, in at most ``most`` UTF-16 units.

    Of a long sentence, the part round the first find, cut between words and where a clause begins
    when one is near. When the text holds none of the terms (the title did), the beginning of the
    brief.
    """
    best, best_found = "", 0
    for sentence in (*sentences(article.body), *sentences(article.summary)):
        found = sum(any(_fits(word, term) for word in sentence.split()) for term in terms)
        if found > best_found:
            best, best_found = sentence, found
    if not best:
        return brief_of(article, most, limit=1)
    return _round_find(best.split(), terms, most)


def _round_find(tokens: list[str], terms: Sequence[Term], most: int) -> str:
    if units(" ".join(tokens)) <= most:
        return " ".join(tokens)
    find = next(at for at, token in enumerate(tokens) if any(_fits(token, term) for term in terms))
    fitting = [
        at for at in range(find - _BEFORE, find) if at >= 0 and _shows(tokens, at, find, most)
    ]
    clauses = [at for at in fitting if at == 0 or tokens[at - 1].endswith(_CLAUSE_ENDS)]
    start = next(iter([*clauses, *fitting]), find)
    mark = f"{ELLIPSIS} " if start and _shows(tokens, start, find, most) else ""
    return mark + shorten(" ".join(tokens[start:]), most - units(mark))


def _shows(tokens: list[str], start: int, find: int, most: int) -> bool:
    """Say whether the find stands in what is left when a snippet begins at ``start``."""
    return units(" ".join(tokens[start : find + 1])) + len(f"{ELLIPSIS} {ELLIPSIS}") <= most


def _fits(token: str, term: Term) -> bool:
    """Say whether a word of the text is the term: as written, its stem, or a phrase's beginning."""
    return any(
        word == term.folded[0] or (term.stem != "" and stem(word) == term.stem)
        for word in words(fold(token))
    )
