"""An article and what was sought in, the words round the find out; search results call it.

A term is found as the index finds it: a word as written or by its stem, a phrase as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.arabic.fold import fold, words
from bot.arabic.sentences import sentences
from bot.arabic.shorten import ELLIPSIS, shorten, units
from bot.arabic.stem import stem
from bot.briefs.extract import brief_of
from bot.model import Article, Snippet, Term

MOST_FOUND = 8  # stretches that are marked; each is an entity, of which a message takes a hundred

_BEFORE = 6  # words at most before the find when its sentence does not fit
_CLAUSE_ENDS = ("\N{ARABIC COMMA}", "\N{ARABIC SEMICOLON}", ",", ";", ":")
_TOKEN = re.compile(r"[\S\xa0\u202f]+")  # no-break spaces hold a number and its groups together
_BARE = re.compile(r"[^\W_](?:.*[^\W_])?[\u064b-\u065f\u0670]*")  # with the last letter's marks


@dataclass(frozen=True, slots=True)
class _Read:
    """A text cut at its spaces, and its folded words: the word, its stem, the token it is of."""

    tokens: Sequence[str]
    words: Sequence[tuple[str, str, int]]

    def hits(self, term: Term) -> Iterator[int]:
        """Yield the tokens in which a term stands; of a phrase all of its words."""
        for first in range(len(self.words) - len(term.folded) + 1):
            run = self.words[first : first + len(term.folded)]
            is_as_written = all(map(str.__eq__, (word for word, _, _ in run), term.folded))
            if is_as_written or (term.stem and term.stem == run[0][1]):
                yield from (at for _, _, at in run)


def _read(tokens: Sequence[str]) -> _Read:
    placed = [(word, at) for at, token in enumerate(tokens) for word in words(fold(token))]
    return _Read(tokens, [(word, stem(word), at) for word, at in placed])


def snippet(article: Article, terms: Sequence[Term], most: int) -> Snippet:
    """Return the sentence that holds most of the terms, in at most ``most`` UTF-16 units.

    Of a long sentence, the part round the first find, cut between words and where a clause begins
    when one is near. When the text holds none of the terms (the title did), the beginning of the
    brief.
    """
    best, best_found = "", 0
    for sentence in (*sentences(article.body), *sentences(article.summary)):
        read = _read(_TOKEN.findall(sentence))
        finds = [hit for term in terms if (hit := next(read.hits(term), None)) is not None]
        if len(finds) > best_found:
            best, best_found = _round_find(read.tokens, min(finds), most), len(finds)
            if best_found == len(terms):
                break
    text = best or brief_of(article, most, limit=1)
    return Snippet(text, tuple(islice(_stretches(text, terms), MOST_FOUND)))


def _round_find(tokens: Sequence[str], find: int, most: int) -> str:
    if units(" ".join(tokens)) <= most:
        return " ".join(tokens)
    fitting = [
        at for at in range(find - _BEFORE, find) if at >= 0 and _shows(tokens, at, find, most)
    ]
    clauses = [at for at in fitting if at == 0 or tokens[at - 1].endswith(_CLAUSE_ENDS)]
    start = next(iter([*clauses, *fitting]), find)
    mark = f"{ELLIPSIS} " if start and _shows(tokens, start, find, most) else ""
    return mark + shorten(" ".join(tokens[start:]), most - units(mark))


def _shows(tokens: Sequence[str], start: int, find: int, most: int) -> bool:
    """Say whether the find stands in what is left when a snippet begins at ``start``."""
    return units(" ".join(tokens[start : find + 1])) + len(f"{ELLIPSIS} {ELLIPSIS}") <= most


def _stretches(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Yield what is marked: tokens that were found, without the signs round them.

    Neighbours are one stretch, as the words of a phrase are.
    """
    places = [found.span() for found in _TOKEN.finditer(text)]
    read = _read([text[first:behind] for first, behind in places])
    begun: tuple[int, int] | None = None
    for at in sorted({hit for term in terms for hit in read.hits(term)}):
        bare = _BARE.search(text, *places[at])
        if bare is None:
            continue
        if begun is not None and bare.start() - begun[1] > 1:
            yield begun
            begun = None
        begun = (bare.start() if begun is None else begun[0], bare.end())
    if begun is not None:
        yield begun
