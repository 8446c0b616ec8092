"""A story's page: what can be done with it, and the way back to where it was opened."""

from __future__ import annotations

from typing import Any

from bot.model import Length, Source, SourceId, StoryId
from bot.storage import subscribers
from tests.build import draft
from tests.commands.conftest import SALMA, Bureau

OTHER = Source(SourceId(2), "منبر الساحل")
LONG = (
    "افتتحت الوزارة مستشفى جديدا يضم 200 سرير. وكلف المشروع 300 مليون درهم. وسيستقبل المرضى يوم "
    "الاثنين. وتعمل به تسعون ممرضة وأربعون طبيبا."
)
OPENED = ["اقرأ ↗", "احفظ", "تابع", "كتم ومتابعة", "شارك", "أبلغ عن خطأ", "رجوع"]


def key(bureau: Bureau, label: str) -> dict[str, Any]:
    """Return a button of the newest message as Telegram has it."""
    rows = bureau.messages(SALMA)[-1]["reply_markup"]["inline_keyboard"]
    return next(button for row in rows for button in row if button["text"] == label)


async def opened(bureau: Bureau, **changes: Any) -> StoryId:
    """Open a story from the list of the latest."""
    story = await bureau.prints(draft(**({"title": "افتتاح الميناء"} | changes)))
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/latest")
    await bureau.taps(SALMA, "1")
    return story


async def test_a_page_offers_all_that_can_be_done_with_a_story(bureau: Bureau) -> None:
    await opened(bureau)

    assert "افتتاح الميناء" in bureau.seen(SALMA)
    assert bureau.labels(SALMA) == OPENED


async def test_a_page_tells_the_long_brief_and_who_tells_it(bureau: Bureau) -> None:
    await bureau.prints(
        draft(title="افتتاح الميناء", body=LONG), draft(title="الميناء يفتح", source=OTHER)
    )
    await bureau.says(SALMA, "/latest")
    await bureau.taps(SALMA, "1")

    seen = bureau.seen(SALMA)
    assert "وتعمل به تسعون ممرضة وأربعون طبيبا." in seen
    assert "المصادر" in seen
    assert "منبر الساحل · اليوم 12:00" in seen


async def test_from_a_list_back_turns_to_the_list(bureau: Bureau) -> None:
    await opened(bureau)

    await bureau.taps(SALMA, "رجوع")

    assert bureau.seen(SALMA).startswith("آخر الأخبار")


async def test_from_a_link_there_is_nothing_to_go_back_to(bureau: Bureau) -> None:
    story = await bureau.prints(draft())

    await bureau.says(SALMA, f"/start st_{story}")

    assert bureau.labels(SALMA) == OPENED[:-1]


async def test_back_to_a_brief_it_has_the_length_and_the_marks_of_its_reader(
    bureau: Bureau,
) -> None:
    story = await opened(bureau, body=LONG)
    page = bureau.messages(SALMA)[-1]["message_id"]
    await bureau.taps(SALMA, "احفظ")

    await bureau.presses(SALMA, page, f"1:br:{story}")
    assert "وكلف المشروع" in bureau.seen(SALMA)
    assert "تسعون ممرضة" not in bureau.seen(SALMA)
    assert bureau.labels(SALMA) == ["اقرأ ↗", "✓ محفوظ", "تابع", "المزيد"]

    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await subscribers.choose_length(tx, reader.id, Length.LINE)
    await bureau.presses(SALMA, page, f"1:br:{story}")
    assert "وكلف المشروع" not in bureau.seen(SALMA)


async def test_the_old_button_of_a_brief_leads_back_to_the_brief(bureau: Bureau) -> None:
    story = await opened(bureau)

    await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], f"1:st:{story}")
    await bureau.taps(SALMA, "رجوع")

    assert bureau.labels(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]


async def test_saving_on_the_page_leaves_its_words_and_its_way_back(bureau: Bureau) -> None:
    await opened(bureau)
    words = bureau.seen(SALMA)

    await bureau.taps(SALMA, "احفظ")
    await bureau.taps(SALMA, "تابع")

    assert bureau.seen(SALMA) == words
    assert bureau.labels(SALMA) == [OPENED[0], "✓ محفوظ", "✓ تتابعه", *OPENED[3:]]


async def test_sharing_offers_exactly_this_story_to_another_chat(bureau: Bureau) -> None:
    story = await opened(bureau)

    assert key(bureau, "شارك")["switch_inline_query"] == f"st_{story}"


async def test_where_inline_queries_are_off_a_link_is_shared(bureau: Bureau) -> None:
    me = bureau.app.bot.bot
    with me._unfrozen():
        me.supports_inline_queries = False

    story = await opened(bureau)

    shared = key(bureau, "شارك")["url"]
    assert shared.startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2F")
    assert f"start%3Dst_{story}" in shared


async def test_a_story_that_is_gone_is_said_to_be_gone(bureau: Bureau) -> None:
    await opened(bureau)
    page = bureau.messages(SALMA)[-1]["message_id"]

    await bureau.presses(SALMA, page, "1:st:99:1:1")
    assert bureau.seen(SALMA) == bureau.texts.say("errors.no_story")

    assert await bureau.presses(SALMA, page, "1:br:99") == bureau.texts.say("errors.old_buttons")
