"""What editors judge on a story's page: «pick», at once and back again, and «urgent», asked first.

A pick puts the story's lead among the picks. Urgent by hand goes the way that urgent news goes
(``room.alarm``), in the transaction that marks the story: pressed twice, or by two editors at
once, it is told once. Taken back within ten minutes it stops where it stands; who has it keeps it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import commands  # its table names us too; it is complete when it is read
from bot.briefs.titles import headline
from bot.commands.editor import undo
from bot.commands.reader import keys
from bot.commands.touch import Rows, Touch, page
from bot.model import (
    EPOCH,
    ArticleId,
    BriefId,
    Button,
    OccasionId,
    Section,
    Story,
    StoryId,
    SubscriberId,
    Telling,
    Wave,
    WaveId,
    WaveState,
    from_ms,
    to_ms,
)
from bot.outbox.coalesce import story_occasion, urgent_call
from bot.storage import (
    Transaction,
    alerts,
    articles,
    audience,
    audit,
    deliveries,
    stories,
    waves,
)
from bot.storage.audit import Args
from bot.stories.lead import told_by

_EVERYBODY = SubscriberId(2**63 - 1)


def buttons(touch: Touch, telling: Telling, place: str) -> Rows:
    """Return what an editor may judge of a story, nothing for a reader.

    ``place`` stands behind the calls, so that the page leads on to where it was opened.
    """
    if not touch.is_editor:
        return ()
    texts, story = touch.texts, telling.story
    is_pick = _is_pick(telling)
    pick = keys.checked(texts.say("judge.pick"), is_pick)
    urgent = keys.checked(texts.say("judge.urgent"), story.is_urgent)
    return ((
        Button(pick, call=f"jp:{story.id}:{'off' if is_pick else 'on'}{place}"),
        Button(urgent, call=f"ju:{story.id}{place}"),
    ),)  # fmt: skip


def _is_pick(telling: Telling) -> bool:
    return any(Section.PICKS in article.sections for article in telling.articles)


async def pick(touch: Touch) -> None:
    """Put a story among the picks, or take it out, and show its page as it is now."""
    number, to, *place = touch.args
    story = StoryId(int(number))
    async with touch.room.storage.transaction() as tx:
        telling = await stories.telling(tx, story)
        if telling is not None and _is_pick(telling) != (to == "on"):
            await (_put_in(tx, telling) if to == "on" else _take_out(tx, telling))
            details: Args = {"story": story, "title": headline(telling.lead)}
            await audit.note(tx, touch.person, f"pick.{to}", details, touch.now)
    if telling is not None:
        await touch.answer(touch.texts.say(f"judge.picked.{to}"))
    await _open_story(touch, story, place)


async def _put_in(tx: Transaction, telling: Telling) -> None:
    await articles.add_sections(tx, telling.lead, (Section.PICKS,))


async def _take_out(tx: Transaction, telling: Telling) -> None:
    for article in telling.articles:
        await articles.leave_section(tx, article, Section.PICKS)


async def _unpick(tx: Transaction, details: Args, _: datetime) -> bool:
    telling = await stories.telling(tx, StoryId(int(details["story"])))
    if telling is None or not _is_pick(telling):
        return False
    await _take_out(tx, telling)
    return True


async def _repick(tx: Transaction, details: Args, _: datetime) -> bool:
    telling = await stories.telling(tx, StoryId(int(details["story"])))
    if telling is None or _is_pick(telling):
        return False
    await _put_in(tx, telling)
    return True


async def ask(touch: Touch) -> None:
    """Say how many readers an alarm would reach, and ask whether it shall."""
    number, *place = touch.args
    telling = await stories.telling(touch.room.storage, StoryId(int(number)))
    if telling is None:
        await touch.say(touch.texts.say("errors.no_story"))
        return
    if telling.story.is_urgent:
        await touch.answer(touch.texts.say("judge.already"), is_alert=True)
        return
    texts = touch.texts
    many, behind = await _readers(touch, telling), _behind(place)
    readers = texts.count("to_reader", many)
    await touch.show(
        page(
            headline(telling.lead),
            texts.say("judge.ask", readers=readers) if many else texts.say("judge.ask_nobody"),
            heading=texts.say("judge.heading"),
            buttons=((
                Button(texts.say("judge.send"), call=f"js:{number}{behind}"),
                Button(texts.say("judge.cancel"), call=f"st:{number}{behind}"),
            ),),
        )
    )  # fmt: skip


async def _readers(touch: Touch, telling: Telling) -> int:
    """Count who would hear of a story as urgent and has not heard of it."""
    storage, call = touch.room.storage, urgent_call(telling)
    told = await alerts.occasion_of(storage, call.occasion)
    wave = Wave(
        WaveId(0),
        touch.room.bot,
        told or OccasionId(0),
        BriefId(0),
        call.audience,
        call.priority,
        not_before=EPOCH,
        expires_at=None,
        cursor=SubscriberId(0),
        last_subscriber=_EVERYBODY,
        matter=call.matter,
    )
    return await audience.untold(storage, wave, touch.now)


async def send(touch: Touch) -> None:
    """Make a story urgent and begin to tell it; one that is urgent by now says so."""
    number, *place = touch.args
    texts, story = touch.texts, StoryId(int(number))
    async with touch.room.storage.transaction() as tx:
        telling = await stories.telling(tx, story)
        line = None
        if telling is not None and not telling.story.is_urgent:
            line = await _make_urgent(touch, tx, telling)
    if telling is None or line is None:
        key = "errors.no_story" if telling is None else "judge.already"
        await touch.answer(texts.say(key), is_alert=True)
        return
    touch.room.deliver_soon()
    back = Button(texts.say("brief.back"), call=f"st:{number}{_behind(place)}")
    words = (headline(telling.lead), texts.say("judge.sent"))
    await touch.show(page(*words, buttons=((undo.button(texts, line), back),)))


async def _make_urgent(touch: Touch, tx: Transaction, telling: Telling) -> int:
    """Mark the lead and its story, begin the wave, write the audit line and return its number."""
    lead, was = telling.lead, telling.story
    await articles.mark_urgent(tx, lead.id, is_urgent=True)
    now_urgent = await _retell(tx, was.id)
    wave = await touch.room.alarm(tx, now_urgent, was, touch.now)
    details: Args = {
        "story": was.id,
        "article": lead.id,
        "wave": wave,
        "since": to_ms(touch.now),
        "title": headline(lead),
    }
    return await audit.note(tx, touch.person, "urgent", details, touch.now)


async def _retell(tx: Transaction, story: StoryId) -> Telling:
    """Write what a story has become by a mark of one of its articles, and return it."""
    telling = await stories.telling(tx, story)
    if telling is None:
        raise LookupError(f"story {story} is gone within its own transaction")
    told: Story = told_by(telling.story, telling.articles)
    await stories.write(tx, told)
    return replace(telling, story=told)


async def _call_off(tx: Transaction, details: Args, now: datetime) -> bool:
    """Stop the wave where it stands and take the marks back; not when a feed says urgent too."""
    story, lead = StoryId(int(details["story"])), ArticleId(int(details["article"]))
    telling = await stories.telling(tx, story)
    if telling is None or any(one.is_urgent and one.id != lead for one in telling.articles):
        return False
    await articles.mark_urgent(tx, lead, is_urgent=False)
    await _retell(tx, story)
    await waves.turn(tx, WaveId(int(details["wave"])), WaveState.CANCELLED, now)
    told = await alerts.occasion_of(tx, story_occasion(story))
    if told is not None:
        await deliveries.call_off(tx, told)
    return True


async def _say_how_many(touch: Touch, details: Args) -> str:
    """Say how many had the alarm when it was called off, and that more may be under way."""
    storage, texts = touch.room.storage, touch.texts
    told = await alerts.occasion_of(storage, story_occasion(StoryId(int(details["story"]))))
    since = from_ms(int(details["since"]))
    reached = 0 if told is None else await deliveries.told_since(storage, told, since)
    if await waves.is_in_flight(storage, WaveId(int(details["wave"]))):
        return texts.say("judge.stopped_in_flight", readers=texts.count("to_reader", reached))
    if not reached:
        return texts.say("judge.stopped_in_time")
    return texts.say("judge.stopped", readers=texts.count("to_reader", reached))


def _behind(place: list[str]) -> str:
    return "".join(f":{one}" for one in place)


async def _open_story(touch: Touch, story: StoryId, place: list[str]) -> None:
    """Draw the story's page again, by the call that opens it."""
    touch.args = (str(story), *place)
    await commands.CALLBACKS["st"].handler(touch)


PICKED = undo.Undo(_unpick, back="st:{story}:0:0")
UNPICKED = undo.Undo(_repick, back="st:{story}:0:0")
URGENT = undo.Undo(_call_off, after=_say_how_many, back="st:{story}:0:0")
