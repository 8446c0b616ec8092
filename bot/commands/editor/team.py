"""/team, for owners: who is at the desk, a link for one more editor, and the way out.

The configuration decides on those it names: the file alone takes them back, so an owner always
stays. A link for an editor is good for one person and one day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.arabic import dates
from bot.briefs.layouts.paging import turned_to, turning
from bot.briefs.phrases import told
from bot.commands import menu
from bot.commands.editor import invite, undo
from bot.commands.reader import keys
from bot.commands.touch import Touch, page
from bot.model import Button, Role, UserId, from_ms, to_ms
from bot.storage import Transaction, audit, invites
from bot.storage import team as members
from bot.storage.audit import Args
from bot.storage.invites import Kind
from bot.storage.team import Member

LASTS = timedelta(hours=24)
PER_PAGE = 10


async def team(touch: Touch) -> None:
    """Show who is at the desk."""
    await _draw(touch, 1)


async def turn_page(touch: Touch) -> None:
    """Show another page."""
    await _draw(touch, int(touch.args[0]))


async def _draw(touch: Touch, number: int) -> None:
    texts, storage = touch.texts, touch.room.storage
    everybody = await members.everybody(storage)
    names = {member.person: _name(member) for member in everybody}
    shown, number, pages = turned_to(number, everybody, per_page=PER_PAGE)
    lines, outs = [], []
    for place, member in enumerate(shown, start=(number - 1) * PER_PAGE + 1):
        lines.append(f"{place}. {_line(touch, member, names)}")
        if member.role is Role.EDITOR and not member.is_configured:
            text = texts.say("team.remove", place=place)
            outs.append(Button(text, call=f"tm:off:{member.person}"))
    unopened = await invites.good(storage, Kind.EDITOR, touch.now)
    add = Button(texts.say("team.add"), call=f"tm:add:{invite.newest(unopened)}")
    take_back = Button(texts.say("team.take_back"), call="tm:links:off")
    await touch.show(
        page(
            "\n".join(lines),
            texts.say("team.unopened", links=texts.count("link", len(unopened)))
            if unopened
            else "",
            texts.say("team.of_the_file"),
            heading=texts.say("team.heading"),
            buttons=(
                (add, take_back) if unopened else (add,),
                *keys.rows(outs, 3),
                *turning(texts, "tm:page", page=number, pages=pages),
            ),
        )
    )


def _name(member: Member) -> str:
    return member.name or str(member.person)


def _line(touch: Touch, member: Member, names: dict[UserId, str]) -> str:
    """Tell who somebody is, what they may do, since when, and by whom."""
    texts = touch.texts
    day = dates.day_name(member.added_at.astimezone(touch.room.config.news.zone).date())
    by = "" if member.added_by is None else names.get(member.added_by, str(member.added_by))
    return told(
        _name(member),
        texts.say(f"team.role.{member.role}"),
        texts.say("team.since", day=day),
        texts.say("team.by_file") if member.is_configured else texts.say("team.by", name=by),
    )


async def add(touch: Touch) -> None:
    """Show a link for one editor: a new one, unless one was made since the button was drawn."""
    known = int(touch.args[0])
    async with touch.room.storage.transaction() as tx:
        good = list(await invites.good(tx, Kind.EDITOR, touch.now))
        if invite.newest(good) <= known:
            made = await invites.make(
                tx, Kind.EDITOR, touch.person, most_uses=1, lasts=LASTS, now=touch.now
            )
            await audit.note(tx, touch.person, "team.link", {}, touch.now)
            good.insert(0, made)
    texts = touch.texts
    another = Button(texts.say("team.another"), call=f"tm:add:{invite.newest(good)}")
    back = Button(texts.say("brief.back"), call="tm:page:1")
    words = (texts.say("team.send_link"), invite.link(touch, good[0]))
    await touch.show(page(*words, heading=texts.say("team.link"), buttons=((another, back),)))


async def take_links_back(touch: Touch) -> None:
    """Make every link useless that nobody has opened yet."""
    async with touch.room.storage.transaction() as tx:
        if await invites.revoke_all(tx, Kind.EDITOR):
            await audit.note(tx, touch.person, "team.links_off", {}, touch.now)
    await _draw(touch, 1)


async def remove(touch: Touch) -> None:
    """Take an editor's right back at once; it can be given back for ten minutes."""
    person = int(touch.args[0])
    async with touch.room.storage.transaction() as tx:
        gone = await members.remove_editor(tx, person)
        if gone is not None:
            line = await audit.note(tx, touch.person, "team.remove", _details(gone), touch.now)
    if gone is None:
        await _draw(touch, 1)
        return
    await menu.show_menu_of(touch.bot, touch.room, person)
    texts = touch.texts
    buttons = ((undo.button(texts, line), Button(texts.say("brief.back"), call="tm:page:1")),)
    await touch.show(page(texts.say("team.removed", name=_name(gone)), buttons=buttons))


def _details(gone: Member) -> Args:
    return {
        "person": gone.person,
        "name": _name(gone),
        "added_by": gone.added_by or 0,
        "added_at": to_ms(gone.added_at),
    }


async def _give_back(tx: Transaction, details: Args, _: datetime) -> bool:
    person, since = UserId(int(details["person"])), from_ms(int(details["added_at"]))
    by = UserId(int(details["added_by"]))
    return await members.add_editor(tx, person, str(details["name"]), by, since)


async def _take_out(tx: Transaction, details: Args, _: datetime) -> bool:
    return await members.remove_editor(tx, int(details["person"])) is not None


async def _show_menu(touch: Touch, details: Args) -> str:
    """Show the person the commands they have now."""
    await menu.show_menu_of(touch.bot, touch.room, int(details["person"]))
    return ""


REMOVED = undo.Undo(_give_back, is_owners=True, after=_show_menu, back="tm:page:1")
JOINED = undo.Undo(_take_out, is_owners=True, after=_show_menu, back="tm:page:1")
