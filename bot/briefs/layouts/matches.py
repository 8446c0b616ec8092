"""Matches in, their pages out: a day's, one match, a club's; and the lines of a digest.

Commands call it, and the job that writes digests. Hours are the reader's; a score stands between
the clubs it belongs to, isolated, so that no Latin name beside it turns it round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from bot.arabic import dates
from bot.briefs.layouts.paging import turned_to, turning
from bot.briefs.phrases import told
from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    Fixture,
    FixtureState,
    Game,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Title,
)
from bot.texts import Texts

MOST_TODAY = 6  # lines of a digest; a Sunday of every league has dozens
PER_PAGE = 10  # matches of a day; two rows of number buttons
NEAR: Mapping[str, int] = {"yesterday": -1, "today": 0, "tomorrow": 1}  # days from today
_A_ROW = 5
_LASTS = timedelta(hours=2)  # from the whistle to the whistle, and a little
_HALF_A_DAY = timedelta(hours=12)  # from the noon at which a match without an hour is kept
_SCORE = "\N{RIGHT-TO-LEFT ISOLATE}{} \N{EN DASH} {}\N{POP DIRECTIONAL ISOLATE}"  # home's is right
_DOT = "\N{MIDDLE DOT}"


def matches_today(
    fixtures: Sequence[Fixture], texts: Texts, *, zone: tzinfo, now: datetime
) -> tuple[Block, ...]:
    """Tell a digest's reader of the matches of today by their calendar; () when there are none.

    Those of other days are left out, and those that are not played.
    """
    today = now.astimezone(zone).date()
    played = [
        fixture
        for fixture in sorted(fixtures, key=_in_order)
        if day_of(fixture, zone) == today and fixture.state is not FixtureState.OFF
    ]
    if not played:
        return ()
    lines = [told(_line(fixture, zone), fixture.competition) for fixture in played[:MOST_TODAY]]
    if len(played) > MOST_TODAY:
        lines.append(texts.say("layout.matches.all_today"))
    heading = _signed(texts.say("layout.matches.today"), texts)
    return Heading(heading), Paragraph("\n".join(lines))


def day_of(fixture: Fixture, zone: tzinfo) -> date:
    """Return the day on which a match is played, by a reader's calendar."""
    return fixture.starts_at.astimezone(zone).date()


def matches_of_day(
    matches: Sequence[Game],
    texts: Texts,
    *,
    day: date,
    zone: tzinfo,
    now: datetime,
    number: int = 1,
    following: date | None = None,
) -> Brief:
    """List the matches of a day under their competitions, numbered as the buttons below.

    ``following`` is the next day with matches, for a day that has none.
    """
    shown, number, pages = turned_to(number, _by_competition(matches), per_page=PER_PAGE)
    distance = (day - now.astimezone(zone).date()).days
    blocks: list[Block] = [Heading(_signed(_name_of(day, distance, texts), texts))]
    rows: list[tuple[Button, ...]] = []
    if shown:
        blocks += _competitions(shown, texts, zone=zone, now=now)
        blocks.append(Note(f"\n{texts.say('layout.matches.how')}"))  # a blank line before it
        opened = f"{day:%Y%m%d}:{number}"
        keys = [
            Button(str(place), call=f"mt:{match.id}:{opened}")
            for place, match in enumerate(shown, start=1)
        ]
        rows += [tuple(keys[at : at + _A_ROW]) for at in range(0, len(keys), _A_ROW)]
        rows += turning(texts, f"md:{day:%Y%m%d}", page=number, pages=pages)
    else:
        blocks.append(Paragraph(_nothing(day, distance, following, texts)))
        if following is not None:
            name = dates.day_name(following)
            rows.append((Button(name, call=f"md:{following:%Y%m%d}"),))
    return Brief(BriefKind.PAGE, tuple(blocks), (*rows, days(texts, but=distance)))


def days(texts: Texts, *, but: int | None = None) -> tuple[Button, ...]:
    """Return the row of the days around today, without the one that is shown."""
    return tuple(
        Button(texts.say(f"layout.matches.days.{word}"), call=f"md:{word}")
        for word, distance in NEAR.items()
        if distance != but
    )


def one_match(match: Game, texts: Texts, *, zone: tzinfo, now: datetime, opened: str) -> Brief:
    """Show a match, with the way to its clubs; ``opened`` is the page of the day it came from."""
    blocks: list[Block] = [
        Label(_signed(match.competition, texts)),
        Title(_clubs(match)),
        Note(told(_when(match, zone, now), match.venue)),
    ]
    if state := _state(match, texts, now):
        blocks.append(Note(state))
    clubs = (
        Button(match.home, call=f"mc:{match.id}:home:{opened}"),
        Button(match.away, call=f"mc:{match.id}:away:{opened}"),
    )
    back = Button(texts.say("brief.back"), call=f"md:{opened}")
    return Brief(BriefKind.PAGE, tuple(blocks), (clubs, (back,)))


