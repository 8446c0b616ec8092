"""The full-text index: a Query comes in, ids of articles go out, newest first; texts are kept.

``engine`` calls it. The index is contentless: SQLite keeps the words, not the texts, and takes an
article out only when it is given the very texts that were put in. A text that was never put in
damages the index quietly, and later as "database disk image is malformed"; ``unindex`` therefore
looks first whether the article is there with the beginning of its text. What it cannot see (other
words further on, an article indexed twice) is the caller's duty: keep text and index in one
transaction, and rebuild from ``clear_index`` when folding or stemming changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import cast

from bot.errors import StorageError
from bot.model import ArticleId, Place, Query, SearchText, Term
from bot.storage import Reader, Transaction, Value, Values

ALL_IDS = 2**63 - 1  # larger than any id
NO_IDS = -(2**63)  # smaller than any
UNSAFE = re.compile(r'["\x00\ud800-\udfff]')  # ends a quoted text; ends it for C; no UTF-8
# Whether FTS5 takes a letter for one depends on the Unicode it was made with; these are certain.
CERTAIN_LETTER = re.compile(r"[0-9A-Za-z\u0621-\u064a]")  # hamza to yeh
PROBE_WORDS = 4  # enough to know a text by; each costs some 30 µs

# The index walks its rows from the newest and stops at the limit; no sorting, no ranking of all.
# Ids come in one row, as JSON: five hundred rows through Python cost more than finding them did.
FIND = """
    SELECT json_group_array(id) AS ids FROM (
        SELECT rowid AS id FROM article_search
        WHERE article_search MATCH :expression AND rowid < :before AND rowid > :after
        ORDER BY rowid DESC LIMIT :limit
    )
"""
# EXISTS keeps that order (0.3 µs a hit); IN or a join would ask the index once for each article
# of the section, which takes seconds for a large one.
FIND_IN_SECTION = """
    SELECT json_group_array(id) AS ids FROM (
        SELECT rowid AS id FROM article_search
        WHERE article_search MATCH :expression AND rowid < :before AND rowid > :after AND EXISTS (
            SELECT 1 FROM article_sections
            WHERE section = :section AND article = article_search.rowid
        )
        ORDER BY rowid DESC LIMIT :limit
    )
"""
# The whole question with one term pinned to a place: the walk is as short as the first one was.
PLACED = """
    SELECT json_group_array(rowid) AS ids FROM article_search
    WHERE article_search MATCH :expression AND rowid BETWEEN :first AND :last
"""
INDEX = """
    INSERT INTO article_search (rowid, title, title_stems, text, text_stems)
    VALUES (:article, :title, :title_stems, :text, :text_stems)
"""
UNINDEX = """
    INSERT INTO article_search (article_search, rowid, title, title_stems, text, text_stems)
    SELECT 'delete', :article, :title, :title_stems, :text, :text_stems
    WHERE :probe = '' OR EXISTS (
        SELECT 1 FROM article_search WHERE article_search MATCH :probe AND rowid = :article
    )
"""
CLEAR = "INSERT INTO article_search (article_search) VALUES ('delete-all')"


def match_expression(query: Query) -> str:
    """Write a query in FTS5's language; "" when nothing in it can be found.

    Only words in double quotes come from the query, and a quote cannot occur inside them, so no
    letter that was typed is ever read as syntax. FTS5 cuts a quoted text with the tokenizer of
    the index: a word that the index holds as several tokens (l'eau, a_b) is found as a phrase.
    """
    wanted = [found for term in query.terms if (found := _term(term))]
    unwanted = [found for term in query.without if (found := _term(term))]
    if not wanted:
        return ""
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


async def find(
    reader: Reader,
    query: Query,
    *,
    limit: int,
    before: ArticleId | None,
    after: ArticleId | None,
) -> list[ArticleId]:
    """Return the newest articles that match, at most ``limit``, within bounds if they are given."""
    expression = match_expression(query)
    if not expression or limit <= 0:  # to SQLite a negative limit is none
        return []
    values: dict[str, Value] = {
        "expression": expression,
        "before": ALL_IDS if before is None else before,
        "after": NO_IDS if after is None else after,
        "limit": limit,
    }
    if query.section is None:
        found = await _ids(reader, FIND, values)
    else:
        found = await _ids(reader, FIND_IN_SECTION, values | {"section": query.section.value})
    return sorted(found, reverse=True)  # SQLite does not promise the order inside an aggregate


async def _ids(reader: Reader, sql: str, values: Values) -> list[ArticleId]:
    (row,) = await reader.fetch(sql, values)
    ids: list[ArticleId] = json.loads(cast("str", row["ids"]))
    return ids


async def places(
    reader: Reader, query: Query, articles: Sequence[ArticleId]
) -> dict[ArticleId, list[Place]]:
    """Return where each of the articles, which ``find`` found, has each of the terms."""
    found = {article: [Place.TEXT_STEM] * len(query.terms) for article in articles}
    expression = match_expression(query)
    if not found or not expression:
        return found
    span: dict[str, Value] = {"first": min(found), "last": max(found)}
    for at, term in enumerate(query.terms):
        for place, column, words in _places_of(term):
            if pinned := _phrase(column, words):
                values = span | {"expression": f"({pinned}) AND ({expression})"}
                for article in await _ids(reader, PLACED, values):
                    if article in found and found[article][at] < place:
                        found[article][at] = place
    return found


def _places_of(term: Term) -> Iterator[tuple[Place, str, Sequence[str]]]:
    yield Place.TITLE, "title", term.folded
    yield Place.TEXT, "text", term.folded
    if term.stem:
        yield Place.TITLE_STEM, "title_stems", (term.stem,)


async def index(transaction: Transaction, article: ArticleId, text: SearchText) -> None:
    """Put an article into the index; ids that grow are cheapest."""
    await transaction.execute(INDEX, {"article": article, **asdict(text)})


async def unindex(transaction: Transaction, article: ArticleId, text: SearchText) -> None:
    """Take an article out; raise StorageError when the index does not hold it with this text."""
    column, words = ("title", text.title) if text.title.strip() else ("text", text.text)
    beginning = words.split(None, PROBE_WORDS)[:PROBE_WORDS]
    is_certain = any(CERTAIN_LETTER.search(word) for word in beginning)
    probe = _phrase(column, beginning) if is_certain else ""
    values: dict[str, Value] = {"article": article, **asdict(text), "probe": probe}
    if not await transaction.execute(UNINDEX, values):
        raise StorageError(
            f"The article {article} is not in the search index with this text: "
            "rebuild the search index."
        )


async def clear_index(transaction: Transaction) -> None:
    """Take everything out, as before a rebuild."""
    await transaction.execute(CLEAR)


def _term(term: Term) -> str:
    """Match a word as it stands or by its stem, a phrase as it stands; "" without any letter."""
    folded = _phrase("{title text}", term.folded)
    stem = _phrase("{title_stems text_stems}", [term.stem])
    if folded and stem and len(term.folded) == 1:
        return f"({folded} OR {stem})"
    return folded


def _phrase(column: str, words: Iterable[str]) -> str:
    """Quote words for columns; "" when none has a letter or a digit, which FTS5 ignores."""
    text = UNSAFE.sub(" ", " ".join(words))
    return f'{column}:"{text}"' if any(map(str.isalnum, text)) else ""
