"""The buttons that change a reader's choices: each sets the value it carries and redraws its page.

A place is the letter of a page with a number: ``a`` ``b`` ``c`` ``z`` the steps of /start, ``d``
/digest, ``s`` /settings, ``h`` ``q`` ``r`` ``t`` the pages below it, ``u`` the page of urgent news
with its view.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.commands.reader import digest, lists, settings, start
from bot.commands.reader.choices import Choices, add_hour, choices_of, plan_anew
from bot.commands.reader.choices import restore as restore_choices
from bot.commands.reader.keys import OFF
from bot.commands.touch import Touch
from bot.model import FOLLOWABLE, Length, Mode, QuietHours, Section, UrgentChoice
from bot.outbox.hours import MINUTES_A_DAY
from bot.storage import Transaction, desk, digests, subscribers, subscriptions

PAGES: Mapping[str, Callable[[Touch, Choices, int], Awaitable[None]]] = {
    "a": start.draw_first,
    "b": start.draw_second,
    "c": start.draw_third,
    "d": digest.draw,
    "h": settings.draw_hours,
    "q": settings.draw_quiet,
    "r": settings.draw_restore,
    "s": settings.draw,
    "t": settings.draw_sections,
    "u": lists.draw_urgent,
    "z": start.draw_end,
}
Change = Callable[[Transaction, Choices], Awaitable[None]]


async def show_page(touch: Touch) -> None:
    """Show the page that the last field names; a question asked there is given up."""
    async with touch.room.storage.transaction() as tx:
        await desk.unask(tx, touch.chat, touch.person)
    await redraw(touch, touch.args[-1])


async def redraw(touch: Touch, place: str) -> None:
    """Draw a page with the choices as they are now."""
    draw = PAGES.get(place[0])
    choices = await choices_of(touch)
    if draw is None:
        await touch.refuse_old()
    elif choices is None:
        await start.start(touch)
    else:
        await draw(touch, choices, int(place[1:] or 0))


async def _change(touch: Touch, change: Change) -> None:
    """Change something in one transaction, then redraw the page the button stands on."""
    choices = await choices_of(touch)
    if choices is not None:
        async with touch.room.storage.transaction() as tx:
            await change(tx, choices)
    await redraw(touch, touch.args[-1])


async def hour(touch: Touch) -> None:
    """Add an hour, take one away, or take all away (``none``)."""
    minute, switch, _ = touch.args
    if minute != "none" and int(minute) >= MINUTES_A_DAY:
        await touch.refuse_old()
        return

    async def change(tx: Transaction, choices: Choices) -> None:
        reader = choices.subscriber
        if switch == "on" and minute != "none":
            await add_hour(tx, reader, int(minute), choices.weekdays, touch.now)
            return
        for one in choices.minutes if minute == "none" else [int(minute)]:
            await digests.remove(tx, reader.id, one)

    await _change(touch, change)


async def weekday(touch: Touch) -> None:
    """Set one day of the week on or off; the last day stays, "no digest" is said by the hours."""
    day, switch, _ = touch.args

    async def change(tx: Transaction, choices: Choices) -> None:
        bit = 1 << int(day)
        days = choices.weekdays | bit if switch == "on" else choices.weekdays & ~bit
        if days:
            await plan_anew(tx, choices.subscriber, touch.now, days)

    choices = await choices_of(touch)
    if choices is not None and switch == OFF and choices.weekdays == 1 << int(day):
        await touch.answer(touch.texts.say("digest_settings.last_day"))
    elif choices is not None and not choices.digests:
        await touch.answer(touch.texts.say("digest_settings.no_hours"))
    await _change(touch, change)


async def zone(touch: Touch) -> None:
    """Set one of the usual zones."""
    chosen, place = touch.args
    if chosen not in touch.texts.table("zones"):
        await touch.refuse_old()
        return
    await set_zone(touch, chosen)
    await redraw(touch, place)


async def set_zone(touch: Touch, chosen: str) -> None:
    """Keep a zone and move every next hour to that zone's clock."""
    async with touch.room.storage.transaction() as tx:
        reader = await subscribers.find(tx, touch.room.bot, touch.chat)
        if reader is None:
            return
        await subscribers.choose_zone(tx, reader.id, chosen)
        moved = await subscribers.by_id(tx, reader.id)
        if moved is not None:
            await plan_anew(tx, moved, touch.now)


async def section(touch: Touch) -> None:
    """Follow a section in a mode, or no more; ``all`` puts every section into the digest."""
    name, mode, _ = touch.args

    async def change(tx: Transaction, choices: Choices) -> None:
        reader = choices.subscriber.id
        wanted = [Section(name)] if name != "all" else [
            one for one in FOLLOWABLE if one not in choices.follows
        ]  # fmt: skip
        if mode == OFF:
            await subscriptions.unfollow_sections(tx, reader, wanted)
        else:
            await subscriptions.follow_sections(tx, reader, wanted, Mode(mode), touch.now)

    await _change(touch, change)


async def urgent(touch: Touch) -> None:
    """Set what is wanted of urgent news."""
    choice = UrgentChoice(touch.args[0])

    async def change(tx: Transaction, choices: Choices) -> None:
        await subscribers.choose_urgent(tx, choices.subscriber.id, choice)

    await _change(touch, change)


async def quiet(touch: Touch) -> None:
    """Set the quiet hours, or none."""
    span, _ = touch.args
    hours = None if span == "never" else QuietHours(*map(int, span.split("-")))
    if hours is not None and max(hours.start, hours.end) >= MINUTES_A_DAY:
        await touch.refuse_old()
        return

    async def change(tx: Transaction, choices: Choices) -> None:
        await subscribers.choose_quiet(tx, choices.subscriber.id, hours)

    await _change(touch, change)


async def length(touch: Touch) -> None:
    """Set how much of each story is told."""
    chosen = Length(touch.args[0])

    async def change(tx: Transaction, choices: Choices) -> None:
        await subscribers.choose_length(tx, choices.subscriber.id, chosen)

    await _change(touch, change)


async def quiet_day(touch: Touch) -> None:
    """Set whether a digest without news says so."""
    is_wanted = touch.args[0] != OFF

    async def change(tx: Transaction, choices: Choices) -> None:
        await subscribers.choose_quiet_day(tx, choices.subscriber.id, is_wanted=is_wanted)

    await _change(touch, change)


async def restore(touch: Touch) -> None:
    """Put everything back to the defaults."""

    async def change(tx: Transaction, choices: Choices) -> None:
        await restore_choices(tx, choices, touch.room.config, touch.now)

    await touch.answer(touch.texts.say("settings.restored"))
    await _change(touch, change)