def matches_of_club(
    name: str,
    coming: Sequence[Game],
    played: Sequence[Game],
    texts: Texts,
    *,
    zone: tzinfo,
    now: datetime,
    back: str = "",
) -> Brief:
    """Show what a club plays next and played last; ``back`` is the call that leads back."""
    blocks: list[Block] = [Heading(_signed(name, texts))]
    for heading, matches in (("coming", coming), ("played", played)):
        if matches:
            blocks.append(Heading(texts.say(f"layout.matches.{heading}")))
            blocks += (_item(match, texts, zone=zone, now=now) for match in matches)
    if len(blocks) == 1:
        blocks.append(Paragraph(texts.say("layout.matches.nothing_of_club")))
    row = (Button(texts.say("brief.back"), call=back),) if back else days(texts)
    return Brief(BriefKind.PAGE, tuple(blocks), (row,))


def no_club(words: str, texts: Texts) -> Brief:
    """Say that no calendar has a club of this name."""
    sentence = texts.say("layout.matches.no_club", words=words)
    return Brief(BriefKind.PAGE, (Paragraph(sentence),), (days(texts),))


def _competitions(
    matches: Sequence[Game], texts: Texts, *, zone: tzinfo, now: datetime
) -> Iterator[Block]:
    """Head the matches of each competition with its name."""
    before: str | None = None
    for number, match in enumerate(matches, start=1):
        if match.competition != before and (match.competition or number > 1):
            yield Heading(match.competition or texts.say("layout.matches.others"))
        before = match.competition
        line = f"{number}. {_line(match, zone)}"
        yield Paragraph(told(line, _state(match, texts, now)))


def _by_competition(matches: Sequence[Game]) -> Sequence[Game]:
    """Put the matches of a competition together; the one that begins first comes first."""
    ordered = sorted(matches, key=_in_order)
    places = {match.competition: place for place, match in reversed(list(enumerate(ordered)))}
    return sorted(ordered, key=lambda match: places[match.competition])


def _in_order(fixture: Fixture) -> tuple[datetime, str, str]:
    return fixture.starts_at, fixture.home, fixture.away


def _line(fixture: Fixture, zone: tzinfo) -> str:
    """Write hour and clubs."""
    if not fixture.is_timed:
        return _clubs(fixture)
    return f"{dates.clock(fixture.starts_at.astimezone(zone))} {_clubs(fixture)}"


def _item(match: Game, texts: Texts, *, zone: tzinfo, now: datetime) -> Item:
    tail = told(_when(match, zone, now), match.competition, _state(match, texts, now))
    return Item(_clubs(match), tail=f"{_DOT} {tail}")


def _clubs(fixture: Fixture) -> str:
    """Name the clubs, the score between them once it is known."""
    between = _SCORE.format(*fixture.score) if fixture.score else "\N{EN DASH}"
    return f"{fixture.home} {between} {fixture.away}"


def _when(match: Game, zone: tzinfo, now: datetime) -> str:
    local, here = match.starts_at.astimezone(zone), now.astimezone(zone)
    if match.is_timed and abs((local.date() - here.date()).days) <= 1:
        return dates.moment(local, here)
    day = dates.day_name(local.date(), here.date())
    return f"{day} {dates.clock(local)}" if match.is_timed else day


def _state(match: Game, texts: Texts, now: datetime) -> str:
    """Say of a match what its hour and its score do not; mostly nothing."""
    if match.state is FixtureState.OFF:
        return texts.say("layout.matches.off")
    if match.score is not None:
        return ""
    if now >= match.starts_at + (_LASTS if match.is_timed else _HALF_A_DAY):
        return texts.say("layout.matches.waiting")
    if not match.is_timed:
        return texts.say("layout.matches.no_hour")
    return texts.say("layout.matches.begun") if now >= match.starts_at else ""


def _name_of(day: date, distance: int, texts: Texts) -> str:
    word = next((word for word, days_away in NEAR.items() if days_away == distance), "")
    if not word:
        return texts.say("layout.matches.day", day=dates.day_name(day))
    return told(texts.say(f"layout.matches.{word}"), dates.day_name(day))


def _nothing(day: date, distance: int, following: date | None, texts: Texts) -> str:
    word = next((word for word, days_away in NEAR.items() if days_away == distance), "day")
    fields = {"day": dates.day_name(day)} if word == "day" else {}
    none = texts.say(f"layout.matches.none.{word}", **fields)
    if following is None:
        return f"{none} {texts.say('layout.matches.none_ahead')}"
    return f"{none} {texts.say('layout.matches.following', day=dates.day_name(following))}"


def _signed(words: str, texts: Texts) -> str:
    return f"{texts.say('signs.match')} {words}".strip()
