"""What the buttons of a feed's page change: on and off, section, address, name, removal, a visit.

Each act writes its audit line with all that its undoing needs, in the same transaction. What is
switched on again or polled elsewhere is visited at once and in silence: what it gathered meanwhile
is stored and not pushed, for by now it is old.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from bot.commands.editor import undo
from bot.commands.editor.sources import one
from bot.commands.editor.sources.inverse import OWN
from bot.commands.reader import asking, keys
from bot.commands.touch import Rows, Touch, page
from bot.model import Button, Feed, FeedId, Section
from bot.storage import Transaction, audit, desk, feeds, sources
from bot.storage.audit import Args
from bot.transports.telegram import pages

SECTIONS: Final = tuple(section for section in Section if section is not Section.PICKS)
NAME_LIMIT: Final = 100  # characters
_LOOKS: Final = 60  # times that the page looks whether a visit is over
_BETWEEN: Final = 0.5  # seconds


async def switch(touch: Touch) -> None:
    """Switch a feed off or on."""
    _, to, _ = touch.args
    found = await one.found(touch)
    if found is None:
        return
    async with touch.room.storage.transaction() as tx:
        changed = await sources.switch(tx, found.id, is_on=to == "on", now=touch.now)
        line = await _note(tx, touch, f"source.{to}", found, {}) if changed else 0
    await _drawn(touch, line)


async def offer_sections(touch: Touch) -> None:
    """Offer the sections in which a feed's articles may stand."""
    feed, number = touch.args
    found = await one.found(touch)
    if found is not None:
        words = touch.texts.say("sources.section.which", name=found.source.name)
        rows = section_rows(touch, lambda section: f"src:section:{feed}:{section}:{number}")
        await touch.show(page(words, buttons=(*rows, _back(touch))))


def section_rows(touch: Touch, call: Callable[[str], str]) -> Rows:
    """Return a button for each section, and one for none; ``call`` says what it does."""
    texts = touch.texts
    buttons = [Button(texts.say(f"sections.{one}"), call=call(one)) for one in SECTIONS]
    return (*keys.rows(buttons, 3), (Button(texts.say("sources.section.own"), call=call(OWN)),))


async def choose_section(touch: Touch) -> None:
    """Let a feed's new articles stand in another section; what is stored stays where it is."""
    feed, chosen, number = touch.args
    found = await one.found(touch)
    if found is None:
        return
    section = None if chosen == OWN else Section(chosen)
    name = touch.texts.say("sources.section.own") if section is None else section.value
    details = {"section": name, "to": chosen, "was": found.section or OWN}
    async with touch.room.storage.transaction() as tx:
        changed = await feeds.choose_section(tx, found.id, section)
        line = await _note(tx, touch, "source.section", found, details) if changed else 0
    touch.args = (feed, number)
    await _drawn(touch, line)


async def ask_name(touch: Touch) -> None:
    """Ask for another name of the publisher."""
    await _ask(touch, "source_name", touch.texts.say("sources.ask.name"))


async def answer_name(touch: Touch, prompt: desk.Prompt) -> None:
    """Give the publisher the name that was typed, in all its feeds."""
    touch.args = (str(prompt.args["feed"]), str(prompt.args["page"]))
    name, found = name_in(touch.typed), await one.found(touch)
    if found is None:
        return
    is_taken, line = not name, 0
    async with touch.room.storage.transaction() as tx:
        is_taken = is_taken or not await feeds.rename(tx, found.source.id, name)
        if not is_taken:
            await asking.settle(tx, touch)
            details: Args = {
                "was": found.source.name,
                "to": name,
                "publisher": found.source.id,
            }
            line = await _note(tx, touch, "source.name", found, details)
    if is_taken:
        await touch.say(touch.texts.say("sources.ask.no_name"), (_back(touch),))
    else:
        await _drawn(touch, line)


def name_in(typed: str) -> str:
    """Return a name as it is kept: one line, of a length that fits a line."""
    return " ".join(typed.split())[:NAME_LIMIT].strip()


async def ask_address(touch: Touch) -> None:
    """Ask for the address at which a feed is to be polled from now on."""
    await _ask(touch, "source_address", touch.texts.say("sources.ask.new_address"))


