"""Hostile thumbs: whatever a person sends or presses is answered, and nobody's data shows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.model import StoryId
from bot.storage import stories
from tests.town import SALMA, Town

YOUNES = 1003
PORT = "الميناء الجديد يستقبل أول سفينة"
FAILED = "تعذر تنفيذ"
SECRET = "كلمةسريةليونس"


async def begin(town: Town) -> Town:
    town.paper.prints("politics", PORT)
    for number in range(1, 8):
        title = f"المجلس رقم {number} يعقد دورة {number * 37} في مدينة {number}"
        town.paper.prints("sport", title)
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    return town


async def brings(town: Town, number: int = 1, **content: Any) -> str:
    """Let a message come of a kind that the sandbox's people do not send; return the answer."""
    before = len(town.texts(SALMA))
    person = {"id": SALMA, "is_bot": False, "first_name": "سلمى"}
    chat = {"id": SALMA, "type": "private", "first_name": "سلمى"}
    message = {"message_id": 90_000 + number, "date": 1, "chat": chat, "from": person, **content}
    town.sandbox.desk.updates.add("message", message)
    await town.sandbox.until(lambda: len(town.texts(SALMA)) > before, 8)
    return town.texts(SALMA)[-1]


def edits(town: Town) -> int:
    """Count the calls that change a page of Salma's."""
    lines = town.sandbox.desk.log.since(0, "editMessageText")
    return sum(line.chat == SALMA for line in lines)


# ── what is sent ───────────────────────────────────────────────────────────────────────────


@pytest.mark.shows("not_words")
@pytest.mark.parametrize("kind", ["voice", "sticker", "photo", "video", "document"])
async def test_what_has_no_words_gets_a_sentence_and_ways_on(town: Town, kind: str) -> None:
    await begin(town)

    await town.sends(SALMA, kind)
    await town.sees(SALMA, "لا نفهم إلا الكلمات المكتوبة")
    await town.taps(SALMA, "آخر الأخبار")

    await town.sees(SALMA, "آخر الأخبار", "1. ")


FILE = {"file_id": "a", "file_unique_id": "b"}


@pytest.mark.parametrize(
    "content",
    [
        {"location": {"latitude": 33.6, "longitude": -7.6}},
        {"poll": {"id": "1", "question": "متى؟", "options": [{"text": "الآن", "voter_count": 0}]}},
        {"contact": {"phone_number": "+212600000000", "first_name": "يونس"}},
        {"dice": {"emoji": "🎲", "value": 6}},
        {"video_note": {**FILE, "length": 240, "duration": 3}},
        {"audio": {**FILE, "duration": 3}},
        {
            "venue": {
                "location": {"latitude": 33.6, "longitude": -7.6}, "title": "قهوة", "address": "",
            },
            "location": {"latitude": 33.6, "longitude": -7.6},
        },
        {"checklist": {"title": "قائمة", "tasks": []}},
        {"a_kind_of_tomorrow": {}},
    ],
    ids=lambda content: next(iter(content)),
)  # fmt: skip
async def test_every_kind_of_message_is_answered(town: Town, content: dict[str, Any]) -> None:
    await begin(town)

    assert "لا نفهم إلا الكلمات المكتوبة" in await brings(town, **content)


async def test_an_update_that_cannot_be_read_keeps_nobody_else_from_being_heard(
    town: Town,
) -> None:
    await begin(town)

    for broken in ({"chat": "nowhere"}, {"date": 10**30}, {"from": {"id": SALMA}}):
        town.sandbox.desk.updates.add("message", {"message_id": 9, "date": 1, **broken})
    await town.says(SALMA, "/help")

    await town.sees(SALMA, "/latest")


async def test_words_under_a_picture_and_in_a_forwarded_post_are_searched(town: Town) -> None:
    await begin(town)

    await town.sends(SALMA, "photo", text="الميناء الجديد")
    await town.sees(SALMA, "بحثنا في النص المرافق.", "1. الميناء الجديد")
    await town.forwards(SALMA, f"🔴 عاجل\n{PORT} اليوم بحضور الوزير\n\nتفاصيل في الموقع.")
    await town.sees(SALMA, "بحثنا في نص الرسالة المحولة.", "1. الميناء الجديد")
    await town.forwards(SALMA, "/stop")

    await town.sees(SALMA, "لا نتائج عن «/stop»")


