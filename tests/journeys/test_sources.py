"""An editor looks after the sources: finds, adds, mends, quiets and removes them, in and out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.storage import sources
from tests.jobs.fake_web import FakeFeed, FakeWeb, Item
from tests.town import KARIM, NADIA, SALMA, Town

BRIDGE = Item(
    "افتتاح جسر جديد فوق الوادي الكبير",
    "فتح الجسر الجديد أمام السيارات صباح اليوم بعد أشغال دامت سنتين.",
    "bridge",
    "https://jadid.example/bridge",
)


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    """Give other people's sites, on this machine."""
    async with FakeWeb() as served:
        yield served


def a_page(web: FakeWeb, name: str, *links: str) -> FakeFeed:
    """Put a page of a site up, with links to its feeds in the head."""
    page = web.feed(name)
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links
    )
    page.headers["Content-Type"] = "text/html; charset=utf-8"
    page.body = f"<!doctype html><html><head>{head}</head><body>أهلا</body></html>".encode()
    return page


def a_feed(web: FakeWeb, name: str, *items: Item, title: str = "صحيفة الجديد") -> FakeFeed:
    """Put a feed up."""
    feed = web.feed(name, items)
    feed.channel = f"<title>{title}</title><link>https://jadid.example/</link>"
    return feed


async def feed_of(town: Town, name: str) -> Any:
    """Return the feed of a source as it stands."""
    assert town.mujaz is not None
    feeds = await sources.all_feeds(town.mujaz.storage)
    return next((feed for feed in feeds if feed.source.name == name), None)


async def open_first(town: Town) -> None:
    """Open the page of the first source of the list."""
    await town.says(KARIM, "/sources")
    await town.sees(KARIM, "المصادر:")
    await town.taps(KARIM, "1")
    await town.sees(KARIM, "العنوان:", "الحال:")


@pytest.mark.shows("source_add", "source_preview", "source_section", "source")
async def test_an_editor_adds_the_feed_that_a_page_names(town: Town, web: FakeWeb) -> None:
    site = a_page(web, "site", "/feeds/comments", "/feeds/news")
    a_feed(web, "feeds/comments", title="تعليقات القراء")
    a_feed(web, "feeds/news", BRIDGE)
    await town.begin()
    await town.says(SALMA, "/start")

    await town.says(KARIM, "/sources")
    await town.sees(KARIM, "المصادر:")
    await town.taps(KARIM, "أضف مصدرا")
    await town.sees(KARIM, "اكتب عنوان الموقع")
    await town.says(KARIM, f"هذا هو: {site.url}")
    await town.sees(KARIM, "وجدنا خلاصة", "صحيفة الجديد", BRIDGE.title)
    await town.taps(KARIM, "غير الاسم")
    await town.sees(KARIM, "الاسم الذي يظهر للقراء")
    await town.says(KARIM, "الجديد")
    await town.sees(KARIM, "الاسم: الجديد")
    await town.taps(KARIM, "أضف")
    await town.sees(KARIM, "في أي قسم تنشر أخبار «الجديد»؟")
    await town.taps(KARIM, "سياسة")
    await town.sees(KARIM, "أضيف المصدر", "القسم: سياسة")

    await town.quiet()
    added = await feed_of(town, "الجديد")
    assert added.url.endswith("/feeds/news")
    assert added.last_ok_at is not None
    assert not any(BRIDGE.title in text for text in town.texts(SALMA))  # stored, never pushed
    await town.says(SALMA, "الوادي الكبير")
    await town.sees(SALMA, BRIDGE.title)


async def test_a_slow_site_keeps_nobody_waiting(town: Town, web: FakeWeb) -> None:
    slow = a_feed(web, "slow", BRIDGE)
    slow.gate = asyncio.Event()
    await town.begin()

    await town.says(KARIM, f"/sources {slow.url}")
    await town.sees(KARIM, "نبحث عن خلاصة")
    await town.says(KARIM, "/latest")
    await town.sees(KARIM, "آخر الأخبار")
    slow.gate.set()
    await town.sees(KARIM, "وجدنا خلاصة", BRIDGE.title)


async def test_a_search_that_finds_nothing_says_why_and_what_helps(
    town: Town, web: FakeWeb
) -> None:
    bare = a_page(web, "bare")
    await town.begin()

    await town.says(KARIM, f"/sources {bare.url}")

    await town.sees(KARIM, "لم نجد خلاصة", "ليس خلاصة أخبار", "علامة RSS")
    assert await feed_of(town, "صحيفة الجديد") is None


