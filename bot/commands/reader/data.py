"""/mydata: all that is kept of this chat, in sentences and as a document, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from bot.arabic import dates
from bot.arabic.digits import grouped
from bot.commands.reader import chosen, record
from bot.commands.reader.choices import choices_of
from bot.commands.reader.tastes import names_of
from bot.commands.touch import Touch, page
from bot.model import Button, Row, Subject, SubjectKind
from bot.storage import person
from bot.storage.rows import moment, moment_or_none, number, text

Kept = Mapping[str, Sequence[Row]]  # by table
# These are told by what they say; the rows of all other tables are counted.
TOLD_IN_WORDS = frozenset({"subscribers", "subscriptions", "mutes", "digests"})


async def mydata(touch: Touch) -> None:
    """Show what is kept, and send all of it as a document below."""
    texts = touch.texts
    kept, zone = await person.kept_of(touch.room.storage, touch.chat), await touch.zone()
    heading = texts.say("mydata.heading")
    if not kept:
        await touch.show(page(texts.say("mydata.nothing"), heading=heading))
        return
    paragraphs = (
        texts.say("mydata.intro", file=record.FILE_NAME),
        "\n".join(_about(touch, kept, zone)),
        *await _choices(touch),
        "\n".join(_counts(touch, kept, zone)),
        texts.say("mydata.outro"),
    )
    buttons = ((Button(texts.say("words.settings"), call="go:settings"),),)
    await touch.show(page(*paragraphs, heading=heading, buttons=buttons))
    document = await _document(touch, kept, zone)
    await touch.bot.send_document(touch.chat, document, filename=record.FILE_NAME)


def _about(touch: Touch, kept: Kept, zone: tzinfo) -> Iterator[str]:
    """Say which chat this is, when it came, and when it was last heard of."""
    texts, now = touch.texts, touch.now.astimezone(zone)
    for row in kept.get("subscribers", ()):
        if number(row, "bot") != touch.room.bot:
            yield texts.say("mydata.earlier_bot")
            continue
        day = dates.day_name(moment(row, "joined_at").astimezone(zone).date(), now.date())
        yield texts.say("mydata.joined", chat=number(row, "chat"), day=day)
        if (seen := moment_or_none(row, "seen_at")) is not None:
            yield texts.say("mydata.seen", moment=dates.moment(seen.astimezone(zone), now))


async def _choices(touch: Touch) -> Sequence[str]:
    choices = await choices_of(touch)
    if choices is None:
        return ()
    return chosen.everything(touch, choices, await chosen.names_of(touch, choices))


def _counts(touch: Touch, kept: Kept, zone: tzinfo) -> Iterator[str]:
    """Say of every other table how many rows are kept; of the desk, what the person is there."""
    texts, tables = touch.texts, touch.texts.table("mydata.tables")
    for table, rows in kept.items():
        if table in TOLD_IN_WORDS:
            continue
        count = grouped(len(rows))
        if table == "team":
            count = texts.say(f"mydata.codes.{text(rows[0], 'role')}")
        line = texts.say("mydata.line", what=tables[table], count=count)
        yield _since(touch, line, rows, zone) if table == "deliveries" else line


def _since(touch: Touch, line: str, rows: Sequence[Row], zone: tzinfo) -> str:
    """Add since when there are messages; those on their way have no moment yet."""
    settled = [at for row in rows if (at := moment_or_none(row, "settled_at")) is not None]
    if not settled:
        return line
    first, today = min(settled).astimezone(zone), touch.now.astimezone(zone)
    day = dates.day_name(first.date(), today.date())
    return touch.texts.say("mydata.since", line=line, day=day)


async def _document(touch: Touch, kept: Kept, zone: tzinfo) -> bytes:
    subjects = {
        Subject(SubjectKind(text(row, "kind")), text(row, "subject"))
        for table in ("subscriptions", "mutes")
        for row in kept.get(table, ())
    }
    names = await names_of(touch.room.storage, subjects, touch.texts)
    return record.document(kept, names, touch.texts, zone=zone, now=touch.now)
