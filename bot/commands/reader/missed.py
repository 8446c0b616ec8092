"""«What you missed» below a digest: the stories of its span that no edition showed, as a list.

The list is made when it is opened and stands in a view, so that its pages keep their stories. The
digest itself stays: the list is a message of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.articles.watch import stems_of, words_in
from bot.briefs.layouts.listing import listing
from bot.briefs.layouts.paging import turned_to
from bot.commands.touch import Touch
from bot.model import Button, StoryId, Subscriber, Taste, Telling, from_ms
from bot.storage import briefs, desk, digests, stories, subscriptions
from bot.storage.desk import ViewKind

OF_A_SECTION = 20
MOST = 100  # stories; twenty pages are more than anybody turns


async def open_list(touch: Touch) -> None:
    """Open the list of what was left out of a digest's span, which its button names."""
    since, until = (from_ms(int(moment)) for moment in touch.args)
    reader = await touch.subscriber()
    if reader is None:
        await touch.refuse_old()
        return
    await touch.answer()
    touch.query = None
    found = await _left_out(touch, reader, since, until)
    if not found:
        latest = Button(touch.texts.say("words.latest"), call="go:latest")
        await touch.say(touch.texts.say("missed.nothing"), ((latest,),))
        return
    args = {"stories": ",".join(map(str, found))}
    async with touch.room.storage.transaction() as tx:
        view = await desk.keep_view(tx, touch.chat, ViewKind.MISSED, args, touch.now)
    await draw(touch, desk.View(view, touch.chat, ViewKind.MISSED, args), 1)


async def draw(touch: Touch, view: desk.View, number: int) -> None:
    """Draw one page of the list; a page beyond the last is the last."""
    ids = [StoryId(int(story)) for story in str(view.args["stories"]).split(",")]
    shown, number, pages = turned_to(number, ids)
    await touch.show(
        listing(
            touch.texts.say("missed.heading"),
            await stories.tellings(touch.room.storage, shown),
            touch.texts,
            zone=await touch.zone(),
            now=touch.now,
            page=number,
            pages=pages,
            view=view.id,
        )
    )


async def _left_out(
    touch: Touch, reader: Subscriber, since: datetime, until: datetime
) -> Sequence[StoryId]:
    """Return the stories begun in a span that no edition showed and no mute keeps away."""
    storage = touch.room.storage
    told = [await briefs.get(storage, one) for one in await digests.told(storage, reader.id, since)]
    shown = {story for brief in told for story in brief.stories}
    begun = await stories.begun_between(storage, since, until, OF_A_SECTION)
    taste = await subscriptions.taste(storage, reader.id, touch.now)
    tellings = await stories.tellings(storage, [one for one in begun if one not in shown])
    return [one.story.id for one in tellings if not _is_muted(one, taste)][:MOST]


def _is_muted(telling: Telling, taste: Taste) -> bool:
    words = words_in([*map(stems_of, telling.articles)], taste.words) if taste.words else ()
    return taste.silences(telling, words)
