"""How a story stands with its reader in, the two buttons that show and change it out.

Pushed briefs carry them as for somebody who did neither; whoever answers a press draws them anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Button, StoryId
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reader has done with a story."""

    is_saved: bool = False
    is_followed: bool = False


UNMARKED = Marks()


def mark_buttons(story: StoryId, marks: Marks, texts: Texts) -> tuple[Button, Button]:
    """Return the buttons to save a story and to follow it, or the ones that undo it."""
    return (
        Button(texts.say("marks.saved"), call=f"sv:{story}:off")
        if marks.is_saved
        else Button(texts.say("marks.save"), call=f"sv:{story}:on"),
        Button(texts.say("marks.followed"), call=f"fs:{story}:off")
        if marks.is_followed
        else Button(texts.say("marks.follow"), call=f"fs:{story}:on"),
    )
