"""What every engine promises about places: where an article has each term of a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.model import ArticleId, Place, Query, Section
from bot.storage import Storage, articles
from tests.build import NOON, draft, print_story

LAW = ("مشروع قانون المالية في البرلمان", "يناقش النواب القوانين المالية غدا.")


async def places(storage: Storage, query: Query) -> Sequence[Sequence[Place]]:
    ids = await storage.search(query, limit=9)
    placed = await storage.places(query, ids)
    return [list(placed[article]) for article in ids]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("قانون", [Place.TITLE], id="the title"),
        pytest.param("والبرلمانات", [Place.TITLE_STEM], id="the title, by its stem"),
        pytest.param("النواب", [Place.TEXT], id="the text"),
        pytest.param("بالنواب", [Place.TEXT_STEM], id="the text, by its stem"),
        pytest.param("المالية", [Place.TITLE], id="both: the title tells more"),
        pytest.param("النواب البرلمان", [Place.TEXT, Place.TITLE], id="each term its own"),
        pytest.param("«قانون المالية»", [Place.TITLE], id="a phrase of the title"),
        pytest.param("«القوانين المالية»", [Place.TEXT], id="a phrase of the text"),
        pytest.param("قانون -رياضة", [Place.TITLE], id="without a word"),
    ],
)
async def test_a_term_is_placed_where_it_tells_most(
    storage: Storage, typed: str, expected: list[Place]
) -> None:
    async with storage.transaction() as tx:
        await print_story(tx, draft(title=LAW[0], body=LAW[1]))

    assert await places(storage, parse_query(typed)) == [expected]


async def test_only_what_was_found_is_placed(storage: Storage) -> None:
    async with storage.transaction() as tx:
        for number in range(5):
            at = NOON + timedelta(minutes=number)
            await print_story(tx, draft(title=f"قانون {number}", first_seen_at=at, published_at=at))
    query = parse_query("قانون")
    newest, _, oldest = await storage.search(query, limit=3)

    assert set(await storage.places(query, [newest, oldest])) == {newest, oldest}


@pytest.mark.parametrize("query", [Query(""), parse_query("☂"), parse_query("-قانون")])
async def test_nothing_is_placed_by_a_question_that_finds_nothing(
    storage: Storage, query: Query
) -> None:
    assert await storage.places(query, []) == {}
    assert set(await storage.places(query, [ArticleId(1)])) == {ArticleId(1)}


async def test_a_section_narrows_what_is_found_and_not_the_places(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await print_story(tx, draft(title="قانون الرياضة", sections=(Section.SPORT,)))
        await print_story(tx, draft(title="قانون السير"))

    assert await places(storage, parse_query("قانون", Section.SPORT)) == [[Place.TITLE]]


@pytest.mark.parametrize(
    ("typed", "exact", "stemmed"),
    [
        ("اسفي", "ميناء آسفي يستقبل سفينة", "صيد الأسفيين في البحر"),
        ("مراكش", "مَرَّاكُش تحتضن المعرض", "المراكشيون يحتفلون"),
        ("مزرعه", "مزرعة نموذجية بالقنطرة", "مزارع القنطرة ومزرعتها"),
        ("اياب", "ايـــاب الدوري غدا", "إيابا وذهابا بين المدينتين"),
        ("الحكومه", "الحكومة تناقش الماء", "حكومات الجهات تجتمع"),
        ("انتوني", "أنتوني يوقع للفريق", "أنتونيو يعود"),
    ],
)
async def test_a_word_typed_in_haste_finds_the_printed_one_and_the_exact_form_first(
    storage: Storage, typed: str, exact: str, stemmed: str
) -> None:
    """T55; MoroccoAPI #2, OsmAnd #11709, quran.com #3342."""
    old = NOON - timedelta(days=9)
    async with storage.transaction() as tx:
        await print_story(tx, draft(title=exact, first_seen_at=old, published_at=old))
        await print_story(tx, draft(title=stemmed))
    query = parse_query(typed)

    ids = await storage.search(query, limit=9)
    found = await articles.matches(storage, await storage.places(query, ids))

    assert [match.title for match in rank(query, found, NOON)] in ([exact, stemmed], [exact])
