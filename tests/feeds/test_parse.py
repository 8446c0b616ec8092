"""Feeds in all their shapes, and what is no feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.feeds.entries import BODY_LIMIT, TITLE_LIMIT, Surroundings
from bot.feeds.parse import ENTRIES_LIMIT, parse, read_entries
from tests.feeds.conftest import Read, ReadItem

ZONE = ZoneInfo("Africa/Algiers")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
IMAGE = "https://cdn.example/picture.jpg"


def rss(items: str, channel: str = "") -> str:
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'


def dated(moment: datetime) -> str:
    return f"<item><title>{moment:%d}</title><pubDate>{moment.isoformat()}</pubDate></item>"


@pytest.mark.parametrize(
    ("page", "what"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \r\n\t", "empty", id="white space"),
        pytest.param(b"<!doctype html><html><body>404</body></html>", "an HTML page", id="HTML"),
        pytest.param(b"<html><head></head></html>", "an HTML page", id="HTML without a doctype"),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1.1"}', "a JSON", id="JSON"),
        pytest.param(b"not a feed", "neither RSS nor Atom", id="text"),
        pytest.param(b"<opml><body/></opml>", "neither RSS nor Atom", id="other XML"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "neither RSS nor Atom", id="a picture"),
        pytest.param(b"/etc/passwd", "neither RSS nor Atom", id="a path is not opened"),
        pytest.param(b"http://127.0.0.1/", "neither RSS nor Atom", id="an address is not visited"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(read: Read, page: bytes, what: str) -> None:
    with pytest.raises(ParseError, match=what):
        read(page)


def test_a_feed_without_entries_is_a_feed(read: Read) -> None:
    document = read(rss("", "<title>فارغة</title>"))

    assert document.title == "فارغة"
    assert document.entries == ()


@pytest.mark.parametrize("guid", ["0", "tag:a.example,2026:1", "خبر 1", "HTTP://A.example/x/"])
def test_a_guid_is_kept_as_written_and_zero_is_one(read_item: ReadItem, guid: str) -> None:
    """T7; FreshRSS #5412 in CHANGELOG."""
    assert read_item(f"<guid>{guid}</guid>").guid == guid


def test_the_same_guid_three_times_makes_three_entries_in_the_feeds_order(read: Read) -> None:
    """T6; reader #335 (which of them counts, the deciding room says)."""
    items = "".join(f"<item><guid>x</guid><title>{n}</title></item>" for n in range(3))

    assert [entry.title for entry in read(rss(items)).entries] == ["0", "1", "2"]


def test_entries_are_read_whatever_the_feed_says_of_its_last_change(read: Read) -> None:
    """T13; fent/node-feedsub #64."""
    old = "<lastBuildDate>Mon, 02 Mar 2020 08:00:00 +0000</lastBuildDate>"

    [entry] = read(rss(dated(NOW), old)).entries

    assert entry.published_at == NOW


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        pytest.param("Tue, 24 Nov 2026 10:00:00", NOW.replace(hour=9), id="T15: the feed's clock"),
        pytest.param("Tue, 24 Nov 2026 10:00:00 +0000", NOW.replace(hour=10), id="its own zone"),
        pytest.param("Tue, 24 Nov 2026 10:00:00 GMT+7", NOW.replace(hour=3), id="T16"),
        pytest.param("soon", None, id="no date"),
    ],
)
def test_a_date_is_read_by_our_own_rules(
    read_item: ReadItem, words: str, moment: datetime | None
) -> None:
    """T15, T16; miniflux #1906, #4407."""
    assert read_item(f"<pubDate>{words}</pubDate>").published_at == moment


def test_an_unreadable_date_gives_way_to_another(read_item: ReadItem) -> None:
    entry = read_item("<pubDate>soon</pubDate><dc:date>2026-11-24T10:00:00Z</dc:date>")

    assert entry.published_at == NOW.replace(hour=10)


