"""Lists and stories: latest, sections, urgent; turned in place, opened, and back again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import Section, UrgentChoice
from bot.storage import articles, sources
from bot.storage.sources import Visit
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, Bureau


async def print_many(bureau: Bureau, count: int, **changes: object) -> None:
    for number in range(1, count + 1):
        moment = NOON + timedelta(minutes=number)
        await bureau.prints(draft(title=f"خبر رقم {number}", first_seen_at=moment, **changes))


async def test_latest_shows_the_newest_first_and_turns_in_place(bureau: Bureau) -> None:
    await print_many(bureau, 7)

    await bureau.says(SALMA, "/latest")
    first = bureau.seen(SALMA)
    await bureau.taps(SALMA, "التالي")

    assert "1. خبر رقم 7" in first
    assert "خبر رقم 2" not in first
    assert "1. خبر رقم 2" in bureau.seen(SALMA)
    assert len(bureau.messages(SALMA)) == 1


async def test_news_that_comes_meanwhile_does_not_shift_the_pages(bureau: Bureau) -> None:
    await print_many(bureau, 7)
    await bureau.says(SALMA, "/latest")

    await bureau.prints(draft(title="خبر جاء الآن", first_seen_at=NOON + timedelta(hours=1)))
    await bureau.taps(SALMA, "التالي")

    assert "1. خبر رقم 2" in bureau.seen(SALMA)


async def test_a_story_opens_in_place_and_back_leads_to_the_same_page(bureau: Bureau) -> None:
    await print_many(bureau, 7)
    await bureau.says(SALMA, "/latest")
    await bureau.taps(SALMA, "التالي")
    page = bureau.seen(SALMA)

    await bureau.taps(SALMA, "2")
    assert "خبر رقم 1" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "رجوع")

    assert bureau.seen(SALMA) == page
    assert len(bureau.messages(SALMA)) == 1


async def test_an_entry_dated_before_the_last_digest_still_stands_in_latest(
    bureau: Bureau,
) -> None:
    """T14; miniflux/picoFeed #197; n8n PR #8572."""
    late = NOON - timedelta(hours=30)
    await bureau.prints(draft(title="خبر الأمس الأول"))
    await bureau.prints(
        draft(title="وصل متأخرا", published_at=late, first_seen_at=NOON + timedelta(minutes=1))
    )

    await bureau.says(SALMA, "/latest")

    assert "1. وصل متأخرا" in bureau.seen(SALMA)


async def test_a_story_of_several_sources_stands_once(bureau: Bureau) -> None:
    await bureau.prints(draft(title="حدث واحد"), draft(title="الحدث نفسه عند غيره"))

    await bureau.says(SALMA, "/latest")

    assert bureau.labels(SALMA) == ["1"]


@pytest.mark.parametrize("words", ["/sport", "رياضة", "/sport@mujaz_demo_bot"])
async def test_a_section_has_a_command_and_an_arabic_word(bureau: Bureau, words: str) -> None:
    await bureau.prints(draft(title="نهاية البطولة", sections=(Section.SPORT,)))
    await bureau.prints(draft(title="جلسة البرلمان"))

    await bureau.says(SALMA, words)

    assert "نهاية البطولة" in bureau.seen(SALMA)
    assert "جلسة البرلمان" not in bureau.seen(SALMA)


async def test_an_empty_section_says_so(bureau: Bureau) -> None:
    """T56; kite #561, #402."""
    await bureau.says(SALMA, "/culture")

    assert bureau.seen(SALMA) == "فن ومشاهير\nلا أخبار في قسم «فن ومشاهير» بعد."
    assert bureau.labels(SALMA) == ["الأقسام"]


async def test_a_section_whose_news_is_no_longer_kept_says_when_it_had_any(
    bureau: Bureau,
) -> None:
    """T56; kite #561, #402."""
    async with bureau.storage.transaction() as tx:
        source = await sources.add_source(tx, "المرفأ", NOON)
        feed = await sources.add_feed(
            tx,
            source,
            "https://marfa.example/culture",
            host="marfa.example",
            section=Section.CULTURE,
            interval=timedelta(hours=1),
            now=NOON,
        )
        assert feed is not None
        seen = NOON - timedelta(days=9)
        await sources.visited(tx, feed, Visit(NOON, timedelta(hours=1), ok_at=seen, new_at=seen))

    await bureau.says(SALMA, "/culture")

    assert "لا أخبار في قسم «فن ومشاهير» الآن. آخر خبر فيه: الأحد 15 نونبر." in bureau.seen(SALMA)


async def test_a_section_with_nothing_new_for_days_says_since_when(bureau: Bureau) -> None:
    """T56; kite #561, #402."""
    await bureau.prints(draft(title="عرض أول", sections=(Section.CULTURE,)))
    await bureau.says(SALMA, "/culture")
    assert "لا جديد" not in bureau.seen(SALMA)

    bureau.forward(timedelta(days=3))
    await bureau.says(SALMA, "/culture")

    assert "لا جديد في قسم «فن ومشاهير» منذ الثلاثاء 24 نونبر." in bureau.seen(SALMA)
    assert "1. عرض أول" in bureau.seen(SALMA)


