"""/start: subscribes at once, shows the top story, and three steps that each may be skipped.

Also the way in from a link, which `briefs.links` reads: to a story, a section, a search. A link
welcomes who is new and leaves everybody else's choices alone, also of one who stopped. With
``in_<code>`` and ``ed_<code>`` somebody was invited to read or to edit: see `invite`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.arabic import dates
from bot.briefs import links
from bot.briefs.layouts.welcome import welcome
from bot.commands.editor import invite
from bot.commands.reader import chosen, keys, lists, search, story
from bot.commands.reader.choices import Choices, Welcome, choices_of, welcome_in
from bot.commands.touch import Rows, Touch, page
from bot.model import Brief, BriefKind, Button, Paragraph, Section, StoryId, Telling
from bot.storage import articles, stories

TOP_SPAN = timedelta(hours=24)


async def start(touch: Touch) -> None:
    """Welcome a person, or one who comes back; a link opens what it leads to."""
    link = links.opened(touch.args[0]) if touch.args else None
    if link is not None:
        if await touch.subscriber() is None:
            await welcome_in(touch)
        await _follow(touch, link)
        return
    if not await invite.join_desk(touch):
        return
    name = touch.room.config.news.name
    match await welcome_in(touch, await invite.code_needed(touch)):
        case Welcome.NEW:
            await _begin(touch)
        case Welcome.BACK:
            await _welcome_back(touch, touch.texts.say("start.back", name=name))
        case Welcome.RESTORED:
            await _welcome_back(touch, touch.texts.say("start.restored", name=name))
        case Welcome.REPEATED:
            return
        case Welcome.REFUSED:
            await invite.say_over(touch)


async def _follow(touch: Touch, link: links.Link) -> None:
    match link:
        case links.Search(words):
            touch.args = tuple(words.split())
            await search.search(touch)
        case Section():
            await lists.open_section(touch, link)
        case _:
            await story.open_story(touch, link)


async def _begin(touch: Touch) -> None:
    choices = await choices_of(touch)
    top = await _top_story(touch)
    if choices is not None:
        await touch.show(_first_step(touch, choices, top))


async def _welcome_back(touch: Touch, greeting: str) -> None:
    choices = await choices_of(touch)
    if choices is None:
        return
    await touch.show(
        page(
            greeting,
            next_digest_words(touch, choices),
            buttons=_ways_on(touch),
        )
    )


async def _top_story(touch: Touch) -> Telling | None:
    """Return the most told story of the last day; after a quiet day, the newest."""
    storage, now = touch.room.storage, touch.now
    ids = list(await stories.begun_between(storage, now - TOP_SPAN, now, 1))
    if not ids:
        ids = [article.story for article in await articles.latest(storage, limit=1)]
    return await stories.telling(storage, ids[0]) if ids else None


def _first_step(touch: Touch, choices: Choices, top: Telling | None) -> Brief:
    """Draw the first step; its place names the story, so that a press does not change it."""
    texts = touch.texts
    place = f"a{top.story.id if top else 0}"
    return Brief(
        BriefKind.PAGE,
        (
            *welcome(top, texts, name=touch.room.config.news.name),
            Paragraph(f"\n{texts.say('start.sections')}"),
        ),
        (
            *keys.sections(choices, place, texts, with_instant=False),
            (
                Button(texts.say("start.every_section"), call=f"sec:all:digest:{place}"),
                Button(texts.say("start.next"), call="to:b"),
            ),
        ),
    )


async def draw_first(touch: Touch, choices: Choices, number: int) -> None:
    """Draw the first step again under the same story."""
    top = await stories.telling(touch.room.storage, StoryId(number)) if number else None
    await touch.show(_first_step(touch, choices, top))


async def draw_second(touch: Touch, choices: Choices, _: int) -> None:
    """Ask for the hours of the digest."""
    texts = touch.texts
    without = Button(
        keys.checked(texts.say("start.no_digest"), not choices.digests), call="hr:none:off:b"
    )
    onward = Button(texts.say("start.next"), call="to:c")
    zone = Button(texts.say("digest_settings.zone_button"), call="zn:b")
    buttons = (*keys.hours(choices, "b", texts), (zone,), (without, onward))
    question = texts.say("start.hours")
    await touch.show(page(question, chosen.zone(touch, choices), buttons=buttons))


async def draw_third(touch: Touch, choices: Choices, _: int) -> None:
    """Ask for urgent news; the answer leads to the end."""
    texts = touch.texts
    buttons = keys.urgent(choices.subscriber.urgent, "z", texts)
    await touch.show(page(texts.say("start.urgent"), buttons=buttons))


async def draw_end(touch: Touch, choices: Choices, _: int) -> None:
    """Say that all is set and when the next digest comes."""
    words = (
        touch.texts.say("start.done"),
        next_digest_words(touch, choices),
        touch.texts.say("start.always"),
    )
    done = page(" ".join(words))
    await touch.show(replace(done, buttons=_ways_on(touch)))


def _ways_on(touch: Touch) -> Rows:
    return ((
        Button(touch.texts.say("words.latest"), call="go:latest"),
        Button(touch.texts.say("words.settings"), call="go:settings"),
    ),)  # fmt: skip


def next_digest_words(touch: Touch, choices: Choices) -> str:
    """Say when the next digest comes, or that none does."""
    if choices.next_at is None:
        return touch.texts.say("digest_settings.none")
    zone = choices.zone
    due = dates.moment(choices.next_at.astimezone(zone), touch.now.astimezone(zone))
    if abs((choices.next_at.astimezone(zone).date() - touch.now.astimezone(zone).date()).days) > 1:
        due = f"{due} {dates.clock(choices.next_at.astimezone(zone))}"
    return touch.texts.say("digest_settings.next", moment=due)
