"""The search index made anew when its words have changed, and begun again when broken off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.jobs import reindex as job
from bot.jobs.reindex import SETTING, reindex
from bot.model import ArticleId, Query, SearchText, Term
from bot.storage import Storage, Transaction, articles, desk
from tests.jobs.newsroom import FIRE, FIRE_ELSEWHERE, Newsroom, entry

NOBODYS = "an older version"


class Interrupted(Exception):  # noqa: N818 - it is no error of the program
    """The process ended here."""


class Dying:
    """A database whose process ends in its n-th transaction."""

    def __init__(self, storage: Storage, transactions: int) -> None:
        self._storage = storage
        self._left = transactions

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        self._left -= 1
        async with self._storage.transaction() as tx:
            yield tx
            if self._left == 0:
                raise Interrupted


async def found(storage: Storage, word: str) -> list[ArticleId]:
    return list(await storage.search(Query(word, (Term((word,), word),)), limit=9))


async def with_an_old_index(newsroom: Newsroom, count: int) -> None:
    """Fill a database whose index holds what no query of this version asks for."""
    feed = await newsroom.feed()
    await newsroom.take(
        feed,
        entry(1, title=FIRE[0], body=FIRE[1]),
        *(entry(number) for number in range(2, count + 1)),
    )
    async with newsroom.storage.transaction() as tx:
        await tx.clear_index()
        for article in await articles.after(newsroom.storage, ArticleId(0), count):
            await tx.index(article.id, SearchText("", "", "زعفران", "زعفران"))
        await desk.keep_setting(tx, SETTING, NOBODYS)


async def test_another_version_is_rebuilt_and_the_search_is_right(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "AT_ONCE", 4)
    await with_an_old_index(newsroom, 9)
    assert await found(newsroom.storage, "زعفران") != []

    assert await reindex(newsroom.storage) == 9

    assert await found(newsroom.storage, "زعفران") == []
    [fire] = await found(newsroom.storage, "حريق")
    [article] = await articles.by_ids(newsroom.storage, [fire])
    assert article.title == FIRE[0]
    for number in range(2, 10):
        assert len(await found(newsroom.storage, entry(number).title.split()[0])) == 1


async def test_the_same_version_is_left_alone(newsroom: Newsroom) -> None:
    await with_an_old_index(newsroom, 3)
    await reindex(newsroom.storage)

    assert await reindex(newsroom.storage) == 0


async def test_an_empty_database_is_of_this_version_from_the_start(newsroom: Newsroom) -> None:
    assert await reindex(newsroom.storage) == 0

    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1))
    assert await reindex(newsroom.storage) == 0


@pytest.mark.parametrize("at", [1, 2, 3, 4])
async def test_a_rebuild_that_is_broken_off_begins_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(job, "AT_ONCE", 4)
    await with_an_old_index(newsroom, 9)
    dying = Dying(newsroom.storage, at)
    with suppress(Interrupted):
        await reindex(dying)  # type: ignore[arg-type] # it is one by delegation
        pytest.fail("it was not broken off")

    assert await reindex(newsroom.storage) == 9

    assert await found(newsroom.storage, "زعفران") == []
    assert len(await found(newsroom.storage, "حريق")) == 1


async def test_after_a_break_the_older_version_begins_again_too(newsroom: Newsroom) -> None:
    """Who goes back to the version before must not take half an index for its own."""
    await with_an_old_index(newsroom, 3)
    dying = Dying(newsroom.storage, 2)
    with suppress(Interrupted):
        await reindex(dying)  # type: ignore[arg-type] # it is one by delegation

    assert await desk.setting(newsroom.storage, SETTING) != NOBODYS


async def test_a_rebuilt_article_can_be_corrected(newsroom: Newsroom) -> None:
    """What is taken out of the index must be the very words that the rebuild put in."""
    await with_an_old_index(newsroom, 2)
    await reindex(newsroom.storage)
    [row] = await newsroom.rows("SELECT id FROM feeds")

    corrected = entry(1, title=FIRE_ELSEWHERE[0], body=FIRE[1])
    await newsroom.take(row["id"], corrected)  # type: ignore[arg-type] # a feed's number

    assert len(await found(newsroom.storage, "تخمد")) == 1
