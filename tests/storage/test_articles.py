"""What ``storage.articles`` promises on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.arabic.fold import fold
from bot.arabic.stem import stem
from bot.errors import StorageError
from bot.model import (
    Article,
    ArticleId,
    Draft,
    FeedId,
    Query,
    Section,
    Source,
    SourceId,
    StoryId,
    Term,
    to_ms,
)
from bot.storage import Storage, Transaction, articles, heads, sources, stories
from tests.build import NOON, draft

HOUR = timedelta(hours=1)
END = ArticleId(2**63 - 1)
MOMENTS = {  # T14, T15, T16: what an id is made of, by the entry's own date
    "undated": (None, NOON),
    "in the future, by a wrong zone": (NOON + 3 * HOUR, NOON),
    "of today": (NOON - 3 * HOUR, NOON),
    "of yesterday": (NOON - 47 * HOUR, NOON),
    "of two days ago": (NOON - 48 * HOUR, NOON - 48 * HOUR),
    "out of an archive": (NOON - 400 * 24 * HOUR, NOON - 400 * 24 * HOUR),
}


@pytest.fixture
async def paper(storage: Storage) -> Draft:
    """Give a draft whose source and feed are there."""
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "المرفأ", NOON)
        feed = await add_feed(tx, source)
    return draft(feed=feed, source=source)


async def add_feed(tx: Transaction, source: Source, path: str = "") -> FeedId:
    feed = await sources.add_feed(
        tx,
        source,
        f"https://feeds.example/{source.id}{path}",
        host="feeds.example",
        section=None,
        interval=HOUR,
        now=NOON,
    )
    assert feed is not None
    return feed


async def store(storage: Storage, *drafts: Draft) -> list[Article]:
    """Store each draft as the only article of its story."""
    async with storage.transaction() as tx:
        return [await articles.insert(tx, one, await stories.begin(tx, one)) for one in drafts]


def titled(paper: Draft, number: int, **changes: object) -> Draft:
    title = f"خبر رقم {number}"
    own = {"title": title, "url": f"https://n.example/{number}", "canonical_url": ""}
    return replace(paper, **(own | changes))  # type: ignore[arg-type] # a maker passes fields on


async def found(storage: Storage, word: str) -> list[ArticleId]:
    query = Query(word, (Term((fold(word),), stem(fold(word))),))
    return list(await storage.search(query, limit=50))


# ── ids ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("published", "moment"), MOMENTS.values(), ids=MOMENTS)
async def test_an_id_is_made_of_the_moment_that_readers_would_call_new(
    storage: Storage, paper: Draft, published: datetime | None, moment: datetime
) -> None:
    """T14, T15, T16; miniflux #1906, #4407."""
    [stored] = await store(storage, replace(paper, published_at=published))

    assert stored.id == to_ms(moment) * articles.SLOTS
    assert stored.published_at == published


async def test_an_archive_does_not_look_new_and_a_late_entry_does(
    storage: Storage, paper: Draft
) -> None:
    """T14; n8n PR #8572."""
    seen = {"first_seen_at": NOON + HOUR}
    await store(
        storage,
        titled(paper, 1),
        titled(paper, 2, published_at=NOON - 30 * 24 * HOUR, **seen),
        titled(paper, 3, published_at=NOON - 5 * HOUR, **seen),
    )

    newest = await articles.latest(storage, limit=3)

    assert [one.title for one in newest] == ["خبر رقم 3", "خبر رقم 1", "خبر رقم 2"]


async def test_articles_of_one_moment_have_ids_of_their_own_in_the_order_they_came(
    storage: Storage, paper: Draft
) -> None:
    stored = await store(storage, *(titled(paper, number) for number in range(20)))

    first = stored[0].id
    assert [one.id for one in stored] == [first + number for number in range(20)]


