"""Golden briefs, read aloud; and what no brief may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.briefs.layouts.away import away, together
from bot.briefs.layouts.digest import Edition, digest, quiet_day
from bot.briefs.layouts.growth import growth
from bot.briefs.layouts.instant import instant
from bot.briefs.layouts.listing import listing
from bot.briefs.layouts.results import Frame, results
from bot.briefs.layouts.roundup import roundup
from bot.briefs.layouts.story import buttons, story
from bot.briefs.layouts.welcome import welcome
from bot.briefs.marks import UNMARKED, Marks
from bot.model import (
    Brief,
    Button,
    Fold,
    Heading,
    Item,
    Length,
    Page,
    Paragraph,
    Query,
    SearchOrder,
    Section,
    Telling,
    Term,
    Title,
)
from bot.storage import briefs as stored
from bot.transports.telegram.html import render
from tests.briefs.build import BODY, NOW, TEXTS, ZONE, article, telling, told_by
from tests.briefs.golden import assert_golden, shown
from tests.briefs.news import chosen, debates, morning, quake

LONG = "خبر طويل جدا " * 60
CALL_LIMIT = 60  # bytes, before the version that the transport puts in front
VIEW = 2**62


def grown() -> Telling:
    """Make a story that two sources told and one came back to."""
    return telling(
        article(
            "إعادة فتح ممر تيشكا أمام السيارات الخفيفة",
            "أعلنت مديرية الطرق فتح الممر في وجه السيارات الخفيفة مساء اليوم.",
            number=3,
            ago=timedelta(minutes=20),
            sections=[Section.WEATHER],
            image_url="https://marfa.example/snow.png",
        ),
        article("انقطاع السير عند ممر تيشكا", number=1, by="رواق", ago=timedelta(hours=23)),
        article("الثلوج تقطع ممر تيشكا", number=2, ago=timedelta(hours=22), url=""),
    )


def found() -> tuple[Query, Page]:
    """Make what a search for one name found."""
    query = Query("  لعمامرة ", (Term(("لعمامره",), "لعمامر"),))
    hits = (
        article(
            "محادثات في الجزائر حول الحدود",
            "جرت المحادثات في الجزائر العاصمة. "
            + "وبعد جلسة أولى دامت ثلاث ساعات عقدت بعيدا عن الصحافة وحضرها ممثلون عن خمس دول، "
            "التقى المبعوث بالوزير لعمامرة ثم غادر إلى تونس دون تصريح، "
            "على أن يعود الأسبوع المقبل لجولة ثانية تخصص للتجارة.",
            ago=timedelta(days=240),
            sections=[Section.WORLD],
        ),
        article("لعمامرة يستقبل سفراء", number=2, story=10, body=""),
    )
    return query, Page(hits, number=2, pages=9, total=40, is_bounded=True)


def story_page(told: Telling, marks: Marks = UNMARKED) -> Brief:
    """Lay out a story's page as it stands when it was opened from a list."""
    share = Button("شارك", share=f"st_{told.story.id}")
    rows = buttons(told, TEXTS, marks, place=":7:2", share=share)
    return replace(story(told, TEXTS, zone=ZONE, now=NOW), buttons=rows)


def edition(local: datetime, days: int = 1, length: Length = Length.SHORT) -> Edition:
    """Make an edition of a local moment, so many days after the one before."""
    return Edition(local, local - timedelta(days=days), length)