@pytest.mark.shows("source")
async def test_a_source_asked_for_by_the_address_it_moved_to_is_opened(
    town: Town, web: FakeWeb
) -> None:
    """T32; RSStT #408."""
    new = a_feed(web, "new", BRIDGE)
    old = a_feed(web, "old")
    old.status, old.headers = 301, {"Location": new.url}
    await town.begin()
    await town.says(KARIM, f"/sources {old.url}")
    await town.sees(KARIM, "وجدنا خلاصة")
    await town.taps(KARIM, "أضف")
    await town.sees(KARIM, "في أي قسم")
    await town.taps(KARIM, "حسب تصنيف المصدر")
    await town.sees(KARIM, "أضيف المصدر")

    await town.says(KARIM, f"/sources {old.url}")

    await town.sees(KARIM, "عندنا من قبل", new.url)
    await town.says(KARIM, f"/sources {new.url}/")
    await town.sees(KARIM, "عندنا من قبل", new.url)


@pytest.mark.shows("sources", "source")
async def test_a_source_in_trouble_is_told_with_its_remedy_and_switched_off(town: Town) -> None:
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    assert town.mujaz is not None
    async with town.mujaz.storage.transaction() as tx:
        await tx.execute(
            "UPDATE feeds SET failures = 3, last_cause = 'certificate', next_poll_at = 4e12"
            " WHERE section = 'politics'"
        )

    await town.says(KARIM, "المصادر")
    text = await town.sees(KARIM, "◐ صحيفة المدينة · سياسة · مضطربة: شهادة الموقع غير صالحة")
    place = next(line for line in text.splitlines() if "◐" in line).partition(".")[0]
    await town.taps(KARIM, place)
    await town.sees(KARIM, "◐ الحال: مضطربة", "نبه الناشر")
    await town.taps(KARIM, "أوقف")
    await town.sees(KARIM, "○ الحال: أوقفها التحرير")
    await town.taps(KARIM, "تراجع")
    await town.sees(KARIM, "تم التراجع")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "الحال:")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "المصادر: 3 مصادر")


@pytest.mark.shows("source_remove", "sources_none")
async def test_sources_are_removed_and_one_comes_back(town: Town) -> None:
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()

    for _ in range(3):
        await open_first(town)
        await town.taps(KARIM, "أزل المصدر")
        await town.sees(KARIM, "هل تزيل المصدر")
        await town.taps(KARIM, "نعم، أزله")
        await town.sees(KARIM, "أزيل المصدر", "أخباره السابقة باقية")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "لا مصادر بعد")

    await town.taps(KARIM, "أضف مصدرا")
    await town.sees(KARIM, "اكتب عنوان الموقع")
    await town.says(KARIM, f"{town.sandbox.address}/paper/sport.xml")
    await town.sees(KARIM, "أزيل المصدر")
    await town.taps(KARIM, "أعد المصدر")
    await town.sees(KARIM, "القسم: رياضة")
    assert (await feed_of(town, "صحيفة المدينة")).is_on
    await town.says(SALMA, "/start")
    await town.says(SALMA, "الوداد")
    await town.sees(SALMA, "الوداد يستعد")


async def test_a_source_changes_section_name_and_address_and_keeps_its_past(
    town: Town, web: FakeWeb
) -> None:
    there = a_feed(web, "there", BRIDGE)
    await town.begin()

    await open_first(town)
    await town.taps(KARIM, "غير القسم")
    await town.sees(KARIM, "في أي قسم")
    await town.taps(KARIM, "اقتصاد")
    await town.sees(KARIM, "القسم: اقتصاد")
    await town.taps(KARIM, "غير الاسم")
    await town.sees(KARIM, "الاسم الذي يظهر للقراء")
    await town.says(KARIM, "صحيفة الميناء")
    await town.sees(KARIM, "صحيفة الميناء", "القسم: اقتصاد")
    await town.taps(KARIM, "غير العنوان")
    await town.sees(KARIM, "اكتب العنوان الجديد")
    await town.says(KARIM, there.url)
    await town.sees(KARIM, "وجدنا خلاصة", BRIDGE.title)
    await town.taps(KARIM, "انتقل إلى هذا العنوان")
    await town.sees(KARIM, "تغير العنوان", there.url)

    moved = next(
        feed
        for feed in await sources.all_feeds(town.mujaz.storage)  # type: ignore[union-attr]
        if feed.url == there.url
    )
    assert moved.is_silent
    await town.taps(KARIM, "تراجع")
    await town.sees(KARIM, "تم التراجع")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "/paper/")


