"""Pages of the web: which feeds they name, and where feeds usually stand."""

from __future__ import annotations

import pytest

from bot.feeds.links import MOST_LINKS, channel_feed, feeds_of, well_known

URL = "https://ghad.example/news/index.html"
RSS = 'rel="alternate" type="application/rss+xml"'
VIDEOS = "https://www.youtube.com/feeds/videos.xml"
CHANNEL = "UC0123456789abcdefghijkl"


@pytest.mark.parametrize(
    ("head", "feeds"),
    [
        (f'<link {RSS} href="/rss">', ("https://ghad.example/rss",)),
        (f"<LINK {RSS} HREF='rss.xml'/>", ("https://ghad.example/news/rss.xml",)),
        (f"<link href=/rss {RSS}>", ("https://ghad.example/rss",)),
        (
            f'<base href="https://cdn.example/x/"><link {RSS} href="rss">',
            ("https://cdn.example/x/rss",),
        ),
        (
            '<link rel="alternate home" type="application/atom+xml; charset=utf-8"'
            ' href="/a?b=1&amp;c=2">',
            ("https://ghad.example/a?b=1&c=2",),
        ),
        (
            '<link rel="alternate" type="text/calendar" href="webcal://ghad.example/m.ics">',
            ("https://ghad.example/m.ics",),
        ),
        (f'<link {RSS} href="/rss"><link {RSS} href="/rss">', ("https://ghad.example/rss",)),
        (
            f'<!-- <link {RSS} href="/old"> --><link {RSS} href="/new">',
            ("https://ghad.example/new",),
        ),
        ('<link rel="stylesheet" type="application/rss+xml" href="/x">', ()),
        ('<link rel="alternate" type="text/html" href="/en">', ()),
        (f'<link {RSS} href="javascript:alert(1)">', ()),
        (f'<link {RSS} href="http://[">', ()),
        (f"<link {RSS}>", ()),
        ("", ()),
    ],
)
def test_a_pages_feeds_are_found(head: str, feeds: tuple[str, ...]) -> None:
    assert feeds_of(f"<html><head>{head}</head></html>", URL) == feeds


def test_the_feed_of_comments_comes_last() -> None:
    head = f'<link {RSS} href="/comments/feed"><link {RSS} href="/feed">'

    assert feeds_of(head, URL) == (
        "https://ghad.example/feed",
        "https://ghad.example/comments/feed",
    )


def test_a_public_page_leads_to_no_machine_of_its_own() -> None:
    """T28; iovxw/rssbot #5."""
    head = f'<link {RSS} href="http://localhost/rss"><link {RSS} href="http://10.0.0.1/rss">'

    assert feeds_of(head, URL) == ()
    assert feeds_of(head, "http://localhost:8000/") != ()


def test_a_few_links_are_enough() -> None:
    head = "".join(f'<link {RSS} href="/{number}">' for number in range(50))

    assert len(feeds_of(head, URL)) == MOST_LINKS


@pytest.mark.parametrize("hostile", ["<link ", "<!--", '<link a="', "<base "])
def test_a_hostile_page_names_nothing(hostile: str) -> None:
    assert feeds_of(hostile * 100_000, URL) == ()


def test_the_usual_places_stand_at_the_root() -> None:
    places = well_known(f"{URL}?a=1#b")

    assert places[0] == "https://ghad.example/feed"
    assert places[-1] == "https://ghad.example/?feed=rss2"
    assert len(places) == len(set(places)) == 7


@pytest.mark.parametrize(
    ("url", "page", "feed"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", "", f"{VIDEOS}?channel_id={CHANNEL}"),
        (f"https://youtube.com/channel/{CHANNEL}/videos", "", f"{VIDEOS}?channel_id={CHANNEL}"),
        ("https://www.youtube.com/playlist?list=PL1", "", f"{VIDEOS}?playlist_id=PL1"),
        (
            "https://www.youtube.com/@alghad",
            f'{{"externalId":"{CHANNEL}"}}',
            f"{VIDEOS}?channel_id={CHANNEL}",
        ),
        ("https://www.youtube.com/@alghad", "<html></html>", ""),
        (f"https://ghad.example/channel/{CHANNEL}", "", ""),
    ],
)
def test_a_video_channel_has_its_feed(url: str, page: str, feed: str) -> None:
    assert channel_feed(url, page) == feed
