"""Picks and urgent by hand on a story's page: once, asked first, taken back; not for readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.config import Config
from bot.model import (
    ChatId,
    DeliveryState,
    Mode,
    Priority,
    Row,
    StoryId,
    UrgentChoice,
    WaveState,
    source_subject,
)
from bot.outbox import settle
from bot.storage import audit, batches, deliveries, stories, subscribers, subscriptions
from tests.build import draft
from tests.commands.conftest import KARIM, SALMA, YOUNES, Bureau, config
from tests.crowd import ARRIVED, LEASE

TITLE = "افتتاح ميناء جديد في الشمال"


@pytest.fixture
def newsroom() -> Config:
    return config(editors=(KARIM, YOUNES))


async def opened(bureau: Bureau, *people: int) -> StoryId:
    """Print a story and let people open its page, all of them readers."""
    story = await bureau.prints(draft())
    for person in people:
        await bureau.says(person, "/start")
        await bureau.says(person, f"/start st_{story}")
    return story


async def waves(bureau: Bureau) -> Sequence[Row]:
    return await bureau.storage.fetch(
        "SELECT waves.*, occasions.key FROM waves JOIN occasions ON occasions.id = occasion"
    )


async def is_urgent(bureau: Bureau, story: StoryId) -> tuple[bool, bool]:
    """Return whether a story is urgent, and whether its lead is."""
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None
    return telling.story.is_urgent, telling.lead.is_urgent


async def deliver_one(bureau: Bureau) -> None:
    """Send the next message that is due, as the deliverer does."""
    now = bureau.clock[0]
    async with bureau.storage.transaction() as tx:
        batch = await batches.claim(tx, bureau.room.bot, now, size=1, lease=LEASE)
        assert batch is not None
        settled = [(one, settle.after(one, ARRIVED, now)) for one in batch.parcels]
        await deliveries.settle(tx, settled, now)
        await batches.end_batch(tx, batch.id)


async def test_readers_see_no_button_and_cannot_forge_one(bureau: Bureau) -> None:
    story = await opened(bureau, SALMA)
    assert "⭐ مختارات" not in bureau.labels(SALMA)
    message = bureau.messages(SALMA)[-1]["message_id"]

    for data in (f"1:js:{story}:0:0", f"1:jp:{story}:on:0:0", f"1:ju:{story}:0:0"):
        assert await bureau.presses(SALMA, message, data) == bureau.texts.say("errors.old_buttons")

    assert await waves(bureau) == []
    assert await audit.newest(bureau.storage, limit=5) == []


async def test_an_alarm_is_asked_for_with_the_number_it_reaches(bureau: Bureau) -> None:
    story = await opened(bureau, KARIM, YOUNES, SALMA)
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await subscribers.choose_urgent(tx, reader.id, UrgentChoice.NO)

    await bureau.taps(KARIM, "🔴 عاجل")

    assert "سيصل فورا إلى قارئين" in bureau.seen(KARIM)
    assert await waves(bureau) == []
    await bureau.taps(KARIM, "إلغاء")
    assert TITLE in bureau.seen(KARIM)
    assert await is_urgent(bureau, story) == (False, False)


async def test_an_alarm_by_hand_goes_the_way_of_urgent_news(bureau: Bureau) -> None:
    story = await opened(bureau, KARIM)

    await bureau.taps(KARIM, "🔴 عاجل")
    await bureau.taps(KARIM, "أرسل")

    [wave] = await waves(bureau)
    assert (wave["key"], wave["audience"], wave["section"], wave["priority"], wave["story"]) == (
        f"story:{story}",
        "urgent",
        "politics",
        int(Priority.URGENT),
        story,
    )
    assert wave["expires_at"] == wave["created_at"] + 3 * 3_600_000  # type: ignore[operator]
    assert await is_urgent(bureau, story) == (True, True)
    assert "deliver" in bureau.woken
    await bureau.taps(KARIM, "رجوع")
    assert "✓ 🔴 عاجل" in bureau.labels(KARIM)


async def test_two_editors_and_double_taps_make_one_alarm(bureau: Bureau) -> None:
    await opened(bureau, KARIM, YOUNES)
    for person in (KARIM, YOUNES):
        await bureau.taps(person, "🔴 عاجل")
    sends = [bureau.button(person, "أرسل") for person in (KARIM, YOUNES)]

    await bureau.presses(KARIM, *sends[0])
    toasts = [await bureau.presses(KARIM, *sends[0]), await bureau.presses(YOUNES, *sends[1])]

    assert toasts == [bureau.texts.say("judge.already")] * 2
    assert len(await waves(bureau)) == 1


async def test_an_alarm_called_off_says_how_many_have_it(bureau: Bureau) -> None:
    story = await opened(bureau, KARIM, YOUNES, SALMA)
    await bureau.taps(KARIM, "🔴 عاجل")
    await bureau.taps(KARIM, "أرسل")
    await deliver_one(bureau)
    bureau.forward(timedelta(minutes=9))

    await bureau.taps(KARIM, "تراجع")

    assert "توقف الإرسال، وكان قد وصل إلى قارئ واحد" in bureau.seen(KARIM)
    assert await is_urgent(bureau, story) == (False, False)
    assert [wave["state"] for wave in await waves(bureau)] == [WaveState.CANCELLED]
    async with bureau.storage.transaction() as tx:
        left = await batches.claim(tx, bureau.room.bot, bureau.clock[0], size=9, lease=LEASE)
    assert left is None or left.parcels == ()
    sent = await bureau.storage.fetch("SELECT state FROM deliveries")
    assert [row["state"] for row in sent] == [DeliveryState.SENT]


async def test_an_alarm_called_off_at_once_has_reached_nobody(bureau: Bureau) -> None:
    await opened(bureau, KARIM)
    await bureau.taps(KARIM, "🔴 عاجل")
    await bureau.taps(KARIM, "أرسل")

    await bureau.taps(KARIM, "تراجع")

    assert bureau.texts.say("judge.stopped_in_time") in bureau.seen(KARIM)


async def test_whom_an_alarm_in_person_was_called_off_for_hears_the_next_one(
    bureau: Bureau,
) -> None:
    story = await opened(bureau, KARIM, SALMA)
    telling = await stories.telling(bureau.storage, story)
    salma = await subscribers.find(bureau.storage, bureau.room.bot, ChatId(SALMA))
    assert telling is not None
    assert salma is not None
    async with bureau.storage.transaction() as tx:
        followed = [source_subject(telling.lead.source.id)]
        await subscriptions.follow(tx, salma.id, followed, Mode.INSTANT, bureau.clock[0])
    for button in ("🔴 عاجل", "أرسل", "تراجع", "رجوع", "🔴 عاجل", "أرسل"):
        await bureau.taps(KARIM, button)

    async with bureau.storage.transaction() as tx:
        due = await batches.claim(tx, bureau.room.bot, bureau.clock[0], size=9, lease=LEASE)

    assert due is not None
    assert [one.subscriber.chat for one in due.parcels if one.wave is None] == [SALMA]


async def test_an_alarm_that_a_feed_has_joined_is_not_called_off(bureau: Bureau) -> None:
    story = await opened(bureau, KARIM)
    await bureau.taps(KARIM, "🔴 عاجل")
    await bureau.taps(KARIM, "أرسل")
    other = await bureau.prints(draft(title="عاجل: الميناء يفتح", is_urgent=True))
    async with bureau.storage.transaction() as tx:
        await tx.execute(
            "UPDATE articles SET story = :story WHERE story = :other",
            {"story": story, "other": other},
        )

    assert await bureau.taps(KARIM, "تراجع") == bureau.texts.say("undo.too_late")
    assert (await is_urgent(bureau, story))[0]


async def test_a_pick_is_taken_out_by_its_own_button_whenever(bureau: Bureau) -> None:
    await opened(bureau, KARIM)
    await bureau.taps(KARIM, "⭐ مختارات")
    bureau.forward(timedelta(days=3))

    toast = await bureau.taps(KARIM, "✓ ⭐ مختارات")

    assert toast == "لم يعد الخبر في المختارات."
    assert "⭐ مختارات" in bureau.labels(KARIM)
    rows = await bureau.storage.fetch("SELECT section FROM article_sections")
    assert [row["section"] for row in rows] == ["politics"]


async def test_a_pick_pressed_twice_is_one_act(bureau: Bureau) -> None:
    await opened(bureau, KARIM)
    message, data = bureau.button(KARIM, "⭐ مختارات")

    for _ in range(2):
        await bureau.presses(KARIM, message, data)

    assert [one.act for one in await audit.newest(bureau.storage, limit=5)] == ["pick.on"]


async def test_a_story_that_is_gone_is_said_to_be_gone(bureau: Bureau) -> None:
    await opened(bureau, KARIM)
    message = bureau.messages(KARIM)[-1]["message_id"]

    toast = await bureau.presses(KARIM, message, "1:js:999:0:0")
    assert toast == bureau.texts.say("errors.no_story")
    await bureau.presses(KARIM, message, "1:ju:999:0:0")
    assert bureau.seen(KARIM) == bureau.texts.say("errors.no_story")


async def test_an_alarm_for_nobody_says_so_before_it_goes(bureau: Bureau) -> None:
    story = await bureau.prints(draft())
    await bureau.says(KARIM, f"/start st_{story}")
    reader = await bureau.subscriber(KARIM)
    async with bureau.storage.transaction() as tx:
        await subscribers.choose_urgent(tx, reader.id, UrgentChoice.NO)

    await bureau.taps(KARIM, "🔴 عاجل")

    assert bureau.texts.say("judge.ask_nobody") in bureau.seen(KARIM)
