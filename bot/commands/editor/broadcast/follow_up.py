"""What can follow a broadcast that is over: again to those it missed, taken back, corrected.

Each is a draft whose number has to be typed, a wave with progress, and a report of its own; a crash
in the middle goes on where it was, for all three may be done twice.
"""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest

from bot.commands.editor.broadcast import confirm
from bot.commands.editor.broadcast.found import PATIENCE, refuse, way_out
from bot.commands.touch import Touch, page
from bot.model import Act, Brief, BriefKind, BroadcastId, Verbatim, WaveState
from bot.storage import audience, briefs, broadcasts, desk, follow_ups, waves
from bot.storage.broadcasts import Broadcast, BroadcastState
from bot.transports.telegram import own

FOLLOWED_FOR = timedelta(days=7)  # shorter than deliveries are kept: they say who was reached
DELETABLE = timedelta(hours=48)  # Bot API deleteMessages


async def again(touch: Touch) -> None:
    """Offer to send it again to those of its audience whom it has not reached."""
    over = await _over(touch)
    if over is None:
        return
    first = await broadcasts.get(touch.room.storage, over.follows_up or over.id) or over
    await _offer(touch, first, Act.SEND, "follow_up.again_to", "follow_up.all_reached")


async def recall(touch: Touch) -> None:
    """Offer to take it back from those whom it reached, as far as Telegram still allows it."""
    over = await _over(touch)
    if over is None:
        return
    too_old = await follow_ups.reached_before(touch.room.storage, over, touch.now - DELETABLE)
    reached = await follow_ups.reached_before(touch.room.storage, over, touch.now)
    if too_old >= reached:
        await touch.answer(touch.texts.say("follow_up.too_old"), is_alert=True)
        return
    limit = touch.texts.say("follow_up.some_too_old", count=too_old) if too_old else ""
    await _offer(touch, over, Act.DELETE, "follow_up.recall_from", "broadcast.nobody", more=limit)


async def correct(touch: Touch) -> None:
    """Ask for the corrected words."""
    over = await _over(touch)
    if over is None:
        return
    async with touch.room.storage.transaction() as tx:
        prompt = desk.Prompt("correction", {"broadcast": over.id})
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    words = touch.texts.say("follow_up.send_words")
    await touch.reply(page(words, buttons=way_out(touch.texts, BroadcastId(0))))


async def take_correction(touch: Touch, prompt: desk.Prompt) -> None:
    """Show the message with the corrected words, as it will be, and ask for the number.

    What is shown is the message itself, copied and changed: what Telegram refuses here it would
    refuse for every reader.
    """
    over = await broadcasts.get(touch.room.storage, BroadcastId(int(prompt.args["broadcast"])))
    words = own.verbatim(touch.message) if touch.message is not None else None
    if words is None or words.is_caption:
        await touch.say(touch.texts.say("follow_up.words_only"))
        return
    if over is None or not await _once(touch):
        return
    fitting = await _preview(touch, over, words)
    if fitting is None:
        return
    said = briefs.write(Brief(BriefKind.ANNOUNCEMENT, (fitting,)))
    above = touch.texts.say("follow_up.corrected")
    await _offer(
        touch, over, Act.EDIT, "follow_up.correct_for", "broadcast.nobody", more=above, words=said
    )


async def _once(touch: Touch) -> bool:
    """Say whether this message corrects for the first time; it may be delivered twice."""
    message = touch.message.message_id if touch.message is not None else 0
    async with touch.room.storage.transaction() as tx:
        return await desk.first_time(tx, touch.chat, message, touch.now)


async def _preview(touch: Touch, over: Broadcast, words: Verbatim) -> Verbatim | None:
    """Show the message with other words and return them as they fit; None, and said why not."""
    source = await follow_ups.source(touch.room.storage, over)
    try:
        copy = await touch.bot.copy_message(touch.chat, source.chat, source.message)
    except BadRequest:
        await touch.say(touch.texts.say("follow_up.no_message"))
        return None
    try:
        return await own.put_where_it_fits(touch.bot, touch.chat, copy.message_id, words)
    except BadRequest:
        await touch.bot.delete_message(touch.chat, copy.message_id)
        await touch.say(touch.texts.say("follow_up.no_place"))
        return None


async def _offer(
    touch: Touch,
    over: Broadcast,
    act: Act,
    sentence: str,
    nobody: str,
    *,
    more: str = "",
    words: str = "",
) -> None:
    """Draft what follows and ask for its number, below the report; nobody: say so."""
    room, texts = touch.room, touch.texts
    async with room.storage.transaction() as tx:
        number = await follow_ups.draft(
            tx, over, act, editor=touch.person, chat=touch.chat, now=touch.now, words=words
        )
        draft = await broadcasts.get(tx, number)
        people = await broadcasts.audience_of(tx, draft, touch.now) if draft else None
        total = await audience.count(tx, room.bot, people, touch.now) if people else 0
        if total:
            await confirm.expect(tx, touch, number, total)
        else:
            await broadcasts.drop(tx, number)
    if not total:
        await refuse(touch, texts.say(nobody))
        return
    what = texts.say(sentence, readers=texts.count("reader", total))
    question = texts.say("broadcast.type_number", number=total)
    await touch.reply(page(what, more, question, buttons=way_out(texts, number)))


async def _is_over(touch: Touch, broadcast: Broadcast) -> bool:
    """Say whether a broadcast has its report, or gets it at this moment."""
    if broadcast.state is not BroadcastState.OPEN or broadcast.wave is None:
        return broadcast.state is BroadcastState.REPORTED
    wave = await waves.get(touch.room.storage, broadcast.wave)
    has_ended = wave is not None and wave.state in (WaveState.DONE, WaveState.CANCELLED)
    return has_ended and not await waves.is_in_flight(touch.room.storage, broadcast.wave)


async def _over(touch: Touch) -> Broadcast | None:
    """Return the broadcast of a report; None, and said why: old, or something follows it now."""
    storage, texts = touch.room.storage, touch.texts
    broadcast = await broadcasts.get(storage, BroadcastId(int(touch.args[0])))
    if broadcast is None or not await _is_over(touch, broadcast):
        await touch.refuse_old()
        return None
    began = broadcast.confirmed_at or touch.now
    if touch.now - began > FOLLOWED_FOR:
        await touch.answer(texts.say("follow_up.too_late"), is_alert=True)
        return None
    if await follow_ups.is_followed_up(storage, broadcast.id):
        await touch.answer(texts.say("follow_up.busy"), is_alert=True)
        return None
    return broadcast