@pytest.mark.shows("link_found")
async def test_a_link_leads_to_its_story(town: Town) -> None:
    await begin(town)

    await town.says(SALMA, "انظر http://www.town.example/politics-0/?utm_source=chat#top")

    await town.sees(SALMA, PORT, "صحيفة المدينة · اليوم")


@pytest.mark.shows("link_unknown")
async def test_a_link_that_is_not_ours_is_said_to_be_so_and_its_words_are_searched(
    town: Town,
) -> None:
    await begin(town)

    await town.says(SALMA, "https://else.example/2026/الميناء-الجديد-12.html")
    await town.sees(SALMA, "لا نجد هذا الرابط بين أخبارنا")
    await town.taps(SALMA, "ابحث عن «الميناء الجديد»")

    await town.sees(SALMA, "بحثنا عن كلمات الرابط.", f"1. {PORT}")


async def test_a_search_that_is_corrected_is_answered_anew_and_a_command_is_not_done(
    town: Town,
) -> None:
    await begin(town)
    message = await town.says(SALMA, "الميناا")
    await town.sees(SALMA, "لا نتائج عن «الميناا»")

    await town.edits(SALMA, message, "الميناء")
    await town.sees(SALMA, "نتائج «الميناء»: 1")
    await town.edits(SALMA, message, "/stop")
    await town.sees(SALMA, "تعديل رسالة سابقة لا ينفذ أمرا.")
    await town.says(SALMA, "/settings")

    assert "الرسائل متوقفة الآن" not in await town.sees(SALMA, "الإعدادات")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("/latest@other_bot", "لا نعرف هذا الأمر"),
        ("/latest@MUJAZ_demo_bot", "آخر الأخبار"),
        ("/search", "اكتب ما تبحث عنه بعد الأمر"),
        ("/search@other_bot الميناء", "لا نعرف هذا الأمر"),
        ("/", "لا كلمة هنا نبحث عنها"),
        ("😀🎉🇲🇦👨‍👩‍👧", "لا كلمة هنا نبحث عنها"),
        ("\u202eالميناء\u2066 الجديد", "نتائج «الميناء الجديد»: 1"),
        ("ا" * 4096, "لا نتائج"),
        ("الميناء " * 512, "نتائج «الميناء"),
        ("الميناء\n\n\nالجديد", "نتائج «الميناء الجديد»: 1"),
        ("<b>الميناء</b> & <script>", "لا نتائج عن «<b>الميناء</b> & <script>»"),
        ("{words} %s {0.__class__}", "لا نتائج عن «{words} %s {0.__class__}»"),
        ("-الميناء", "لا كلمة هنا نبحث عنها"),
        ("\u200f\u200e\u2800 .", "لا كلمة هنا نبحث عنها"),
    ],
)
async def test_any_text_gets_an_answer_that_fits(town: Town, typed: str, seen: str) -> None:
    await begin(town)

    await town.says(SALMA, typed)

    answer = await town.sees(SALMA)
    assert seen in answer
    assert FAILED not in answer


# ── what is pressed ────────────────────────────────────────────────────────────────────────


async def test_twenty_taps_in_a_second_are_all_answered_and_turn_one_page(town: Town) -> None:
    await begin(town)
    await town.says(SALMA, "المجلس")
    await town.sees(SALMA, "نتائج «المجلس»: 7")
    message, data = town.key(SALMA, "التالي")
    before = edits(town)

    taps = [town.sandbox.tap(SALMA, message, data, wait=8) for _ in range(20)]
    answers = [tapped["answer"] for tapped in await asyncio.gather(*taps)]

    assert all(answer is not None for answer in answers)
    await town.quiet(1)
    assert edits(town) - before == 1
    assert "2 / 2" in town.buttons(SALMA)


