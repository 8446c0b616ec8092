"""Lists of articles without their texts: newest first, page after page, on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.model import ArticleId, Head, Section
from bot.storage import Storage, heads
from tests.build import NOON, draft, print_story

KINDS = ("latest", "sport", "urgent")


async def asked(storage: Storage, kind: str, before: ArticleId, limit: int = 4) -> Sequence[Head]:
    match kind:
        case "latest":
            return await heads.latest(storage, limit=limit, before=before)
        case "sport":
            return await heads.in_section(storage, Section.SPORT, limit=limit, before=before)
        case _:
            return await heads.urgent(storage, limit=limit, before=before)


@pytest.fixture
async def shelf(storage: Storage) -> list[int]:
    """Store thirty articles; return their numbers, newest first.

    Every third is sport, every fifth urgent; number and story are the same.
    """
    async with storage.transaction() as tx:
        for number in range(30):
            seen = NOON - timedelta(days=60 - number)
            is_sport = number % 3 == 0
            await print_story(
                tx,
                draft(
                    title=f"خبر رقم {number}",
                    published_at=seen,
                    first_seen_at=seen,
                    sections=(Section.SPORT,) if is_sport else (Section.WORLD, Section.MISC),
                    is_urgent=number % 5 == 0,
                ),
            )
    return list(range(29, -1, -1))


@pytest.mark.parametrize("kind", KINDS)
async def test_pages_of_each_list_follow_one_another_by_id(
    storage: Storage, shelf: list[int], kind: str
) -> None:
    every = {"latest": 1, "sport": 3, "urgent": 5}[kind]
    read: list[Head] = []
    before = await heads.end(storage)

    while page := await asked(storage, kind, before):
        read += page
        before = page[-1].article

    assert [head.story - 1 for head in read] == [one for one in shelf if one % every == 0]
    assert [head.article for head in read] == sorted((one.article for one in read), reverse=True)


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_is_older_than_the_first_id_of_all(
    storage: Storage, shelf: list[int], kind: str
) -> None:
    assert list(await asked(storage, kind, ArticleId(0))) == []


async def test_articles_of_one_story_are_heads_of_it(storage: Storage) -> None:
    async with storage.transaction() as tx:
        story = await print_story(tx, draft(title="حدث"), draft(title="الحدث نفسه"))

    found = await heads.latest(storage, limit=9, before=await heads.end(storage))

    assert [head.story for head in found] == [story, story]


async def test_the_end_of_nothing_has_nothing_before_it(storage: Storage) -> None:
    assert await heads.end(storage) == 1
