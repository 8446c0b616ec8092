"""A list and a page number in, what stands there and its buttons out; whoever turns pages calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.model import Button, StoryId
from bot.texts import Texts

PER_PAGE = 5  # stories; a row of number buttons

T = TypeVar("T")


def turned_to(
    number: int, items: Sequence[T], *, per_page: int = PER_PAGE
) -> tuple[Sequence[T], int, int]:
    """Return what stands on a page, its number and how many there are; pages count from 1.

    A page beyond the last is the last; of nothing there is one page.
    """
    pages = max(1, -(-len(items) // per_page))
    number = min(max(number, 1), pages)
    return items[(number - 1) * per_page : number * per_page], number, pages


def rows(
    stories: Sequence[StoryId], texts: Texts, *, page: int, pages: int, view: int
) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each story on the page, and the turning of pages."""
    numbers = tuple(
        Button(str(number), call=f"st:{story}:{view}:{page}")
        for number, story in enumerate(stories, start=1)
    )
    turns = turning(texts, f"pg:{view}", page=page, pages=pages)
    return (numbers, *turns) if numbers else turns


def turning(texts: Texts, call: str, *, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """Return the row that turns pages, none for a single one; ``call`` and a number open a page."""
    return (tuple(_turns(texts, call, page=page, pages=pages)),) if pages > 1 else ()


def _turns(texts: Texts, call: str, *, page: int, pages: int) -> Iterator[Button]:
    if page > 1:
        yield Button(texts.say("brief.previous"), call=f"{call}:{page - 1}")
    yield Button(texts.say("brief.place", page=page, pages=pages), call=f"{call}:{page}")
    if page < pages:
        yield Button(texts.say("brief.next"), call=f"{call}:{page + 1}")
