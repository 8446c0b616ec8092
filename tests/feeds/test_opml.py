"""Lists of feeds: what others write is read, what we write is read back, and nothing explodes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arabic.direction import strip_controls
from bot.errors import FetchCause, ParseError
from bot.feeds.opml import DEPTH_LIMIT, FEEDS_LIMIT, SIZE_LIMIT, Listed, read, write

WORDS = st.text(max_size=40).map(lambda words: " ".join(strip_controls(words).split()))
URLS = st.from_regex(r"https://[a-z]{1,9}\.example/[a-z&?=;\"'<>]{0,20}", fullmatch=True)


def page(outlines: str) -> bytes:
    return f'<opml version="2.0"><head/><body>{outlines}</body></opml>'.encode()


def test_feeds_are_read_with_their_folders() -> None:
    body = page(
        '<outline text="سياسة"><outline text="الغد" xmlUrl="https://ghad.example/rss"/></outline>'
        '<outline title="المرفأ" xmlUrl=" https://marfa.example/rss "/>'
    )

    assert read(body) == (
        Listed("https://ghad.example/rss", "الغد", "سياسة"),
        Listed("https://marfa.example/rss", "المرفأ", ""),
    )


def test_the_innermost_folder_counts_and_ends_with_its_tag() -> None:
    body = page(
        '<outline text="كل"><outline text="رياضة"><outline xmlUrl="https://a.example/1"/></outline>'
        '<outline xmlUrl="https://a.example/2"/></outline><outline xmlUrl="https://a.example/3"/>'
    )

    assert [feed.folder for feed in read(body)] == ["رياضة", "كل", ""]


def test_an_address_that_comes_twice_is_one_feed() -> None:
    body = page('<outline text="أ" xmlUrl="https://a.example"/>' * 2)

    assert len(read(body)) == 1


def test_a_lone_ampersand_in_an_address_is_forgiven() -> None:
    body = page('<outline text="أ &amp; ب" xmlUrl="https://a.example/?x=1&y=2"/>')

    assert read(body) == (Listed("https://a.example/?x=1&y=2", "أ & ب"),)


def test_other_encodings_and_spellings_are_read() -> None:
    words = '<?xml version="1.0" encoding="windows-1256"?>'
    body = f'{words}<OPML><Outline TEXT="الحياة" XMLURL="https://a.example"/></OPML>'

    assert read(body.encode("cp1256")) == (Listed("https://a.example", "الحياة"),)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", FetchCause.NO_FEED),
        (b"\x00\x01", FetchCause.NO_FEED),
        (b"<rss><channel/></rss>", FetchCause.NO_FEED),
        (b"<opml><body></opml>", FetchCause.NO_FEED),
        (b"<opml>" + b"<outline text='a'>" * (DEPTH_LIMIT + 1), FetchCause.NO_FEED),
        (b" " * (SIZE_LIMIT + 1), FetchCause.TOO_LARGE),
        (
            page(
                "".join(
                    f'<outline xmlUrl="https://a.example/{number}"/>'
                    for number in range(FEEDS_LIMIT + 1)
                )
            ),
            FetchCause.TOO_LARGE,
        ),
    ],
    ids=["empty", "binary", "another kind", "not closed", "too deep", "too large", "too many"],
)
def test_what_is_no_list_is_refused(body: bytes, cause: FetchCause) -> None:
    with pytest.raises(ParseError) as refused:
        read(body)

    assert refused.value.cause is cause


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY a "&#97;&#97;">', '<!ENTITY a SYSTEM "file:///etc/hostname">', ""],
    ids=["a bomb's fuse", "a file", "a mere type"],
)
def test_a_document_with_a_type_of_its_own_is_refused_before_any_entity(entity: str) -> None:
    body = f'<!DOCTYPE opml [{entity}]><opml><body><outline xmlUrl="&a;"/></body></opml>'

    with pytest.raises(ParseError, match="document type"):
        read(body.encode())


@pytest.mark.parametrize("hostile", ["<!--", "<![CDATA[", "<outline a=", "</a", "<?"])
def test_a_hostile_page_costs_no_time(hostile: str) -> None:
    with pytest.raises(ParseError):
        read((hostile * SIZE_LIMIT)[:SIZE_LIMIT].encode())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Listed, URLS, WORDS, WORDS), max_size=8, unique_by=lambda one: one.url))
def test_what_we_write_is_read_back(feeds: list[Listed]) -> None:
    told = sorted(read(write(feeds, "موجز")), key=lambda one: one.url)

    named = [
        Listed(feed.url, "" if feed.title == feed.url else feed.title, feed.folder)
        for feed in feeds
    ]
    assert told == sorted(named, key=lambda one: one.url)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(ParseError):
        assert isinstance(read(body), tuple)
