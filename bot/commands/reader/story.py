"""A story's page, opened from a brief, a list or a link, and the way back to where it was opened.

From a list, «back» turns to the same page of the same list; from a brief, to the brief itself. A
place says which: a view and its page, or one of two that are no list. The pages of choices that
are opened from here carry it on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from bot.briefs import links
from bot.briefs.fit import fit
from bot.briefs.layouts.instant import instant
from bot.briefs.layouts.story import buttons as story_buttons
from bot.briefs.layouts.story import story as story_page
from bot.briefs.titles import headline
from bot.commands.editor import judge
from bot.commands.reader.marks import marks_of
from bot.commands.touch import Rows, Touch
from bot.model import Brief, Button, Length, StoryId, Telling
from bot.storage import stories
from bot.transports.telegram.html import story_link

Place = tuple[str, str]
NOWHERE: Final[Place] = ("0", "0")  # a link: nothing to go back to
BRIEF: Final[Place] = ("0", "1")


def of_reports(page: int) -> Place:
    """Return the place that is a page of the desk's reports of mistakes; pages count from 1."""
    return "0", str(page + 1)


async def open_story(touch: Touch, story: StoryId, place: Place = NOWHERE) -> None:
    """Show the page of a story; one that is gone is said to be gone."""
    telling = await stories.telling(touch.room.storage, story)
    if telling is None:
        await touch.say(touch.texts.say("errors.no_story"))
    else:
        await touch.show(await _page(touch, telling, place))


async def more(touch: Touch) -> None:
    """Open the story of a brief, or one of a page of a list, in that message's place."""
    story, *place = touch.args
    await touch.answer()
    await open_story(touch, StoryId(int(story)), (place[0], place[1]) if place else BRIEF)


async def brief(touch: Touch) -> None:
    """Lead back from the page to the brief it was opened from."""
    (story,) = touch.args
    telling = await stories.telling(touch.room.storage, StoryId(int(story)))
    if telling is None:
        await touch.refuse_old()
        return
    reader = await touch.subscriber()
    told = instant(
        telling,
        touch.texts,
        zone=await touch.zone(),
        now=touch.now,
        marks=await marks_of(touch, reader, telling.story.id),
    )
    await touch.show(fit(told, reader.length if reader else Length.SHORT))


async def _page(touch: Touch, telling: Telling, place: Place) -> Brief:
    story, texts = telling.story.id, touch.texts
    marks = await marks_of(touch, await touch.subscriber(), story)
    page = story_page(telling, texts, zone=await touch.zone(), now=touch.now)
    behind = f":{':'.join(place)}"
    rows = (
        *story_buttons(telling, texts, marks, place=behind, share=_share(touch, telling)),
        *judge.buttons(touch, telling, behind),
        *_back(touch, story, place),
    )
    return replace(page, buttons=rows)


def _share(touch: Touch, telling: Telling) -> Button:
    """Offer the story to another chat: as a result of ours, or as a link where we answer none.

    Inline queries are switched on by the operator, with BotFather.
    """
    text, story = touch.texts.say("marks.share"), telling.story.id
    if touch.bot.supports_inline_queries:
        return Button(text, share=links.to_story(story))
    shared = {"url": story_link(touch.room.username, story), "text": headline(telling.lead)}
    return Button(text, url=f"https://t.me/share/url?{urlencode(shared)}")


def _back(touch: Touch, story: StoryId, place: Place) -> Rows:
    view, page = place
    if place == NOWHERE:
        return ()
    if view == "0" and place != BRIEF:
        return ((Button(touch.texts.say("brief.back"), call=f"dk:mistakes:{int(page) - 1}"),),)
    call = f"br:{story}" if place == BRIEF else f"pg:{view}:{page}"
    return ((Button(touch.texts.say("brief.back"), call=call),),)
