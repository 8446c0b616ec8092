"""«Report a mistake» on a story's page: what is wrong, in a press or in words, once a reader.

The report is kept for the editors' desk. Who reported a story before is thanked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.arabic.direction import strip_controls
from bot.arabic.shorten import shorten
from bot.commands.reader import asking, keys
from bot.commands.reader.marks import known_reader
from bot.commands.touch import Rows, Touch, page
from bot.model import Button, StoryId
from bot.storage import desk, feedback, stories

MOST_WORDS = 500  # UTF-16 units of a report
KINDS: Final = ("title", "story", "section")
WORDLESS: Final = "none"  # a mistake, and not a word more
SAYS: Final = "|".join((*KINDS, WORDLESS))


async def choices(touch: Touch) -> None:
    """Ask what is wrong with a story; a question asked from here is given up."""
    await asking.give_up(touch)
    behind = ":".join(touch.args)  # the story and the place its page was opened from
    if not await _may_report(touch, _story(touch.args)):
        return
    texts = touch.texts
    kinds = [
        *(Button(texts.say(f"mistake.kinds.{one}"), call=f"mi:{one}:{behind}") for one in KINDS),
        Button(texts.say("mistake.other"), call=f"mx:{behind}"),
    ]
    buttons = (*keys.rows(kinds, 2), *_to_story(touch, behind))
    await touch.show(page(texts.say("mistake.what"), buttons=buttons))


async def _may_report(touch: Touch, story: StoryId) -> bool:
    """Say whether there is something to report; the reader is told why not."""
    reader = await known_reader(touch)
    if reader is None:
        return False
    if await feedback.has_reported(touch.room.storage, reader.id, story):
        await touch.answer(touch.texts.say("mistake.before"), is_alert=True)
        return False
    if await stories.telling(touch.room.storage, story) is None:
        await touch.answer(touch.texts.say("errors.no_story"), is_alert=True)
        return False
    return True


async def report(touch: Touch) -> None:
    """Keep what a button says is wrong."""
    kind, *rest = touch.args
    words = "" if kind == WORDLESS else touch.texts.say(f"mistake.kinds.{kind}")
    await _keep(touch, words, ":".join(rest))


async def ask(touch: Touch) -> None:
    """Ask for the reader's own words, and offer to do without."""
    behind, texts = ":".join(touch.args), touch.texts
    if not await _may_report(touch, _story(touch.args)):
        return
    buttons = (
        (Button(texts.say("mistake.without_words"), call=f"mi:{WORDLESS}:{behind}"),),
        (Button(texts.say("brief.back"), call=f"mk:{behind}"),),
    )
    prompt = desk.Prompt("mistake", {"behind": behind})
    await asking.ask(touch, prompt, texts.say("mistake.type"), buttons)


async def answer(touch: Touch, prompt: desk.Prompt) -> None:
    """Keep what was typed, its beginning when it is long."""
    words = shorten(strip_controls(touch.typed).strip(), MOST_WORDS)
    await _keep(touch, words, str(prompt.args["behind"]))


async def _keep(touch: Touch, words: str, behind: str) -> None:
    reader = await known_reader(touch)
    if reader is None:
        return
    story = _story(behind.split(":"))
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
        is_new = await feedback.report(tx, reader.id, story, words, touch.now)
    said = touch.texts.say("mistake.thanks" if is_new else "mistake.before")
    await touch.show(page(said, buttons=_to_story(touch, behind)))


def _story(args: Sequence[str]) -> StoryId:
    return StoryId(int(args[0]))


def _to_story(touch: Touch, behind: str) -> Rows:
    return ((Button(touch.texts.say("brief.back"), call=f"st:{behind}"),),)
