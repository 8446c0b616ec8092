"""What a reader typed in, a ``Query`` out; any text is safe, since no engine's syntax is in it."""

from __future__ import annotations

import re

from bot.arabic.direction import strip_controls
from bot.arabic.fold import fold, words
from bot.arabic.stem import stem
from bot.arabic.stopwords import is_stopword
from bot.model import Query, Section, Term

LONGEST = 200  # characters of a question that are looked at; the rest is not a question
MOST_TERMS = 8
_TOKEN = re.compile(r'(?P<minus>(?:(?<=\s)|^)-)?(?:["\u00ab\u201c](?P<phrase>[^"\u00bb\u201d]*)'
                    r'["\u00bb\u201d]|(?P<word>[^\s"\u00ab\u00bb\u201c\u201d]+))')  # fmt: skip


def parse_query(text: str, section: Section | None = None) -> Query:
    """Read a reader's words: «quoted» words are a phrase, a word after "-" must not be there.

    Function words are left out unless there is nothing else. What is shown of them holds no
    control that would turn the words round it.
    """
    shown = " ".join(strip_controls(text).split())[:LONGEST]
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for match in _TOKEN.finditer(shown):
        terms = _terms(match["phrase"] or match["word"] or "", is_phrase=bool(match["phrase"]))
        (unwanted if match["minus"] else wanted).extend(terms)
    telling = [term for term in wanted if not _says_nothing(term)] or wanted
    return Query(
        shown, tuple(dict.fromkeys(telling))[:MOST_TERMS], tuple(unwanted[:MOST_TERMS]), section
    )


def _terms(text: str, *, is_phrase: bool) -> list[Term]:
    found = words(fold(text))
    if is_phrase and len(found) > 1:
        return [Term(tuple(found))]
    return [Term((word,), stem(word)) for word in found]


def _says_nothing(term: Term) -> bool:
    return len(term.folded) == 1 and is_stopword(term.folded[0])