async def test_a_millisecond_that_is_full_overflows_into_the_next(
    storage: Storage, paper: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "SLOTS", 4)

    stored = await store(storage, *(titled(paper, number) for number in range(10)))

    assert len({one.id for one in stored}) == 10
    assert [one.id for one in stored] == sorted(one.id for one in stored)


# ── content and index ──────────────────────────────────────────────────────────────────────


async def test_an_article_comes_back_as_it_was_stored(storage: Storage, paper: Draft) -> None:
    told = replace(
        paper,
        summary="ملخص",
        author="سلمى",
        image_url="https://n.example/a.png",
        video_url="https://n.example/a.mp4",
        sections=(Section.SPORT, Section.MISC),
        is_urgent=True,
    )

    [stored] = await store(storage, told)

    assert all(getattr(stored, name) == getattr(told, name) for name in Draft.__slots__)
    assert list(await articles.by_ids(storage, [stored.id])) == [stored]
    assert await articles.by_canonical_urls(storage, [told.canonical_url]) == [stored]


async def test_two_articles_without_an_address_are_two_and_one_address_is_one_article(
    storage: Storage, paper: Draft
) -> None:
    await store(storage, titled(paper, 1), titled(paper, 2), paper)

    with pytest.raises(StorageError):
        await store(storage, titled(paper, 3, canonical_url=paper.canonical_url))

    assert len(await articles.latest(storage, limit=9)) == 3


async def test_a_corrected_article_is_found_by_its_new_words_and_no_more_by_its_old(
    storage: Storage, paper: Draft
) -> None:
    [stored] = await store(storage, replace(paper, title="سفينة في الميناء", body="قديم"))
    correction = replace(
        paper, title="قطار في المحطة", body="جديد", published_at=NOON + HOUR, is_urgent=True
    )

    async with storage.transaction() as tx:
        await articles.revise(tx, stored, correction, NOON + HOUR)

    [after] = await articles.by_ids(storage, [stored.id])
    assert (after.title, after.body, after.revision) == ("قطار في المحطة", "جديد", 1)
    assert (after.id, after.published_at, after.is_urgent) == (stored.id, NOON, False)
    assert await found(storage, "قطار") == await found(storage, "جديد") == [stored.id]
    assert await found(storage, "سفينة") == await found(storage, "قديم") == []


async def test_an_article_that_one_document_corrects_twice_leaves_no_words_behind(
    storage: Storage, paper: Draft
) -> None:
    [stored] = await store(storage, replace(paper, title="سفينة", body=""))

    async with storage.transaction() as tx:
        await articles.revise(tx, stored, replace(paper, title="قطار", body=""), NOON)
        await articles.revise(tx, stored, replace(paper, title="طائرة", body=""), NOON)

    assert [await found(storage, word) for word in ("سفينة", "قطار")] == [[], []]
    assert await found(storage, "طائرة") == [stored.id]
    assert (await articles.by_ids(storage, [stored.id]))[0].revision == 2


async def test_a_section_is_added_once_behind_those_that_are_there(
    storage: Storage, paper: Draft
) -> None:
    [stored] = await store(storage, replace(paper, sections=(Section.SPORT,)))
    more = (Section.WORLD, Section.SPORT)

    async with storage.transaction() as tx:
        await articles.add_sections(tx, stored, more)
        [after] = await articles.by_ids(tx, [stored.id])
        await articles.add_sections(tx, after, more)

    [head] = await heads.in_section(storage, Section.WORLD, limit=5, before=END)
    [after] = await articles.by_ids(storage, [head.article])
    assert after.sections == (Section.SPORT, Section.WORLD)
    assert after.section is Section.SPORT


# ── lists ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def shelf(storage: Storage, paper: Draft) -> list[ArticleId]:
    """Give the ids of thirty articles, newest first."""
    stored = await store(
        storage,
        *(
            titled(
                paper,
                number,
                published_at=NOON - (60 - number) * 24 * HOUR,
            )
            for number in range(30)
        ),
    )
    return sorted((one.id for one in stored), reverse=True)


