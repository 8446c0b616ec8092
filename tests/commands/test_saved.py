"""/saved: the shelf, page by page, and what an empty one says."""

from __future__ import annotations

from datetime import timedelta

from bot.model import StoryId
from bot.storage import saved
from tests.build import draft
from tests.commands.conftest import SALMA, YOUNES, Bureau


async def shelve(bureau: Bureau, count: int) -> list[StoryId]:
    """Save some stories, a minute after another."""
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    told = [await bureau.prints(draft(title=f"خبر رقم {n}")) for n in range(1, count + 1)]
    for story in told:
        bureau.forward(timedelta(minutes=1))
        async with bureau.storage.transaction() as tx:
            await saved.save(tx, reader.id, story, bureau.clock[0])
    return told


async def test_an_empty_shelf_says_how_to_fill_it(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")

    await bureau.says(SALMA, "المحفوظات")

    assert bureau.seen(SALMA).startswith("المحفوظات")
    assert bureau.texts.say("saved.empty") in bureau.seen(SALMA)
    await bureau.taps(SALMA, "آخر الأخبار")
    assert bureau.seen(SALMA).startswith("آخر الأخبار")


async def test_what_was_saved_last_stands_first_five_a_page(bureau: Bureau) -> None:
    await shelve(bureau, 7)

    await bureau.says(SALMA, "/saved")

    assert "1. خبر رقم 7" in bureau.seen(SALMA)
    assert "5. خبر رقم 3" in bureau.seen(SALMA)
    assert "2 / 2" not in bureau.labels(SALMA)
    await bureau.taps(SALMA, "التالي")
    assert "2. خبر رقم 1" in bureau.seen(SALMA)


async def test_a_story_leads_back_to_the_same_page_of_the_shelf(bureau: Bureau) -> None:
    await shelve(bureau, 7)
    await bureau.says(SALMA, "/saved")
    await bureau.taps(SALMA, "التالي")

    await bureau.taps(SALMA, "2")
    assert bureau.seen(SALMA).splitlines()[1].startswith("خبر رقم 1")
    await bureau.taps(SALMA, "رجوع")

    assert "2 / 2" in bureau.labels(SALMA)
    assert "2. خبر رقم 1" in bureau.seen(SALMA)


async def test_what_is_taken_off_is_gone_when_the_way_leads_back(bureau: Bureau) -> None:
    await shelve(bureau, 6)
    await bureau.says(SALMA, "/saved")
    await bureau.taps(SALMA, "التالي")
    await bureau.taps(SALMA, "1")

    await bureau.taps(SALMA, "✓ محفوظ")
    await bureau.taps(SALMA, "رجوع")

    assert "5. خبر رقم 2" in bureau.seen(SALMA)  # the last page is the first by now
    assert "خبر رقم 1" not in bureau.seen(SALMA)


async def test_what_is_saved_meanwhile_does_not_push_the_pages_on(bureau: Bureau) -> None:
    await shelve(bureau, 6)
    await bureau.says(SALMA, "/saved")
    bureau.forward(timedelta(minutes=1))
    story = await bureau.prints(draft(title="خبر جديد"))
    async with bureau.storage.transaction() as tx:
        reader = await bureau.subscriber(SALMA)
        await saved.save(tx, reader.id, story, bureau.clock[0])

    await bureau.taps(SALMA, "التالي")

    assert "1. خبر رقم 1" in bureau.seen(SALMA)
    await bureau.says(SALMA, "/saved")
    assert "1. خبر جديد" in bureau.seen(SALMA)


async def test_a_shelf_that_was_emptied_says_so(bureau: Bureau) -> None:
    await shelve(bureau, 1)
    await bureau.says(SALMA, "/saved")
    await bureau.taps(SALMA, "1")
    await bureau.taps(SALMA, "✓ محفوظ")

    await bureau.taps(SALMA, "رجوع")

    assert bureau.texts.say("saved.empty") in bureau.seen(SALMA)


async def test_nobody_turns_the_pages_of_anothers_shelf(bureau: Bureau) -> None:
    await shelve(bureau, 6)
    await bureau.says(SALMA, "/saved")
    _, data = bureau.button(SALMA, "التالي")
    await bureau.says(YOUNES, "/start")

    toast = await bureau.presses(YOUNES, bureau.messages(YOUNES)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")


async def test_who_never_began_has_an_empty_shelf(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/saved")

    assert bureau.texts.say("saved.empty") in bureau.seen(SALMA)