@pytest.mark.parametrize(
    ("elements", "link"),
    [
        pytest.param("<link>/a/1</link>", "https://akhbar.example/a/1", id="relative to the site"),
        pytest.param("<link>http://b.example/1</link>", "http://b.example/1", id="elsewhere"),
        pytest.param(
            "<guid>https://b.example/1</guid>", "https://b.example/1", id="a guid that is one"
        ),
        pytest.param("<guid>0</guid>", "", id="a guid that is none"),
        pytest.param("<guid>/a/1</guid>", "", id="a guid that might be"),
        pytest.param("<link>javascript:alert(1)</link>", "", id="a script"),
        pytest.param(
            "<link>javascript:alert(1)</link><guid>https://b.example/1</guid>",
            "https://b.example/1",
            id="a script, and a guid",
        ),
        pytest.param("", "", id="none"),
    ],
)
def test_a_link_is_an_address_of_the_web_or_empty(
    read_item: ReadItem, elements: str, link: str
) -> None:
    assert read_item(elements).link == link


def test_a_feeds_own_localhost_is_ignored(read: Read) -> None:
    """T28; iovxw/rssbot #5: neither rel=self nor a channel's link leads to the server itself."""
    document = read(
        rss("<item><link>/a/1</link></item>", "<link>http://localhost:8000/</link>"),
    )

    assert document.site_url == ""
    assert document.entries[0].link == "https://akhbar.example/a/1"


def test_a_feed_from_this_machine_may_name_this_machine(read: Read) -> None:
    page = rss("<item><link>/a/1</link></item>", "<link>http://127.0.0.1:8000/</link>")

    document = read(page, url="http://127.0.0.1:8000/feed")

    assert document.entries[0].link == "http://127.0.0.1:8000/a/1"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("<![CDATA[<b>خبر</b> &amp; خبر]]>", "خبر & خبر", id="markup"),
        pytest.param("خبر &amp;amp;quot;مهم&amp;amp;quot;", 'خبر "مهم"', id="escaped too often"),
        pytest.param("&#x202E;خبر&#x200B;", "خبر", id="bidi, zero width"),
        pytest.param("  خبر\n طويل ", "خبر طويل", id="white space"),
        pytest.param("&lt;script&gt;x&lt;/script&gt;", "", id="only a script"),
    ],
)
def test_a_title_is_one_clean_line(read_item: ReadItem, title: str, expected: str) -> None:
    assert read_item(f"<title>{title}</title>").title == expected


def test_the_body_is_the_longest_text_and_the_summary_the_feeds_own(read_item: ReadItem) -> None:
    entry = read_item(
        "<description>موجز</description>"
        "<content:encoded>&lt;p&gt;نص طويل&lt;/p&gt;&lt;p&gt;وبقيته&lt;/p&gt;</content:encoded>"
    )

    assert entry.summary == "موجز"
    assert entry.body == "نص طويل\nوبقيته"


def test_a_full_text_in_the_description_stays_the_body(read_item: ReadItem) -> None:
    entry = read_item(
        "<description>النص الكامل للخبر</description><content:encoded>مقتطف</content:encoded>"
    )

    assert entry.body == "النص الكامل للخبر"


