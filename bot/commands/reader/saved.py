"""/saved: the shelf, last saved first, turned in place like other lists.

It shows what was saved up to the moment it was opened, so that its pages keep their stories while
more are saved; what is taken off meanwhile is gone from it.
"""

from __future__ import annotations

from bot.briefs.layouts.listing import listing
from bot.briefs.layouts.paging import turned_to
from bot.commands.touch import Touch, page
from bot.model import Button, from_ms, to_ms
from bot.storage import desk, saved, stories
from bot.storage.desk import ViewKind


async def shelf(touch: Touch) -> None:
    """Open the reader's shelf."""
    args = {"until": to_ms(touch.now)}
    async with touch.room.storage.transaction() as tx:
        view = await desk.keep_view(tx, touch.chat, ViewKind.SAVED, args, touch.now)
    await draw(touch, desk.View(view, touch.chat, ViewKind.SAVED, args), 1)


async def draw(touch: Touch, view: desk.View, number: int) -> None:
    """Draw one page of the shelf; a page beyond the last is the last."""
    texts, storage = touch.texts, touch.room.storage
    heading = texts.say("saved.heading")
    reader = await touch.subscriber()
    until = from_ms(int(view.args["until"]))
    ids = await saved.shelf(storage, reader.id, until) if reader is not None else ()
    if not ids:
        latest = Button(texts.say("words.latest"), call="go:latest")
        await touch.show(page(texts.say("saved.empty"), heading=heading, buttons=((latest,),)))
        return
    shown, number, pages = turned_to(number, ids)
    await touch.show(
        listing(
            heading,
            await stories.tellings(storage, shown),
            texts,
            zone=await touch.zone(),
            now=touch.now,
            page=number,
            pages=pages,
            view=view.id,
        )
    )
