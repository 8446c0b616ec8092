"""/invite: links that let readers in; and what becomes of who opens one, an editor's too.

A link for readers takes one, ten, a hundred or any number of them within seven days; who was let
in stays in. It is made by a button that carries the moment of the newest link it knows: pressed
twice, or by two editors at once, it makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.arabic import dates
from bot.briefs.layouts.paging import turned_to, turning
from bot.briefs.phrases import told
from bot.commands import access, menu
from bot.commands.editor import undo
from bot.commands.reader import keys
from bot.commands.touch import Rows, Touch, page
from bot.model import Brief, BriefKind, Button, Paragraph, Role, to_ms
from bot.storage import audit, invites, notices, team
from bot.storage.audit import Args
from bot.storage.invites import UNLIMITED, Invite, Kind

LASTS = timedelta(days=7)
USES: Final[tuple[int, ...]] = (1, 10, 100, UNLIMITED)
PER_PAGE = 5


def link(touch: Touch, invited: Invite) -> str:
    """Return the address that an invitation is opened by."""
    key = f"{access.KEYS[invited.kind]}_{invited.code}"
    return f"https://t.me/{touch.room.username}?start={key}"


def newest(good: Sequence[Invite]) -> int:
    """Return the moment of the newest link, in milliseconds; 0 without any."""
    return max((to_ms(one.made_at) for one in good), default=0)


async def invite(touch: Touch) -> None:
    """Show the links that are good, and the ways to make one."""
    await _draw(touch, 1)


async def turn_page(touch: Touch) -> None:
    """Show another page of links."""
    await _draw(touch, int(touch.args[0]))


async def make(touch: Touch) -> None:
    """Make a link, unless one was made since the button was drawn."""
    most, known = map(int, touch.args)
    async with touch.room.storage.transaction() as tx:
        if newest(await invites.good(tx, Kind.READER, touch.now)) <= known:
            await invites.make(
                tx, Kind.READER, touch.person, most_uses=most, lasts=LASTS, now=touch.now
            )
            await audit.note(tx, touch.person, "invite.make", {"most": most}, touch.now)
    await _draw(touch, 1)


async def revoke(touch: Touch) -> None:
    """Make a link useless; who came by it stays."""
    code, number = touch.args
    async with touch.room.storage.transaction() as tx:
        if await invites.revoke(tx, Kind.READER, code):
            await audit.note(tx, touch.person, "invite.revoke", {}, touch.now)
    await _draw(touch, int(number))


async def _draw(touch: Touch, number: int) -> None:
    texts, door = touch.texts, touch.room.config.people.access
    good = await invites.good(touch.room.storage, Kind.READER, touch.now)
    shown, number, pages = turned_to(number, good, per_page=PER_PAGE)
    first = (number - 1) * PER_PAGE + 1
    lines = [await _line(touch, place, one) for place, one in enumerate(shown, start=first)]
    if door == "invite" and not lines:
        lines = [texts.say("invite.none")]
    takes = [
        Button(texts.say("invite.revoke", place=place), call=f"iv:off:{one.code}:{number}")
        for place, one in enumerate(shown, start=first)
    ]
    buttons = (
        *(_offers(touch, good) if door == "invite" else ()),
        *keys.rows(takes, 3),
        *turning(texts, "iv:page", page=number, pages=pages),
    )
    words = texts.say(f"invite.door.{door}")
    await touch.show(page(words, *lines, heading=texts.say("invite.heading"), buttons=buttons))


def _offers(touch: Touch, good: Sequence[Invite]) -> Rows:
    known = newest(good)
    return keys.rows(
        [
            Button(touch.texts.say(f"invite.new.{most}"), call=f"iv:new:{most}:{known}")
            for most in USES
        ],
        2,
    )


async def _line(touch: Touch, place: int, invited: Invite) -> str:
    """Show a link, how often it was used, how often it may be, until when, and who made it."""
    texts = touch.texts
    most = invited.most_uses
    maker = await team.find(touch.room.storage, invited.made_by)
    words = told(
        texts.count("use", invited.uses),
        texts.say("invite.most", readers=texts.count("reader", most)) if most else "",
        texts.say("invite.until", moment=await _moment(touch, invited.expires_at)),
        maker.name if maker else "",
    )
    return f"{place}. {link(touch, invited)}\n{words}"


async def _moment(touch: Touch, when: datetime) -> str:
    zone = await touch.zone()
    return dates.moment(when.astimezone(zone), touch.now.astimezone(zone))


async def code_needed(touch: Touch) -> str:
    """Return the code by which this person has to come in; "" where the door is open to them."""
    key = access.key_in(touch.args)
    if key is None or key.kind is not Kind.READER:
        return ""
    is_in = await access.may_read(touch.room, touch.person, touch.role)
    return "" if is_in else key.code


async def say_over(touch: Touch) -> None:
    """Say that a link is good no more."""
    await touch.say(touch.texts.say("invite.over"))


async def join_desk(touch: Touch) -> bool:
    """Make who opened an editor's link an editor, and go on to the welcome; False: it is over.

    Who has no such link goes on as well.
    """
    key = access.key_in(touch.args)
    if key is None or key.kind is not Kind.EDITOR or touch.role is not None:
        return True
    room = touch.room
    async with room.storage.transaction() as tx:
        used = await invites.use(tx, Kind.EDITOR, key.code, touch.now)
        if used is not None:
            await team.add_editor(tx, touch.person, touch.name, used.made_by, touch.now)
            details: Args = {"person": touch.person, "name": touch.name}
            line = await audit.note(tx, used.made_by, "team.add", details, touch.now)
            owners = await team.owners(tx)
            said = _joined(touch, line)
            await notices.tell(tx, room.bot, owners, said, f"joined:{line}", touch.now)
    if used is None:
        await say_over(touch)
        return False
    touch.role = Role.EDITOR
    room.deliver_soon()
    await menu.show_menu_of(touch.bot, room, touch.person)
    await touch.say(touch.texts.say("team.welcome", name=room.config.news.name))
    return True


def _joined(touch: Touch, line: int) -> Brief:
    words = touch.texts.say("team.joined", person=touch.name)
    return Brief(BriefKind.ANNOUNCEMENT, (Paragraph(words),), ((undo.button(touch.texts, line),),))
