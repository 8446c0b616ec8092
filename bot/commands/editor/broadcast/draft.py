"""An editor's message → a draft, shown as readers will see it; and the drafts of the other scenes.

`whom` goes on with what is drafted here.
"""

from __future__ import annotations

from telegram.error import BadRequest

from bot.commands.editor.broadcast import pending, whom
from bot.commands.editor.broadcast.found import DRAFT, PATIENCE, way_out
from bot.commands.touch import Touch, page
from bot.model import BroadcastId
from bot.storage import Transaction, broadcasts, desk


async def broadcast(touch: Touch) -> None:
    """Make a draft of the message replied to, or ask for one, below what is under way."""
    replied = touch.message.reply_to_message if touch.message is not None else None
    if replied is not None:
        await _draft(touch, replied.message_id)
        return
    async with touch.room.storage.transaction() as tx:
        prompt = desk.Prompt("announcement", {})
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    lines, buttons = await pending.listed(touch)
    heading = touch.texts.say("casts.heading") if lines else ""
    await touch.show(
        page(
            "\n".join(lines),
            touch.texts.say("broadcast.send_it"),
            heading=heading,
            buttons=(*buttons, *way_out(touch.texts, BroadcastId(0))),
        )
    )


async def take_announcement(touch: Touch, _: desk.Prompt) -> None:
    """Make a draft of the message that was asked for."""
    if touch.message is not None:
        await _draft(touch, touch.message.message_id)


async def _draft(touch: Touch, message: int) -> None:
    """Keep a draft and show it as readers will see it; a message acts once, however often it comes.

    What Telegram does not copy (a game, an invoice, a protected text) is said to be so.
    """
    if touch.message is None:
        return
    room = touch.room
    async with room.storage.transaction() as tx:
        if not await desk.first_time(tx, touch.chat, touch.message.message_id, touch.now):
            return
        await desk.unask(tx, touch.chat, touch.person)
        draft = await broadcasts.draft(tx, room.bot, touch.person, touch.chat, message, touch.now)
    try:
        await touch.bot.copy_message(touch.chat, touch.chat, message)
    except BadRequest:
        async with room.storage.transaction() as tx:
            await broadcasts.drop(tx, draft)
        await touch.say(touch.texts.say("broadcast.no_copy"))
        return
    await whom.show(touch, draft)


async def drop(touch: Touch) -> None:
    """Give a draft up; number 0 is a draft that has no message yet."""
    draft = BroadcastId(int(touch.args[-1]))
    async with touch.room.storage.transaction() as tx:
        found = await broadcasts.get(tx, draft)
        is_own = found is not None and found.editor == touch.person and found.state is DRAFT
        is_dropped = not draft or (is_own and await broadcasts.drop(tx, draft))
        if is_dropped:
            await _unask(tx, touch, draft)
    if is_dropped:
        await touch.show(page(touch.texts.say("broadcast.dropped")))
    else:
        await touch.refuse_old()


async def _unask(tx: Transaction, touch: Touch, draft: BroadcastId) -> None:
    """End the question of this draft; the number of another one is still awaited."""
    asked = await desk.asked(tx, touch.chat, touch.person, touch.now)
    if asked is None:
        return
    is_for_message = asked.kind in ("announcement", "correction")
    if is_for_message if not draft else asked.args.get("broadcast") == draft:
        await desk.unask(tx, touch.chat, touch.person)