def test_authors_are_names_not_mail_addresses(read_item: ReadItem) -> None:
    entry = read_item(
        "<author>salma@akhbar.example (سلمى)</author><dc:creator>كريم</dc:creator>"
        "<dc:creator>desk@akhbar.example</dc:creator>"
    )

    assert "@" not in entry.author
    assert "كريم" in entry.author


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param(f'<media:content url="{IMAGE}" medium="image"/>', id="media"),
        pytest.param(f'<media:content url="{IMAGE}" type="image/jpeg"/>', id="media by type"),
        pytest.param(f'<media:content url="{IMAGE}"/>', id="media by name"),
        pytest.param(f'<media:thumbnail url="{IMAGE}"/>', id="thumbnail"),
        pytest.param(f'<enclosure url="{IMAGE}" type="image/jpeg"/>', id="enclosure"),
        pytest.param(f"<description>&lt;img src='{IMAGE}'&gt;</description>", id="img"),
        pytest.param(f"<description>&lt;img src={IMAGE} &gt;</description>", id="img, no quotes"),
        pytest.param(
            '<description>&lt;img src="data:image/gif;base64,R0" '
            f'data-src="{IMAGE}"&gt;</description>',
            id="a lazy img",
        ),
        pytest.param(
            '<description>&lt;img src="https://stats.example/p.gif" width="1"&gt;'
            f'&lt;img src="{IMAGE}"&gt;</description>',
            id="behind a counter",
        ),
        pytest.param(
            '<enclosure url="https://cdn.example/a.mp3" type="audio/mpeg"/>'
            f'<media:thumbnail url="{IMAGE}"/>',
            id="beside a sound",
        ),
    ],
)
def test_the_picture_is_found(read_item: ReadItem, elements: str) -> None:
    assert read_item(elements).image_url == IMAGE


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param('<enclosure url="https://cdn.example/a.mp3" type="audio/mpeg"/>', id="sound"),
        pytest.param(
            "<description>&lt;img src='data:image/png;base64,R'&gt;</description>", id="data"
        ),
        pytest.param("<description>&lt;img src='/i/1x1.gif'&gt;</description>", id="counter"),
        pytest.param("<description>&lt;img&gt;</description>", id="nothing"),
        pytest.param('<media:content url="http://[::1/a.jpg"/>', id="no address"),
    ],
)
def test_what_is_no_picture_is_not_taken_for_one(read_item: ReadItem, elements: str) -> None:
    assert read_item(elements).image_url == ""


@pytest.mark.parametrize(
    "elements",
    [
        '<enclosure url="https://cdn.example/a.mp4" type="video/mp4"/>',
        '<media:content url="https://cdn.example/a.mp4" medium="video"/>',
        '<media:content url="https://cdn.example/a.mp4"/>',
    ],
)
def test_the_film_is_found(read_item: ReadItem, elements: str) -> None:
    entry = read_item(elements)

    assert entry.video_url == "https://cdn.example/a.mp4"
    assert entry.image_url == ""


@pytest.mark.parametrize(
    "elements",
    [
        "<category>عاجل</category>",
        "<category>سياسة</category><category>أخبار عاجله</category>",
        "<category>عــاجل</category>",
        "<category>Breaking News</category>",
        "<prism:urgency>1</prism:urgency>",
        "<urgency>2</urgency>",
        '<nitf:urgency ed-urg="1"/>',
    ],
)
def test_the_feeds_own_mark_of_urgency_is_seen(read_item: ReadItem, elements: str) -> None:
    assert read_item(elements).is_urgent


@pytest.mark.parametrize(
    "elements",
    [
        "<title>عاجل: خبر</title>",
        "<category>القضاء المستعجل</category>",
        "<category>عاجل الأسواق الأسبوعي</category>",
        "<prism:urgency>5</prism:urgency>",
        "<urgency>very</urgency>",
        '<nitf:urgency ed-urg="8"/>',
    ],
)
def test_what_is_no_such_mark_is_left_to_others(read_item: ReadItem, elements: str) -> None:
    assert not read_item(elements).is_urgent


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        pytest.param("<ttl>30</ttl>", timedelta(minutes=30), id="ttl"),
        pytest.param("<ttl>720</ttl>", timedelta(hours=12), id="T29: half a day"),
        pytest.param("<ttl>999999999</ttl>", timedelta(days=365), id="two thousand years"),
        pytest.param("<ttl>0</ttl>", None, id="zero"),
        pytest.param("<ttl>-5</ttl>", None, id="negative"),
        pytest.param("<ttl>soon</ttl>", None, id="words"),
        pytest.param("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1), id="daily"),
        pytest.param(
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(minutes=15),
            id="four an hour",
        ),
        pytest.param(
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>",
            None,
            id="what WordPress says unasked",
        ),
        pytest.param("<sy:updatePeriod>often</sy:updatePeriod>", None, id="an unknown period"),
    ],
)
def test_the_feeds_wish_is_read(read: Read, channel: str, ttl: timedelta | None) -> None:
    syndication = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    page = f'<rss version="2.0" {syndication}><channel>{channel}</channel></rss>'

    assert read(page).ttl == ttl


