"""What every engine promises about search: any query is safe, the newest articles come first."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.model import ArticleId, Query, SearchText, Section, Term
from bot.storage import Storage, Transaction

RAIN, SNOW, MATCH = ArticleId(4096), ArticleId(8192), ArticleId(12288)
TEXTS = {
    RAIN: ("امطار غزيره في الجبال غدا", "مطر غزير جبال غد"),
    SNOW: ("ثلوج في الجبال وامطار ضعيفه", "ثلج جبال مطر ضعيف"),
    MATCH: ("مباراه المنتخب غدا في طنجه", "مبارا منتخب غد طنج"),
}


def kept(folded: str, stems: str) -> SearchText:
    """Return an article that has all its words in its text."""
    return SearchText("", "", folded, stems)


def word(folded: str, stem: str = "") -> Term:
    return Term((folded,), stem)


def phrase(folded: str) -> Term:
    return Term(tuple(folded.split()))


def asking(*terms: Term, without: tuple[Term, ...] = (), section: Section | None = None) -> Query:
    return Query("", terms, without, section)


async def index_all(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        for article, (folded, stems) in TEXTS.items():
            await transaction.index(article, kept(folded, stems))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(asking(word("امطار")), [RAIN], id="as it stands"),
        pytest.param(asking(word("المطر", "مطر")), [SNOW, RAIN], id="by its stem"),
        pytest.param(asking(word("جبال"), word("غدا")), [], id="all terms, as they stand"),
        pytest.param(asking(word("جبال", "جبال"), word("غدا")), [RAIN], id="all terms, by stem"),
        pytest.param(asking(phrase("في الجبال")), [SNOW, RAIN], id="a phrase"),
        pytest.param(asking(phrase("الجبال في")), [], id="a phrase in another order"),
        pytest.param(asking(word("في"), without=(word("غدا"),)), [SNOW], id="without a word"),
        pytest.param(
            asking(word("في"), without=(phrase("في الجبال"), word("ريح"))),
            [MATCH],
            id="without both",
        ),
        pytest.param(
            asking(word("في"), without=(word("المطر", "مطر"),)), [MATCH], id="without stem"
        ),
        pytest.param(asking(), [], id="nothing asked"),
        pytest.param(asking(without=(word("غدا"),)), [], id="only what is unwanted"),
        pytest.param(asking(word("☂")), [], id="no letter"),
        pytest.param(
            asking(word("غدا"), word("☂")), [MATCH, RAIN], id="what is no word is ignored"
        ),
    ],
)
async def test_a_query_finds(storage: Storage, query: Query, found: list[ArticleId]) -> None:
    await index_all(storage)

    assert await storage.search(query, limit=10) == found


async def test_the_newest_come_first_and_before_goes_on_from_there(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        for number in (3, 1, 5, 2, 4):
            await transaction.index(ArticleId(number), kept("خبر", "خبر"))

    assert await storage.search(asking(word("خبر")), limit=2) == [5, 4]
    assert await storage.search(asking(word("خبر")), limit=2, before=ArticleId(4)) == [3, 2]
    assert await storage.search(asking(word("خبر")), limit=0) == []
    assert await storage.search(asking(word("خبر")), limit=-1) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param(None, 2, [5, 4, 3], id="after alone"),
        pytest.param(5, 2, [4, 3], id="between two"),
        pytest.param(3, 3, [], id="between nothing"),
        pytest.param(2, 4, [], id="crossed"),
        pytest.param(None, -(2**63), [5, 4, 3, 2, 1, -7], id="after the smallest of all"),
        pytest.param(None, -8, [5, 4, 3, 2, 1, -7], id="before the epoch"),
        pytest.param(None, 2**63 - 1, [], id="after the largest of all"),
    ],
)
async def test_bounds_leave_out_what_they_name(
    storage: Storage, before: int | None, after: int, found: list[int]
) -> None:
    async with storage.transaction() as transaction:
        for number in (3, -7, 1, 5, 2, 4):
            await transaction.index(ArticleId(number), kept("خبر", "خبر"))
    until = None if before is None else ArticleId(before)

    ids = await storage.search(asking(word("خبر")), limit=9, before=until, after=ArticleId(after))

    assert list(ids) == found


async def test_a_section_narrows_the_search(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await store(transaction, ArticleId(1), Section.SPORT)
        await store(transaction, ArticleId(2), Section.WORLD, Section.SPORT)
        await store(transaction, ArticleId(3), Section.WORLD)

    async def search(section: Section, limit: int = 9) -> list[ArticleId]:
        return list(await storage.search(asking(word("خبر"), section=section), limit=limit))

    assert await search(Section.SPORT) == [2, 1]
    assert await search(Section.WORLD) == [3, 2]
    assert await search(Section.WORLD, limit=1) == [3]
    assert await search(Section.ROYAL) == []
    in_sport = asking(word("خبر"), section=Section.SPORT)
    assert await storage.search(in_sport, limit=9, after=ArticleId(1)) == [2]


async def store(transaction: Transaction, article: ArticleId, *sections: Section) -> None:
    """Write an article with as little as the schema allows, and index it."""
    values = {"id": article, "name": f"source {article}", "sections": ",".join(sections)}
    for sql in (
        "INSERT INTO sources (id, name, created_at) VALUES (:id, :name, 0)",
        "INSERT INTO feeds (id, source, url, host, interval_ms, next_poll_at)"
        " VALUES (:id, :id, :name, '', 0, 0)",
        "INSERT INTO stories (id, lead, section, first_at, last_at) VALUES (:id, :id, '', 0, 0)",
        "INSERT INTO articles (id, feed, source, story, title, url, summary, body, author,"
        " image_url, video_url, first_seen_at, fingerprint, sections)"
        " VALUES (:id, :id, :id, :id, '', '', '', '', '', '', '', 0, '', :sections)",
    ):
        await transaction.execute(sql, values)
    await transaction.execute_many(
        "INSERT INTO article_sections (section, article, place)"
        " VALUES (:section, :article, :place)",
        [
            {"section": section.value, "article": article, "place": place}
            for place, section in enumerate(sections)
        ],
    )
    await transaction.index(article, kept("خبر", "خبر"))


# ── putting in, taking out ─────────────────────────────────────────────────────────────────


async def test_an_article_taken_out_is_found_no_more(storage: Storage) -> None:
    await index_all(storage)

    async with storage.transaction() as transaction:
        await transaction.unindex(RAIN, kept(*TEXTS[RAIN]))

    assert await storage.search(asking(word("في")), limit=10) == [MATCH, SNOW]


async def test_a_corrected_article_is_found_by_its_new_words_only(storage: Storage) -> None:
    await index_all(storage)

    async with storage.transaction() as transaction:
        await transaction.unindex(RAIN, kept(*TEXTS[RAIN]))
        await transaction.index(RAIN, kept("صحو في السهول", "صحو سهل"))

    assert await storage.search(asking(word("صحو")), limit=10) == [RAIN]
    assert await storage.search(asking(word("غزيره")), limit=10) == []
    assert await storage.search(asking(word("في")), limit=10) == [MATCH, SNOW, RAIN]


@pytest.mark.parametrize(
    ("article", "texts"),
    [
        pytest.param(ArticleId(999), TEXTS[RAIN], id="an article never put in"),
        pytest.param(RAIN, TEXTS[SNOW], id="another text"),
    ],
)
async def test_taking_out_what_was_not_put_in_is_refused(
    storage: Storage, article: ArticleId, texts: tuple[str, str]
) -> None:
    await index_all(storage)

    with pytest.raises(StorageError, match="not in the search index"):
        async with storage.transaction() as transaction:
            await transaction.unindex(article, kept(*texts))

    assert await storage.search(asking(word("في")), limit=10) == [MATCH, SNOW, RAIN]


async def test_taking_an_article_out_twice_is_refused(storage: Storage) -> None:
    await index_all(storage)

    async def take_out_twice() -> None:
        async with storage.transaction() as transaction:
            await transaction.unindex(RAIN, kept(*TEXTS[RAIN]))
            await transaction.unindex(RAIN, kept(*TEXTS[RAIN]))

    with pytest.raises(StorageError, match="not in the search index"):
        await take_out_twice()

    assert await storage.search(asking(word("غزيره")), limit=10) == [RAIN]


async def test_a_cleared_index_is_empty_and_can_be_filled_again(storage: Storage) -> None:
    await index_all(storage)

    async with storage.transaction() as transaction:
        await transaction.clear_index()
    assert await storage.search(asking(word("في")), limit=10) == []

    await index_all(storage)
    assert await storage.search(asking(word("في")), limit=10) == [MATCH, SNOW, RAIN]


async def test_a_block_that_raises_leaves_the_index_as_it_was(storage: Storage) -> None:
    await index_all(storage)

    async def rebuild_and_fail() -> None:
        async with storage.transaction() as transaction:
            await transaction.clear_index()
            await transaction.index(RAIN, kept("صحو", "صحو"))
            raise LookupError

    with pytest.raises(LookupError):
        await rebuild_and_fail()

    assert await storage.search(asking(word("صحو")), limit=10) == []
    assert await storage.search(asking(word("في")), limit=10) == [MATCH, SNOW, RAIN]


# ── anything that can be typed ─────────────────────────────────────────────────────────────

SYNTAX = ['"', "'", "*", "NEAR(", ")", "AND", "OR", "NOT", "folded:", "-", "^", "+", "a:b", "\0"]
ODD = st.one_of(
    st.text(st.characters(), max_size=8),  # any code point, also half characters
    st.sampled_from(SYNTAX),
    st.text(st.sampled_from("ابتa1_\"'*():^-+\0\ud800\u200c\U0001f534"), max_size=8),
)
TERMS = st.builds(Term, st.lists(ODD, max_size=4).map(tuple), ODD)
QUERIES = st.builds(
    Query,
    st.just(""),
    st.lists(TERMS, max_size=4).map(tuple),
    st.lists(TERMS, max_size=3).map(tuple),
    st.none() | st.sampled_from(Section),
)
EACH_ON_THE_SAME_DATABASE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)


@EACH_ON_THE_SAME_DATABASE
@given(query=QUERIES)
async def test_any_query_is_safe(storage: Storage, query: Query) -> None:
    found = await storage.search(query, limit=5)

    assert list(found) == []  # nothing was indexed


@EACH_ON_THE_SAME_DATABASE
@given(folded=st.text(max_size=60), stems=st.text(max_size=60))
async def test_any_text_can_be_put_in_and_taken_out_again(
    storage: Storage, folded: str, stems: str
) -> None:
    async with storage.transaction() as transaction:
        await transaction.index(RAIN, kept(folded, stems))
    async with storage.transaction() as transaction:
        await transaction.unindex(RAIN, kept(folded, stems))

    asked = asking(*map(word, folded.split()))
    assert await storage.search(asked, limit=5) == []


@EACH_ON_THE_SAME_DATABASE
@given(words=st.lists(st.text("ابتثجabc019_'’-.🔴\u200c", min_size=1, max_size=6), min_size=1))
async def test_a_word_of_a_text_finds_it_however_it_is_made(
    storage: Storage, words: list[str]
) -> None:
    text = " ".join(words)
    async with storage.transaction() as transaction:
        await transaction.clear_index()
        await transaction.index(RAIN, kept(text, ""))

    for each in words:
        is_word = any(map(str.isalnum, each))
        found = await storage.search(asking(word(each)), limit=5)
        assert list(found) == ([RAIN] if is_word else [])
    assert list(await storage.search(asking(Term(tuple(words))), limit=5)) == (
        [RAIN] if any(map(str.isalnum, text)) else []
    )


async def test_four_thousand_letters_are_a_query_like_any_other(storage: Storage) -> None:
    await index_all(storage)
    many = tuple(word("غدا", "غد") for _ in range(2000))

    assert await storage.search(asking(*many), limit=5) == [MATCH, RAIN]
    assert await storage.search(asking(word("في"), without=many), limit=5) == [SNOW]
    assert await storage.search(asking(word("غدا" * 4000)), limit=5) == []
