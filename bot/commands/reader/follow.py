"""/follow: all that a reader follows and mutes, grouped, each to be opened; and words to follow.

`follow_words(touch, typed)` follows what was typed and returns the sentence that says so, or why
not: whoever offers to follow a search calls it and answers the press with that sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby

from bot.arabic.shorten import shorten
from bot.articles.watch import watched
from bot.briefs.layouts.paging import turned_to, turning
from bot.briefs.phrases import told
from bot.commands.reader import asking, keys, tastes
from bot.commands.touch import Rows, Touch, page
from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    Heading,
    Mode,
    Paragraph,
    Subject,
    SubjectKind,
    Taste,
    words_subject,
)
from bot.storage import subscriptions

PER_PAGE = 10  # subjects; two rows of number buttons
MOST_SAID = 60  # UTF-16 units of a reader's words said back in a toast, which takes 200


async def follow(touch: Touch) -> None:
    """Open the page of all that is followed and muted."""
    await draw(touch, 1)


async def turn_page(touch: Touch) -> None:
    """Turn to a page, or back to it from a subject or a question, which is given up."""
    (number,) = touch.args
    await asking.give_up(touch)
    await draw(touch, int(number))


async def draw(touch: Touch, number: int) -> None:
    """Draw a page; one beyond the last is the last."""
    texts = touch.texts
    taste = await tastes.taste_of(touch, await touch.subscriber())
    shown, number, pages = turned_to(number, _in_groups(taste), per_page=PER_PAGE)
    heading = texts.say("follow.heading")
    if not shown:
        buttons = _words(touch, number)
        await touch.show(page(texts.say("follow.empty"), heading=heading, buttons=buttons))
        return
    names = await tastes.names_of(touch.room.storage, shown, texts)
    lines = _groups(touch, taste, shown, names=names, zone=await touch.zone())
    how = Paragraph(f"\n{texts.say('follow.how')}")  # a blank line before it
    turns = turning(texts, "fo", page=number, pages=pages)
    buttons = (*_numbers(shown, number), *turns, *_words(touch, number))
    await touch.show(Brief(BriefKind.PAGE, (Heading(heading), *lines, how), buttons))


def _in_groups(taste: Taste) -> Sequence[Subject]:
    """Return all subjects by kind, in a kind the first chosen first."""
    order = list(SubjectKind)
    own = dict.fromkeys((*taste.follows, *taste.mutes))
    return sorted(own, key=lambda one: order.index(one.kind))


def _groups(
    touch: Touch,
    taste: Taste,
    shown: Sequence[Subject],
    *,
    names: dict[Subject, str],
    zone: tzinfo,
) -> Iterator[Block]:
    """Tell the subjects of a page, numbered as the buttons below."""
    texts = touch.texts
    for kind, group in groupby(enumerate(shown, start=1), key=lambda one: one[1].kind):
        yield Heading(texts.say(f"follow.groups.{kind}"))
        for number, subject in group:
            name = names.get(subject) or texts.say(f"follow.gone_{subject.kind}")
            how = tastes.short_state(taste, subject, texts, zone=zone, now=touch.now)
            yield Paragraph(told(f"{number}. {name}", how))


def _numbers(shown: Sequence[Subject], page_number: int) -> Rows:
    numbered = [
        Button(str(number), call=f"sj:{tastes.code_of(subject)}:{page_number}")
        for number, subject in enumerate(shown, start=1)
    ]
    return keys.rows(numbered, 5)


def _words(touch: Touch, number: int) -> Rows:
    """Offer to follow words and to mute words."""
    return ((
        Button(touch.texts.say("follow.follow_words"), call=f"fw:follow:{number}"),
        Button(touch.texts.say("follow.mute_words"), call=f"fw:mute:{number}"),
    ),)  # fmt: skip


async def follow_words(touch: Touch, typed: str) -> str:
    """Follow the words that were typed, in the digest, and return what to say to the reader."""
    texts, reader = touch.texts, await touch.subscriber()
    if reader is None:
        return texts.say("marks.begin_first")
    if not (words := watched(typed)):
        return texts.say("follow.no_words")
    subject = words_subject(words)
    async with touch.room.storage.transaction() as tx:
        taste = await subscriptions.taste(tx, reader.id, touch.now)
        if not tastes.has_room(taste, subject):
            return texts.say("follow.too_many", most=tastes.MOST)
        mode = taste.follows.get(subject, Mode.DIGEST)
        await subscriptions.follow(tx, reader.id, [subject], mode, touch.now)
    return texts.say("follow.now_follows_words", words=shorten(words, MOST_SAID))