def test_texts_are_cut_at_their_limits(read_item: ReadItem) -> None:
    entry = read_item(
        f"<title>{'ن' * 9_000}</title><description>{'ص' * 99_000}</description>"
        + "".join(f"<category>{n}</category>" for n in range(99))
    )

    assert len(entry.title) == TITLE_LIMIT
    assert len(entry.body) == BODY_LIMIT
    assert len(entry.categories) == 20


@pytest.mark.parametrize("step", [timedelta(minutes=-1), timedelta(minutes=1)], ids=["down", "up"])
def test_of_too_many_entries_the_newest_are_kept(read: Read, step: timedelta) -> None:
    """T12; n8n #8856: the newest entry does not always come first."""
    start = NOW - timedelta(days=1)
    moments = [start + step * n for n in range(ENTRIES_LIMIT + 100)]

    entries = read(rss("".join(map(dated, moments)))).entries

    assert len(entries) == ENTRIES_LIMIT
    assert max(moments) in {entry.published_at for entry in entries}


def test_a_bad_entry_is_skipped_and_counted() -> None:
    around = Surroundings("https://akhbar.example/", ZONE, NOW)

    entries, skipped = read_entries([{"title": "سليم"}, {"title": "\ud800"}, {"id": "2"}], around)

    assert [entry.guid or entry.title for entry in entries] == ["سليم", "2"]
    assert skipped == 1


@pytest.mark.parametrize(
    "raw",
    [
        {"title": {"x": "1"}, "summary": None, "links": "x", "tags": [None], "content": 5},
        {"links": [{"href": None, "rel": 3}], "media_content": [{"url": ["x"]}], "id": 7},
        {"authors": [{}, {"name": None}], "published": {"a": "b"}, "nitf_urgency": ["1"]},
    ],
)
def test_an_entry_of_unexpected_kinds_is_read_all_the_same(raw: dict[str, object]) -> None:
    entries, skipped = read_entries([raw], Surroundings("", ZONE, NOW))

    assert len(entries) == 1
    assert skipped == 0


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("&#xD800;خبر&#0;", id="half a character, none"),
        pytest.param("&#x110000;خبر&#99999999;", id="beyond the last"),
        pytest.param(f"خبر&#{'9' * 5_000};&#x{'f' * 5_000};", id="beyond all numbers"),
        pytest.param("خبر & &bogus; <b>", id="not even XML"),
    ],
)
def test_references_to_no_character_break_nothing(read: Read, words: str) -> None:
    [entry] = read(rss(f"<item><title>{words}</title></item>")).entries

    assert entry.title.startswith("خبر")


def test_a_page_that_breaks_feedparser_itself_is_a_parse_error(read: Read) -> None:
    with pytest.raises(ParseError, match="cannot be read"):
        read('<rss xmlns:gml="http://www.opengis.net/gml"><channel><gml:pos>x</gml:pos>')


def test_entities_do_not_explode(read: Read) -> None:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    page = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{levels}]>{rss("<item><title>&e9;</title></item>")}'

    document = read(page)

    assert len(document.entries[0].title) < 100


def test_no_file_is_read_through_an_entity(read: Read) -> None:
    page = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>{rss("<item><title>&x;</title></item>")}'

    assert "root" not in read(page).entries[0].title


TAGS = [
    "rss",
    "channel",
    "item",
    "title",
    "guid",
    "link",
    "description",
    "feed",
    "entry",
    "pubDate",
]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ["<![CDATA[", "]]>", "&#xD800;", "&amp;", "<!DOCTYPE x [", "<?xml ", "\x00", "&#"]
    ),
    st.text(max_size=10),
)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400)
    | st.lists(PIECES, max_size=30).map(lambda all_: "".join(all_).encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_a_document_or_a_parse_error(body: bytes) -> None:
    try:
        document = parse(body, "", "https://akhbar.example/feed", zone=ZONE, now=NOW)
    except ParseError:
        return
    for entry in document.entries:
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))