THURSDAY = datetime(2026, 11, 26, 7, 0, tzinfo=ZONE)
PICTURES = {
    "instant": instant(
        told_by(3, article(image_url="https://marfa.example/1.png")),
        TEXTS,
        zone=ZONE,
        now=NOW,
    ),
    "instant-urgent": instant(quake(), TEXTS, zone=ZONE, now=NOW),
    "instant-of-a-bare-headline": instant(
        telling(article(body="", url="")), TEXTS, zone=ZONE, now=NOW
    ),
    "roundup": roundup(Section.POLITICS, debates(20), TEXTS, zone=ZONE, now=NOW),
    "roundup-of-few": roundup(Section.POLITICS, debates(2), TEXTS, zone=ZONE, now=NOW),
    "digest": digest(chosen(), TEXTS, edition(THURSDAY)),
    "digest-line": digest(chosen(), TEXTS, edition(THURSDAY, length=Length.LINE)),
    "digest-long": digest(chosen(), TEXTS, edition(THURSDAY, length=Length.LONG)),
    "digest-of-days": digest(chosen(2), TEXTS, edition(THURSDAY, days=3)),
    "digest-quiet-day": quiet_day(TEXTS, edition(THURSDAY)),
    "away": away(
        [*morning(), *debates(12)][:14],
        TEXTS,
        since=NOW - timedelta(hours=18),
        zone=ZONE,
        now=NOW,
    ),
    "together": together(morning()[:6], TEXTS),
    "growth": growth(grown(), grown().lead, TEXTS, zone=ZONE, now=NOW),
    "growth-urgent": growth(quake(), quake().lead, TEXTS, zone=ZONE, now=NOW),
    "digest-of-one": digest(chosen(1), TEXTS, edition(datetime(2026, 11, 27, 19, 5, tzinfo=ZONE))),
    "story": story_page(grown(), Marks(is_saved=True, is_followed=True)),
    "story-of-one-article": story_page(telling()),
    "story-of-a-bare-headline": story_page(telling(article(body="", url=""))),
    "story-told-at-once": story_page(quake()),
    "listing": listing(
        "آخر الأخبار",
        morning()[:5],
        TEXTS,
        zone=ZONE,
        now=NOW,
        page=1,
        pages=3,
        view=7,
    ),
    "listing-last-page": listing(
        "سياسة", morning()[5:6], TEXTS, zone=ZONE, now=NOW, page=3, pages=3, view=7
    ),
    "listing-without-news": listing(
        "حوادث", [], TEXTS, zone=ZONE, now=NOW, page=1, pages=1, view=7
    ),
    "results": results(
        *found(), TEXTS, frame=Frame(7, SearchOrder.FIT, is_followed=False), zone=ZONE, now=NOW
    ),
    "results-narrowed": results(
        replace(found()[0], section=Section.WORLD),
        replace(found()[1], is_bounded=False),
        TEXTS,
        frame=Frame(7, SearchOrder.NEWEST, "هذا الشهر", is_followed=True),
        zone=ZONE,
        now=NOW,
    ),
    "results-passed-on": results(
        *found(),
        TEXTS,
        frame=Frame(7, SearchOrder.FIT, origin=TEXTS.say("search.origin.forward")),
        zone=ZONE,
        now=NOW,
    ),
    "results-one-page": results(
        Query("ظل الزيتونة"),
        Page((article(),), number=1, pages=1, total=1),
        TEXTS,
        frame=Frame(7, SearchOrder.NEWEST),
        zone=ZONE,
        now=NOW,
    ),
    "results-one-in-a-period": results(
        Query("ظل الزيتونة"),
        Page((article(),), number=1, pages=1, total=1),
        TEXTS,
        frame=Frame(7, SearchOrder.NEWEST, "اليوم"),
        zone=ZONE,
        now=NOW,
    ),
    **{
        f"results-nothing{name}": results(
            Query("بلينكين", section=section),
            Page((), number=1, pages=0, total=0),
            TEXTS,
            frame=Frame(7, SearchOrder.NEWEST, period, is_followed=False),
            zone=ZONE,
            now=NOW,
        )
        for name, section, period in (
            ("", None, ""),
            ("-in-a-section", Section.SPORT, ""),
            ("-in-a-period", None, "هذا الأسبوع"),
            ("-in-both", Section.SPORT, "هذا الأسبوع"),
        )
    },
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_brief_reads_as_its_page_shows(name: str) -> None:
    assert_golden(name, PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_a_button_either_opens_or_calls_within_what_telegram_carries(name: str) -> None:
    pressed = [button for row in PICTURES[name].buttons for button in row]

    assert all(sum(map(bool, (one.url, one.call, one.share))) == 1 for one in pressed)
    assert all(len(button.call.encode()) <= CALL_LIMIT for button in pressed)
    assert {button.call.partition(":")[0] for button in pressed} <= {
        "",
        "fs",
        "mk",
        "mu",
        "st",
        "sv",
        "pg",
        "ask",
        "dg",
        "ms",
        "sc",
        "od",
        "nw",
        "nr",
        "fq",
    }


@pytest.mark.parametrize("name", PICTURES)
def test_a_brief_comes_back_from_storage_as_it_was_laid_out(name: str) -> None:
    brief = PICTURES[name]

    assert stored.read(brief.kind, stored.write(brief)) == brief


def test_the_longest_numbers_fit_a_button() -> None:
    brief = listing(
        "آخر الأخبار",
        [telling(article(story=2**62))],
        TEXTS,
        zone=ZONE,
        now=NOW,
        page=9998,
        pages=9999,
        view=VIEW,
    )

    assert max(len(button.call) for row in brief.buttons for button in row) <= CALL_LIMIT


def test_a_newcomer_reads_the_top_story_at_once() -> None:
    blocks = welcome(told_by(3, article()), TEXTS, name="موجز")

    assert shown(blocks) == (
        "Paragraph: أهلا بك في موجز.\n"
        "أخبار اليوم في رسالة واحدة، بالعربية، في الساعة التي تختارها.\n"
        "Label: أهم خبر الآن:\n"
        "Title: مجلس الحكومة يصادق على مشروع قانون المالية → 9\n"
        "Paragraph: صادق مجلس الحكومة، اليوم الخميس، على المشروع متوقعا نموا بنسبة 4.2 في المائة."
        " ·\N{NO-BREAK SPACE}3 مصادر\n"
    )


def test_a_newcomer_is_greeted_before_there_is_news() -> None:
    assert [type(block) for block in welcome(None, TEXTS, name="موجز")] == [Paragraph]


def test_a_top_story_without_words_is_its_headline() -> None:
    blocks = welcome(telling(article(body="")), TEXTS, name="موجز")

    assert isinstance(blocks[-1], Title)


def test_many_items_in_one_poll_are_one_calm_brief_and_nothing_is_skipped() -> None:
    """T34; easychen/rsspush #18, element-hq/element-web #3802."""
    twenty = [
        telling(article(f"خبر رياضي رقم {n}", number=n, story=n, sections=[Section.SPORT]))
        for n in range(1, 21)
    ]

    brief = roundup(Section.SPORT, twenty, TEXTS, zone=ZONE, now=NOW)

    folded = [item for block in brief.blocks if isinstance(block, Fold) for item in block.items]
    items = [block for block in brief.blocks if isinstance(block, Item)] + folded
    assert brief.blocks[0] == Heading("20 خبرا جديدا في قسم «رياضة»")
    assert [item.story for item in items] == list(range(1, 21))


@pytest.mark.parametrize("name", ["story", "listing", "results"])
def test_a_page_is_one_message_however_long_its_articles(name: str) -> None:
    long = [
        article(
            LONG,
            LONG + BODY,
            number=number,
            story=number % 5,
            by=f"جريدة بعيدة الاسم كثيرة الكلمات {number}",
            ago=timedelta(hours=number),
        )
        for number in range(1, 41)
    ]
    query = Query(LONG, (Term(("مجلس",), "مجلس"),))
    hits = tuple(long[:5])
    tellings = [telling(one) for one in long[:5]]
    briefs: dict[str, Brief] = {
        "story": story(telling(*long), TEXTS, zone=ZONE, now=NOW),
        "listing": listing(
            "آخر الأخبار", tellings, TEXTS, zone=ZONE, now=NOW, page=2, pages=3, view=VIEW
        ),
        "results": results(
            query,
            Page(hits, 2, 100, 500, True),
            TEXTS,
            frame=Frame(VIEW, SearchOrder.NEWEST, LONG, is_followed=True),
            zone=ZONE,
            now=NOW,
        ),
    }

    assert len(render(briefs[name], "mujaz_bot").parts) == 1