async def test_nothing_urgent_yet_is_said_too(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/urgent")

    assert bureau.texts.say("layout.listing.empty") in bureau.seen(SALMA)


async def test_what_editors_picked_stands_in_picks(bureau: Bureau) -> None:
    await bureau.prints(draft(title="خبر عادي"))
    await bureau.prints(draft(title="خبر مختار"))
    picked = (await articles.latest(bureau.storage, limit=1))[0]
    async with bureau.storage.transaction() as tx:
        await articles.add_sections(tx, picked, (Section.PICKS,))

    await bureau.says(SALMA, "مختارات")

    assert picked.title in bureau.seen(SALMA)
    assert bureau.labels(SALMA) == ["1", "الأقسام"]


@pytest.mark.parametrize("words", ["/urgent", "عاجل", "أخبار عاجلة", "اخبار عاجله"])
async def test_urgent_news_has_two_names(bureau: Bureau, words: str) -> None:
    await bureau.says(SALMA, words)

    assert bureau.texts.say("urgent.heading") in bureau.seen(SALMA)


async def test_the_screen_lists_films_with_their_lengths(bureau: Bureau) -> None:
    film = {"video_url": "https://tube.example/7", "video_seconds": 205}
    sections = (Section.CULTURE, Section.VIDEO)
    await bureau.prints(draft(title="جولة في الميناء", sections=sections, **film))

    await bureau.says(SALMA, "الشاشة")

    assert "1. ▶️ جولة في الميناء\n3:25 · صحيفة الغد" in bureau.seen(SALMA)
    assert bureau.labels(SALMA) == ["1", "▶️ 1", "الأقسام"]


async def test_sections_lead_to_their_lists_in_place(bureau: Bureau) -> None:
    await bureau.prints(draft(title="حالة الطقس", sections=(Section.WEATHER,)))
    await bureau.says(SALMA, "الأقسام")

    await bureau.taps(SALMA, "طقس وبيئة")

    assert "حالة الطقس" in bureau.seen(SALMA)
    assert len(bureau.messages(SALMA)) == 1


async def test_urgent_shows_the_latest_urgent_and_the_choice(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.prints(draft(title="زلزال خفيف", is_urgent=True))
    await bureau.prints(draft(title="خبر عادي"))

    await bureau.says(SALMA, "/urgent")
    await bureau.taps(SALMA, "نعم، بصمت")

    assert "زلزال خفيف" in bureau.seen(SALMA)
    assert "خبر عادي" not in bureau.seen(SALMA)
    assert "✓ نعم، بصمت" in bureau.labels(SALMA)
    assert (await bureau.subscriber(SALMA)).urgent is UrgentChoice.SILENT


async def test_more_on_a_brief_opens_its_story_and_back_leads_to_the_brief(
    bureau: Bureau,
) -> None:
    story = await bureau.prints(draft(title="افتتاح الميناء"))
    await bureau.says(SALMA, "/latest")
    page = bureau.messages(SALMA)[-1]["message_id"]

    await bureau.presses(SALMA, page, f"1:st:{story}")
    await bureau.taps(SALMA, "رجوع")

    assert "المزيد" in bureau.labels(SALMA)
    assert len(bureau.messages(SALMA)) == 1


async def test_more_under_a_picture_opens_below_it(bureau: Bureau) -> None:
    """A picture cannot become a page of words: the brief stays, the page comes below."""
    story = await bureau.prints(draft(title="افتتاح الميناء"))
    await bureau.says(SALMA, "/start")
    await bureau.sandbox.fault("any_picture")
    photo = await bureau.app.bot.send_photo(SALMA, "https://pictures.example/a.jpg", "الميناء")

    await bureau.presses(SALMA, photo.message_id, f"1:st:{story}")

    messages = bureau.messages(SALMA)
    assert messages[-2]["message_id"] == photo.message_id
    assert messages[-2]["caption"] == "الميناء"
    assert "افتتاح الميناء" in bureau.seen(SALMA)


async def test_the_digest_stays_when_its_settings_are_opened(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    digest = bureau.messages(SALMA)[-1]

    await bureau.presses(SALMA, digest["message_id"], "1:dg")

    assert bureau.messages(SALMA)[0]["text"] == digest["text"]
    assert bureau.seen(SALMA).startswith("موجزك اليومي")


async def test_a_roundup_stays_when_its_section_is_opened(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.prints(draft(title="نهاية البطولة", sections=(Section.SPORT,)))

    await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], "1:sc:sport")

    assert len(bureau.messages(SALMA)) == 2
    assert "نهاية البطولة" in bureau.seen(SALMA)


async def test_another_chats_list_cannot_be_turned(bureau: Bureau) -> None:
    await bureau.prints(draft())
    await bureau.says(1003, "/latest")
    await bureau.says(SALMA, "/latest")

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], "1:pg:1:1")

    assert toast == bureau.texts.say("errors.old_buttons")
