"""Several polls in a row: what feeds do to guids, links, titles and dates, and what we say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.decide import MOST_REVISIONS, Changed, New
from bot.model import ArticleId, Entry
from tests.articles.build import BODY, feed, source
from tests.articles.newsroom import Newsroom, at, told

HEADLINES = (
    "حريق يأتي على مستودع للخشب بالزهراء",
    "افتتاح معرض الكتاب بمشاركة ثلاثين ناشرا",
    "مجلس النواب يصادق على قانون الماء",
    "نسور الشمال يتعادل مع وداد الجبل",
    "انقطاع الكهرباء عن أحياء بالقنطرة",
)


def page(number: int, **changes: object) -> Entry:
    """One entry of a well-made feed."""
    made = Entry(
        HEADLINES[number % 5] + ("" if number < 5 else f" الجزء {number}"),
        guid=f"https://manara.example/?p={number}",
        link=f"https://manara.example/akhbar/{number}",
        body=f"{BODY} {HEADLINES[number % 5]} {number}.",
        published_at=at(8, number % 60),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_ten_entries_with_one_guid_and_ten_links_are_ten_articles() -> None:
    """T1; miniflux/v2 #4197, feedbin/support #573."""
    room = Newsroom()
    entries = [page(n, guid="https://manara.example/akhbar/") for n in range(10)]

    first = room.poll(*entries)
    again = room.poll(*entries)

    assert told(first) == ["New"] * 10
    assert told(again) == ["Same"] * 10


def test_one_guid_that_wanders_from_entry_to_entry_names_none_of_them() -> None:
    """T1; one entry at a time, so that the document itself does not give the fault away."""
    room = Newsroom()

    polls = [
        room.poll(page(n, guid="item", body=f"نص قصير عن {HEADLINES[n]}")) for n in (0, 1, 2, 2, 1)
    ]

    assert [told(poll) for poll in polls] == [["New"], ["New"], ["New"], ["Same"], ["Same"]]
    assert room.titles == list(HEADLINES[:3])


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param("http://manara.example/?p={}", "https://manara.example/?p={}", id="https"),
        pytest.param("https://manara.example/a/{}", "https://manara.example/a/{}/", id="slash"),
        pytest.param("https://www.manara.example/a/{}", "https://manara.example/a/{}", id="www"),
        pytest.param("tag:manara,{}", "tag:manara,{}/", id="slash on a tag"),
    ],
)
def test_guids_that_turn_https_or_gain_a_slash_are_the_same(was: str, becomes: str) -> None:
    """T2; feedbin/support #500, #515, lemon24/reader #79."""
    room = Newsroom()
    room.poll(*(page(n, guid=was.format(n), link="") for n in range(5)))

    after = room.poll(*(page(n, guid=becomes.format(n), link="") for n in range(5)))

    assert told(after) == ["Same"] * 5


def test_a_corrected_headline_whose_slug_is_the_guid_is_a_revision() -> None:
    """T3; miniflux #2358, #3120."""
    room = Newsroom()
    slug = "https://manara.example/{}"
    room.poll(page(0, guid=slug.format("fire"), link=slug.format("fire")), page(1))

    fixed = page(
        0,
        title="حريق يأتي على مستودع كبير للخشب بالزهراء",
        guid=slug.format("big-fire"),
        link=slug.format("big-fire"),
    )
    after, again = room.poll(fixed, page(1)), room.poll(fixed, page(1))

    assert told(after) == ["Changed", "Same"]
    assert told(again) == ["Same", "Same"]
    assert len(room.articles) == 2


def test_a_headline_rewritten_from_scratch_is_known_by_its_long_text_and_date() -> None:
    """T3; miniflux #3120."""
    room = Newsroom()
    room.poll(page(0, guid="a", link="https://manara.example/a", body=BODY * 2))

    after = room.poll(
        page(0, title="النيران تلتهم أخشابا", guid="b", link="https://x.example/b", body=BODY * 2)
    )

    assert told(after) == ["Changed"]


