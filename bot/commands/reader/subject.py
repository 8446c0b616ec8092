"""One thing that may be followed or muted: how it stands with it, and the buttons that change it.

Opened from the page of all follows or from a story's choices; the fields behind its code say from
which: a page's number, or a story with its place. A mute stands over a follow and leaves it as it
was: when the mute ends, the follow speaks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.commands.reader import follow, keys, mute, tastes
from bot.commands.reader.marks import known_reader
from bot.commands.touch import Rows, Touch, page
from bot.model import Button, Mode, StoryId, Subject, Subscriber, Taste
from bot.storage import Transaction, second_thoughts, subscriptions

Place = tuple[str, ...]  # (page of /follow,) or (story, view, page of the view)

ENDS: Final[Mapping[str, timedelta | None]] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "never": None,  # a mute for good
}
_ENDINGS: Final = ("off", "unmute")  # of the follow, of the mute
SETS: Final = "|".join((*Mode, *ENDS, *_ENDINGS))  # what a button may set


async def open_subject(touch: Touch) -> None:
    """Show a subject's page."""
    code, *place = touch.args
    taste = await tastes.taste_of(touch, await touch.subscriber())
    subject = await tastes.find(touch.room.storage, code, taste)
    if subject is None:
        await touch.refuse_old()
    else:
        await draw(touch, subject, tuple(place))


async def change(touch: Touch) -> None:
    """Follow a subject in a mode, mute it until a moment, or end the one or the other."""
    code, what, *place = touch.args
    reader = await known_reader(touch)
    if reader is None:
        return
    async with touch.room.storage.transaction() as tx:
        taste = await subscriptions.taste(tx, reader.id, touch.now)
        subject = await tastes.find(tx, code, taste)
        has_room = subject is None or what in _ENDINGS or tastes.has_room(taste, subject)
        if subject is not None and has_room:
            await _set(tx, touch, reader, subject, what)
            taste = await subscriptions.taste(tx, reader.id, touch.now)
    if not has_room:
        too_many = touch.texts.say("follow.too_many", most=tastes.MOST)
        await touch.answer(too_many, is_alert=True)
    elif subject is None or await tastes.find(touch.room.storage, code, taste) is None:
        await _go_back(touch, tuple(place))  # words that are not kept any more have no page
    else:
        await draw(touch, subject, tuple(place))


async def _set(
    tx: Transaction, touch: Touch, reader: Subscriber, subject: Subject, what: str
) -> None:
    match what:
        case "off":
            await subscriptions.unfollow(tx, reader.id, [subject])
        case "unmute":
            await subscriptions.unmute(tx, reader.id, subject)
        case Mode.INSTANT | Mode.DIGEST:
            await subscriptions.follow(tx, reader.id, [subject], Mode(what), touch.now)
        case _:
            span = ENDS[what]
            until = None if span is None else touch.now + span
            await second_thoughts.mute(tx, reader.id, subject, until=until, now=touch.now)


async def draw(touch: Touch, subject: Subject, place: Place) -> None:
    """Show a subject: its name, how it stands with it, and what can be changed."""
    texts = touch.texts
    taste = await tastes.taste_of(touch, await touch.subscriber())
    names = await tastes.names_of(touch.room.storage, [subject], texts)
    name = names.get(subject) or texts.say(f"follow.gone_{subject.kind}")
    state = tastes.state(taste, subject, texts, zone=await touch.zone(), now=touch.now)
    is_muted = subject in taste.mutes
    await touch.show(
        page(
            state,
            texts.say("follow.until_when" if is_muted else "follow.when"),
            heading=texts.say(f"follow.name.{subject.kind}", name=name),
            buttons=(
                *_buttons(touch, taste, subject, place),
                (Button(texts.say("brief.back"), call=back(place)),),
            ),
        )
    )


def _buttons(touch: Touch, taste: Taste, subject: Subject, place: Place) -> Rows:
    texts, mode, is_muted = touch.texts, taste.follows.get(subject), subject in taste.mutes
    is_for_good = is_muted and taste.mutes[subject] is None

    def key(text: str, what: str, *, is_chosen: bool = False) -> Button:
        call = f"sm:{tastes.code_of(subject)}:{what}:{':'.join(place)}"
        return Button(keys.checked(text, is_chosen), call=call)

    modes = [
        key(texts.say(f"follow.modes.{one}"), one, is_chosen=one is mode and not is_muted)
        for one in Mode
    ]
    modes.append(key(texts.say("follow.modes.never"), "never", is_chosen=is_muted))
    ends = [
        key(texts.say(f"follow.ends.{end}"), end, is_chosen=is_for_good and ENDS[end] is None)
        for end in ENDS
    ]
    endings = [key(texts.say("follow.unmute"), "unmute")] if is_muted else []
    if mode is not None:
        endings.append(key(texts.say("follow.stop"), "off"))
    return tuple(tuple(row) for row in (modes, ends if is_muted else [], endings) if row)


def back(place: Place) -> str:
    """Return the call that leads back to where a subject was opened."""
    return f"fo:{place[0]}" if len(place) == 1 else f"mu:{':'.join(place)}"


async def _go_back(touch: Touch, place: Place) -> None:
    if len(place) == 1:
        await follow.draw(touch, int(place[0]))
    else:
        story, view, number = place
        await mute.draw(touch, StoryId(int(story)), (view, number))
