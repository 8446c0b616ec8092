"""/digest: the reader's hours, days and zone on one page, and the digest at once when asked for.

"Now" composes nothing: it makes the next digest due and wakes the job. The job sends no empty
digest, so whether there is anything to tell is asked first, with the very choice the job makes;
who has read everything is told so, with the way to the latest.
"""

from __future__ import annotations

from bot.articles.watch import stems_of, words_in
from bot.briefs.select import LOOKED_AT, REACH, select
from bot.commands.reader import chosen, keys
from bot.commands.reader.choices import Choices, choices_of
from bot.commands.reader.start import next_digest_words, start
from bot.commands.touch import Touch, page
from bot.model import Button, Digest
from bot.storage import digests, stories


async def digest(touch: Touch) -> None:
    """Show the page of the digest, or welcome who has not begun."""
    choices = await choices_of(touch)
    if choices is None:
        await start(touch)
    else:
        await draw(touch, choices, 0)


async def as_new_message(touch: Touch) -> None:
    """Show the page below the digest whose button was pressed: the digest itself stays."""
    await touch.answer()
    touch.query = None
    await digest(touch)


async def draw(touch: Touch, choices: Choices, _: int) -> None:
    """Draw the page."""
    texts = touch.texts
    lines = (chosen.hours(choices, texts), chosen.days(choices, texts), chosen.zone(touch, choices))
    await touch.show(
        page(
            "\n".join(lines),
            next_digest_words(touch, choices),
            heading=texts.say("digest_settings.heading"),
            buttons=(
                *keys.hours(choices, "d", texts),
                *keys.weekdays(choices, "d"),
                (
                    Button(texts.say("digest_settings.zone_button"), call="zn:d"),
                    Button(texts.say("digest_settings.now"), call="now"),
                ),
            ),
        )
    )


async def send_now(touch: Touch) -> None:
    """Make the next digest due at once; say so when there is nothing new, or no digest at all."""
    choices = await choices_of(touch)
    if choices is None or not choices.subscriber.is_active:
        await start(touch)
        return
    if not choices.digests:
        await touch.say(touch.texts.say("digest_settings.now_without"))
        return
    due = min(choices.digests, key=lambda one: one.next_at)
    if not await _has_news(touch, choices, due):
        latest = Button(touch.texts.say("words.latest"), call="go:latest")
        await touch.say(touch.texts.say("digest_settings.nothing_new"), ((latest,),))
        return
    async with touch.room.storage.transaction() as tx:
        await digests.plan(tx, due.id, next_at=min(due.next_at, touch.now))
    touch.room.digest_soon()
    await touch.answer(touch.texts.say("digest_settings.on_its_way"))


async def _has_news(touch: Touch, choices: Choices, due: Digest) -> bool:
    storage, now = touch.room.storage, touch.now
    taste = choices.taste
    after = max(due.covered_until, now - REACH)
    ids = await stories.worth_telling(storage, taste, after, now, LOOKED_AT)
    told = await stories.tellings(storage, ids)
    words = {one.story.id: words_in([*map(stems_of, one.articles)], taste.words) for one in told}
    return select(told, taste, now, touch.room.config.digest.most, words=words) is not None
