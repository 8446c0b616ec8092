"""Words to follow or to mute, typed after being asked: questions out, answers in.

A wrong answer is explained and the question stays. The answer is kept folded, as articles are
compared with it, and its page is shown, where all that can be changed is a press away.
"""

from __future__ import annotations

from bot.articles.watch import watched
from bot.commands.reader import asking, subject, tastes
from bot.commands.reader.marks import known_reader
from bot.commands.touch import Rows, Touch
from bot.model import Button, Mode, Subject, Subscriber, words_subject
from bot.storage import Transaction, desk, second_thoughts, subscriptions


async def ask(touch: Touch) -> None:
    """Ask which words to follow or to mute, in the place of the page."""
    act, *place = touch.args
    if await known_reader(touch) is None:
        return
    prompt = desk.Prompt("words", {"act": act, "place": ":".join(place)})
    question = touch.texts.say(f"follow.type_{act}")
    await asking.ask(touch, prompt, question, _give_up(touch, tuple(place)))


async def answer(touch: Touch, prompt: desk.Prompt) -> None:
    """Keep the words that were typed and show their page, or explain what is needed."""
    place = tuple(str(prompt.args["place"]).split(":"))
    reader, words = await touch.subscriber(), watched(touch.typed)
    if reader is None or not words:
        await touch.say(touch.texts.say("follow.no_words"), _give_up(touch, place))
        return
    kept = words_subject(words)
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
        taste = await subscriptions.taste(tx, reader.id, touch.now)
        has_room = tastes.has_room(taste, kept)
        if has_room:
            await _keep(tx, touch, reader, kept, is_mute=prompt.args["act"] == "mute")
    if has_room:
        await subject.draw(touch, kept, place)
    else:
        too_many = touch.texts.say("follow.too_many", most=tastes.MOST)
        await touch.say(too_many, _give_up(touch, place))


async def _keep(
    tx: Transaction, touch: Touch, reader: Subscriber, kept: Subject, *, is_mute: bool
) -> None:
    if is_mute:
        await second_thoughts.mute(tx, reader.id, kept, until=None, now=touch.now)
    else:
        await subscriptions.follow(tx, reader.id, [kept], Mode.DIGEST, touch.now)


def _give_up(touch: Touch, place: subject.Place) -> Rows:
    return ((Button(touch.texts.say("brief.back"), call=subject.back(place)),),)
