"""/forgetme: one question, then nothing is left of this chat but what its person did at the desk.

The act is one transaction. Then the rows are taken off the disk, and the night's job (`scrub`)
writes the database anew: until then a copy of a row may lie between others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator

from bot.arabic.digits import grouped
from bot.commands.touch import Touch, page
from bot.errors import StorageError
from bot.model import Button
from bot.storage import desk, person


async def forgetme(touch: Touch) -> None:
    """Say what would be erased and ask; who is unknown has nothing to erase."""
    texts = touch.texts
    kept = await person.kept_of(touch.room.storage, touch.chat)
    stays = _stays(touch, kept)
    if all(person.KEPT[table].is_newsrooms for table in kept):
        await touch.show(page(texts.say("forget.nothing"), *stays))
        return
    buttons = ((
        Button(texts.say("forget.yes"), call="fg:yes"),
        Button(texts.say("forget.no"), call="fg:no"),
    ),)  # fmt: skip
    paragraphs = (texts.say("forget.question"), texts.say("forget.messages"), *stays)
    heading = texts.say("forget.heading")
    await touch.show(page(*paragraphs, heading=heading, buttons=buttons))


def _stays(touch: Touch, kept: Collection[str]) -> Iterator[str]:
    """Say what outlasts a reader who is forgotten, and what it takes to come back."""
    if "team" in kept:
        yield touch.texts.say("forget.team_stays")
    if {"audit", "broadcasts", "invites"} & set(kept):
        yield touch.texts.say("forget.log_stays")
    access = touch.room.config.people.access
    if access != "open" and not touch.is_editor:
        yield touch.texts.say(f"forget.door.{access}")


async def answer(touch: Touch) -> None:
    """Erase, or leave everything as it is."""
    (said,) = touch.args
    if said == "yes":
        await _erase(touch)
        return
    back = ((Button(touch.texts.say("words.mydata"), call="go:mydata"),),)
    await touch.show(page(touch.texts.say("forget.nothing_done"), buttons=back))


async def _erase(touch: Touch) -> None:
    """Erase what is kept, and say what that was.

    1. Erase the rows. 2. Let waves end that waited for this reader. 3. Take the rows off the disk;
    what is not possible now is done by the job.
    """
    texts, room = touch.texts, touch.room
    async with room.storage.transaction() as tx:
        kept = await person.kept_of(tx, touch.chat)
        gone = await person.erase(tx, touch.chat)
        if gone:
            await desk.keep_setting(tx, person.SCRUB_DUE, touch.now.isoformat())
    room.deliver_soon()
    with contextlib.suppress(StorageError):
        await room.storage.scrub()
    if not gone:
        await touch.show(page(texts.say("forget.nothing"), *_stays(touch, kept)))
        return
    tables = texts.table("mydata.tables")
    lines = [
        tables[table]
        if table == "subscribers"
        else texts.say("mydata.line", what=tables[table], count=grouped(rows))
        for table, rows in gone.items()
    ]
    heading = texts.say("forget.done")
    last = texts.say("forget.afterwards")
    await touch.show(page("\n".join(lines), *_stays(touch, kept), last, heading=heading))
