"""Feeds that would fool us: columns, tickers, shared pages, names given away."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bot.articles.decide import Known, New, decide
from bot.articles.identity import sight
from bot.model import ArticleId
from tests.articles.build import BODY, NOW, article, entry, feed
from tests.articles.newsroom import Newsroom, at, told

PRICES = (
    "بلغ سعر لتر الزيت في الأسواق {} درهما، فيما استقر سعر السكر في {} دراهم للكيلوغرام الواحد."
)


def test_entries_that_all_link_to_the_front_page_are_articles_without_address() -> None:
    room = Newsroom()
    polls = [
        room.poll(entry(f"خبر {word}", guid="", link="https://m.example/", body=f"نص {word}"))
        for word in ("الزيتون", "البرتقال", "القمح", "القمح", "الزيتون")
    ]

    assert [told(poll) for poll in polls] == [["New"]] * 3 + [["Same"]] * 2
    assert {one.canonical_url for one in room.articles.values()} == {""}


def test_guids_that_differ_in_their_fragment_only_are_different() -> None:
    room = Newsroom()
    page = "https://m.example/live"

    decisions = room.poll(
        *(entry(f"خبر {n}", guid=f"{page}#{n}", link=f"{page}#{n}", body="نص") for n in range(3))
    )

    assert told(decisions) == ["New"] * 3


def test_a_fixed_page_that_shows_another_text_is_another_article() -> None:
    room = Newsroom()
    texts = ("افتتاح معرض الكتاب", "مجلس النواب يصادق على قانون الماء", "نسور الشمال يتعادل")
    polls = [
        told(room.poll(entry(text, guid=str(n), link="https://m.example/top", body=text * 3)))
        for n, text in enumerate(texts)
    ]

    assert polls == [["New"]] * 3
    assert [one.canonical_url for one in room.articles.values()] == ["m.example/top", "", ""]


@pytest.mark.parametrize("has_guid", [True, False], ids=["guid", "no guid"])
@pytest.mark.parametrize("is_dated", [True, False], ids=["dated", "undated"])
def test_a_daily_column_is_an_article_a_day(has_guid: bool, is_dated: bool) -> None:
    room = Newsroom()
    texts = ("عن البحر وأهله", "في مديح الشتاء", "ما قاله الجبل للوادي")
    columns = [
        entry(
            "حديث اليوم",
            guid=f"c{day}" if has_guid else "",
            link=f"https://m.example/column/{day}",
            body=f"{text} كتبنا هذا النص القصير",
            published_at=at(7, day=20 + day) if is_dated else None,
        )
        for day, text in enumerate(texts)
    ]

    assert [told(room.poll(column)) for column in columns] == [["New"]] * 3
    assert told(room.poll(*columns)) == ["Same"] * 3


def test_a_daily_column_without_text_is_new_while_yesterdays_still_stands() -> None:
    room = Newsroom()
    first = entry("مواقيت الصلاة", guid="1", link="https://m.example/1")
    second = entry("مواقيت الصلاة", guid="2", link="https://m.example/2")
    room.poll(first)

    assert told(room.poll(second, first)) == ["New", "Same"]
    assert told(room.poll(second, first)) == ["Same", "Same"]


@pytest.mark.parametrize("hours", [1, 5, 24])
@pytest.mark.parametrize("is_dated", [True, False], ids=["dated", "undated"])
def test_a_ticker_whose_text_differs_in_digits_only_is_news_each_time(
    hours: int, is_dated: bool
) -> None:
    room = Newsroom()
    polls = [
        room.poll(
            entry(
                "أسعار المواد الأساسية",
                guid=f"t{n}",
                link=f"https://m.example/prices/{n}",
                body=PRICES.format(20 + n, 7 + n),
                published_at=at(0) + timedelta(hours=hours * n) if is_dated else None,
            )
        )
        for n in range(3)
    ]

    assert [told(poll) for poll in polls] == [["New"]] * 3


def test_entries_of_one_template_and_one_date_in_one_document_stay_apart() -> None:
    room = Newsroom()
    towns = [
        entry(
            f"حالة الطقس في مدينة {town} اليوم",
            guid=town,
            link=f"https://m.example/{n}",
            body=f"يكون الطقس في مدينة {town} معتدلا مع رياح خفيفة ودرجة حرارة تبلغ 2{n} درجة.",
            published_at=at(0),
        )
        for n, town in enumerate(("الزهراء", "القنطرة", "المرسى"))
    ]

    assert told(room.poll(*towns)) == ["New"] * 3
    assert told(room.poll(*towns[::-1])) == ["Same"] * 3


def test_one_sentence_under_every_headline_joins_nothing() -> None:
    room = Newsroom()
    polls = [
        room.poll(
            entry(
                title,
                guid=title,
                link=f"https://m.example/{n}",
                body="تابعوا آخر المستجدات على موقعنا",
                published_at=at(0),
            )
        )
        for n, title in enumerate(("افتتاح معرض الكتاب", "انقطاع الكهرباء ليلا"))
    ]

    assert [told(poll) for poll in polls] == [["New"], ["New"]]


def test_a_guid_that_is_the_link_of_another_entry_names_that_guid_only() -> None:
    room = Newsroom()
    page = "https://m.example/{}"
    entries = [
        entry("افتتاح المعرض", guid=page.format(1), link=page.format(2), body="نص المعرض"),
        entry("انقطاع الكهرباء", guid=page.format(2), link=page.format(3), body="نص الكهرباء"),
        entry("تعادل النسور", guid=page.format(3), link=page.format(1), body="نص التعادل"),
    ]

    assert told(room.poll(*entries)) == ["New"] * 3
    assert told(room.poll(*reversed(entries))) == ["Same"] * 3


def test_entries_with_only_a_body_are_as_many_as_their_bodies() -> None:
    room = Newsroom()
    entries = [entry("", body=f"وقع حادث {n}. ثم فتح تحقيق.") for n in ("أول", "ثان", "ثالث")]

    assert told(room.poll(*entries)) == ["New"] * 3
    assert told(room.poll(*entries)) == ["Same"] * 3


def test_a_headline_shared_by_entries_of_different_texts_names_none_of_them() -> None:
    room = Newsroom()
    texts = ("عن البحر وأهله", "في مديح الشتاء", "ما قاله الجبل")
    entries = [entry("مستجدات", link="https://m.example/", body=text) for text in texts]

    assert told(room.poll(*entries)) == ["New"] * 3
    assert told(room.poll(*entries)) == ["Same"] * 3
    room.wait(timedelta(days=10))
    assert told(room.poll(*entries)) == ["Same"] * 3


def test_a_feed_that_dates_every_entry_now_brings_each_once() -> None:
    room = Newsroom()
    for _ in range(5):
        room.poll(*(entry(f"خبر {n}", body=f"نص {n}", published_at=room.now) for n in "أبج"))
        room.wait(timedelta(hours=13))

    assert len(room.articles) == 3


def test_a_boilerplate_column_without_guid_is_an_article_a_day() -> None:
    room = Newsroom()
    polls = [
        room.poll(
            entry(
                "مواعيد المباريات",
                link=f"https://m.example/games/{day}",
                body="تعرف على مواعيد مباريات اليوم",
                published_at=at(7, day=20 + day),
            )
        )
        for day in range(3)
    ]

    assert [told(poll) for poll in polls] == [["New"]] * 3


def test_drafts_of_one_document_that_repeat_each_other_are_one_article_with_all_keys() -> None:
    one = entry(guid="a", link="https://m.example/a", body=BODY, published_at=at(8))
    other = entry(guid="b", link="https://m.example/b", body=BODY, published_at=at(8))

    (decision,) = decide(sight([one, other, one]), feed(), Known(), NOW)

    assert isinstance(decision, New)
    assert len(set(decision.keys)) == 4  # two guids, two links; their common title tells nothing


def test_an_address_taken_in_another_feed_is_left_to_its_article() -> None:
    was = article(1, "افتتاح المعرض", link="https://m.example/top", body="نص المعرض", of=feed(2))
    known = Known(by_url={was.canonical_url: was})

    (decision,) = decide(
        sight([entry("انقطاع الكهرباء", link="https://m.example/top", body="نص آخر")]),
        feed(),
        known,
        NOW,
    )

    assert isinstance(decision, New)
    assert decision.draft.canonical_url == ""
    assert decision.draft.url == "https://m.example/top"


def test_an_address_that_entries_once_shared_is_no_name_of_an_article() -> None:
    room = Newsroom()
    page = "https://m.example/live"
    first = entry("افتتاح المعرض", link=page, body="نص المعرض")
    second = entry("انقطاع الكهرباء", link=page, body="نص الكهرباء")
    room.poll(first)
    room.poll(first, second)

    room.poll(entry("انقطاع الكهرباء عن القنطرة", link=page, body="نص الكهرباء"))

    assert room.articles[ArticleId(1)].title == first.title


def test_a_thousand_unknown_entries_with_one_title_and_date_are_judged_in_time() -> None:
    entries = [
        entry("عنوان واحد", guid=str(n), body=f"{n} نص مختلف رقم {n}", published_at=at(0))
        for n in range(1000)
    ]
    known = Known(recent=[article(n, "عنوان واحد", body=f"قديم {n}") for n in range(400)])

    begun = time.process_time()
    decisions = decide(sight(entries), feed(), known, NOW)

    assert len(decisions) == 1000
    assert time.process_time() - begun < 5
