"""/broadcast: an editor's message → a preview, an audience, a number typed; `confirm` sends it.

1. /broadcast as a reply to any message, or alone and the message after it, becomes a draft.
2. The editor sees the message as readers will, and chooses whom it is for.
3. The number of readers has to be typed: what cannot be called back is not a slip of the thumb.

A draft belongs to the editor who wrote it; two editors have two. Rights are asked in `dispatch`,
on every message and press.
"""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest

from bot.arabic.digits import grouped
from bot.briefs.layouts.progress import duration
from bot.commands.reader import keys
from bot.commands.touch import Touch, page
from bot.model import FOLLOWABLE, Audience, AudienceKind, BroadcastId, Button, Section
from bot.outbox.report import estimate
from bot.storage import Transaction, audience, broadcasts, desk
from bot.texts import Texts

PATIENCE = timedelta(hours=24)  # how long the message, and later the number, is awaited


async def broadcast(touch: Touch) -> None:
    """Make a draft of the message replied to, or ask for one."""
    replied = touch.message.reply_to_message if touch.message is not None else None
    if replied is not None:
        await _draft(touch, replied.message_id)
        return
    async with touch.room.storage.transaction() as tx:
        prompt = desk.Prompt("announcement", {})
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    await touch.say(touch.texts.say("broadcast.send_it"), _way_out(touch.texts, 0))


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
    await _offer(touch, draft)


async def offer(touch: Touch) -> None:
    """Offer the audiences again."""
    draft = await own_draft(touch)
    if draft is not None:
        await _offer(touch, draft.id)


async def _offer(touch: Touch, draft: BroadcastId) -> None:
    texts, room = touch.texts, touch.room
    people = await audience.count(room.storage, room.bot, Audience(AudienceKind.ALL), touch.now)
    everyone = texts.say("broadcast.everyone", count=grouped(people))
    buttons = (
        (Button(everyone, call=f"bc:all:{draft}"),),
        (Button(texts.say("broadcast.of_a_section"), call=f"bc:sections:{draft}"),),
        *_way_out(texts, draft),
    )
    time = duration(estimate(people, room.config.push.rate), texts)
    words = (texts.say("broadcast.preview"), texts.say("broadcast.time", time=time))
    await touch.show(page("\n".join(words), texts.say("broadcast.for_whom"), buttons=buttons))


async def offer_sections(touch: Touch) -> None:
    """Offer the followers of each section, counted."""
    draft = await own_draft(touch)
    if draft is None:
        return
    texts, room = touch.texts, touch.room
    buttons = []
    followers = await audience.followers(room.storage, room.bot)
    for section in FOLLOWABLE:
        name, people = texts.say(f"sections.{section}"), followers.get(section, 0)
        call = f"bc:section:{draft.id}:{section}"
        buttons.append(Button(f"{name} {grouped(people)}", call=call))
    back = (Button(texts.say("brief.back"), call=f"bc:whom:{draft.id}"),)
    words = texts.say("broadcast.which_section")
    await touch.show(page(words, buttons=(*keys.rows(buttons, 2), back)))


async def choose_all(touch: Touch) -> None:
    """Choose everybody."""
    await _choose(touch, Audience(AudienceKind.ALL))


async def choose_section(touch: Touch) -> None:
    """Choose who follows a section."""
    await _choose(touch, Audience(AudienceKind.SECTION, Section(touch.args[-1])))


async def _choose(touch: Touch, chosen: Audience) -> None:
    """Keep the audience and ask for its number; nobody in it: say so."""
    draft = await own_draft(touch)
    if draft is None:
        return
    texts, room = touch.texts, touch.room
    people = await audience.count(room.storage, room.bot, chosen, touch.now)
    if not people:
        await touch.answer(texts.say("broadcast.nobody"), is_alert=True)
        return
    async with room.storage.transaction() as tx:
        await broadcasts.choose(tx, draft.id, chosen, people)
        prompt = desk.Prompt("count", {"broadcast": draft.id})
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    change = (Button(texts.say("broadcast.other_audience"), call=f"bc:whom:{draft.id}"),)
    time = duration(estimate(people, room.config.push.rate), texts)
    whom = texts.say("broadcast.whom", audience=_name(chosen, texts), count=grouped(people))
    await touch.show(
        page(
            "\n".join((whom, texts.say("broadcast.time", time=time))),
            texts.say("broadcast.type_number", number=people),
            buttons=(change, *_way_out(texts, draft.id)),
        )
    )


async def drop(touch: Touch) -> None:
    """Give a draft up; number 0 is a draft that has no message yet."""
    draft = BroadcastId(int(touch.args[-1]))
    async with touch.room.storage.transaction() as tx:
        found = await broadcasts.get(tx, draft)
        is_own = found is not None and found.editor == touch.person
        if draft and not (is_own and await broadcasts.drop(tx, draft)):
            is_dropped = False
        else:
            is_dropped = True
            await _unask(tx, touch, draft)
    if is_dropped:
        await touch.show(page(touch.texts.say("broadcast.dropped")))
    else:
        await touch.refuse_old()


async def _unask(tx: Transaction, touch: Touch, draft: BroadcastId) -> None:
    """End the question of this draft; the number of another one is still awaited."""
    asked = await desk.asked(tx, touch.chat, touch.person, touch.now)
    if asked is not None and asked.args.get("broadcast", 0) == draft:
        await desk.unask(tx, touch.chat, touch.person)


async def own_draft(touch: Touch) -> broadcasts.Broadcast | None:
    """Return the draft a press is about; None, and said so: another's, or no draft any more."""
    draft = BroadcastId(int(touch.args[0]))
    found = await broadcasts.get(touch.room.storage, draft)
    if (
        found is None
        or found.editor != touch.person
        or not await broadcasts.is_draft(touch.room.storage, draft)
    ):
        await touch.refuse_old()
        return None
    return found


def _name(chosen: Audience, texts: Texts) -> str:
    if chosen.section is None:
        return texts.say("broadcast.all_readers")
    section = texts.say(f"sections.{chosen.section}")
    return texts.say("broadcast.followers", section=section)


def _way_out(texts: Texts, draft: int) -> tuple[tuple[Button, ...], ...]:
    return ((Button(texts.say("broadcast.cancel"), call=f"bc:drop:{draft}"),),)
