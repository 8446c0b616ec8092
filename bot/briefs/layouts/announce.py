"""Broadcasts by name, and what editors and owners are asked or told about sending, as briefs out.

Commands and jobs call it; times come in the zone of who reads them.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.arabic import dates
from bot.arabic.digits import grouped
from bot.briefs.phrases import told, told_at
from bot.model import (
    Audience,
    AudienceKind,
    Brief,
    BriefKind,
    BroadcastId,
    Button,
    Heading,
    Paragraph,
)
from bot.texts import Texts


def audience_name(audience: Audience, days: int | None, texts: Texts) -> str:
    """Name who a broadcast is for."""
    if audience.section is not None:
        section = texts.say(f"sections.{audience.section}")
        return texts.say("broadcast.followers", section=section)
    match audience.kind:
        case AudienceKind.ACTIVE:
            span = texts.say(f"broadcast.span.{days}")
            return texts.say("broadcast.active_readers", span=span)
        case AudienceKind.EDITORS:
            return texts.say("broadcast.all_editors")
        case AudienceKind.REACHED:
            return texts.say("broadcast.reached")
        case _:
            return texts.say("broadcast.all_readers")


def exact(moment: datetime, *, zone: tzinfo, now: datetime) -> str:
    """Write a moment by a person's calendar, always with its hour."""
    words, clock = told_at(moment, zone=zone, now=now), dates.clock(moment.astimezone(zone))
    return words if words.endswith(clock) else f"{words} {clock}"


def whom(audience: Audience, days: int | None, total: int, texts: Texts) -> str:
    """Say who a broadcast is for, and how many they are."""
    name = audience_name(audience, days, texts)
    return texts.say("broadcast.whom", audience=name, count=grouped(total))


def late(broadcast: BroadcastId, audience: str, due: str, texts: Texts, *, name: str) -> Brief:
    """Ask an editor about a broadcast whose hour passed while Mujaz was not running.

    ``audience`` and ``due`` are told already; ``name`` is the newsroom's.
    """
    what = texts.say("late.what", moment=due, name=name)
    buttons = (
        (Button(texts.say("broadcast.send_now"), call=f"bc:now:{broadcast}"),),
        (
            Button(texts.say("schedule.move"), call=f"bc:when:{broadcast}"),
            Button(texts.say("schedule.call_off"), call=f"bc:off:{broadcast}"),
        ),
        (Button(texts.say("schedule.show"), call=f"bc:show:{broadcast}"),),
    )
    blocks = (Heading(texts.say("late.heading")), Paragraph(f"{what}\n{audience}"))
    return Brief(BriefKind.PAGE, blocks, buttons)


def held(
    hold: int, why: str, texts: Texts, *, name: str, waves: int, messages: int, oldest: str
) -> Brief:
    """Ask an owner about all that waits in a database that was copied or restored.

    ``hold`` names the question; ``oldest`` is told already, "" when nothing tells it.
    """
    waits = told(
        texts.count("sending", waves),
        texts.count("message", messages),
        texts.say("hold.oldest", moment=oldest) if oldest else "",
    )
    return Brief(
        BriefKind.ANNOUNCEMENT,
        (
            Heading(texts.say("hold.heading")),
            Paragraph(_why(why, name, texts)),
            Paragraph(f"{texts.say('hold.waits')} {waits}"),
            Paragraph(texts.say("hold.news")),
        ),
        (
            (Button(texts.say("hold.go"), call=f"hd:go:{hold}"),),
            (Button(texts.say("hold.drop"), call=f"hd:ask:{hold}"),),
        ),
    )


def _why(why: str, name: str, texts: Texts) -> str:
    if why == "restored":
        return texts.say("hold.restored")
    return texts.say("hold.moved", name=name)


def hush(until: datetime, now: datetime, zone: tzinfo, texts: Texts, *, are_copies: bool) -> Brief:
    """Tell an owner that Telegram asked for a long silence, and when it ends."""
    moment = exact(until, zone=zone, now=now)
    words = texts.say("hush.copies" if are_copies else "hush.all", moment=moment)
    return Brief(BriefKind.PAGE, (Heading(texts.say("hush.heading")), Paragraph(words)))
