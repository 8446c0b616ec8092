"""The buttons under results: in which section, since when, in which order; and to follow the words.

A choice opens the same words anew, with all that has come since; «back» turns to the page from
which the choices were opened. Buttons carry the value they set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.briefs.layouts.results import EVERYWHERE, said_back
from bot.commands.reader import follow, keys, search
from bot.commands.reader.marks import known_reader
from bot.commands.touch import Rows, Touch, page
from bot.model import FOLLOWABLE, Button, Period, SearchOrder, Section, words_subject
from bot.storage import desk, heads, subscriptions
from bot.storage.desk import ViewKind

CHOICES: Final = "section|period"
VALUES: Final = "|".join((*Section, EVERYWHERE, *Period))  # what a button may set


async def choices(touch: Touch) -> None:
    """Show the sections, or the periods, in which can be searched."""
    view_id, number, what = touch.args
    view = await _view(touch, view_id)
    if view is None:
        return
    await touch.answer()
    asked = search.search_of(view)
    words = said_back(asked.query)
    if what == "section":
        question = touch.texts.say("search.which_section", words=words)
        buttons = _sections(touch, view.id, asked.section)
    else:
        question = touch.texts.say("search.which_period", words=words)
        buttons = _periods(touch, view.id, asked.period)
    back = Button(touch.texts.say("brief.back"), call=f"pg:{view.id}:{number}")
    await touch.show(page(question, buttons=(*buttons, (back,))))


def _sections(touch: Touch, view: int, chosen: Section | None) -> Rows:
    texts = touch.texts
    every = dict.fromkeys((*touch.room.config.news.sections, *FOLLOWABLE, Section.VIDEO))
    named = [(section.value, texts.say(f"sections.{section}")) for section in every]
    everywhere = [(EVERYWHERE, texts.say("layout.results.everywhere"))]
    value = chosen.value if chosen else EVERYWHERE
    return (*_values(view, named, value, 3), *_values(view, everywhere, value, 1))


def _periods(touch: Touch, view: int, chosen: Period) -> Rows:
    named = [(one.value, touch.texts.say(f"layout.results.periods.{one}")) for one in Period]
    return _values(view, named, chosen.value, 2)


def _values(view: int, named: Sequence[tuple[str, str]], chosen: str, length: int) -> Rows:
    made = [
        Button(keys.checked(name, value == chosen), call=f"nr:{view}:{value}")
        for value, name in named
    ]
    return keys.rows(made, length)


async def narrow(touch: Touch) -> None:
    """Search for the same words in a section, in a period, or without the one or the other."""
    view_id, value = touch.args
    view = await _view(touch, view_id)
    if view is None:
        return
    asked = search.search_of(view)
    if value in tuple(Period):
        asked = replace(asked, period=Period(value))
    else:
        asked = replace(asked, section=None if value == EVERYWHERE else Section(value))
    await _open_anew(touch, asked)


async def reorder(touch: Touch) -> None:
    """Open the same search in the other order."""
    view_id, order = touch.args
    view = await _view(touch, view_id)
    if view is not None:
        await _open_anew(touch, replace(search.search_of(view), order=SearchOrder(order)))


async def _open_anew(touch: Touch, asked: search.Search) -> None:
    await touch.answer()
    before = await heads.end(touch.room.storage)
    await search.open_new(touch, replace(asked, before=before, asked_at=touch.now))


async def follow_words(touch: Touch) -> None:
    """Follow the words of a search, or follow them no more; the button then says so."""
    view_id, number, switch = touch.args
    view = await _view(touch, view_id)
    reader = await known_reader(touch) if view is not None else None
    if view is None or reader is None:
        return
    words = search.words_to_follow(search.search_of(view).query)
    if switch == "on":
        said = await follow.follow_words(touch, words)
    else:
        async with touch.room.storage.transaction() as tx:
            await subscriptions.unfollow(tx, reader.id, [words_subject(words)])
        said = touch.texts.say("search.now_unfollowed")
    await touch.answer(said)
    await search.draw(touch, view, int(number))


async def _view(touch: Touch, number: str) -> desk.View | None:
    """Return the view of a search of this chat; of any other, say that the buttons are old."""
    view = await desk.view(touch.room.storage, touch.chat, int(number))
    if view is None or view.kind is not ViewKind.SEARCH:
        await touch.refuse_old()
        return None
    return view
