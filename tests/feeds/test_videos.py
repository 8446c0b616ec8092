"""Films: where they play, their picture, and how long they are."""

from __future__ import annotations

import pytest

from tests.feeds.conftest import Read, ReadItem

FILM = "https://cdn.example/film.mp4"


def youtube(inside: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:yt="http://www.youtube.com/xml/schemas/2015"><title>قناة المرفأ</title><entry>'
        "<id>yt:video:a1b2c3d4e5f</id><yt:videoId>a1b2c3d4e5f</yt:videoId>"
        "<title>جولة في الميناء</title><published>2026-11-24T08:00:00+00:00</published>"
        f"<media:group><media:title>جولة في الميناء</media:title>{inside}</media:group>"
        "</entry></feed>"
    )


def test_a_film_on_youtube_has_its_page_its_picture_and_its_words(read: Read) -> None:
    [entry] = read(
        youtube(
            '<media:content url="https://www.youtube.com/v/a1b2c3d4e5f?version=3"'
            ' type="application/x-shockwave-flash" width="640" height="390"/>'
            '<media:thumbnail url="https://i.example/vi/a1b2c3d4e5f/hq.jpg" width="480"/>'
            "<media:description>من الرصيف إلى المنارة.</media:description>"
        )
    ).entries

    assert entry.video_url == "https://www.youtube.com/watch?v=a1b2c3d4e5f"
    assert entry.image_url == "https://i.example/vi/a1b2c3d4e5f/hq.jpg"
    assert entry.title == "جولة في الميناء"
    assert entry.summary == "من الرصيف إلى المنارة."
    assert entry.video_seconds is None


def test_the_length_of_a_film_on_youtube_is_read_where_it_is_told(read: Read) -> None:
    [entry] = read(youtube('<yt:duration seconds="205"/>')).entries

    assert entry.video_seconds == 205


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("205", 205),
        ("205.4", 205),
        ("3:25", 205),
        ("03:25", 205),
        ("1:02:10", 3730),
        ("PT3M25S", 205),
        ("PT1H2M", 3720),
        ("0", None),
        ("0:00", None),
        ("-5", None),
        ("about an hour", None),
        ("PT", None),
        ("999999", None),
        ("", None),
    ],
)
def test_a_length_is_read_as_feeds_write_it(
    read_item: ReadItem, duration: str, seconds: int | None
) -> None:
    entry = read_item(f'<media:content url="{FILM}" medium="video" duration="{duration}"/>')

    assert (entry.video_url, entry.video_seconds) == (FILM, seconds)


def test_a_film_of_media_rss_has_the_picture_beside_it(read_item: ReadItem) -> None:
    entry = read_item(
        f'<media:group><media:content url="{FILM}" type="video/mp4" duration="65"/></media:group>'
        '<media:thumbnail url="https://cdn.example/film.jpg"/>'
    )

    assert entry.video_url == FILM
    assert entry.image_url == "https://cdn.example/film.jpg"
    assert entry.video_seconds == 65


def test_a_film_without_a_file_plays_on_its_page(read_item: ReadItem) -> None:
    entry = read_item('<media:player url="https://tube.example/watch/7"/>')

    assert entry.video_url == "https://tube.example/watch/7"


def test_the_length_of_a_sound_is_no_films(read_item: ReadItem) -> None:
    entry = read_item(
        '<media:content url="https://cdn.example/a.mp3" type="audio/mpeg" duration="9"/>'
    )

    assert (entry.video_url, entry.video_seconds) == ("", None)


def test_itunes_tells_the_length_of_an_enclosed_film(read: Read) -> None:
    [entry] = read(
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f'<item><title>ن</title><enclosure url="{FILM}" type="video/mp4" length="9"/>'
        "<itunes:duration>12:30</itunes:duration></item></channel></rss>"
    ).entries

    assert (entry.video_url, entry.video_seconds) == (FILM, 750)
