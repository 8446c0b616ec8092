"""Golden renders, looked at by eye; `MUJAZ_GOLDEN=1 pytest tests/transports` rewrites them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.model import (
    Brief,
    BriefKind,
    Copied,
    Fold,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    Snippet,
    StoryId,
    Title,
)
from bot.transports.telegram.html import Photo, Words, escape, render
from tests.transports import briefs
from tests.transports.markup import read

GOLDEN = Path(__file__).parent / "golden"
BETWEEN_PARTS = "\n──────── next part ────────\n"
ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
STRONG = re.compile("[A-Za-z\u00c0-\u06ff\u200f]")
CASES = {
    "announcement": briefs.announcement(),
    "digest": briefs.digest(),
    "digest-in-parts": briefs.digest(sections=6, items=25),
    "instant": briefs.instant(),
    "story": briefs.story(),
}


def texts(brief: Brief) -> list[str]:
    parts = render(brief, briefs.BOT).parts
    return [part.html for part in parts if isinstance(part, Words)]


@pytest.mark.parametrize("name", CASES)
def test_a_brief_is_written_as_its_picture_shows(name: str) -> None:
    golden = GOLDEN / f"{name}.html"

    written = BETWEEN_PARTS.join(texts(CASES[name])) + "\n"

    if os.environ.get("MUJAZ_GOLDEN"):
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_every_part_is_well_formed_and_each_line_runs_right_to_left(name: str) -> None:
    for html in texts(CASES[name]):
        for line in read(html).text.splitlines():
            # A client goes by the first strong letter outside isolates (Unicode UAX 9, P2).
            strong = STRONG.search(ISOLATED.sub("", line))
            assert line == "" or (strong and strong[0] >= "\u0600"), line


def test_no_words_of_a_feed_become_markup() -> None:
    hostile = '</a></b><a href="tg://user?id=1">&amp;'

    html = texts(
        briefs.brief(
            Label(hostile),
            Heading(hostile),
            Title(hostile, StoryId(1)),
            Paragraph(hostile),
            Item(hostile, StoryId(2), hostile),
            Fold(hostile, (Item(hostile, None, hostile),)),
        )
    )[0]

    message = read(html)
    assert {url for _, url in message.links()} == {
        "https://t.me/mujaz_test_bot?start=st_1",
        "https://t.me/mujaz_test_bot?start=st_2",
    }
    assert message.text.count("tg://user") == 9


def test_escaping_touches_only_what_telegram_reads() -> None:
    assert escape('5 < 6 & «نعم» "لا"') == '5 &lt; 6 &amp; «نعم» "لا"'


def test_a_title_without_a_story_is_no_link() -> None:
    assert texts(briefs.brief(Title("عنوان"))) == ["<b>عنوان</b>"]


def test_a_picture_goes_above_words_that_fit_a_caption() -> None:
    photo = render(briefs.pictured("https://example.com/x.jpg"), briefs.BOT).parts

    assert photo == (Photo("https://example.com/x.jpg", texts(briefs.instant())[0]),)


@pytest.mark.parametrize(("letters", "kind"), [(1024, Photo), (1025, Words)])
def test_words_too_long_for_a_caption_go_out_without_the_picture(letters: int, kind: type) -> None:
    brief = briefs.brief(Picture("https://example.com/x.jpg"), Paragraph("ا" * letters))

    (part,) = render(brief, briefs.BOT).parts

    assert isinstance(part, kind)


def test_an_editors_own_message_is_copied_before_the_words() -> None:
    copy = Copied(briefs.ChatId(5), 77)

    assert render(briefs.copied(), briefs.BOT).parts == (copy,)
    assert render(briefs.brief(Paragraph("نص"), copy), briefs.BOT).parts == (copy, Words("نص"))


def test_a_brief_of_nothing_has_no_parts() -> None:
    assert render(briefs.brief(Paragraph(" "), Heading("")), briefs.BOT).parts == ()


def test_a_line_break_inside_a_headline_breaks_nothing() -> None:
    assert texts(briefs.brief(Title("سطر\n  ثم آخر", StoryId(1)))) == [
        '<b><a href="https://t.me/mujaz_test_bot?start=st_1">سطر ثم آخر</a></b>'
    ]


def test_no_break_spaces_stay_what_they_are() -> None:
    assert texts(briefs.brief(Paragraph("12\u202f480  درهم"))) == ["12\u202f480 درهم"]


def test_a_page_is_words_alone_since_it_is_turned_by_editing() -> None:
    page = briefs.brief(Picture("https://example.com/x.jpg"), Paragraph("نص"), kind=BriefKind.PAGE)

    assert render(page, briefs.BOT).parts == (Words("نص"),)


def test_an_item_leads_to_its_story_or_to_its_address() -> None:
    written = texts(
        briefs.brief(
            Item("أ", url='https://example.com/?a=1&b="2"'),
            Item("ب", StoryId(2), url="https://example.com/"),
            Item("ج", url="https://example.com/" + "x" * 2000),
        )
    )[0]

    assert written.splitlines() == [
        '• <a href="https://example.com/?a=1&amp;b=&quot;2&quot;">أ</a>',
        '• <a href="https://t.me/mujaz_test_bot?start=st_2">ب</a>',
        "• ج",
    ]


def found(text: str, *sought: str) -> Snippet:
    places = [(text.index(words), text.index(words) + len(words)) for words in sought]
    return Snippet(text, tuple(places))


@pytest.mark.parametrize(
    ("snippet", "written"),
    [
        (found("زار الوزير فاس", "الوزير"), "زار <b>الوزير</b> فاس"),
        (found("الوزير في فاس", "الوزير", "فاس"), "<b>الوزير</b> في <b>فاس</b>"),
        (found("🔴 زار <الوزير> & فاس", "الوزير"), "🔴 زار &lt;<b>الوزير</b>&gt; &amp; فاس"),
        (found("سطر\nثم آخر", "ثم"), "سطر <b>ثم</b> آخر"),
        (Snippet("لا شيء هنا"), "لا شيء هنا"),
        (
            found("فاز FC Barcelona أمس", "Barcelona"),
            "فاز \u2068FC <b>Barcelona</b>\u2069 أمس",
        ),
        (found("FC Barcelona", "FC"), "\u200f<b>\u2068FC</b> Barcelona\u2069"),
        (Snippet("كسر\u2069 قديم", ((5, 9),)), "كسر قديم"),
        (Snippet("أقصر", ((2, 90),)), "أق<b>صر</b>"),
    ],
    ids=[
        "one word", "two at the ends", "beside signs", "in a second line", "nothing",
        "half of a foreign run", "a foreign line", "a stray isolate", "beyond the end",
    ],
)  # fmt: skip
def test_what_was_sought_is_bold_and_its_runs_stay_whole(snippet: Snippet, written: str) -> None:
    (html,) = texts(briefs.brief(snippet))

    assert html == written


def test_a_snippet_stands_between_its_title_and_its_note() -> None:
    (html,) = texts(
        briefs.brief(Title("عنوان", StoryId(1)), found("زار فاس", "فاس"), Note("سياسة"))
    )

    assert [line.partition(">")[0] for line in html.splitlines()] == ["<b", "زار <b", "سياسة"]


def test_the_marks_of_many_snippets_are_counted_like_all_entities() -> None:
    text = " ".join(["كلمة"] * 60)
    snippet = Snippet(text, tuple((at, at + 4) for at in range(0, len(text), 10)))

    parts = texts(briefs.brief(*[snippet] * 5))

    assert len(parts) == 2
    assert all(len(read(part).entities) <= 100 for part in parts)
