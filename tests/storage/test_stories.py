"""What ``storage.stories`` promises on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model import ArticleId, Section, Source, SourceId, StoryId
from bot.storage import Storage, stories
from tests.build import NOON, draft, print_story

HOUR = timedelta(hours=1)
NAMES = ("المرفأ", "الأفق", "السهل")


def by(name: str, **changes: object) -> dict[str, object]:
    return {"source": Source(SourceId(0), name), "title": f"خبر {name}"} | changes


async def test_a_story_is_told_lead_first_then_oldest_first(storage: Storage) -> None:
    async with storage.transaction() as tx:
        told = [draft(**by(name)) for name in NAMES]
        story = await print_story(tx, *told)
        before = await stories.telling(tx, story)
        assert before is not None
        last = before.articles[-1]
        await stories.write(tx, replace(before.story, lead=last.id))

    after = await stories.telling(storage, story)

    assert after is not None
    assert [one.title for one in before.articles] == [f"خبر {name}" for name in NAMES]
    assert after.lead == last
    assert [one.title for one in after.articles] == [
        f"خبر {name}" for name in (NAMES[2], NAMES[0], NAMES[1])
    ]


async def test_what_a_story_has_become_is_kept(storage: Storage) -> None:
    async with storage.transaction() as tx:
        number = await print_story(tx, draft())
        begun = await stories.telling(tx, number)
        assert begun is not None
        become = replace(
            begun.story,
            section=Section.ROYAL,
            last_at=NOON + HOUR,
            sources=3,
            articles=5,
            is_urgent=True,
        )
        await stories.write(tx, become)

    kept = await stories.telling(storage, number)

    assert kept is not None
    assert kept.story == become


async def test_stories_come_in_the_order_asked_each_once_and_without_those_that_are_gone(
    storage: Storage,
) -> None:
    async with storage.transaction() as tx:
        first = await print_story(tx, draft(title="أول"))
        second = await print_story(tx, draft(title="ثان"))
        empty = await stories.begin(tx, draft(title="بلا مقال"))

    tellings = await stories.tellings(storage, [second, StoryId(99), first, empty, second])

    assert [one.story.id for one in tellings] == [second, first]
    assert await stories.telling(storage, StoryId(99)) is None


async def test_a_digest_finds_what_began_after_the_last_one_up_to_now_most_told_first(
    storage: Storage,
) -> None:
    """T14: by when we saw it, so that an entry with an older date is still in the next one."""
    old = NOON - 40 * HOUR
    async with storage.transaction() as tx:
        told = [
            await print_story(
                tx,
                *(
                    draft(
                        **by(name, first_seen_at=seen, published_at=old),
                        canonical_url=f"https://n.example/{place}/{name}",
                    )
                    for name in names
                ),
            )
            for place, (seen, names) in enumerate(
                (
                    (NOON, NAMES),  # told by the last digest
                    (NOON + timedelta(milliseconds=1), NAMES[:1]),
                    (NOON + HOUR, NAMES[:2]),
                    (NOON + 2 * HOUR, NAMES[:1]),
                    (NOON + 2 * HOUR + timedelta(milliseconds=1), NAMES),  # for the next
                )
            )
        ]

    begun = await stories.begun_between(storage, NOON, NOON + 2 * HOUR, 10)

    assert list(begun) == [told[2], told[3], told[1]]
    assert list(await stories.begun_between(storage, NOON, NOON + 2 * HOUR, 1)) == [told[2]]


async def test_the_window_holds_what_was_seen_since_oldest_first(storage: Storage) -> None:
    async with storage.transaction() as tx:
        for number in range(4):
            seen = NOON + number * HOUR
            await print_story(tx, draft(title=f"خبر {number}", first_seen_at=seen))

    window = await stories.window(storage, NOON + HOUR)

    assert [one.title for one in window] == ["خبر 1", "خبر 2", "خبر 3"]


async def test_a_story_whose_lead_is_not_there_is_led_by_its_oldest_article(
    storage: Storage,
) -> None:
    async with storage.transaction() as tx:
        number = await print_story(tx, *(draft(**by(name)) for name in NAMES))
        told = await stories.telling(tx, number)
        assert told is not None
        await stories.write(tx, replace(told.story, lead=ArticleId(0)))

    left = await stories.telling(storage, number)

    assert left is not None
    assert left.lead.title == f"خبر {NAMES[0]}"


async def test_a_busy_section_leaves_room_for_a_quiet_one(storage: Storage) -> None:
    async with storage.transaction() as tx:
        for number in range(5):
            title = f"سياسة {number}"
            politics = [
                draft(**by(name, title=title, sections=(Section.POLITICS,), canonical_url=""))
                for name in NAMES
            ]
            await print_story(tx, *politics)
        quiet = await print_story(
            tx, draft(title="طقس", sections=(Section.WEATHER,), canonical_url="")
        )

    begun = await stories.begun_between(storage, NOON - HOUR, NOON + HOUR, 2)

    assert quiet in begun
    assert len(begun) == 3
