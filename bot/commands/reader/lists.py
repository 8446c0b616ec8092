"""/latest, /sections, a command for each section, /urgent: lists of stories, turned in place.

A list is a view in the database: what it shows, and the newest article it knew when it was
opened. So a page turns to the same list after a restart, and news that comes meanwhile does not
push stories from page to page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.briefs.layouts.listing import listing
from bot.briefs.layouts.paging import turned_to
from bot.briefs.layouts.video import videos
from bot.briefs.phrases import told_at
from bot.commands.reader import keys, missed, saved, search
from bot.commands.reader.choices import Choices
from bot.commands.touch import Handler, Touch, page
from bot.model import FOLLOWABLE, ArticleId, Brief, Button, Head, Paragraph, Section
from bot.storage import articles, desk, heads, stories
from bot.storage.desk import ViewKind

LOOKED_AT = 200  # articles; forty pages are more than anybody turns
QUIET = timedelta(days=2)  # after which a section says since when it has had nothing new


async def latest(touch: Touch) -> None:
    """Open the list of the newest stories."""
    await _open(touch, ViewKind.LATEST, {})


async def open_section(touch: Touch, section: Section) -> None:
    """Open the list of a section."""
    await _open(touch, ViewKind.SECTION, {"section": section.value})


def of_section(section: Section) -> Handler:
    """Return the command of a section."""

    async def open_it(touch: Touch) -> None:
        await open_section(touch, section)

    return open_it


async def section_as_new_message(touch: Touch) -> None:
    """Open a section below the brief whose button was pressed: the brief itself stays."""
    (name,) = touch.args
    await touch.answer()
    touch.query = None
    await open_section(touch, Section(name))


async def sections(touch: Touch) -> None:
    """Show the way to each section, in the newsroom's order, and to what is no section of it."""
    texts = touch.texts
    shown = (*touch.room.config.news.sections, *FOLLOWABLE, Section.VIDEO)
    buttons = (
        (
            Button(texts.say("words.latest"), call="go:latest"),
            Button(texts.say("urgent.section"), call="go:urgent"),
            Button(texts.say("words.matches"), call="go:matches"),
        ),
        *keys.section_lists(texts, dict.fromkeys(shown)),
    )
    heading = texts.say("sections_page.heading")
    await touch.show(page(texts.say("sections_page.words"), heading=heading, buttons=buttons))


async def urgent(touch: Touch) -> None:
    """Open the list of urgent news, with what the reader wants of it below."""
    await _open(touch, ViewKind.URGENT, {})


async def draw_urgent(touch: Touch, _: Choices, number: int) -> None:
    """Draw the page of urgent news again after the choice was changed."""
    view = await desk.view(touch.room.storage, touch.chat, number)
    if view is None or view.kind is not ViewKind.URGENT:
        await touch.refuse_old()
    else:
        await draw(touch, view, 1)


async def turn_page(touch: Touch) -> None:
    """Turn a list to a page."""
    view_id, number = map(int, touch.args)
    view = await desk.view(touch.room.storage, touch.chat, view_id)
    drawn = _DRAWN.get(view.kind) if view is not None else None
    if view is None or drawn is None:
        await touch.refuse_old()
        return
    await touch.answer()
    await drawn(touch, view, number)


async def _open(touch: Touch, kind: ViewKind, args: desk.Args) -> None:
    args = {**args, "before": await heads.end(touch.room.storage)}
    async with touch.room.storage.transaction() as tx:
        view_id = await desk.keep_view(tx, touch.chat, kind, args, touch.now)
    await draw(touch, desk.View(view_id, touch.chat, kind, args), 1)


async def draw(touch: Touch, view: desk.View, number: int) -> None:
    """Draw one page of a list; a page beyond the last is the last."""
    found = await _found(touch, view)
    ids = list(dict.fromkeys(head.story for head in found))
    shown, number, pages = turned_to(number, ids)
    section = _section(view)
    lay_out = videos if section is Section.VIDEO else listing
    brief = lay_out(
        _heading(touch, view),
        await stories.tellings(touch.room.storage, shown),
        touch.texts,
        zone=await touch.zone(),
        now=touch.now,
        page=number,
        pages=pages,
        view=view.id,
        note=await _note(touch, section, found),
    )
    if view.kind is ViewKind.URGENT:
        brief = await _with_choice(touch, brief, view.id)
    if section is not None:
        back = Button(touch.texts.say("words.sections"), call="go:sections")
        brief = replace(brief, buttons=(*brief.buttons, (back,)))
    await touch.show(brief)


def _section(view: desk.View) -> Section | None:
    """Return the section that a view lists."""
    return Section(str(view.args["section"])) if view.kind is ViewKind.SECTION else None


async def _note(touch: Touch, section: Section | None, found: Sequence[Head]) -> str:
    """Say of a section without news, or without news for long, when it last had any."""
    if section is None:
        return ""
    texts, now, name = touch.texts, touch.now, touch.texts.say(f"sections.{section}")
    newest = await articles.by_ids(touch.room.storage, [one.article for one in found[:1]])
    if newest:
        last = newest[0].moment
        if last > now - QUIET:
            return ""
        moment = told_at(last, zone=await touch.zone(), now=now)
        return texts.say("layout.listing.quiet_section", section=name, moment=moment)
    before = await articles.last_in_section(touch.room.storage, section)
    if before is None:
        return texts.say("layout.listing.empty_section", section=name)
    moment = told_at(before, zone=await touch.zone(), now=now)
    return texts.say("layout.listing.emptied_section", section=name, moment=moment)


async def _found(touch: Touch, view: desk.View) -> Sequence[Head]:
    storage, before = touch.room.storage, ArticleId(int(view.args["before"]))
    if view.kind is ViewKind.SECTION:
        section = Section(str(view.args["section"]))
        return await heads.in_section(storage, section, limit=LOOKED_AT, before=before)
    if view.kind is ViewKind.URGENT:
        return await heads.urgent(storage, limit=LOOKED_AT, before=before)
    return await heads.latest(storage, limit=LOOKED_AT, before=before)


def _heading(touch: Touch, view: desk.View) -> str:
    match view.kind:
        case ViewKind.SECTION:
            return touch.texts.say(f"sections.{view.args['section']}")
        case ViewKind.URGENT:
            return touch.texts.say("urgent.heading")
        case _:
            return touch.texts.say("latest.heading")


async def _with_choice(touch: Touch, brief: Brief, view: int) -> Brief:
    """Put the reader's choice of urgent news below the list."""
    reader = await touch.subscriber()
    if reader is None:
        return brief
    question = Paragraph(f"\n{touch.texts.say('urgent.question')}")  # a blank line before it
    rows = keys.urgent(reader.urgent, f"u{view}", touch.texts)
    return replace(brief, blocks=(*brief.blocks, question), buttons=(*brief.buttons, *rows))


# Who draws the pages of each kind of view; what is no list is not here.
_DRAWN: Final[Mapping[ViewKind, Callable[[Touch, desk.View, int], Awaitable[None]]]] = {
    ViewKind.LATEST: draw,
    ViewKind.SECTION: draw,
    ViewKind.URGENT: draw,
    ViewKind.SEARCH: search.draw,
    ViewKind.MISSED: missed.draw,
    ViewKind.SAVED: saved.draw,
}
