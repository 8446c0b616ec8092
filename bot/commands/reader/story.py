"""A story's page, opened from a brief, a list or a link, and the way back to where it was opened.

From a list, «back» turns to the same page of the same list; from a brief, to the brief itself.
"""

from __future__ import annotations

from bot.briefs.layouts.instant import instant
from bot.briefs.layouts.story import story as story_page
from bot.commands.touch import Touch
from bot.model import StoryId
from bot.storage import stories


async def open_story(touch: Touch, story: StoryId, back: str = "") -> None:
    """Show the page of a story; one that is gone is said to be gone."""
    telling = await stories.telling(touch.room.storage, story)
    if telling is None:
        await touch.say(touch.texts.say("errors.no_story"))
        return
    zone = await touch.zone()
    await touch.show(story_page(telling, touch.texts, zone=zone, now=touch.now, back=back))


async def more(touch: Touch) -> None:
    """Open the story of a brief, or one of a page of a list, in that message's place."""
    story, *place = touch.args
    back = f"pg:{':'.join(place)}" if place else f"br:{story}"
    await open_story(touch, StoryId(int(story)), back)


async def brief(touch: Touch) -> None:
    """Lead back from the page to the brief it was opened from."""
    (story,) = touch.args
    telling = await stories.telling(touch.room.storage, StoryId(int(story)))
    if telling is None:
        await touch.refuse_old()
        return
    zone = await touch.zone()
    await touch.show(instant(telling, touch.texts, zone=zone, now=touch.now))