async def test_a_walk_meets_every_article_once_oldest_first(
    storage: Storage, shelf: list[ArticleId]
) -> None:
    walked: list[ArticleId] = []
    while some := await articles.after(storage, walked[-1] if walked else ArticleId(0), 7):
        walked += [one.id for one in some]

    assert walked == shelf[::-1]


async def test_ids_that_are_gone_are_left_out(storage: Storage, shelf: list[ArticleId]) -> None:
    asked = [shelf[2], ArticleId(5), shelf[0]]

    assert [one.id for one in await articles.by_ids(storage, asked)] == [shelf[0], shelf[2]]


async def test_what_a_source_told_lately_is_its_own_and_newest_first(
    storage: Storage, paper: Draft
) -> None:
    async with storage.transaction() as tx:
        other = await sources.add_source(tx, "الأفق", NOON)
        feed = await add_feed(tx, other)
    await store(
        storage,
        titled(paper, 1, first_seen_at=NOON - 5 * HOUR),
        titled(paper, 2, first_seen_at=NOON - HOUR),
        titled(paper, 3),
        titled(paper, 4, source=other, feed=feed),
    )

    recent = await articles.recent_of_source(storage, paper.source.id, NOON - 2 * HOUR, 10)

    assert [one.title for one in recent] == ["خبر رقم 3", "خبر رقم 2"]


# ── sightings ──────────────────────────────────────────────────────────────────────────────


async def test_a_key_leads_to_its_article_within_its_feed_only(
    storage: Storage, paper: Draft
) -> None:
    [stored] = await store(storage, paper)

    async with storage.transaction() as tx:
        other = await add_feed(tx, paper.source, "/other")
        await articles.keep_keys(tx, paper.feed, {"g:0": stored.id}, NOON)

    asked = ["g:0", "g:1"]
    assert await articles.known_keys(storage, paper.feed, asked) == {"g:0": stored.id}
    assert await articles.known_keys(storage, other, asked) == {}


async def test_a_key_that_several_entries_shared_stays_without_an_article(
    storage: Storage, paper: Draft
) -> None:
    """T5; lemon24/reader #340."""
    [stored] = await store(storage, paper)

    async with storage.transaction() as tx:
        await articles.keep_keys(tx, paper.feed, {"l:a": stored.id, "l:b": None}, NOON)
        await articles.keep_keys(tx, paper.feed, {"l:a": None, "l:b": stored.id}, NOON)
        await articles.keep_keys(tx, paper.feed, {"l:a": stored.id}, NOON)

    known = await articles.known_keys(storage, paper.feed, ["l:a", "l:b"])
    assert known == {"l:a": None, "l:b": None}


async def test_a_key_stays_with_the_article_that_had_it_first(
    storage: Storage, paper: Draft
) -> None:
    first, second = await store(storage, titled(paper, 1), titled(paper, 2))

    async with storage.transaction() as tx:
        await articles.keep_keys(tx, paper.feed, {"g:1": first.id}, NOON)
        await articles.keep_keys(tx, paper.feed, {"g:1": second.id}, NOON)

    assert await articles.known_keys(storage, paper.feed, ["g:1"]) == {"g:1": first.id}


# ── what must be there first ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "strange",
    [{"feed": FeedId(404)}, {"source": Source(SourceId(404), "لا أحد")}],
    ids=["feed", "source"],
)
async def test_an_article_of_nobody_is_refused(
    storage: Storage, paper: Draft, strange: dict[str, object]
) -> None:
    """T57; reader 3.16."""
    with pytest.raises(StorageError):
        await store(storage, titled(paper, 1, **strange))

    assert list(await articles.latest(storage, limit=1)) == []


async def test_an_article_without_a_story_is_refused(storage: Storage, paper: Draft) -> None:
    """T57; reader 3.16."""

    async def store_alone() -> None:
        async with storage.transaction() as tx:
            await articles.insert(tx, paper, StoryId(404))

    with pytest.raises(StorageError):
        await store_alone()
