"""The owners' word on what is on hold: let it go on, or give it up; only they may press.

`dispatch` asks for the right; which question a button answers is asked here, so that one of an
earlier hold, or one that another owner has answered, decides nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.commands.touch import Touch, page
from bot.model import Button
from bot.storage import Transaction, audit, hold


async def go(touch: Touch) -> None:
    """Let everything that is on hold go on."""
    found = await _decide(touch, hold.release, "hold.go")
    touch.room.deliver_soon()
    await _tell(touch, "hold.gone_on", found)


async def ask(touch: Touch) -> None:
    """Ask once more before everything is given up."""
    texts, number = touch.texts, touch.args[0]
    if not _is_open(touch, await hold.open_hold(touch.room.storage)):
        await _tell(touch, "hold.dropped", None)
        return
    buttons = (
        (Button(texts.say("hold.sure_button"), call=f"hd:drop:{number}"),),
        (Button(texts.say("hold.go"), call=f"hd:go:{number}"),),
    )
    await touch.show(page(texts.say("hold.sure"), buttons=buttons))


async def drop(touch: Touch) -> None:
    """Give up everything that is on hold."""
    await _tell(touch, "hold.dropped", await _decide(touch, hold.drop, "hold.drop"))


async def _decide(
    touch: Touch, do: Callable[[Transaction, datetime], Awaitable[hold.Held]], act: str
) -> hold.Held | None:
    """Do what an owner decided and write it into the audit log; None: it was decided before."""
    async with touch.room.storage.transaction() as tx:
        if not _is_open(touch, await hold.open_hold(tx)):
            return None
        done = await do(tx, touch.now)
        details = {"waves": done.waves, "readers": done.readers}
        await audit.note(tx, touch.person, act, details, touch.now)
    return done


def _is_open(touch: Touch, question: hold.Hold | None) -> bool:
    return question is not None and question.id == int(touch.args[0])


async def _tell(touch: Touch, sentence: str, done: hold.Held | None) -> None:
    """Say what was decided; ``done`` None: it had been decided before."""
    texts = touch.texts
    if done is None:
        words = texts.say("hold.decided")
    else:
        words = texts.say(sentence, messages=texts.count("message", done.readers))
    await touch.show(page(words))
