"""The most important story of now in, the first lines a newcomer reads out; /start calls it."""

from __future__ import annotations

from bot.briefs.extract import brief_of
from bot.briefs.phrases import breadth, told
from bot.briefs.titles import headline
from bot.model import Block, Label, Paragraph, Telling, Title
from bot.texts import Texts

MOST_WORDS = 300  # UTF-16 units


def welcome(telling: Telling | None, texts: Texts, *, name: str) -> tuple[Block, ...]:
    """Greet in the newsroom's ``name`` and tell the top story when there is one.

    The caller goes on below with its first question.
    """
    greeting = texts.say("layout.welcome.greeting", name=name)
    blocks: list[Block] = [Paragraph(f"{greeting}\n{texts.say('layout.welcome.promise')}")]
    if telling is not None:
        blocks.append(Label(texts.say("layout.welcome.top")))
        blocks.append(Title(headline(telling.lead), telling.story.id))
        words = brief_of(telling.lead, MOST_WORDS, limit=1)
        if line := told(words, breadth(telling, texts)):
            blocks.append(Paragraph(line))
    return tuple(blocks)
