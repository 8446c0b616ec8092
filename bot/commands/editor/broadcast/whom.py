"""Who a draft is for: the audiences with the numbers of this moment, and the one that was chosen.

`draft` shows it first; from the choice the way leads to `confirm` (now) or `when` (an hour).
"""

from __future__ import annotations

from typing import Final

from bot.arabic.digits import grouped
from bot.briefs.layouts import announce
from bot.briefs.layouts.progress import duration
from bot.commands.editor.broadcast.found import DRAFT, found, way_out
from bot.commands.reader import keys
from bot.commands.touch import Rows, Touch, page
from bot.model import FOLLOWABLE, Audience, AudienceKind, BroadcastId, Button, Section
from bot.outbox.report import estimate
from bot.storage import audience, broadcasts
from bot.storage.broadcasts import Broadcast

SPANS: Final = (7, 30, 90)  # days in which somebody who did something counts as active
USUAL_SPAN: Final = 30


async def offer(touch: Touch) -> None:
    """Offer the audiences again."""
    if (draft := await _fresh(touch)) is not None:
        await show(touch, draft.id)


async def show(touch: Touch, draft: BroadcastId) -> None:
    """Offer the audiences, each with its number."""
    texts = touch.texts
    everybody = await _count(touch, Audience(AudienceKind.ALL))
    active = await _count(touch, Audience(AudienceKind.ACTIVE), USUAL_SPAN)
    desk = await _count(touch, Audience(AudienceKind.EDITORS))
    span = texts.say(f"broadcast.span.{USUAL_SPAN}")
    buttons = (
        _row(texts.say("broadcast.everyone", count=grouped(everybody)), f"bc:all:{draft}"),
        _row(texts.say("broadcast.of_a_section"), f"bc:sections:{draft}"),
        _row(
            texts.say("broadcast.active", span=span, count=grouped(active)),
            f"bc:active:{draft}:{USUAL_SPAN}",
        ),
        _row(texts.say("broadcast.editors", count=grouped(desk)), f"bc:editors:{draft}"),
        *way_out(texts, draft),
    )
    words = "\n".join((texts.say("broadcast.preview"), time_for(touch, everybody)))
    await touch.show(page(words, texts.say("broadcast.for_whom"), buttons=buttons))


async def offer_sections(touch: Touch) -> None:
    """Offer the followers of each section, counted."""
    draft = await _fresh(touch)
    if draft is None:
        return
    texts, room = touch.texts, touch.room
    buttons = []
    followers = await audience.followers(room.storage, room.bot)
    for section in FOLLOWABLE:
        name, people = texts.say(f"sections.{section}"), followers.get(section, 0)
        call = f"bc:section:{draft.id}:{section}"
        buttons.append(Button(f"{name} {grouped(people)}", call=call))
    back = _row(texts.say("brief.back"), f"bc:whom:{draft.id}")
    words = texts.say("broadcast.which_section")
    await touch.show(page(words, buttons=(*keys.rows(buttons, 2), back)))


async def choose_all(touch: Touch) -> None:
    """Choose everybody."""
    await _choose(touch, Audience(AudienceKind.ALL))


async def choose_section(touch: Touch) -> None:
    """Choose who follows a section."""
    await _choose(touch, Audience(AudienceKind.SECTION, Section(touch.args[-1])))


async def choose_active(touch: Touch) -> None:
    """Choose who did something lately."""
    await _choose(touch, Audience(AudienceKind.ACTIVE), int(touch.args[-1]))


async def choose_editors(touch: Touch) -> None:
    """Choose the desk itself."""
    await _choose(touch, Audience(AudienceKind.EDITORS))


async def _choose(touch: Touch, chosen: Audience, days: int | None = None) -> None:
    """Keep the audience and show it; nobody in it: say so."""
    draft = await _fresh(touch)
    if draft is None:
        return
    people = await _count(touch, chosen, days)
    if not people:
        await touch.answer(touch.texts.say("broadcast.nobody"), is_alert=True)
        return
    async with touch.room.storage.transaction() as tx:
        await broadcasts.choose(tx, draft.id, chosen, people, days=days)
    await show_choice(touch)


async def show_choice(touch: Touch) -> None:
    """Show what was chosen: whom it is for, how long it takes, and the ways on."""
    draft = await _fresh(touch)
    if draft is None:
        return
    texts, number, total = touch.texts, draft.id, draft.total or 0
    buttons = (
        *_spans(touch, draft),
        (
            Button(texts.say("broadcast.send_now"), call=f"bc:now:{number}"),
            Button(texts.say("broadcast.later"), call=f"bc:when:{number}"),
        ),
        _row(texts.say("broadcast.other_audience"), f"bc:whom:{number}"),
        *way_out(texts, number),
    )
    words = (announce.whom(draft.audience, draft.days, total, texts), time_for(touch, total))
    await touch.show(page("\n".join(words), await _others(touch), buttons=buttons))


def _spans(touch: Touch, draft: Broadcast) -> Rows:
    """Offer other spans where the active were chosen."""
    if draft.days is None:
        return ()
    return (
        tuple(
            Button(
                keys.checked(touch.texts.say(f"broadcast.span.{days}"), days == draft.days),
                call=f"bc:active:{draft.id}:{days}",
            )
            for days in SPANS
        ),
    )


async def _others(touch: Touch) -> str:
    """Say that another broadcast is on its way: two editors may have had one thought."""
    room = touch.room
    under_way = await broadcasts.unreported(room.storage, room.bot)
    if not under_way:
        return ""
    readers = touch.texts.count("to_reader", under_way[-1].total or 0)
    return touch.texts.say("broadcast.also", readers=readers)


def time_for(touch: Touch, people: int) -> str:
    """Say how long an audience takes."""
    texts = touch.texts
    time = duration(estimate(people, touch.room.config.push.rate), texts)
    return texts.say("broadcast.time", time=time)


async def _fresh(touch: Touch) -> Broadcast | None:
    """Return the draft of a press; what follows another broadcast up has its audience already."""
    draft = await found(touch, DRAFT)
    if draft is not None and draft.follows_up is not None:
        await touch.refuse_old()
        return None
    return draft


async def _count(touch: Touch, chosen: Audience, days: int | None = None) -> int:
    room = touch.room
    people = broadcasts.since(chosen, days, touch.now)
    return await audience.count(room.storage, room.bot, people, touch.now)


def _row(text: str, call: str) -> tuple[Button, ...]:
    return (Button(text, call=call),)