def test_a_feed_that_changes_ids_links_and_markup_pushes_nothing() -> None:
    """T4; reader #322, miniflux #1409, newsboat/newsboat #1729."""
    room = Newsroom()
    room.poll(*(page(n) for n in range(20)))

    moved = [
        page(n, guid=f"uuid-{n}", link=f"https://new.example/{n}-x", author="هيئة التحرير")
        for n in range(20)
    ]
    after, again = room.poll(*moved), room.poll(*moved)

    assert told(after) == told(again) == ["Same"] * 20


@pytest.mark.parametrize("date", [None, at(8)], ids=["undated", "dated"])
def test_a_feed_without_texts_that_changes_its_ids_pushes_nothing(date: object) -> None:
    """T4; titles are all there is, and the old entries have left the document."""
    room = Newsroom()
    room.poll(*(page(n, body="", published_at=date) for n in range(5)))

    after = room.poll(
        *(
            page(n, body="", published_at=date, guid=f"new{n}", link=f"https://n.example/x{n}")
            for n in range(5)
        )
    )

    assert told(after) == ["Same"] * 5


@given(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_entries_that_share_one_link_come_once_and_never_flip(
    documents: list[set[int]], is_dated: bool
) -> None:
    """T5; brief-rss/brief #435, reader #340."""
    room = Newsroom()
    seen: set[int] = set()

    for document in documents:
        entries = [
            page(
                n,
                guid="",
                link="https://manara.example/live",
                body=f"نص خاص عن {HEADLINES[n]}",
                published_at=at(8, n) if is_dated else None,
            )
            for n in sorted(document, reverse=len(seen) % 2 == 0)
        ]
        decisions = room.poll(*entries)

        assert not any(isinstance(one, Changed) for one in decisions)
        assert sum(isinstance(one, New) for one in decisions) == len(document - seen)
        seen |= document

    assert sorted(room.titles) == sorted(HEADLINES[n] for n in seen)


def test_the_same_id_three_times_in_one_document_is_one_article_and_the_first_wins() -> None:
    """T6; reader #335."""
    room = Newsroom()
    entries = [page(0, title=f"{HEADLINES[0]} {tail}") for tail in ("أولا", "ثانيا", "ثالثا")]

    first, again = room.poll(*entries), room.poll(*entries)

    assert told(first) == ["New"]
    assert told(again) == ["Same"]
    assert room.titles == [f"{HEADLINES[0]} أولا"]


def test_guid_zero_is_a_guid() -> None:
    """T7; FreshRSS #5412."""
    room = Newsroom()
    room.poll(page(0, guid="0", link=""), page(1, guid="1", link=""))

    after = room.poll(
        page(0, guid="0", link="", title="عنوان آخر تماما"), page(1, guid="1", link="")
    )

    assert told(after) == ["Changed", "Same"]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({}, id="guid and link"),
        pytest.param({"link": ""}, id="guid"),
        pytest.param({"guid": ""}, id="link"),
        pytest.param({"guid": "", "link": ""}, id="title and date"),
        pytest.param({"guid": "", "link": "", "published_at": None}, id="title"),
    ],
)
def test_a_text_with_a_clock_in_it_is_left_alone_after_some_changes(names: dict[str, str]) -> None:
    """T8; reader issue 225, miniflux #1378."""
    room = Newsroom()
    polls = [
        told(room.poll(page(0, body=f"{BODY} الساعة 10:{minute} قرأه {minute} شخصا", **names)))
        for minute in range(30)
    ]

    assert polls[0] == ["New"]
    assert polls.count(["Changed"]) <= MOST_REVISIONS
    assert polls[MOST_REVISIONS + 1 :] == [["Same"]] * (29 - MOST_REVISIONS)


@pytest.mark.parametrize("names", [{}, {"link": ""}, {"guid": ""}], ids=["both", "guid", "link"])
def test_a_headline_with_a_clock_in_it_is_never_an_alert_a_poll(names: dict[str, str]) -> None:
    """T8; miniflux #1378."""
    room = Newsroom()
    for minute in range(20):
        room.poll(
            page(0, title=f"الساعة {minute}:{minute + 7}", body="", published_at=None, **names)
        )

    assert len(room.articles) == 1
    assert room.articles[ArticleId(1)].revision <= MOST_REVISIONS


