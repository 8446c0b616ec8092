"""Matches as pages tell them: a day, one match, a club; and the lines of a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.layouts import matches
from bot.briefs.layouts.matches import (
    MOST_TODAY,
    PER_PAGE,
    matches_of_club,
    matches_of_day,
    matches_today,
    no_club,
    one_match,
)
from bot.model import (
    Block,
    Brief,
    FixtureState,
    Game,
    GameId,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Title,
)
from bot.transports.telegram.html import Words, render
from tests.briefs.build import NOW, TEXTS, ZONE
from tests.briefs.golden import assert_golden

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 26)  # NOW is 14:30 of it in ZONE


def game(number: int = 1, at: datetime = NOW + 3 * HOUR, **changes: object) -> Game:
    """Make a match at 17:30 of today."""
    made = Game(
        id=GameId(number),
        uid=str(number),
        home="اتحاد المرسى",
        away="وفاق سبو",
        starts_at=at,
        competition="البطولة الوطنية",
    )
    return replace(made, **changes)  # type: ignore[arg-type] # a maker passes fields on


OVER: dict[str, object] = {"state": FixtureState.OVER, "score": (2, 1)}
A_DAY = (
    game(1, NOW - 3 * HOUR, **OVER, home="نهضة سوس"),
    game(2, NOW - HOUR, home="نجم تادلة"),
    game(3, NOW + 5 * HOUR, home="أمل الشاوية", away="FC Atlas"),
    game(4, NOW + HOUR, competition="كأس العرين", home="رجاء الأطلس"),
    game(5, NOW, competition="كأس العرين", is_timed=False, home="وداد الشمال"),
    game(6, NOW + 2 * HOUR, competition="", state=FixtureState.OFF, home="هلال الواحات"),
)
CLUB = (
    [game(7), game(8, NOW + DAY), game(9, NOW + 9 * DAY, is_timed=False)],
    [game(10, NOW - DAY, **OVER), game(11, NOW - 5 * DAY, **OVER)],
)


def of_day(
    told: Sequence[Game], day: date = TODAY, *, number: int = 1, following: date | None = None
) -> Brief:
    return matches_of_day(
        told, TEXTS, day=day, zone=ZONE, now=NOW, number=number, following=following
    )


def words(blocks: Sequence[Block]) -> str:
    texts = (
        block.text
        for block in blocks
        if isinstance(block, Heading | Label | Title | Paragraph | Note | Item)
    )
    return "\n".join(texts).replace("\u2067", "").replace("\u2069", "")


def calls(brief: Brief) -> dict[str, str]:
    return {button.text: button.call for row in brief.buttons for button in row}


@pytest.mark.parametrize(
    ("name", "brief"),
    [
        ("matches-of-day", of_day(A_DAY)),
        ("matches-of-no-day", of_day((), following=date(2026, 11, 28))),
        (
            "match",
            one_match(game(venue="ملعب الميناء"), TEXTS, zone=ZONE, now=NOW, opened="20261126:1"),
        ),
        ("matches-of-club", matches_of_club("اتحاد المرسى", *CLUB, TEXTS, zone=ZONE, now=NOW)),
        ("matches-of-no-club", no_club("فريق لا يعرفه أحد", TEXTS)),
    ],
)
def test_a_page_of_matches_reads_well(name: str, brief: Brief) -> None:
    assert_golden(name, brief)


# A digest's lines


def test_a_digest_tells_todays_matches_in_the_order_of_their_hours() -> None:
    heading, lines = matches_today(A_DAY, TEXTS, zone=ZONE, now=NOW)

    assert heading == Heading("⚽ مباريات اليوم")
    assert words([lines]).splitlines() == [
        "11:30 نهضة سوس 2 – 1 وفاق سبو ·\u00a0البطولة الوطنية",
        "13:30 نجم تادلة – وفاق سبو ·\u00a0البطولة الوطنية",
        "وداد الشمال – وفاق سبو ·\u00a0كأس العرين",
        "15:30 رجاء الأطلس – وفاق سبو ·\u00a0كأس العرين",
        "19:30 أمل الشاوية – FC Atlas ·\u00a0البطولة الوطنية",
    ]


@pytest.mark.parametrize(
    "fixture",
    [
        game(at=NOW + DAY),
        game(at=NOW - DAY),
        game(at=datetime(2026, 11, 26, 23, 30, tzinfo=UTC)),  # 00:30 by the reader's clock
        game(state=FixtureState.OFF),
    ],
)
def test_what_is_not_played_today_is_not_in_a_digest(fixture: Game) -> None:
    assert matches_today([fixture], TEXTS, zone=ZONE, now=NOW) == ()


def test_today_is_the_readers_day() -> None:
    late = [game(at=datetime(2026, 11, 27, 1, 0, tzinfo=UTC))]
    montreal = ZoneInfo("America/Toronto")

    assert matches_today(late, TEXTS, zone=ZONE, now=NOW) == ()
    _, lines = matches_today(late, TEXTS, zone=montreal, now=NOW)
    assert "20:00" in words([lines])


def test_a_long_day_is_cut_and_says_where_the_rest_is() -> None:
    many = [game(number, NOW + number * timedelta(minutes=1)) for number in range(MOST_TODAY + 1)]

    _, lines = matches_today(many, TEXTS, zone=ZONE, now=NOW)

    told = words([lines]).splitlines()
    assert len(told) == MOST_TODAY + 1
    assert told[-1] == "كل مباريات اليوم: /matches"


# A day's page


@pytest.mark.parametrize(
    ("day", "heading"),
    [
        (TODAY - DAY, "⚽ مباريات أمس ·\u00a0الأربعاء 25 نونبر"),
        (TODAY, "⚽ مباريات اليوم ·\u00a0الخميس 26 نونبر"),
        (TODAY + DAY, "⚽ مباريات الغد ·\u00a0الجمعة 27 نونبر"),
        (TODAY + 2 * DAY, "⚽ مباريات السبت 28 نونبر"),
    ],
)
def test_a_day_is_called_by_its_distance_and_leads_to_the_others(day: date, heading: str) -> None:
    page = of_day((), day)

    near = {"أمس": -1, "اليوم": 0, "غدا": 1}
    assert page.blocks[0] == Heading(heading)
    assert list(calls(page)) == [one for one, far in near.items() if TODAY + far * DAY != day]


def test_the_matches_of_a_competition_stand_together_under_its_name() -> None:
    told = words(of_day(A_DAY).blocks).splitlines()

    assert told.count("البطولة الوطنية") == told.count("كأس العرين") == 1
    assert told.index("1. 11:30 نهضة سوس 2 – 1 وفاق سبو") < told.index("كأس العرين")


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, ""),
        ({"at": NOW}, "بدأت"),
        ({"at": NOW - 3 * HOUR}, "في انتظار النتيجة"),
        ({"at": NOW - 3 * HOUR, **OVER}, ""),
        ({"state": FixtureState.OFF}, "لا تلعب في موعدها"),
        ({"is_timed": False}, "لم تحدد ساعتها بعد"),
        ({"at": NOW - DAY, "is_timed": False}, "في انتظار النتيجة"),
        ({"at": NOW - DAY, "is_timed": False, **OVER}, ""),
    ],
)
def test_a_match_says_how_it_stands(changes: dict[str, object], state: str) -> None:
    page = one_match(game(**changes), TEXTS, zone=ZONE, now=NOW, opened="x")  # type: ignore[arg-type]

    notes = [block.text for block in page.blocks if isinstance(block, Note)]
    assert notes[1:] == ([state] if state else [])


def test_a_day_of_many_matches_has_pages_and_numbers_of_each() -> None:
    many = [game(number, NOW + number * timedelta(minutes=1)) for number in range(1, 14)]

    first, second = of_day(many), of_day(many, number=2)

    assert calls(first)["10"] == "mt:10:20261126:1"
    assert calls(first)["التالي"] == "md:20261126:2"
    assert calls(second)["3"] == "mt:13:20261126:2"
    assert calls(of_day(many, number=99)) == calls(second)


def test_an_empty_day_with_nothing_ahead_says_so() -> None:
    page = of_day((), TODAY + DAY)

    assert "لا مباريات غدا. ولا مباريات قادمة في الرزنامة حتى الآن." in words(page.blocks)


def test_a_match_knows_its_clubs_and_its_day() -> None:
    page = one_match(game(7), TEXTS, zone=ZONE, now=NOW, opened="20261126:2")

    assert calls(page) == {
        "اتحاد المرسى": "mc:7:home:20261126:2",
        "وفاق سبو": "mc:7:away:20261126:2",
        "رجوع": "md:20261126:2",
    }


def test_a_club_without_matches_says_so_and_leads_to_the_days() -> None:
    page = matches_of_club("اتحاد المرسى", (), (), TEXTS, zone=ZONE, now=NOW)

    assert "لا مباريات لهذا الفريق" in words(page.blocks)
    assert list(calls(page)) == ["أمس", "اليوم", "غدا"]


# On the phone


def test_a_score_between_latin_names_is_not_turned_round() -> None:
    latin = game(home="Real Nord", away="FC Sud", **OVER)

    [part] = render(of_day([latin]), "bot").parts

    assert isinstance(part, Words)
    assert "\u2068Real Nord\u2069 \u20672 – 1\u2069 \u2068FC Sud\u2069" in part.html


def test_the_longest_names_leave_a_page_one_message_and_its_buttons_their_room() -> None:
    name, competition = "ن" * 60, "م" * 100
    many = [
        game(2**62 + n, home=name, away=name, competition=f"{competition}{n}", venue=competition)
        for n in range(PER_PAGE)
    ]
    pages = [
        of_day(many),
        matches_of_club(name, many[:5], many[:5], TEXTS, zone=ZONE, now=NOW, back="mt:1:x:1"),
        one_match(many[0], TEXTS, zone=ZONE, now=NOW, opened="20261126:99"),
    ]

    for page in pages:
        assert len(render(page, "bot").parts) == 1
        assert all(len(f"1:{call}".encode()) <= 64 for call in calls(page).values())


def test_the_words_for_near_days_are_those_of_the_buttons() -> None:
    assert list(matches.NEAR) == list(TEXTS.table("layout.matches.days"))