async def move(tx: Transaction, touch: Touch, feed: Feed, url: str) -> int:
    """Poll a feed elsewhere and return the audit line; 0: the address is taken."""
    host = urlsplit(url).hostname or url
    if not await feeds.move(tx, feed.id, url, host, touch.now):
        return 0
    return await _note(tx, touch, "source.address", feed, {"was": feed.url, "to": url})


async def visit(touch: Touch) -> None:
    """Visit a feed now; its page shows what came of it."""
    found = await one.found(touch)
    if found is None:
        return
    number = int(touch.args[1])
    async with touch.room.storage.transaction() as tx:
        is_due = await feeds.visit_soon(tx, found.id, touch.now)
        if is_due:
            await _note(tx, touch, "source.visit", found, {})
    await one.draw(touch, found.id, number, note=touch.texts.say("sources.visiting"))
    message = touch.query.message if touch.query is not None else None
    if is_due and message is not None:
        touch.room.errands.begin(touch.chat, _await_visit(touch, found.id, message.message_id))


async def _await_visit(touch: Touch, feed: FeedId, message: int) -> None:
    """Draw the page again when the visit is over."""
    for _ in range(_LOOKS):
        await asyncio.sleep(_BETWEEN)
        found = await sources.by_id(touch.room.storage, feed)
        if found is not None and found.next_poll_at > touch.now:
            touch.now = touch.room.now()
            drawn = await one.brief(touch, found, int(touch.args[1]))
            await pages.edit(touch.bot, touch.chat, message, drawn, touch.room.username)
            return


async def ask_removal(touch: Touch) -> None:
    """Ask whether a feed is to be removed."""
    feed, number = touch.args
    found = await one.found(touch)
    if found is not None:
        yes = Button(touch.texts.say("sources.act.remove_yes"), call=f"src:gone:{feed}:{number}")
        words = touch.texts.say("sources.remove", name=found.source.name)
        await touch.show(page(words, found.url, buttons=((yes,), _back(touch))))


async def remove(touch: Touch) -> None:
    """Remove a feed; its articles stay."""
    found = await sources.by_id(touch.room.storage, FeedId(int(touch.args[0])))
    if found is None:
        await touch.refuse_old()
        return
    async with touch.room.storage.transaction() as tx:
        removed = await feeds.remove(tx, found.id, touch.now)
        details = {"was_on": int(found.is_on)}
        line = await _note(tx, touch, "source.remove", found, details) if removed else 0
    await _drawn(touch, line)


async def restore(touch: Touch) -> None:
    """Bring a removed feed back, switched on."""
    found = await sources.by_id(touch.room.storage, FeedId(int(touch.args[0])))
    if found is None:
        await touch.refuse_old()
        return
    async with touch.room.storage.transaction() as tx:
        restored = await feeds.restore(tx, found.id, is_on=True, now=touch.now)
        line = await _note(tx, touch, "source.restore", found, {}) if restored else 0
    await _drawn(touch, line)


async def _note(tx: Transaction, touch: Touch, act: str, feed: Feed, details: Args) -> int:
    named: Args = {"feed": feed.id, "source": feed.source.name, "page": int(touch.args[-1])}
    return await audit.note(tx, touch.person, act, {**named, **details}, touch.now)


async def _drawn(touch: Touch, line: int) -> None:
    """Draw the page of the feed, with the way to take back what was just done."""
    more: Rows = ((undo.button(touch.texts, line),),) if line else ()
    await one.draw(touch, int(touch.args[0]), int(touch.args[-1]), more=more)


async def _ask(touch: Touch, kind: str, question: str) -> None:
    feed, number = map(int, touch.args)
    prompt = desk.Prompt(kind, {"feed": feed, "page": number})
    await asking.ask(touch, prompt, question, (_back(touch),))


def _back(touch: Touch) -> tuple[Button, ...]:
    """Lead back to the feed's page."""
    call = f"sf:{touch.args[0]}:{touch.args[-1]}"
    return (Button(touch.texts.say("brief.back"), call=call),)
