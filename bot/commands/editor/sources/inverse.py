"""The details of an act on a feed in, the act taken back; `undo` calls, within its transaction.

Each does nothing and returns False when somebody has changed the thing since.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from bot.model import FeedId, Section, SourceId
from bot.storage import Transaction, feeds, keep_outs, sources
from bot.storage.audit import Args

OWN: Final = "own"  # instead of a section: each article stands where its own category says


async def switch_on_again(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo a switching off."""
    return await sources.switch(tx, _feed(details), is_on=True, now=now)


async def switch_off_again(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo a switching on."""
    return await sources.switch(tx, _feed(details), is_on=False, now=now)


async def section_as_before(tx: Transaction, details: Args, _: datetime) -> bool:
    """Undo a change of section."""
    found = await sources.by_id(tx, _feed(details))
    if found is None or (found.section or OWN) != details["to"]:
        return False
    was = str(details["was"])
    return await feeds.choose_section(tx, found.id, None if was == OWN else Section(was))


async def address_as_before(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo a change of address."""
    found, was = await sources.by_id(tx, _feed(details)), str(details["was"])
    if found is None or found.url != details["to"]:
        return False
    return await feeds.move(tx, found.id, was, urlsplit(was).hostname or was, now)


async def name_as_before(tx: Transaction, details: Args, _: datetime) -> bool:
    """Undo a change of name."""
    found = await sources.by_id(tx, _feed(details))
    if found is None or found.source.name != details["to"]:
        return False
    return await feeds.rename(tx, SourceId(int(details["publisher"])), str(details["was"]))


async def bring_back(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo a removal."""
    return await feeds.restore(tx, _feed(details), is_on=bool(details["was_on"]), now=now)


async def take_away(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo an adding, or a bringing back."""
    return await feeds.remove(tx, _feed(details), now)


async def rule_gone(tx: Transaction, details: Args, _: datetime) -> bool:
    """Undo a rule of words; what it kept out meanwhile stays out."""
    return await keep_outs.remove(tx, *_rule(details))


async def rule_again(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo the forgetting of a rule."""
    return await keep_outs.add(tx, *_rule(details), now)


async def list_gone(tx: Transaction, details: Args, now: datetime) -> bool:
    """Undo the bringing in of a list: remove those of its feeds that are still there."""
    added = str(details["feeds"]).split(",")
    removed = [await feeds.remove(tx, FeedId(int(feed)), now) for feed in added if feed]
    return any(removed)


def _rule(details: Args) -> tuple[SourceId, str]:
    return SourceId(int(details["publisher"])), str(details["words"])


def _feed(details: Args) -> FeedId:
    return FeedId(int(details["feed"]))
