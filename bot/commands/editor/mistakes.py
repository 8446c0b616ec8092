"""What readers report as mistakes, the oldest first: open the story, say that it is dealt with."""

from __future__ import annotations

from datetime import datetime

from bot.briefs.layouts.paging import turned_to, turning
from bot.briefs.phrases import told
from bot.briefs.titles import headline
from bot.commands.editor import log, undo
from bot.commands.reader import keys, story
from bot.commands.touch import Touch, page
from bot.model import Button
from bot.storage import Transaction, audit, feedback, stories
from bot.storage.audit import Args

PER_PAGE = 5
MOST_TITLE = 160  # UTF-16 units; five reports of 500 stay one message (4,096)
MOST = 200  # that are looked at; the newest wait until the oldest are dealt with


async def turn_page(touch: Touch) -> None:
    """Show one page."""
    await _draw(touch, int(touch.args[0]))


async def handle(touch: Touch) -> None:
    """Mark a report as dealt with, and show what is left."""
    mistake, number = map(int, touch.args)
    async with touch.room.storage.transaction() as tx:
        if await feedback.handle(tx, mistake, touch.now):
            await audit.note(tx, touch.person, "mistake", {"mistake": mistake}, touch.now)
    await _draw(touch, number)


async def _draw(touch: Touch, number: int) -> None:
    texts, storage = touch.texts, touch.room.storage
    every = await feedback.open_ones(storage, MOST)
    shown, number, pages = turned_to(number, every, per_page=PER_PAGE)
    told_of = await stories.tellings(storage, [one.story for one in shown])
    titles = {telling.story.id: headline(telling.lead, MOST_TITLE) for telling in told_of}
    lines, buttons = [], []
    for place, one in enumerate(shown, start=(number - 1) * PER_PAGE + 1):
        words = f"«{one.words}»" if one.words else texts.say("desk.no_words")
        said = told(words, log.moment(touch, one.at))
        lines.append(f"{place}. {titles.get(one.story, '')}\n{said}")
        back = ":".join(story.of_reports(number))
        opens = Button(texts.say("desk.story", place=place), call=f"st:{one.story}:{back}")
        done = Button(texts.say("desk.fixed", place=place), call=f"dk:fixed:{one.id}:{number}")
        buttons += [opens, done]
    await touch.show(
        page(
            *(lines or [texts.say("desk.no_mistakes")]),
            heading=texts.say("desk.waiting.mistakes"),
            buttons=(
                *keys.rows(buttons, 2),
                *turning(texts, "dk:mistakes", page=number, pages=pages),
                (Button(texts.say("brief.back"), call="dk:day"),),
            ),
        )
    )


async def _reopen(tx: Transaction, details: Args, _: datetime) -> bool:
    return await feedback.reopen(tx, int(details["mistake"]))


HANDLED = undo.Undo(_reopen, back="dk:mistakes:1")
