"""Calendars of matches in all their shapes, and the kind of a page."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.feeds.kinds import read
from bot.feeds.kinds.ical import EVENTS_LIMIT, PART_SIZE
from bot.feeds.wire import Request
from bot.model import Document, FeedKind, Fixture, FixtureState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Riyadh")  # the newsroom's: three hours east, always
CLUBS = "SUMMARY:المرسى – سبو"
SIX = "DTSTART:20261126T180000Z"
PLAYED = "DTSTART:20261122T180000Z"


def event(*lines: str, uid: str = "1") -> str:
    return "\n".join(("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"))


def calendar(*parts: str, head: str = "") -> str:
    return "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", head, *parts, "END:VCALENDAR", ""))


def parsed(page: str | bytes, content_type: str = "text/calendar") -> Document:
    body = page.encode() if isinstance(page, str) else page
    return read(Request(body, content_type, "https://n.example/ics", ZONE, NOW))


def only(*lines: str, head: str = "") -> Fixture:
    [fixture] = parsed(calendar(event(*lines), head=head)).fixtures
    return fixture


def test_a_match_is_read_whole() -> None:
    fixture = only(
        SIX, CLUBS, "LOCATION:ملعب الميناء\\, أكادير", "CATEGORIES:كأس العرش", "SEQUENCE:2"
    )

    assert fixture == Fixture(
        uid="1",
        home="المرسى",
        away="سبو",
        starts_at=datetime(2026, 11, 26, 18, 0, tzinfo=UTC),
        competition="كأس العرش",
        venue="ملعب الميناء, أكادير",
    )


def test_a_calendar_says_its_name_and_its_wish() -> None:
    head = "X-WR-CALNAME:البطولة\nREFRESH-INTERVAL;VALUE=DURATION:PT1H"

    document = parsed(calendar(event(SIX, CLUBS), head=head))

    assert document.kind is FeedKind.MATCHES
    assert document.title == "البطولة"
    assert document.ttl == timedelta(hours=1)
    assert document.fixtures[0].competition == "البطولة"


def test_lines_that_are_folded_are_joined() -> None:
    assert only(SIX, "SUMMARY:المرسى – س\r\n بو").away == "سبو"


@pytest.mark.parametrize(
    ("start", "head", "hour"),
    [
        pytest.param("DTSTART:20261126T180000Z", "", 18, id="UTC"),
        pytest.param("DTSTART;TZID=Africa/Algiers:20261126T180000", "", 17, id="a zone"),
        pytest.param(
            "DTSTART;TZID=/vendor/Africa/Algiers:20261126T180000", "", 17, id="a vendor's"
        ),
        pytest.param("DTSTART;TZID=Arab Standard Time:20261126T180000", "", 15, id="Windows'"),
        pytest.param("DTSTART;TZID=Nowhere:20261126T180000", "", 15, id="nobody's: the newsroom's"),
        pytest.param("DTSTART:20261126T180000", "", 15, id="floating: the newsroom's"),
        pytest.param(
            "DTSTART:20261126T180000", "X-WR-TIMEZONE:Africa/Algiers", 17, id="the calendar's"
        ),
        pytest.param(
            "DTSTART:20261126T180000", "X-WR-TIMEZONE:../../etc/passwd", 15, id="a forged one"
        ),
    ],
)
def test_an_hour_is_read_by_its_clock(start: str, head: str, hour: int) -> None:
    assert only(start, CLUBS, head=head).starts_at == datetime(2026, 11, 26, hour, 0, tzinfo=UTC)


ZONE_OF_ITS_OWN = """BEGIN:VTIMEZONE
TZID:Here
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+{offset}
TZOFFSETTO:+{offset}
{rule}END:STANDARD
END:VTIMEZONE"""


def test_a_calendar_may_define_a_zone_and_teaches_it_nobody_else() -> None:
    start = "DTSTART;TZID=Here:20261126T180000"
    hours = [
        parsed(calendar(zone, event(start, CLUBS))).fixtures[0].starts_at.hour
        for zone in (
            ZONE_OF_ITS_OWN.format(offset="0500", rule=""),
            ZONE_OF_ITS_OWN.format(offset="0200", rule=""),
            "",
        )
    ]

    assert hours == [13, 16, 15]


def test_a_zone_whose_clocks_change_by_the_second_is_not_learned() -> None:
    zone = ZONE_OF_ITS_OWN.format(offset="0500", rule="RRULE:FREQ=SECONDLY\n")

    [fixture] = parsed(calendar(zone, event("DTSTART;TZID=Here:20261126T180000", CLUBS))).fixtures

    assert fixture.starts_at.hour == 15


def test_a_day_without_an_hour_is_kept_at_its_noon() -> None:
    fixture = only("DTSTART;VALUE=DATE:20261126", CLUBS)

    assert not fixture.is_timed
    assert fixture.starts_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "state", "score"),
    [
        pytest.param((PLAYED, "SUMMARY:المرسى 2 - 1 سبو"), "over", (2, 1), id="in the line"),
        pytest.param((PLAYED, CLUBS, "DESCRIPTION:النتيجة: 2 - 1"), "over", (2, 1), id="described"),
        pytest.param((PLAYED, CLUBS), "planned", None, id="not yet"),
        pytest.param((SIX, "SUMMARY:المرسى 0 - 0 سبو"), "planned", None, id="a place kept free"),
        pytest.param((SIX, CLUBS, "STATUS:CANCELLED"), "off", None, id="cancelled"),
        pytest.param((SIX, "SUMMARY:المرسى – سبو (مؤجلة)"), "off", None, id="put off"),
        pytest.param(
            ("DTSTART;VALUE=DATE:20261124", "SUMMARY:المرسى 2 - 1 سبو"), "over", (2, 1), id="today"
        ),
    ],
)
def test_a_match_stands_as_its_calendar_says(
    lines: tuple[str, ...], state: str, score: tuple[int, int] | None
) -> None:
    fixture = only(*lines)

    assert (fixture.state, fixture.score) == (FixtureState(state), score)


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0)])
def test_of_two_versions_of_an_event_the_higher_number_holds(numbers: tuple[int, int]) -> None:
    hours = {0: "DTSTART:20261126T180000Z", 1: "DTSTART:20261127T200000Z"}

    [fixture] = parsed(
        calendar(*(event(hours[number], CLUBS, f"SEQUENCE:{number}") for number in numbers))
    ).fixtures

    assert fixture.starts_at == datetime(2026, 11, 27, 20, 0, tzinfo=UTC)


def test_of_equal_versions_the_last_holds() -> None:
    later = "DTSTART:20270127T200000Z"

    [fixture] = parsed(calendar(event(SIX, CLUBS), event(later, CLUBS))).fixtures

    assert fixture.starts_at.month == 1


def test_what_recurs_is_refused_and_an_instance_of_it_is_a_match() -> None:
    document = parsed(
        calendar(
            event(SIX, CLUBS, "RRULE:FREQ=DAILY"),
            event(SIX, CLUBS, "RDATE:20261127T180000Z", uid="2"),
            event("DTSTART:20261128T180000Z", CLUBS, "RECURRENCE-ID:20261127T180000Z"),
        )
    )

    [fixture] = document.fixtures
    assert fixture.starts_at.day == 28
    assert document.skipped == 2


def test_one_broken_event_costs_nobody_else() -> None:
    document = parsed(
        calendar(
            event(SIX, CLUBS),
            "BEGIN:VEVENT\nUID:2\nSUMMARY:بلا نهاية – أبدا",
            event("DTSTART:20261331T990000Z", CLUBS, uid="3"),
            event(CLUBS, uid="4"),
            event(SIX, "SUMMARY:اجتماع التحرير", uid="5"),
            event(SIX, CLUBS, "X-LONG:" + "x" * PART_SIZE, uid="6"),
            event(SIX, CLUBS, uid="7"),
        )
    )

    assert [fixture.uid for fixture in document.fixtures] == ["1", "7"]
    assert document.skipped == 5


def test_no_more_is_read_than_what_is_near() -> None:
    far = [event("DTSTART:20240101T180000Z", CLUBS, uid=f"old-{n}") for n in range(50)]
    many = [event(SIX, CLUBS, uid=str(n)) for n in range(EVENTS_LIMIT + 20)]

    document = parsed(calendar(*far, *many, event("DTSTART:20290101T180000Z", CLUBS, uid="late")))

    assert len(document.fixtures) == EVENTS_LIMIT
    assert all(fixture.starts_at.year == 2026 for fixture in document.fixtures)


def test_an_event_without_a_name_is_known_by_its_clubs_and_its_day() -> None:
    nameless = event(SIX, CLUBS).replace("UID:1\n", "")

    [fixture] = parsed(calendar(nameless)).fixtures

    assert fixture.uid == "المرسى/سبو/20261126"


def test_a_calendar_without_matches_is_one() -> None:
    document = parsed(calendar())

    assert document.kind is FeedKind.MATCHES
    assert document.fixtures == ()


@pytest.mark.parametrize(
    ("page", "content_type", "kind"),
    [
        pytest.param(calendar(), "text/html", "matches", id="a calendar under a wrong label"),
        pytest.param("\ufeff" + calendar(), "", "matches", id="behind a byte order mark"),
        pytest.param("\r\n" + calendar(), "", "matches", id="behind an empty line"),
        pytest.param(calendar().lower(), "", "matches", id="in small letters"),
        pytest.param("<rss version='2.0'><channel/></rss>", "text/calendar", "news", id="a feed"),
    ],
)
def test_what_a_page_is_follows_from_its_content(page: str, content_type: str, kind: str) -> None:
    assert parsed(page, content_type).kind == kind


def test_a_broken_head_costs_no_match() -> None:
    document = parsed(calendar(event(SIX, CLUBS), head="no property"))

    assert (len(document.fixtures), document.title) == (1, "")


def test_a_calendar_of_which_nothing_can_be_read_is_none() -> None:
    with pytest.raises(ParseError, match="neither the head nor an event"):
        parsed("BEGIN:VCALENDAR\nno property\nBEGIN:VEVENT\nneither\nEND:VEVENT\n")


def test_windows_letters_are_read_in_calendars_too() -> None:
    page = calendar(event(SIX, "SUMMARY:المرسى - سبو")).encode("cp1256")

    assert parsed(page).fixtures[0].home == "المرسى"


WHOLE = calendar(
    ZONE_OF_ITS_OWN.format(offset="0500", rule=""),
    event("DTSTART;TZID=Here:20261126T180000", CLUBS, "CATEGORIES:كأس", "SEQUENCE:1"),
    event("DTSTART;VALUE=DATE:20261122", "SUMMARY:سبو 2 - 1 المرسى", uid="2"),
    head="X-WR-CALNAME:البطولة",
).encode()
LINES = (
    "RRULE:FREQ=SECONDLY",
    "DTSTART:99991231T235959Z",
    "DTSTART:00010101T000000",
    "DTSTART;VALUE=PERIOD:20261126T180000/PT1H",
    "SEQUENCE:x",
    "TZOFFSETTO:+9999",
    "CATEGORIES:",
    "REFRESH-INTERVAL;VALUE=DURATION:P99999999999D",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "END:VCALENDAR",
    ';X=":',
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE)), st.sampled_from(LINES)), max_size=4),
    st.lists(st.tuples(st.integers(0, len(WHOLE)), st.binary(max_size=3)), max_size=4),
)
def test_any_bytes_are_read_or_refused(
    lines: list[tuple[int, str]], noise: list[tuple[int, bytes]]
) -> None:
    page = WHOLE
    for place, line in lines:
        end = page.find(b"\n", place) + 1
        page = page[:end] + line.encode() + b"\n" + page[end:]
    for place, some in noise:
        page = page[:place] + some + page[place + len(some) :]
    with suppress(ParseError):
        assert isinstance(parsed(page), Document)
