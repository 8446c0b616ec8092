"""How a query is written in FTS5's language: a pure function, so a table."""

from __future__ import annotations

import pytest

from bot.model import Query, Term
from bot.storage.engines.sqlite.search import match_expression

FOLDED, STEMS = "{title text}:", "{title_stems text_stems}:"


def word(folded: str, stem: str = "") -> Term:
    return Term((folded,), stem)


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        pytest.param(Query(""), "", id="nothing"),
        pytest.param(Query("", (word("خبر"),)), 'F:"خبر"', id="no stem"),
        pytest.param(Query("", (word("الخبر", "خبر"),)), '(F:"الخبر" OR S:"خبر")', id="a word"),
        pytest.param(
            Query("", (Term(("خبر", "اليوم")),)), 'F:"خبر اليوم"', id="a phrase has no stem"
        ),
        pytest.param(
            Query("", (word("a"), word("b")), (word("c"), word("d"))),
            '(F:"a" AND F:"b") NOT (F:"c" OR F:"d")',
            id="with and without",
        ),
        pytest.param(Query("", (word('a" OR "b'),)), 'F:"a  OR  b"', id="a quote ends nothing"),
        pytest.param(Query("", (word("a\0b\ud800"),)), 'F:"a b "', id="no text for SQLite"),
        pytest.param(Query("", (word("NEAR("), word('"*'))), 'F:"NEAR("', id="syntax"),
        pytest.param(Query("", (word("🔴"),), (word("a"),)), "", id="only what is unwanted"),
        pytest.param(Query("", (word("a"),), (word("🔴"),)), 'F:"a"', id="unwanted: nothing"),
    ],
)
def test_a_query_becomes_an_expression(query: Query, expression: str) -> None:
    expected = expression.replace("F:", FOLDED).replace("S:", STEMS)

    assert match_expression(query) == expected
