"""/sources: how feeds do, what mends them, every act and its undoing; what is found and added."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from bot.errors import FetchCause
from bot.feeds.opml import SIZE_LIMIT, read
from bot.model import EPOCH, Feed, FeedKind, Section
from bot.storage import articles, feeds, keep_outs, sources
from bot.storage.sources import NEVER_ANSWERED, Visit
from tests.build import NOON, draft
from tests.commands.conftest import KARIM, SALMA, Bureau
from tests.jobs.fake_web import FakeFeed, FakeWeb, Item

HOUR = timedelta(hours=1)
LATER = NOON + HOUR / 2
GOOD = Visit(LATER, HOUR, ok_at=NOON, new_at=NOON)
NEWS = Item("افتتاح جسر جديد", "فتح الجسر اليوم.", "bridge", "https://jadid.example/bridge")


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    async with FakeWeb() as served:
        yield served


def a_page(web: FakeWeb, name: str, *links: str) -> FakeFeed:
    page = web.feed(name)
    page.headers["Content-Type"] = "text/html"
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{link}">' for link in links
    )
    page.body = f"<!doctype html><html><head>{head}</head></html>".encode()
    return page


async def add_feeds(bureau: Bureau, *names: str) -> None:
    async with bureau.storage.transaction() as tx:
        for name in names:
            source = await sources.add_source(tx, name, NOON)
            await sources.add_feed(
                tx, source, f"https://{source.id}.example/rss",
                host=f"{source.id}.example", section=None, interval=HOUR, now=NOON,
            )  # fmt: skip


async def visit(bureau: Bureau, name: str, told: Visit) -> None:
    async with bureau.storage.transaction() as tx:
        await sources.visited(tx, (await feed_of(bureau, name)).id, told)


async def feed_of(bureau: Bureau, name: str) -> Feed:
    every = await sources.all_feeds(bureau.storage)
    (feed,) = [feed for feed in every if feed.source.name == name]
    return feed


async def acts(bureau: Bureau) -> list[object]:
    return [row["act"] for row in await bureau.storage.fetch("SELECT act FROM audit ORDER BY id")]


async def open_one(bureau: Bureau, place: str = "1") -> str:
    await bureau.says(KARIM, "/sources")
    await bureau.taps(KARIM, place)
    return bureau.seen(KARIM)


async def settle(bureau: Bureau) -> str:
    """Let a search come to its end; return what the editor sees."""
    await bureau.room.errands.settled()
    return bureau.seen(KARIM)


# The list and a feed's page


async def test_each_feed_is_told_in_a_line(bureau: Bureau) -> None:
    await add_feeds(bureau, *"أبتثجحخ")
    failed = Visit(LATER, HOUR, failures=2, last_error="…", last_cause=FetchCause.SERVER)
    for name in "أبتث":
        await visit(bureau, name, GOOD)
    await visit(bureau, "ب", failed)
    await visit(bureau, "ت", Visit(LATER, HOUR, failures=1, last_cause=FetchCause.SLOW))
    await visit(bureau, "ج", Visit(LATER, HOUR, failures=NEVER_ANSWERED, last_cause="gone"))
    await visit(bureau, "ح", Visit(LATER, HOUR, ok_at=NOON))
    async with bureau.storage.transaction() as tx:
        await sources.switch(tx, (await feed_of(bureau, "ث")).id, is_on=False, now=NOON)

    await bureau.says(KARIM, "/sources")

    heading, *lines = bureau.seen(KARIM).splitlines()
    assert heading == "المصادر: 7 مصادر"
    assert lines == [
        "1. ● أ · تعمل، آخر جديد اليوم 12:00",
        "2. ◐ ب · مضطربة: عطل في خادم الموقع، المحاولة القادمة اليوم 12:30",
        "3. ◐ ت · بطيئة، المحاولة القادمة اليوم 12:30",
        "4. ○ ث · أوقفها التحرير",
        "5. ○ ج · لم تجب قط: لم تعد الصفحة موجودة",
        "6. ● ح · تعمل، ولا جديد فيها بعد",
        "7. ● خ · تنتظر أول زيارة",
    ]


@pytest.mark.parametrize(
    ("days", "since"), [(1, "الثلاثاء"), (5, "الثلاثاء"), (9, "الثلاثاء 24 نونبر")]
)
async def test_a_feed_that_fails_for_a_day_says_since_when(
    bureau: Bureau, days: int, since: str
) -> None:
    await add_feeds(bureau, "أ")
    await visit(bureau, "أ", GOOD)
    bureau.forward(timedelta(days=days))
    failed = Visit(LATER, HOUR, failures=9, last_cause=FetchCause.CERTIFICATE)
    await visit(bureau, "أ", failed)

    page = await open_one(bureau)

    assert f"○ الحال: متوقفة منذ {since}: شهادة الموقع غير صالحة." in page
    assert bureau.texts.say("sources.remedy.certificate") in page
    assert "المحاولة القادمة" in page


@pytest.mark.parametrize("cause", ["", "of a later version"])
async def test_a_cause_that_we_do_not_know_is_no_fault(bureau: Bureau, cause: str) -> None:
    await add_feeds(bureau, "أ")
    await visit(bureau, "أ", Visit(LATER, HOUR, failures=1, last_cause=cause))

    assert "سبب غير معروف" in await open_one(bureau)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (timedelta(seconds=1), "كل ثانية"),
        (timedelta(minutes=2), "كل دقيقتين"),
        (timedelta(minutes=10), "كل 10 دقائق"),
        (timedelta(minutes=90), "كل 90 دقيقة"),
        (timedelta(hours=6), "كل 6 ساعات"),
    ],
)
async def test_the_interval_is_said_in_whole_units(
    bureau: Bureau, interval: timedelta, words: str
) -> None:
    await add_feeds(bureau, "أ")
    await visit(bureau, "أ", Visit(LATER, interval, ok_at=NOON))

    assert words in await open_one(bureau)


async def test_many_feeds_are_turned_in_pages_and_back_leads_to_the_same(bureau: Bureau) -> None:
    await add_feeds(bureau, *(f"مصدر {number:02}" for number in range(1, 10)))
    await bureau.says(KARIM, "/sources")

    await bureau.taps(KARIM, "التالي")
    assert bureau.seen(KARIM).splitlines()[1].startswith("9. ● مصدر 09")
    await bureau.taps(KARIM, "9")
    await bureau.taps(KARIM, "أوقف")
    await bureau.taps(KARIM, "رجوع")

    assert "9. ○ مصدر 09" in bureau.seen(KARIM)
    assert "مصدر 08" not in bureau.seen(KARIM)


async def test_no_feed_at_all_is_said_so(bureau: Bureau) -> None:
    await bureau.says(KARIM, "المصادر")

    assert bureau.texts.say("sources.none") in bureau.seen(KARIM)


async def test_a_feed_that_is_gone_makes_its_buttons_old(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await bureau.says(KARIM, "/sources")
    page, _ = bureau.button(KARIM, "1")

    for call in (
        "sf:99:1",
        "sw:99:on:1",
        "src:section:99:sport:1",
        "src:gone:99:1",
        "src:back:99:1",
    ):
        assert await bureau.presses(KARIM, page, f"1:{call}") == "هذه الأزرار قديمة."


async def test_a_reader_has_none_of_these_buttons(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await bureau.says(SALMA, "/start")
    page = bureau.messages(SALMA)[-1]["message_id"]

    assert await bureau.presses(SALMA, page, "1:sw:1:off:1") == "هذه الأزرار قديمة."
    assert (await feed_of(bureau, "أ")).is_on


# Acts


async def test_a_feed_is_switched_off_and_on_again(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await visit(bureau, "أ", GOOD)
    await open_one(bureau)

    await bureau.taps(KARIM, "أوقف")
    off = bureau.seen(KARIM)
    await bureau.taps(KARIM, "شغل")

    feed = await feed_of(bureau, "أ")
    assert "○ الحال: أوقفها التحرير" in off
    assert (feed.is_on, feed.is_silent) == (True, True)
    assert await acts(bureau) == ["source.off", "source.on"]


async def test_a_switch_delivered_twice_acts_once(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await open_one(bureau)
    page, data = bureau.button(KARIM, "أوقف")

    await bureau.presses(KARIM, page, data)
    await bureau.presses(KARIM, page, data)

    assert await acts(bureau) == ["source.off"]


UNDONE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "off": (("أوقف",), "source.off"),
    "section": (("غير القسم", "رياضة"), "source.section"),
    "remove": (("أزل المصدر", "نعم، أزله"), "source.remove"),
}


@pytest.mark.parametrize(("taps", "act"), UNDONE.values(), ids=UNDONE)
async def test_an_act_is_taken_back_and_the_feed_is_as_it_was(
    bureau: Bureau, taps: tuple[str, ...], act: str
) -> None:
    await add_feeds(bureau, "أ")
    await open_one(bureau)
    before = await feed_of(bureau, "أ")

    for label in taps:
        await bureau.taps(KARIM, label)
    await bureau.taps(KARIM, "تراجع")
    await bureau.taps(KARIM, "رجوع")

    after = await feed_of(bureau, "أ")
    assert (after.is_on, after.section, after.url) == (before.is_on, before.section, before.url)
    assert await acts(bureau) == [act, "undo"]
    assert "العنوان: https://1.example/rss" in bureau.seen(KARIM)


async def test_what_somebody_changed_since_is_not_taken_back(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await open_one(bureau)
    await bureau.taps(KARIM, "غير القسم")
    await bureau.taps(KARIM, "رياضة")
    page, data = bureau.button(KARIM, "تراجع")
    async with bureau.storage.transaction() as tx:
        await tx.execute("UPDATE feeds SET section = 'economy'")

    toast = await bureau.presses(KARIM, page, data)

    assert toast == bureau.texts.say("undo.too_late")
    assert (await feed_of(bureau, "أ")).section is Section.ECONOMY


async def test_a_publisher_is_renamed_unless_the_name_is_anothers(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ", "ب")
    await open_one(bureau)
    await bureau.taps(KARIM, "غير الاسم")

    await bureau.says(KARIM, "ب")
    taken = bureau.seen(KARIM)
    await bureau.says(KARIM, "  المرفأ   الجديد ")

    assert "لمصدر آخر" in taken
    assert (await feed_of(bureau, "المرفأ الجديد")).url == "https://1.example/rss"
    await bureau.taps(KARIM, "تراجع")
    assert (await feed_of(bureau, "أ")).url == "https://1.example/rss"


async def test_a_visit_now_is_shown_when_it_is_over(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await visit(bureau, "أ", GOOD)
    bureau.forward(HOUR / 4)
    await open_one(bureau)

    await bureau.taps(KARIM, "زيارة الآن")
    asked = bureau.seen(KARIM)
    assert (await feed_of(bureau, "أ")).next_poll_at == bureau.room.now()
    failed = Visit(LATER + HOUR, HOUR, failures=1, last_cause=FetchCause.GONE)
    await visit(bureau, "أ", failed)

    assert "نزور المصدر الآن" in asked
    assert "لم تعد الصفحة موجودة" in await settle(bureau)
    assert await acts(bureau) == ["source.visit"]


# Looking for a feed


async def test_a_link_in_a_command_is_looked_up_and_added_once(
    bureau: Bureau, web: FakeWeb
) -> None:
    feed = web.feed("rss", [NEWS])

    await bureau.says(KARIM, f"/sources {feed.url}")
    assert "وجدنا خلاصة" in await settle(bureau)
    await bureau.taps(KARIM, "أضف")
    page, data = bureau.button(KARIM, "سياسة")
    await bureau.presses(KARIM, page, data)
    await bureau.presses(KARIM, page, data)

    added = await feed_of(bureau, "المرفأ")
    assert (added.url, added.section, added.is_silent) == (feed.url, Section.POLITICS, True)
    assert await acts(bureau) == ["source.add"]
    await bureau.says(KARIM, f"/sources {feed.url}")
    assert "عندنا من قبل" in bureau.seen(KARIM)


async def test_what_was_removed_since_its_preview_is_brought_back(
    bureau: Bureau, web: FakeWeb
) -> None:
    feed = web.feed("rss", [NEWS])
    await bureau.says(KARIM, f"/sources {feed.url}")
    await settle(bureau)
    await bureau.taps(KARIM, "أضف")
    page, data = bureau.button(KARIM, "سياسة")
    await bureau.presses(KARIM, page, data)
    added = await feed_of(bureau, "المرفأ")
    async with bureau.storage.transaction() as tx:
        await feeds.remove(tx, added.id, NOON)

    await bureau.presses(KARIM, page, data)

    back = await feed_of(bureau, "المرفأ")
    assert (back.id, back.is_on, back.is_silent) == (added.id, True, True)
    assert await acts(bureau) == ["source.add", "source.add"]


async def test_what_was_added_is_taken_back(bureau: Bureau, web: FakeWeb) -> None:
    await bureau.says(KARIM, f"/sources {web.feed('rss', [NEWS]).url}")
    await settle(bureau)
    await bureau.taps(KARIM, "أضف")
    await bureau.taps(KARIM, "حسب تصنيف المصدر")

    await bureau.taps(KARIM, "تراجع")

    assert await sources.all_feeds(bureau.storage) == []


async def test_another_feed_of_the_page_is_looked_at(bureau: Bureau, web: FakeWeb) -> None:
    page = a_page(web, "site", "news", "sport")
    web.feed("news", [NEWS])
    sport = web.feed("sport", [Item("الوداد يفوز", "فاز الوداد.", "w")])

    await bureau.says(KARIM, f"/sources {page.url}")
    await settle(bureau)
    await bureau.taps(KARIM, "خلاصة أخرى: sport")
    shown = await settle(bureau)

    assert sport.url in shown
    assert "الوداد يفوز" in shown
    assert "خلاصة أخرى: news" in bureau.labels(KARIM)


async def test_a_question_stays_open_until_there_is_an_address(
    bureau: Bureau, web: FakeWeb
) -> None:
    await bureau.says(KARIM, "/sources")
    await bureau.taps(KARIM, "أضف مصدرا")

    await bureau.says(KARIM, "جريدة المرفأ")
    assert "لا عنوان فيما كتبت" in bureau.seen(KARIM)
    await bureau.says(KARIM, web.feed("rss", [NEWS]).url)

    assert "وجدنا خلاصة" in await settle(bureau)


async def test_a_search_is_ended_by_its_button(bureau: Bureau, web: FakeWeb) -> None:
    slow = web.feed("slow", [NEWS])
    slow.gate = asyncio.Event()
    await bureau.says(KARIM, f"/sources {slow.url}")

    await bureau.taps(KARIM, "إلغاء")
    slow.gate.set()

    assert "توقف البحث" in await settle(bureau)


async def test_a_feed_does_not_move_to_anothers_address(bureau: Bureau, web: FakeWeb) -> None:
    taken = web.feed("rss", [NEWS])
    await bureau.says(KARIM, f"/sources {taken.url}")
    await settle(bureau)
    await bureau.taps(KARIM, "أضف")
    await bureau.taps(KARIM, "سياسة")
    await add_feeds(bureau, "أ")
    await open_one(bureau)
    assert "أ\n" in bureau.seen(KARIM)

    await bureau.taps(KARIM, "غير العنوان")
    await bureau.says(KARIM, taken.url)

    assert "هذا العنوان للمصدر «المرفأ». لم يتغير شيء." in bureau.seen(KARIM)


async def test_a_calendar_is_added_without_a_section(bureau: Bureau, web: FakeWeb) -> None:
    calendar = web.feed("m.ics")
    calendar.headers["Content-Type"] = "text/calendar"
    event = "UID:1\r\nDTSTART:20261127T180000Z\r\nSUMMARY:الوداد - الرجاء"
    calendar.body = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:البطولة\r\nBEGIN:VEVENT\r\n{event}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()

    await bureau.says(KARIM, f"/sources {calendar.url}")
    assert "الوداد – الرجاء" in await settle(bureau)
    await bureau.taps(KARIM, "أضف")

    (feed,) = await sources.all_feeds(bureau.storage)
    assert feed.kind is FeedKind.MATCHES
    assert "القسم: مباريات" in bureau.seen(KARIM)


# Words


async def test_a_rule_needs_a_word_and_is_kept_once(bureau: Bureau) -> None:
    await bureau.prints(draft(title="إعلان: أحذية بنصف ثمنها"), draft(title="فيضان الوادي"))
    (feed,) = await sources.all_feeds(bureau.storage)
    await open_one(bureau)
    await bureau.taps(KARIM, "كلمات لا تنشر")
    await bureau.taps(KARIM, "أضف كلمات")

    await bureau.says(KARIM, "من في")
    assert "لا كلمة هنا" in bureau.seen(KARIM)
    await bureau.says(KARIM, "الإعلان")
    trial = bureau.seen(KARIM)
    page, data = bureau.button(KARIM, "احفظ القاعدة")
    await bureau.presses(KARIM, page, data)
    await bureau.presses(KARIM, page, data)

    assert "✗ إعلان: أحذية" in trial
    assert "✓ فيضان الوادي" in trial
    assert await keep_outs.of(bureau.storage, feed.source.id) == ["الاعلان"]
    assert await acts(bureau) == ["source.keep_out"]
    kept = await articles.recent_of_source(bureau.storage, feed.source.id, EPOCH, 9)
    assert len(kept) == 2  # what is stored stays


async def test_a_rule_is_forgotten_and_comes_back(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    source = (await feed_of(bureau, "أ")).source.id
    async with bureau.storage.transaction() as tx:
        await keep_outs.add(tx, source, "اعلان مدفوع", NOON)
    await open_one(bureau)
    await bureau.taps(KARIM, "كلمات لا تنشر")

    await bureau.taps(KARIM, "احذف: اعلان مدفوع")
    assert await keep_outs.of(bureau.storage, source) == []
    await bureau.taps(KARIM, "تراجع")

    assert await keep_outs.of(bureau.storage, source) == ["اعلان مدفوع"]


# Lists


async def sends_list(bureau: Bureau, outlines: str, name: str = "feeds.opml") -> str:
    page = f'<opml version="2.0"><body>{outlines}</body></opml>'
    await bureau.sends(KARIM, "document", name=name, data=page)
    return bureau.seen(KARIM)


async def test_a_list_is_sorted_added_once_and_taken_back(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    outline = '<outline text="{}" xmlUrl="{}"/>'
    preview = await sends_list(
        bureau,
        outline.format("أ", "http://www.1.example/rss/")
        + f'<outline text="Sport">{outline.format("رياضي", "https://s.example/rss")}</outline>'
        + outline.format("", "https://n.example/rss")
        + outline.format("سر", "ftp://x.example"),
    )

    assert "جديدة: 2 · معروفة: 1 · مرفوضة: 1" in preview
    assert "✗ ftp://x.example: عنوان لا تسمح القواعد بزيارته" in preview
    page, data = bureau.button(KARIM, "أضفها كلها")
    await bureau.presses(KARIM, page, data)
    assert (await feed_of(bureau, "رياضي")).section is Section.SPORT
    assert (await feed_of(bureau, "n.example")).section is None
    undo_page, undo = bureau.button(KARIM, "تراجع")
    await bureau.presses(KARIM, page, data)
    assert "لا جديد" in bureau.seen(KARIM)
    assert await acts(bureau) == ["source.import"]
    await bureau.presses(KARIM, undo_page, undo)
    assert len(await sources.all_feeds(bureau.storage)) == 1


async def test_a_list_brings_back_what_was_removed(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await open_one(bureau)
    await bureau.taps(KARIM, "أزل المصدر")
    await bureau.taps(KARIM, "نعم، أزله")

    await sends_list(bureau, '<outline text="أ" xmlUrl="https://1.example/rss"/>', "f.XML")
    await bureau.taps(KARIM, "أضفها كلها")

    assert (await feed_of(bureau, "أ")).is_on


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<opml", "لم نفهم الملف"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><opml/>', "لم نفهم الملف"),
        (" " * (SIZE_LIMIT + 1), "أكبر مما نقرأ"),
    ],
)
async def test_what_is_no_list_is_said_so(bureau: Bureau, data: str, words: str) -> None:
    await bureau.sends(KARIM, "document", name="feeds.opml", data=data)

    assert words in bureau.seen(KARIM)


async def test_an_empty_list_brings_nothing(bureau: Bureau) -> None:
    assert "لا جديد في هذه القائمة" in await sends_list(bureau, "")


async def test_our_feeds_go_out_as_a_list_that_comes_in_again(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ & ب")
    await open_one(bureau)
    await bureau.taps(KARIM, "غير القسم")
    await bureau.taps(KARIM, "رياضة")
    await bureau.taps(KARIM, "رجوع")

    await bureau.taps(KARIM, "تصدير OPML")

    document = bureau.messages(KARIM)[-1]["document"]
    assert document["file_name"] == "mujaz-sources.opml"
    (listed,) = read(bureau.sandbox.desk.files.data(document["file_id"]))
    assert (listed.url, listed.title, listed.folder) == ("https://1.example/rss", "أ & ب", "رياضة")


async def test_another_editors_view_cannot_be_guessed(bureau: Bureau, web: FakeWeb) -> None:
    await bureau.says(KARIM, "/sources")
    page = bureau.messages(KARIM)[-1]["message_id"]

    for call in ("src:found:99", "src:put:99:sport", "src:move:99", "src:import:99", "src:keep:99"):
        assert await bureau.presses(KARIM, page, f"1:{call}") == "هذه الأزرار قديمة."