async def test_a_thumb_on_two_buttons_ends_where_it_pressed_last(town: Town) -> None:
    await begin(town)
    await town.says(SALMA, "المجلس")
    await town.sees(SALMA, "نتائج «المجلس»: 7")
    message, data = town.key(SALMA, "التالي")
    pages = [data, f"{data[:-1]}1"] * 10

    taps = [town.sandbox.tap(SALMA, message, page, wait=8) for page in pages]
    answers = [tapped["answer"] for tapped in await asyncio.gather(*taps)]

    assert all(answer is not None for answer in answers)
    await town.says(SALMA, "/help")
    await town.sees(SALMA, "/latest")
    assert any("1 / 2" in buttons for _, _, buttons in town.log[-3:])
    assert not any(FAILED in text for text in town.texts(SALMA))


@pytest.mark.parametrize("label", ["التالي", "القسم ▾", "المدة ▾", "الأحدث", "تابع هذا البحث"])
async def test_buttons_whose_page_is_forgotten_say_so_and_lead_on(town: Town, label: str) -> None:
    await begin(town)
    await town.says(SALMA, "المجلس")
    await town.sees(SALMA, "نتائج «المجلس»: 7")
    assert town.mujaz is not None
    async with town.mujaz.storage.transaction() as tx:
        await tx.execute("DELETE FROM views")

    assert await town.taps(SALMA, label) == "هذه الأزرار قديمة."
    await town.sees(SALMA, "نتائج «المجلس»: 7")  # as it was, but for its buttons
    await town.taps(SALMA, "آخر الأخبار")

    await town.sees(SALMA, "آخر الأخبار", "1. ")


HUGE = "9" * 18
FORGED = (
    "1:pg:{view}:1", "1:pg:{view}:2", f"1:pg:{HUGE}:{HUGE}", "1:od:{view}:new",
    "1:nw:{view}:1:section", "1:nr:{view}:sport", "1:nr:{view}:today", "1:fq:{view}:1:on",
    f"1:st:{HUGE}", f"1:br:{HUGE}", f"1:sv:{HUGE}:on", "1:sj:w0123456789ab:1",
    "1:st:-1", "1:st:1:2:3:4", "1:st:\u0661", "1:go:broadcast", "1:go:desk", "1:bc:all:1",
    "1:hr:99999:on:s", "1:zs:Nowhere/Nothing:s", "1:sec:nothing:digest:s", "1:to:z9",
    "1:to:" + "a" * 50, "1:iv:new:10", "1:tm:add", "1:jp:1:on", "1:un:1", "1:src:list",
    "9:pg:{view}:1", ":::", "1", "", "\u202e1:go:latest", "1:pg:{view}:1:extra",
)  # fmt: skip


async def test_forged_buttons_are_answered_and_show_nothing_of_anybody(town: Town) -> None:
    await begin(town)
    await town.says(YOUNES, SECRET)
    await town.sees(YOUNES, "لا نتائج", SECRET)
    _, theirs = town.key(YOUNES, "تابع هذا البحث")
    view = theirs.split(":")[2]
    await town.says(SALMA, "/help")
    await town.sees(SALMA, "/latest")
    message, _ = town.key(SALMA, "الإعدادات")

    for data in FORGED:
        forged = data.format(view=view)
        tapped = await town.sandbox.tap(SALMA, message, forged, wait=8)
        assert tapped["answer"] is not None, forged
        assert FAILED not in str(tapped["answer"].get("text")), forged

    await town.says(SALMA, "/help")
    await town.sees(SALMA, "/latest")
    assert not any(SECRET in text for text in town.texts(SALMA))
    assert not any(FAILED in text for text in town.texts(SALMA))


async def test_a_story_opened_from_another_chats_page_leads_back_to_nothing_of_theirs(
    town: Town,
) -> None:
    await begin(town)
    await town.says(YOUNES, "المجلس")
    await town.sees(YOUNES, "نتائج «المجلس»: 7")
    _, theirs = town.key(YOUNES, "التالي")
    view = theirs.split(":")[2]
    await town.says(SALMA, "/help")
    await town.sees(SALMA, "/latest")
    assert town.mujaz is not None
    told = await stories.telling(town.mujaz.storage, StoryId(1))
    assert told is not None

    message, _ = town.key(SALMA, "الإعدادات")
    await town.sandbox.tap(SALMA, message, f"1:st:1:{view}:1", wait=8)
    await town.sees(SALMA, told.lead.title)

    assert await town.taps(SALMA, "رجوع") == "هذه الأزرار قديمة."
