"""«Undo»: the number of an audit line in, its act taken back within ten minutes, once.

How an act becomes undoable, in three steps:
1. The act writes its line, ``number = await audit.note(tx, …, "source.off", details, now)``, in
   its own transaction. The details hold all that the inverse needs, and the names that the log
   shows (``[acts]`` in the texts has a sentence for each act).
2. Its confirmation carries ``button(texts, number)``.
3. ``UNDO`` in ``bot.commands`` has a line: the act → an ``Undo`` whose ``inverse`` takes the act
   back within the transaction that marks it undone. It returns False, and changes nothing, when
   somebody has changed the thing since.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import commands  # its table names us too; it is complete when it is read
from bot.commands.editor.acts import words_of
from bot.commands.touch import Touch, page
from bot.model import Button
from bot.storage import Transaction, audit
from bot.storage.audit import Args
from bot.texts import Texts

UNDO_FOR = timedelta(minutes=10)

Inverse = Callable[[Transaction, Args, datetime], Awaitable[bool]]


async def nothing_more(_: Touch, __: Args) -> str:
    """Do and say nothing beyond what every undoing says."""
    return ""


@dataclass(frozen=True, slots=True)
class Undo:
    """How an act is taken back.

    ``after`` runs when it is done, outside the transaction, and may add a sentence. ``back`` is
    the call of the way back, its fields filled in from the details.
    """

    inverse: Inverse
    is_owners: bool = False
    after: Callable[[Touch, Args], Awaitable[str]] = nothing_more
    back: str = "dk:day"


def button(texts: Texts, entry: int, label: str = "undo.button") -> Button:
    """Return the button that undoes the act of an audit line."""
    return Button(texts.say(label), call=f"un:{entry}")


def can_undo(touch: Touch, entry: audit.Entry) -> bool:
    """Say whether this person may undo an act now."""
    undo = commands.UNDO.get(entry.act)
    if undo is None or entry.undone_at is not None or touch.now - entry.at > UNDO_FOR:
        return False
    return touch.is_owner if undo.is_owners else touch.is_editor


async def undo(touch: Touch) -> None:
    """Take an act back, and say what was taken back or why it was not."""
    texts = touch.texts
    async with touch.room.storage.transaction() as tx:
        entry = await audit.claim(tx, int(touch.args[0]))
        is_done = (
            entry is not None and can_undo(touch, entry) and await _take_back(touch, tx, entry)
        )
    if entry is None or entry.act not in commands.UNDO:
        await touch.refuse_old()
        return
    if not is_done:
        key = "undo.already" if entry.undone_at else "undo.too_late"
        await touch.answer(texts.say(key), is_alert=True)
        return
    how = commands.UNDO[entry.act]
    more = await how.after(touch, entry.details)
    back = Button(texts.say("brief.back"), call=how.back.format_map(entry.details))
    done = texts.say("undo.done", act=words_of(entry, texts))
    await touch.show(page(done, more, buttons=((back,),)))


async def _take_back(touch: Touch, tx: Transaction, entry: audit.Entry) -> bool:
    if not await commands.UNDO[entry.act].inverse(tx, entry.details, touch.now):
        return False
    await audit.undone(tx, entry.id, touch.now)
    details = {**entry.details, "line": entry.id, "undone": entry.act}
    await audit.note(tx, touch.person, "undo", details, touch.now)
    return True
