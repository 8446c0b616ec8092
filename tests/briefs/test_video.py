"""The screen: films with their lengths, the button that plays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.briefs.layouts.video import film_of, length, opening, videos
from bot.model import Article, Brief, Button, Note, Paragraph, Title
from tests.briefs.build import NOW, TEXTS, ZONE, article, telling
from tests.briefs.golden import assert_golden

FILM = "https://tube.example/watch/7"


def film(number: int = 1, seconds: int | None = 205, **changes: object) -> Article:
    made = article("جولة في الميناء", number=number, story=number, video_url=FILM)
    return replace(made, video_seconds=seconds, **changes)  # type: ignore[arg-type] # passed on


def page_of(*films: Article, note: str = "", pages: int = 1) -> Brief:
    return videos(
        "الشاشة",
        [telling(one) for one in films],
        TEXTS,
        zone=ZONE,
        now=NOW,
        page=1,
        pages=pages,
        view=3,
        note=note,
    )


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, ""),
        (7, "0:07"),
        (59, "0:59"),
        (60, "1:00"),
        (205, "3:25"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3730, "1:02:10"),
    ],
)
def test_a_length_is_written_as_players_write_it(seconds: int | None, written: str) -> None:
    assert length(seconds) == written


def test_the_screen_reads_well() -> None:
    page = page_of(film(1), film(2, 3730), film(3, None), pages=2)

    assert_golden("videos", page)


def test_a_row_tells_and_a_row_plays() -> None:
    numbers, plays, turns = page_of(film(1), film(2), pages=2).buttons

    assert [button.call for button in numbers] == ["st:1:3:1", "st:2:3:1"]
    assert plays == (Button("▶️ 1", url=FILM), Button("▶️ 2", url=FILM))
    assert [button.call for button in turns] == ["pg:3:1", "pg:3:2"]


def test_a_story_shows_the_article_that_has_the_film() -> None:
    words = article("نص بلا صورة", number=1)
    filmed = film(2, story=words.story)
    told = telling(words, filmed)

    page = videos("الشاشة", [told], TEXTS, zone=ZONE, now=NOW, page=1, pages=1, view=3)

    assert film_of(told) == filmed
    assert page.blocks[1] == Title("1. ▶️ جولة في الميناء", words.story)


def test_what_is_called_a_film_and_has_no_address_leads_to_its_page() -> None:
    page = page_of(replace(film(), video_url="", url="https://marfa.example/7"))

    assert page.buttons[1] == (Button("▶️ 1", url="https://marfa.example/7"),)


def test_a_film_without_any_address_has_no_button_to_play() -> None:
    assert len(page_of(replace(film(), video_url="", url="")).buttons) == 1


def test_an_empty_screen_says_why_and_has_no_buttons() -> None:
    page = page_of(note="لا أخبار في قسم «الشاشة» بعد.")

    assert page.blocks[1] == Paragraph("لا أخبار في قسم «الشاشة» بعد.")
    assert page.buttons == ()


def test_a_story_with_a_film_opens_with_the_length_on_its_button() -> None:
    assert opening(film(), TEXTS) == (Button("شاهد 3:25 ↗", url=FILM),)
    assert opening(film(seconds=None), TEXTS) == (Button("شاهد ↗", url=FILM),)


def test_a_story_without_a_film_is_read_where_it_stands_if_anywhere() -> None:
    page = "https://marfa.example/1"

    assert opening(article(url=page), TEXTS) == (Button("اقرأ ↗", url=page),)
    assert opening(article(url=""), TEXTS) == ()


def test_an_unknown_length_leaves_no_dot_behind() -> None:
    notes = [block.text for block in page_of(film(seconds=None)).blocks if isinstance(block, Note)]

    assert notes == ["المرفأ ·\u00a0اليوم 14:20"]
