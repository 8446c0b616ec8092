"""«Save» and «follow» under a story: so it is, and so the button says; its words stay."""

from __future__ import annotations

import asyncio

import pytest

from bot.briefs.layouts.instant import instant
from bot.commands.reader import marks, tastes
from bot.model import ChatId, Mode, StoryId, Subject, SubjectKind, Taste, story_subject
from bot.storage import saved, stories, subscriptions
from bot.transports.telegram import pages
from bot.transports.telegram.keyboard import inline_keyboard
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, YOUNES, Bureau


async def pushed(bureau: Bureau, *people: int, title: str = "افتتاح الميناء") -> StoryId:
    """Let readers begin and get a brief, as the deliverer sends it."""
    story = await bureau.prints(draft(title=title))
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None
    brief = instant(telling, bureau.texts, zone=bureau.room.config.news.zone, now=NOON)
    for person in people or (SALMA,):
        await bureau.says(person, "/start")
        await pages.send(bureau.app.bot, ChatId(person), brief, bureau.room.username)
    return story


async def taste_of(bureau: Bureau, person: int = SALMA) -> Taste:
    reader = await bureau.subscriber(person)
    return await subscriptions.taste(bureau.storage, reader.id, bureau.clock[0])


async def is_saved(bureau: Bureau, story: StoryId, person: int = SALMA) -> bool:
    return await saved.is_saved(bureau.storage, (await bureau.subscriber(person)).id, story)


async def test_a_pushed_brief_has_four_buttons(bureau: Bureau) -> None:
    await pushed(bureau)

    assert bureau.labels(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]


async def test_a_story_is_saved_and_its_button_takes_it_off_again(bureau: Bureau) -> None:
    story = await pushed(bureau)
    words = bureau.seen(SALMA)

    toast = await bureau.taps(SALMA, "احفظ")

    assert toast == bureau.texts.say("marks.now_saved")
    assert await is_saved(bureau, story)
    assert bureau.labels(SALMA) == ["اقرأ ↗", "✓ محفوظ", "تابع", "المزيد"]
    assert bureau.seen(SALMA) == words

    toast = await bureau.taps(SALMA, "✓ محفوظ")

    assert toast == bureau.texts.say("marks.now_unsaved")
    assert not await is_saved(bureau, story)
    assert bureau.labels(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]


async def test_under_a_picture_the_button_changes_too(bureau: Bureau) -> None:
    story = await pushed(bureau)
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None
    brief = instant(telling, bureau.texts, zone=bureau.room.config.news.zone, now=NOON)
    await bureau.app.bot.send_photo(
        SALMA,
        b"\x89PNG\r\n",
        caption="افتتاح الميناء",
        reply_markup=inline_keyboard(brief.buttons),
    )

    await bureau.taps(SALMA, "احفظ")

    assert "photo" in bureau.messages(SALMA)[-1]
    assert bureau.seen(SALMA) == "افتتاح الميناء"
    assert "✓ محفوظ" in bureau.labels(SALMA)


async def test_a_story_is_followed_at_once_and_its_button_ends_that(bureau: Bureau) -> None:
    story = await pushed(bureau)
    words = bureau.seen(SALMA)

    toast = await bureau.taps(SALMA, "تابع")

    assert toast == bureau.texts.say("marks.now_followed")
    assert (await taste_of(bureau)).follows[story_subject(story)] is Mode.INSTANT
    assert bureau.labels(SALMA) == ["اقرأ ↗", "احفظ", "✓ تتابعه", "المزيد"]
    assert bureau.seen(SALMA) == words

    toast = await bureau.taps(SALMA, "✓ تتابعه")

    assert toast == bureau.texts.say("marks.now_unfollowed")
    assert story_subject(story) not in (await taste_of(bureau)).follows
    assert bureau.labels(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]


async def test_the_buttons_show_ones_own_state_to_each(bureau: Bureau) -> None:
    story = await pushed(bureau, SALMA, YOUNES)

    await bureau.taps(SALMA, "احفظ")
    await bureau.taps(YOUNES, "المزيد")

    assert "احفظ" in bureau.labels(YOUNES)
    assert not await is_saved(bureau, story, YOUNES)


