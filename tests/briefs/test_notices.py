"""What Mujaz tells people of the desk by itself: what happened, and that it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.layouts.notices import Notices
from bot.errors import FetchCause
from bot.model import Brief, BriefKind, Feed, FeedId, Heading, Item, Paragraph
from tests.briefs.build import TEXTS, source

NOW = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)
SINCE = NOW - timedelta(hours=3)
WORDS = Notices(TEXTS, ZoneInfo("Asia/Riyadh"))  # an hour that no rule of a country moves
FEED = Feed(FeedId(1), source(), "https://marfa.example/rss", "marfa.example")


def told(brief: Brief) -> list[str]:
    assert brief.kind is BriefKind.ANNOUNCEMENT
    assert brief.buttons == ()
    return [block.text for block in brief.blocks if isinstance(block, Heading | Paragraph | Item)]


def test_a_move_names_the_feed_and_counts_what_was_known() -> None:
    heading, what, advice = told(WORDS.site_moved(FEED, 12))

    assert heading == "تغيرت عناوين المرفأ"
    assert "12 خبرا" in what
    assert FEED.url in advice


def test_silence_with_feeds_that_answer_is_the_papers_own() -> None:
    heading, what, _ = told(WORDS.no_news(SINCE, [FEED], NOW))

    assert heading == "لا خبر جديد من أي مصدر"
    assert "اليوم 13:30" in what
    assert "تجيب كلها (مصدر واحد)" in what


def test_silence_with_feeds_that_fail_counts_their_causes_the_most_frequent_first() -> None:
    slow = replace(FEED, failures=2, last_cause=FetchCause.SLOW.value)
    odd = replace(FEED, failures=1, last_cause="")

    _, what, *causes, _ = told(WORDS.no_news(None, [FEED, odd, slow, slow], NOW))

    assert "لم يصل أي خبر بعد" in what
    assert "في عطل الآن: 3 مصادر من أصل 4." in what
    assert [cause.rpartition(": ")[2] for cause in causes] == ["مصدران", "مصدر واحد"]


@pytest.mark.parametrize(
    ("brief", "words"),
    [
        (WORDS.news_again(NOW, NOW), ["عادت الأخبار: وصل خبر جديد اليوم 16:30."]),
        (WORDS.nobody_reached(SINCE, NOW), ["لا نصل إلى أي موقع", "بدأ ذلك اليوم 13:30."]),
        (WORDS.reached_again(SINCE, NOW), ["عاد الاتصال بالمواقع. كان العطل قد بدأ اليوم 13:30"]),
        (
            WORDS.disk_refuses(SINCE, NOW),
            ["قاعدة البيانات لا تقبل الكتابة", "منذ اليوم 13:30."],
        ),
        (
            WORDS.disk_takes_again(SINCE, NOW),
            ["عادت قاعدة البيانات إلى العمل", "كانت لا تقبل الكتابة منذ اليوم 13:30."],
        ),
        (
            WORDS.webhook_dead("Connection refused"),
            ["رسائل القراء لا تصل", "يقول تيليغرام إنه لا يبلغ عنوان الخادم: Connection refused."],
        ),
        (WORDS.webhook_well(), ["عادت رسائل القراء تصل", "عاد تيليغرام يبلغ الخادم."]),
        (WORDS.no_backup(), ["تعذرت النسخة الاحتياطية الليلة", "لم يضع شيء"]),
    ],
    ids=["news", "out", "in", "disk", "disk again", "webhook", "webhook again", "backup"],
)
def test_each_notice_begins_with_what_happened(brief: Brief, words: list[str]) -> None:
    for said, begins in zip(told(brief), words, strict=True):
        assert said.replace("\N{NO-BREAK SPACE}", " ").startswith(begins)
