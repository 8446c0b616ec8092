"""The audit log as editors read it: the last acts in words, who and when; opened from the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.arabic import dates
from bot.arabic.shorten import shorten
from bot.briefs.layouts.paging import turning
from bot.briefs.phrases import told
from bot.commands.editor.acts import words_of
from bot.commands.touch import Touch, page
from bot.model import Button
from bot.storage import audit, team
from bot.storage.audit import Entry

PER_PAGE = 20
MOST_WORDS, MOST_NAME = 110, 30  # UTF-16 units; twenty lines stay one message (4,096)


async def turn_page(touch: Touch) -> None:
    """Show one page; one beyond the last is the last."""
    texts, storage = touch.texts, touch.room.storage
    pages = max(1, -(-await audit.count(storage) // PER_PAGE))
    number = min(max(int(touch.args[0]), 1), pages)
    entries = await audit.newest(storage, limit=PER_PAGE, skip=(number - 1) * PER_PAGE)
    await touch.show(
        page(
            "\n".join(await lines(touch, entries)) or texts.say("desk.no_acts"),
            heading=texts.say("desk.log"),
            buttons=(
                *turning(texts, "dk:log", page=number, pages=pages),
                (Button(texts.say("brief.back"), call="dk:day"),),
            ),
        )
    )


async def lines(touch: Touch, entries: Sequence[Entry]) -> list[str]:
    """Tell acts in a line each, numbered: who, what, when, and whether it was undone."""
    told_of = []
    for place, entry in enumerate(entries, start=1):
        who = await name_of(touch, entry.person)
        undone = touch.texts.say("desk.undone") if entry.undone_at else ""
        what = shorten(words_of(entry, touch.texts), MOST_WORDS)
        told_of.append(f"{place}. {told(who, what, moment(touch, entry.at), undone)}")
    return told_of


async def name_of(touch: Touch, person: int | None) -> str:
    """Name somebody of the desk; who left it is a number, and Mujaz has its newsroom's name."""
    if person is None:
        return touch.room.config.news.name
    member = await team.find(touch.room.storage, person)
    return shorten(member.name, MOST_NAME) if member and member.name else str(person)


def moment(touch: Touch, when: datetime) -> str:
    """Write a moment by the newsroom's clock; it is far off when the day alone is told."""
    zone = touch.room.config.news.zone
    return dates.moment(when.astimezone(zone), touch.now.astimezone(zone))