@pytest.mark.shows("source_words")
async def test_an_editor_keeps_advertorials_out(town: Town) -> None:
    town.paper.prints("sport", "إعلان مدفوع: أفضل الأحذية الرياضية بنصف ثمنها")
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    await town.says(SALMA, "/start")
    feed = await feed_of(town, "صحيفة المدينة")

    await open_first(town)
    await town.taps(KARIM, "كلمات لا تنشر")
    await town.sees(KARIM, "لا كلمات بعد")
    await town.taps(KARIM, "أضف كلمات")
    await town.sees(KARIM, "اكتب كلمة أو كلمات")
    await town.says(KARIM, "إعلانٌ مدفوعٌ")
    await town.sees(KARIM, "✗ إعلان مدفوع: أفضل الأحذية", "✓ الوداد يستعد")
    await town.taps(KARIM, "احفظ القاعدة")
    await town.sees(KARIM, "✗ اعلان مدفوع")

    town.paper.prints("sport", "إعلان مدفوع: دراجات هوائية بأقل الأثمان هذا الأسبوع")
    town.paper.prints("sport", "الرجاء يتعاقد مع مدرب جديد لموسمين كاملين")
    await town.reads()
    await town.says(SALMA, "دراجات هوائية")
    await town.sees(SALMA, "لا نتائج")
    await town.says(SALMA, "مدرب جديد")
    await town.sees(SALMA, "الرجاء يتعاقد")

    await town.taps(KARIM, "احذف: اعلان مدفوع")
    await town.sees(KARIM, "ما منع من قبل يبقى ممنوعا")
    await town.reads()
    await town.says(SALMA, "دراجات هوائية")
    await town.sees(SALMA, "لا نتائج")
    assert feed is not None


@pytest.mark.shows("opml_preview", "opml_done")
async def test_a_list_of_feeds_comes_in_and_goes_out(town: Town, web: FakeWeb) -> None:
    feed = a_feed(web, "news", BRIDGE)
    await town.begin()
    outlines = (
        f'<outline text="اقتصاد"><outline text="الجديد" xmlUrl="{feed.url}"/></outline>'
        f'<outline text="المدينة" xmlUrl="{town.sandbox.address}/paper/sport.xml"/>'
        '<outline text="محلي" xmlUrl="file:///etc/hosts"/>'
    )
    await town.says(KARIM, "/sources")
    await town.sees(KARIM, "المصادر:")
    await town.taps(KARIM, "استيراد OPML")
    await town.sees(KARIM, "أرسل ملف OPML")

    await town.sends(
        KARIM,
        "document",
        name="feeds.opml",
        data=f'<opml version="2.0"><body>{outlines}</body></opml>',
    )
    await town.sees(KARIM, "قائمة OPML: 3 مصادر", "جديدة: 1 · معروفة: 1 · مرفوضة: 1")
    await town.taps(KARIM, "أضفها كلها")
    await town.sees(KARIM, "أضيفت القائمة: مصدر واحد")

    added = await feed_of(town, "الجديد")
    assert (added.url, added.section) == (feed.url, "economy")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "المصادر: 4 مصادر")
    await town.taps(KARIM, "تصدير OPML")
    await town.sees(KARIM, "كل المصادر: 4 مصادر")


async def test_a_strangers_list_is_no_list(town: Town) -> None:
    await town.begin()

    await town.sends(SALMA, "document", name="feeds.opml", data="<opml/>")

    await town.sees(SALMA, "لا نفهم إلا الكلمات المكتوبة")
    await town.says(SALMA, "/sources")
    await town.sees(SALMA, "لا نعرف هذا الأمر")


@pytest.mark.shows("silence_alarm")
async def test_three_silent_hours_by_day_are_told_to_the_owners_once(town: Town) -> None:
    """T33; kite #154, #166."""
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    await town.says(NADIA, "/start")
    await town.sees(NADIA, "أهلا بك")
    noon = town.clock().replace(hour=12, minute=0) + timedelta(days=1)

    town.clock.set(noon)
    await town.sees(NADIA, "لا خبر جديد من أي مصدر", "المصادر تجيب كلها")
    town.clock.forward(timedelta(hours=2))
    town.paper.prints("sport", "الرجاء يتعاقد مع مدرب جديد لموسمين كاملين")
    await town.reads()

    await town.sees(NADIA, "عادت الأخبار")
    alarms = [text for text in town.texts(NADIA) if "لا خبر جديد" in text]
    assert len(alarms) == 1