def test_a_corrected_article_is_not_its_own_duplicate() -> None:
    """T9; FreshRSS PR #6664."""
    room = Newsroom()
    room.poll(page(0), page(1))

    after = room.poll(page(0, title=f"{HEADLINES[0]} فجرا"), page(1))

    assert told(after) == ["Changed", "Same"]
    assert room.titles == [f"{HEADLINES[0]} فجرا", HEADLINES[1]]


def test_an_entry_that_leaves_a_most_read_feed_and_returns_is_not_new() -> None:
    """T10; RSStT #200."""
    room = Newsroom()
    room.poll(page(0))
    for start in range(5, 1005, 100):
        room.poll(*(page(n) for n in range(start, start + 100)))
    room.wait(timedelta(days=30))

    assert told(room.poll(page(0), page(2000))) == ["Same", "New"]


@pytest.mark.parametrize("names", [{}, {"guid": ""}], ids=["by guid", "by title and date"])
def test_what_was_sighted_outlives_the_article_itself(names: dict[str, str]) -> None:
    """T10; RSStT #200."""
    room = Newsroom()
    room.poll(page(0, **names))
    room.forget(ArticleId(1))

    assert told(room.poll(page(0, **names))) == ["Ignored"]


def test_an_undated_column_outlives_its_first_part() -> None:
    room = Newsroom()
    room.poll(page(0, guid="", link="https://manara.example/1", published_at=None, body="نص أول"))
    room.forget(ArticleId(1))

    after = room.poll(
        page(0, guid="", link="https://manara.example/2", published_at=None, body="شيء آخر تماما")
    )

    assert told(after) == ["New"]


@pytest.mark.parametrize("has_guid", [True, False])
@pytest.mark.parametrize("body", [BODY, ""], ids=["text", "no text"])
def test_one_item_under_two_names_of_a_site_is_one_article(has_guid: bool, body: str) -> None:
    """T11; daquino94/rss-telegram #3."""
    room = Newsroom()
    one, other = (
        page(
            0,
            body=body,
            published_at=None,
            guid=f"https://{host}/?p=1" if has_guid else "",
            link=f"https://{host}/akhbar/1",
        )
        for host in ("site.xyz", "site.com")
    )

    assert told(room.poll(one, other)) == ["New"]
    assert told(room.poll(other)) == ["Same"]
    assert told(room.poll(other, one)) == ["Same", "Same"]


def test_the_second_name_of_a_site_may_come_later() -> None:
    """T11; daquino94/rss-telegram #3."""
    room = Newsroom()
    room.poll(page(0, guid="a", link="https://site.xyz/akhbar/1"))
    both = page(0, guid="b", link="https://site.com/akhbar/1"), page(0, guid="a")

    assert told(room.poll(*both)) == ["Same", "Same"]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param((None, None, None, None, None), id="none"),
        pytest.param((at(0),) * 5, id="equal"),
        pytest.param((at(9), None, at(7), at(9), None), id="mixed"),
    ],
)
@pytest.mark.parametrize("names", [{}, {"guid": ""}, {"link": ""}], ids=["both", "link", "guid"])
def test_order_and_dates_do_not_matter(dates: tuple[object, ...], names: dict[str, str]) -> None:
    """T12; n8n #8856, PR #10991, fent/node-feedsub #52."""
    room = Newsroom()
    entries = [page(n, published_at=date, **names) for n, date in enumerate(dates)]

    polls = [room.poll(*entries[2:]), room.poll(*reversed(entries)), room.poll(*entries)]

    assert [told(poll).count("New") for poll in polls] == [3, 2, 0]
    assert sorted(room.titles) == sorted(HEADLINES)


def test_a_second_feed_of_the_source_brings_no_second_article_and_no_correction() -> None:
    room = Newsroom()
    second = feed(2)
    room.poll(page(0))

    after = room.poll(page(0, guid="other", body="ملخص قصير"), of=second)
    rekeyed = room.poll(
        page(0, guid="z", link="https://short.example/z", body=BODY[:90]), of=second
    )

    assert told(after) == told(rekeyed) == ["Same"]


def test_another_paper_at_the_same_address_is_the_same_article() -> None:
    room = Newsroom()
    room.poll(page(0))

    after = room.poll(page(0, guid="x"), of=feed(2, of=source(2, "المجمع")))

    assert told(after) == ["Same"]
