"""``@bot words`` typed in any chat → up to twenty stories to send there; PTB calls `on_query`.

Nothing typed finds the latest; the word of a link to a story finds exactly that one, which is how
the button «share» sends it. Answers are kept by Telegram for a few seconds, for this person alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.briefs import links
from bot.briefs.extract import brief_of
from bot.briefs.fit import fit
from bot.briefs.layouts.instant import instant
from bot.briefs.phrases import listed
from bot.commands import access
from bot.commands.room import Context, Room
from bot.model import (
    BriefKind,
    Button,
    ChatId,
    Length,
    StoryId,
    Subscriber,
    Telling,
)
from bot.storage import articles, heads, stories, subscribers
from bot.transports.telegram.html import Words, render, story_link
from bot.transports.telegram.keyboard import inline_keyboard
from bot.transports.telegram.pages import NO_PREVIEW

log = logging.getLogger(__name__)

MOST = 20  # results; Telegram takes 50
LOOKED_AT = 100  # the newest matches; a list beside a keyboard is not turned through
CACHED = 5  # seconds
MOST_DESCRIPTION = 160  # UTF-16 units; clients show two lines


async def on_query(update: Update, context: Context) -> None:
    """Answer what a person types behind our name; a newsroom that is not open to them finds none.

    Who types on is asked for again, and the answer to the words before comes too late.
    """
    query, room, now = update.inline_query, context.bot_data, context.bot_data.now()
    if query is None:
        return
    person = query.from_user
    role = await access.role_of(room, person.id, person.full_name)
    is_welcome = await access.may_read(room, person.id, role)
    found = await _found(room, query.query, now) if is_welcome else ()
    reader = await subscribers.find(room.storage, room.bot, ChatId(person.id))
    try:
        await context.bot.answer_inline_query(
            query.id,
            [_result(telling, room, _zone(room, reader), now) for telling in found],
            cache_time=CACHED,
            is_personal=True,
            button=_button(room, query.query, is_empty=not found),
        )
    except BadRequest as error:
        log.info("inline.refused", extra={"cause": error.message})


async def _found(room: Room, typed: str, now: datetime) -> Sequence[Telling]:
    """Return the stories that what was typed asks for."""
    storage = room.storage
    match links.opened(typed.strip()):
        case int() as story:
            return await stories.tellings(storage, [StoryId(story)])
        case _:
            query = parse_query(typed)
    if query.terms:
        ids = await storage.search(query, limit=LOOKED_AT)
        matches = await articles.matches(storage, await storage.places(query, ids))
        found = [match.story for match in rank(query, matches, now)]
    elif typed.strip():
        return ()
    else:
        newest = await heads.latest(storage, limit=LOOKED_AT, before=await heads.end(storage))
        found = [one.story for one in newest]
    return await stories.tellings(storage, list(dict.fromkeys(found))[:MOST])


def _result(
    telling: Telling, room: Room, zone: ZoneInfo, now: datetime
) -> InlineQueryResultArticle:
    """Make a result: its headline and first sentence in the list, the short brief in the chat."""
    texts, story = room.texts, telling.story.id
    brief = fit(instant(telling, texts, zone=zone, now=now), Length.SHORT)
    opened = Button(
        texts.say("inline.open", name=room.config.news.name), url=story_link(room.username, story)
    )
    read = [Button(texts.say("brief.read"), url=telling.lead.url)] if telling.lead.url else []
    written = render(replace(brief, kind=BriefKind.PAGE), room.username).parts[0]
    return InlineQueryResultArticle(
        links.to_story(story),
        listed(telling, texts),
        InputTextMessageContent(
            written.html if isinstance(written, Words) else "",
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
        ),
        description=brief_of(telling.lead, MOST_DESCRIPTION, limit=1) or telling.lead.source.name,
        reply_markup=inline_keyboard([[*read, opened]]),
    )


def _button(room: Room, typed: str, *, is_empty: bool) -> InlineQueryResultsButton | None:
    """Lead on to the same search in the bot, where it has more pages."""
    if links.opened(typed.strip()) is not None or not (word := links.to_search(typed)):
        return None
    key = "inline.nothing" if is_empty else "inline.all"
    text = room.texts.say(key, name=room.config.news.name)
    return InlineQueryResultsButton(text, start_parameter=word)


def _zone(room: Room, reader: Subscriber | None) -> ZoneInfo:
    return room.config.news.zone if reader is None else ZoneInfo(reader.zone)
