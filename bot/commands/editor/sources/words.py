"""Words that keep a source's new articles out: listed, tried on what it told last, kept, forgotten.

They are for advertorials. What is stored already stays, and what a rule kept out stays out when it
is forgotten: a flood of old advertisements is nobody's wish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.arabic.shorten import shorten
from bot.articles.decide import keeps_out
from bot.articles.watch import watched
from bot.commands.editor import undo
from bot.commands.editor.sources import one
from bot.commands.reader import asking
from bot.commands.touch import Rows, Touch, page
from bot.model import EPOCH, Article, Brief, Button, Feed
from bot.storage import articles, audit, desk, keep_outs
from bot.storage.desk import ViewKind

TRIED = 20  # articles on which a rule is tried
TITLE_LIMIT = 90  # units of a headline among them
MOST_RULES = 20  # of one source; each is asked of every new article
_KEPT_OUT, _STAYS = "\N{BALLOT X}", "\N{CHECK MARK}"


async def open_words(touch: Touch) -> None:
    """Show the rules of a feed's source; a question asked from here is given up."""
    await asking.give_up(touch)
    found = await one.found(touch)
    if found is not None:
        await _draw(touch, found)


async def _draw(touch: Touch, feed: Feed, *, note: str = "", more: Rows = ()) -> None:
    texts, place = touch.texts, f"{feed.id}:{touch.args[-1]}"
    rules = await keep_outs.of(touch.room.storage, feed.source.id)
    words = texts.say("sources.words.what", name=feed.source.name)
    lines = [f"{_KEPT_OUT} {rule}" for rule in rules] or [texts.say("sources.words.none")]
    forget = tuple(
        (Button(texts.say("sources.words.forget", words=rule), call=_forget(place, rule)),)
        for rule in rules
    )
    new = (Button(texts.say("sources.words.new"), call=f"src:word:{place}"),)
    back = (Button(texts.say("brief.back"), call=f"sf:{place}"),)
    ways = (new, back) if len(rules) < MOST_RULES else (back,)
    heading = texts.say("sources.act.words")
    rows = (*more, *forget, *ways)
    await touch.show(page(note, words, "\n".join(lines), heading=heading, buttons=rows))


def _forget(place: str, rule: str) -> str:
    feed, _, number = place.partition(":")
    return f"src:allow:{feed}:{_mark(rule)}:{number}"


def _mark(rule: str) -> str:
    """Return what stands for words in a button: they may be too long for one."""
    return hashlib.blake2b(rule.encode(), digest_size=6).hexdigest()


async def ask(touch: Touch) -> None:
    """Ask for words."""
    feed, number = touch.args
    back = ((Button(touch.texts.say("brief.back"), call=f"src:words:{feed}:{number}"),),)
    prompt = desk.Prompt("keep_out", {"feed": int(feed), "page": int(number)})
    await asking.ask(touch, prompt, touch.texts.say("sources.words.ask"), back)


async def answer(touch: Touch, prompt: desk.Prompt) -> None:
    """Show what the words that were typed would have kept out."""
    touch.args = (str(prompt.args["feed"]), str(prompt.args["page"]))
    found, rule = await one.found(touch), watched(touch.typed)
    if found is None:
        return
    back = f"src:words:{touch.args[0]}:{touch.args[1]}"
    rows: Rows = ((Button(touch.texts.say("brief.back"), call=back),),)
    if not rule:
        await touch.say(touch.texts.say("sources.words.empty"), rows)
        return
    args: desk.Args = {"feed": found.id, "page": int(touch.args[1]), "words": rule}
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
        view = await desk.keep_view(tx, touch.chat, ViewKind.FEED, args, touch.now)
    told = await articles.recent_of_source(touch.room.storage, found.source.id, EPOCH, TRIED)
    yes = (
        Button(touch.texts.say("sources.words.keep"), call=f"src:keep:{view}"),
        Button(touch.texts.say("sources.words.other"), call=f"src:word:{found.id}:{touch.args[1]}"),
    )
    await touch.reply(_trial(touch, rule, told, (yes, *rows)))


def _trial(touch: Touch, rule: str, told: Sequence[Article], rows: Rows) -> Brief:
    texts = touch.texts
    judged = [(keeps_out([rule], article), article) for article in told]
    lines = [
        f"{_KEPT_OUT if is_out else _STAYS} {shorten(article.title, TITLE_LIMIT)}"
        for is_out, article in judged
    ]
    out = sum(is_out for is_out, _ in judged)
    what = texts.say("sources.words.no_articles")
    if told:
        count = texts.count("article", len(told))
        what = texts.say("sources.words.judged", count=count, out=out)
    heading = texts.say("sources.words.trial", words=rule)
    return page(
        what, "\n".join(lines), texts.say("sources.words.law"), heading=heading, buttons=rows
    )


async def keep(touch: Touch) -> None:
    """Keep a rule that was tried."""
    view = await desk.view(touch.room.storage, touch.chat, int(touch.args[0]))
    if view is None or "words" not in view.args:
        await touch.refuse_old()
        return
    rule = str(view.args["words"])
    touch.args = (str(view.args["feed"]), str(view.args["page"]))
    found = await one.found(touch)
    if found is None:
        return
    async with touch.room.storage.transaction() as tx:
        is_new = await keep_outs.add(tx, found.source.id, rule, touch.now)
        line = 0
        if is_new:
            details = _details(touch, found, rule)
            line = await audit.note(tx, touch.person, "source.keep_out", details, touch.now)
    await _draw(touch, found, more=_undo(touch, line))


async def allow(touch: Touch) -> None:
    """Forget a rule; what it kept out stays out."""
    found = await one.found(touch)
    if found is None:
        return
    line = 0
    async with touch.room.storage.transaction() as tx:
        rules = await keep_outs.of(tx, found.source.id)
        rule = next((rule for rule in rules if _mark(rule) == touch.args[1]), "")
        if await keep_outs.remove(tx, found.source.id, rule):
            details = _details(touch, found, rule)
            line = await audit.note(tx, touch.person, "source.allow", details, touch.now)
    note = touch.texts.say("sources.words.forgotten", words=rule) if line else ""
    await _draw(touch, found, note=note, more=_undo(touch, line))


def _details(touch: Touch, feed: Feed, rule: str) -> desk.Args:
    return {
        "feed": feed.id,
        "source": feed.source.name,
        "page": int(touch.args[-1]),
        "publisher": feed.source.id,
        "words": rule,
    }


def _undo(touch: Touch, line: int) -> Rows:
    return ((undo.button(touch.texts, line),),) if line else ()
