"""How a query is written in FTS5's language: a pure function, so a table."""

from __future__ import annotations

import pytest

from bot.model import Query, Term
from bot.storage.engines.sqlite.search import match_expression


def word(folded: str, stem: str = "") -> Term:
    return Term((folded,), stem)


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        pytest.param(Query(""), "", id="nothing"),
        pytest.param(Query("", (word("خبر"),)), 'folded:"خبر"', id="no stem"),
        pytest.param(
            Query("", (word("الخبر", "خبر"),)), '(folded:"الخبر" OR stems:"خبر")', id="a word"
        ),
        pytest.param(
            Query("", (Term(("خبر", "اليوم")),)), 'folded:"خبر اليوم"', id="a phrase has no stem"
        ),
        pytest.param(
            Query("", (word("a"), word("b")), (word("c"), word("d"))),
            '(folded:"a" AND folded:"b") NOT (folded:"c" OR folded:"d")',
            id="with and without",
        ),
        pytest.param(
            Query("", (word('a" OR "b'),)), 'folded:"a  OR  b"', id="a quote ends nothing"
        ),
        pytest.param(Query("", (word("a\0b\ud800"),)), 'folded:"a b "', id="no text for SQLite"),
        pytest.param(Query("", (word("NEAR("), word('"*'))), 'folded:"NEAR("', id="syntax"),
        pytest.param(Query("", (word("🔴"),), (word("a"),)), "", id="only what is unwanted"),
        pytest.param(Query("", (word("a"),), (word("🔴"),)), 'folded:"a"', id="unwanted: nothing"),
    ],
)
def test_a_query_becomes_an_expression(query: Query, expression: str) -> None:
    assert match_expression(query) == expression
