"""The stories on a page and its place among others in, rows of buttons out; lists call it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model import Button, StoryId
from bot.texts import Texts

PER_PAGE = 5  # stories; a row of number buttons


def rows(
    stories: Sequence[StoryId], texts: Texts, *, page: int, pages: int, view: int, back: str
) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each story, the turning of pages and the way back; pages count from 1."""
    numbers = tuple(
        Button(str(number), call=f"st:{story}:{view}:{page}")
        for number, story in enumerate(stories, start=1)
    )
    turning = tuple(_turning(texts, page=page, pages=pages, view=view))
    leaving = (Button(texts.say("brief.back"), call=back),) if back else ()
    return tuple(row for row in (numbers, turning, leaving) if row)


def _turning(texts: Texts, *, page: int, pages: int, view: int) -> Iterator[Button]:
    if pages <= 1:
        return
    if page > 1:
        yield Button(texts.say("brief.previous"), call=f"pg:{view}:{page - 1}")
    yield Button(texts.say("brief.place", page=page, pages=pages), call=f"pg:{view}:{page}")
    if page < pages:
        yield Button(texts.say("brief.next"), call=f"pg:{view}:{page + 1}")
