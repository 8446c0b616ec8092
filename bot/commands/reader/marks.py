"""A press of «save» or «follow» under a story → it is so, and the button says so.

The same buttons stand under pushed briefs and on story pages. The words of the message stay as
they are: only these two buttons change, to what the reader has done by now. Each carries the value
it sets, so a press delivered twice changes once.
"""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.briefs.marks import UNMARKED, Marks, mark_buttons
from bot.commands.reader import tastes
from bot.commands.touch import Touch
from bot.model import Button, Mode, StoryId, Subscriber, Taste, story_subject
from bot.storage import saved, stories, subscriptions
from bot.transports.telegram import pages
from bot.transports.telegram.keyboard import inline_keyboard

MOST_SAVED = 500  # stories; what is on a shelf is never pruned


async def save(touch: Touch) -> None:
    """Put a story on the reader's shelf, or take it off."""
    story, is_on = _read(touch)
    reader = await known_reader(touch)
    if reader is None:
        return
    async with touch.room.storage.transaction() as tx:
        if not is_on:
            await saved.unsave(tx, reader.id, story)
            said = touch.texts.say("marks.now_unsaved")
        elif await saved.is_saved(tx, reader.id, story) or (
            await saved.count(tx, reader.id) < MOST_SAVED
        ):
            is_there = await saved.save(tx, reader.id, story, touch.now)
            said = touch.texts.say("marks.now_saved" if is_there else "errors.no_story")
        else:
            articles = touch.texts.count("article", MOST_SAVED)
            said = touch.texts.say("marks.shelf_is_full", articles=articles)
    await _answered(touch, reader, story, said)


async def follow(touch: Touch) -> None:
    """Follow a story, whose news then come at once, or follow it no more."""
    story, is_on = _read(touch)
    reader = await known_reader(touch)
    if reader is None:
        return
    subject = story_subject(story)
    async with touch.room.storage.transaction() as tx:
        taste = await subscriptions.taste(tx, reader.id, touch.now)
        if not is_on:
            await subscriptions.unfollow(tx, reader.id, [subject])
            said = touch.texts.say("marks.now_unfollowed")
        elif await stories.telling(tx, story) is None:
            said = touch.texts.say("errors.no_story")
        elif tastes.has_room(taste, subject):
            await subscriptions.follow(tx, reader.id, [subject], Mode.INSTANT, touch.now)
            said = touch.texts.say("marks.now_followed")
        else:
            said = touch.texts.say("follow.too_many", most=tastes.MOST)
    await _answered(touch, reader, story, said)


async def known_reader(touch: Touch) -> Subscriber | None:
    """Return the reader who pressed; somebody unknown is told how to begin."""
    reader = await touch.subscriber()
    if reader is None:
        await touch.answer(touch.texts.say("marks.begin_first"), is_alert=True)
    return reader


async def marks_of(touch: Touch, reader: Subscriber | None, story: StoryId) -> Marks:
    """Return what a reader has done with a story."""
    if reader is None:
        return UNMARKED
    is_saved = await saved.is_saved(touch.room.storage, reader.id, story)
    return Marks(is_saved, is_followed(await tastes.taste_of(touch, reader), story))


def is_followed(taste: Taste, story: StoryId) -> bool:
    """Say whether a story is followed, and not muted meanwhile."""
    subject = story_subject(story)
    return subject in taste.follows and subject not in taste.mutes


def _read(touch: Touch) -> tuple[StoryId, bool]:
    story, switch = touch.args
    return StoryId(int(story)), switch == "on"


async def _answered(touch: Touch, reader: Subscriber, story: StoryId, said: str) -> None:
    await touch.answer(said)
    message = touch.query.message if touch.query is not None else None
    if isinstance(message, Message) and message.reply_markup is not None:
        marks = await marks_of(touch, reader, story)
        keyboard = _marked(message.reply_markup, mark_buttons(story, marks, touch.texts))
        if keyboard != message.reply_markup:
            await pages.change_buttons(touch.bot, message, keyboard)


def _marked(markup: InlineKeyboardMarkup, marks: tuple[Button, ...]) -> InlineKeyboardMarkup:
    """Put buttons in the places of those that set the same; all others stay."""
    drawn = inline_keyboard([marks])
    new = {_what(key): key for row in drawn.inline_keyboard for key in row} if drawn else {}
    return InlineKeyboardMarkup(
        [[new.get(_what(key), key) for key in row] for row in markup.inline_keyboard]
    )


def _what(key: InlineKeyboardButton) -> str:
    """Return what a button sets: its data without the value; "" of one that calls nothing."""
    return str(key.callback_data or "").rpartition(":")[0]
