"""Stories with a film in, the list of «the screen» out; and the button that plays or reads.

Commands call it; whoever shows a story takes the button that opens it from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from bot.briefs.layouts.paging import rows
from bot.briefs.phrases import told, told_at
from bot.briefs.titles import headline
from bot.model import (
    Article,
    Block,
    Brief,
    BriefKind,
    Button,
    Heading,
    Note,
    Paragraph,
    Telling,
    Title,
)
from bot.texts import Texts


def length(seconds: int | None) -> str:
    """Write how long a film is: 3:25, 1:02:10; "" when nobody knows."""
    if seconds is None:
        return ""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def opening(article: Article, texts: Texts) -> tuple[Button, ...]:
    """Return the button that opens an article: its film, with the length on it, else its page.

    Without an address there is none.
    """
    if not article.video_url:
        return (Button(texts.say("brief.read"), url=article.url),) if article.url else ()
    lasts = length(article.video_seconds)
    text = texts.say("video.watch_long", length=lasts) if lasts else texts.say("video.watch")
    return (Button(text, url=article.video_url),)


def film_of(telling: Telling) -> Article:
    """Return the article of a story that has the film, the lead when none has."""
    return next((one for one in telling.articles if one.video_url), telling.lead)


def videos(
    heading: str,
    tellings: Sequence[Telling],
    texts: Texts,
    *,
    zone: tzinfo,
    now: datetime,
    page: int,
    pages: int,
    view: int,
    note: str = "",
) -> Brief:
    """List the films of one page, numbered as the buttons: one row tells, one row plays."""
    films = [film_of(telling) for telling in tellings]
    blocks: list[Block] = [Heading(heading)]
    if note:
        blocks.append(Paragraph(note))
    for number, film in enumerate(films, start=1):
        blocks += _entry(number, film, texts, zone=zone, now=now)
    stories = [telling.story.id for telling in tellings]
    numbers, *turns = rows(stories, texts, page=page, pages=pages, view=view) or ((),)
    sign = texts.say("signs.video")
    plays = tuple(
        Button(f"{sign} {number}", url=film.video_url or film.url)
        for number, film in enumerate(films, start=1)
        if film.video_url or film.url
    )
    return Brief(BriefKind.PAGE, tuple(blocks), tuple(filter(None, (numbers, plays, *turns))))


def _entry(
    number: int, film: Article, texts: Texts, *, zone: tzinfo, now: datetime
) -> Iterator[Block]:
    yield Title(f"{number}. {texts.say('signs.video')} {headline(film)}", film.story)
    time = told_at(film.moment, zone=zone, now=now)
    yield Note(told(length(film.video_seconds), film.source.name, time))
