"""A question that awaits typed words: asked in the place of a page, settled, or given up.

It is a prompt in the database, so it survives a restart. Any command gives it up, and so does the
way back under it.
"""

from __future__ import annotations

from datetime import timedelta

from bot.commands.touch import Rows, Touch, page
from bot.storage import Transaction, desk

PATIENCE = timedelta(hours=1)  # later words are a search


async def ask(touch: Touch, prompt: desk.Prompt, question: str, buttons: Rows) -> None:
    """Put a question in the place of the page whose button was pressed."""
    async with touch.room.storage.transaction() as tx:
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    await touch.show(page(question, buttons=buttons))


async def settle(tx: Transaction, touch: Touch) -> None:
    """End the question, and remember the message that answered it: it may be delivered again."""
    await desk.unask(tx, touch.chat, touch.person)
    if touch.message is not None:
        await desk.first_time(tx, touch.chat, touch.message.message_id, touch.now)


async def give_up(touch: Touch) -> None:
    """Await no answer any more."""
    if await desk.asked(touch.room.storage, touch.chat, touch.person, touch.now) is None:
        return
    async with touch.room.storage.transaction() as tx:
        await desk.unask(tx, touch.chat, touch.person)