async def test_a_press_shows_what_was_done_elsewhere_meanwhile(bureau: Bureau) -> None:
    story = await pushed(bureau)
    await bureau.says(SALMA, f"/start st_{story}")
    await bureau.taps(SALMA, "احفظ")  # on the page below the brief

    brief = bureau.messages(SALMA)[-2]["message_id"]
    await bureau.presses(SALMA, brief, f"1:fs:{story}:on")

    rows = bureau.messages(SALMA)[-2]["reply_markup"]["inline_keyboard"]
    assert [key["text"] for row in rows for key in row][1:3] == ["✓ محفوظ", "✓ تتابعه"]


async def test_twenty_taps_a_second_are_all_answered_and_act_once(bureau: Bureau) -> None:
    story = await pushed(bureau)
    message, data = bureau.button(SALMA, "احفظ")

    taps = [bureau.sandbox.tap(SALMA, message, data, wait=0) for _ in range(20)]
    queries = [tapped["query_id"] for tapped in await asyncio.gather(*taps)]
    await bureau.pump()

    answers = [bureau.sandbox.desk.queries[query].answer for query in queries]
    assert all(answer.done() for answer in answers)
    assert await is_saved(bureau, story)
    assert await saved.count(bureau.storage, (await bureau.subscriber(SALMA)).id) == 1
    assert "✓ محفوظ" in bureau.labels(SALMA)


@pytest.mark.parametrize("verb", ["sv", "fs"])
async def test_a_story_that_is_gone_is_said_to_be_gone(bureau: Bureau, verb: str) -> None:
    await pushed(bureau)
    message = bureau.messages(SALMA)[-1]["message_id"]

    toast = await bureau.presses(SALMA, message, f"1:{verb}:99:on")

    assert toast == bureau.texts.say("errors.no_story")
    assert story_subject(StoryId(99)) not in (await taste_of(bureau)).follows


@pytest.mark.parametrize("data", ["1:sv:1", "1:sv:1:yes", "1:fs::on", "1:fs:-1:on", "1:sv:1:on:1"])
async def test_forged_buttons_change_nothing(bureau: Bureau, data: str) -> None:
    story = await pushed(bureau)

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")
    assert not await is_saved(bureau, story)


async def test_who_never_began_is_told_how_to(bureau: Bureau) -> None:
    story = await pushed(bureau, YOUNES)
    await bureau.says(SALMA, "/latest")

    toast = await bureau.presses(
        SALMA, bureau.messages(SALMA)[-1]["message_id"], f"1:sv:{story}:on"
    )

    assert toast == bureau.texts.say("marks.begin_first")


async def test_a_full_shelf_says_so_and_keeps_what_it_has(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MOST_SAVED", 1)
    first = await pushed(bureau)
    await bureau.taps(SALMA, "احفظ")
    second = await pushed(bureau, title="خبر ثان")

    toast = await bureau.taps(SALMA, "احفظ")

    assert toast.startswith("في محفوظاتك خبر واحد")
    assert await is_saved(bureau, first)
    assert not await is_saved(bureau, second)
    assert "احفظ" in bureau.labels(SALMA)
    await bureau.presses(
        SALMA, bureau.messages(SALMA)[-1]["message_id"], f"1:sv:{first}:on"
    )  # what is there already has its place
    assert await is_saved(bureau, first)


async def test_beyond_fifty_stories_following_is_refused_politely(bureau: Bureau) -> None:
    story = await pushed(bureau)
    reader = await bureau.subscriber(SALMA)
    others = [Subject(SubjectKind.STORY, str(1000 + n)) for n in range(tastes.MOST)]
    async with bureau.storage.transaction() as tx:
        await subscriptions.follow(tx, reader.id, others, Mode.DIGEST, NOON)

    toast = await bureau.taps(SALMA, "تابع")

    assert toast == bureau.texts.say("follow.too_many", most=50)
    assert story_subject(story) not in (await taste_of(bureau)).follows
    assert "تابع" in bureau.labels(SALMA)


async def test_following_a_muted_story_ends_its_mute(bureau: Bureau) -> None:
    story = await pushed(bureau)
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await subscriptions.mute(tx, reader.id, story_subject(story), until=None, now=NOON)

    await bureau.taps(SALMA, "المزيد")
    assert "تابع" in bureau.labels(SALMA)
    await bureau.taps(SALMA, "تابع")

    taste = await taste_of(bureau)
    assert story_subject(story) in taste.follows
    assert not taste.mutes
