"""From a story's page: what of it may be followed or muted, each way with a page of its own.

That is the story itself, those who tell it, its section, and words. They are opened by `subject`,
and the way back leads here, and from here to the story's page.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.briefs.phrases import told
from bot.commands.reader import asking, keys, tastes
from bot.commands.touch import Touch, page
from bot.model import (
    FOLLOWABLE,
    Button,
    StoryId,
    Subject,
    Telling,
    section_subject,
    source_subject,
    story_subject,
)
from bot.storage import stories

MOST_SOURCES = 6  # the lead's first; two rows of buttons


async def choices(touch: Touch) -> None:
    """Show the page; a question asked from here is given up."""
    await asking.give_up(touch)
    story, view, number = touch.args
    await draw(touch, StoryId(int(story)), (view, number))


async def draw(touch: Touch, story: StoryId, place: tuple[str, str]) -> None:
    """Show what of a story may be followed or muted, and how it stands with it."""
    telling = await stories.telling(touch.room.storage, story)
    if telling is None:
        await touch.answer(touch.texts.say("errors.no_story"), is_alert=True)
        return
    texts, behind = touch.texts, f"{story}:{':'.join(place)}"
    names = _subjects(telling, touch)
    subjects = [
        Button(name, call=f"sj:{tastes.code_of(one)}:{behind}") for one, name in names.items()
    ]
    await touch.show(
        page(
            texts.say("mute.what"),
            "\n".join(await _states(touch, names)),
            heading=texts.say("mute.open"),
            buttons=(
                *keys.rows(subjects[:1], 1),
                *keys.rows(subjects[1:], 3),
                (Button(texts.say("follow.mute_words"), call=f"fw:mute:{behind}"),),
                (Button(texts.say("brief.back"), call=f"st:{behind}"),),
            ),
        )
    )


def _subjects(telling: Telling, touch: Touch) -> dict[Subject, str]:
    """Name the story, its sources, its section, in this order."""
    texts, section = touch.texts, telling.story.section
    names = {story_subject(telling.story.id): texts.say("mute.this_story")}
    published = {one.source.id: one.source.name for one in telling.articles}
    for source, name in list(published.items())[:MOST_SOURCES]:
        names[source_subject(source)] = name
    if section in FOLLOWABLE:
        name = texts.say("mute.section", section=texts.say(f"sections.{section}"))
        names[section_subject(section)] = name
    return names


async def _states(touch: Touch, names: dict[Subject, str]) -> Sequence[str]:
    """Say of each that is followed or muted how."""
    taste, zone = await tastes.taste_of(touch, await touch.subscriber()), await touch.zone()
    return [
        told(name, tastes.short_state(taste, one, touch.texts, zone=zone, now=touch.now))
        for one, name in names.items()
        if one in taste.follows or one in taste.mutes
    ]
