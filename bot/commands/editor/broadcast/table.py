"""What the buttons and questions of broadcasts do; `bot.commands` takes them into its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.commands.calls import FOLLOWED, NUMBER, Call
from bot.commands.dispatch import Question
from bot.commands.editor import hold
from bot.commands.editor.broadcast import confirm, control, draft, follow_up, pending, when, whom

_MINUTES = r"\d{6,9}"  # since the epoch

CALLBACKS: Final[Mapping[str, Call]] = {
    "bc:whom": Call(whom.offer, (NUMBER,), is_editors=True),
    "bc:all": Call(whom.choose_all, (NUMBER,), is_editors=True),
    "bc:sections": Call(whom.offer_sections, (NUMBER,), is_editors=True),
    "bc:section": Call(whom.choose_section, (NUMBER, FOLLOWED), is_editors=True),
    "bc:active": Call(
        whom.choose_active, (NUMBER, "|".join(map(str, whom.SPANS))), is_editors=True
    ),
    "bc:editors": Call(whom.choose_editors, (NUMBER,), is_editors=True),
    "bc:chosen": Call(whom.show_choice, (NUMBER,), is_editors=True),
    "bc:now": Call(confirm.now, (NUMBER,), is_editors=True),
    "bc:when": Call(when.offer, (NUMBER,), is_editors=True),
    "bc:at": Call(when.at, (NUMBER, _MINUTES), is_editors=True),
    "bc:type": Call(when.ask, (NUMBER,), is_editors=True),
    "bc:drop": Call(draft.drop, (NUMBER,), is_editors=True),
    "bc:list": Call(pending.show_list, is_editors=True),
    "bc:card": Call(pending.card, (NUMBER,), is_editors=True),
    "bc:show": Call(pending.show_message, (NUMBER,), is_editors=True),
    "bc:off": Call(pending.call_off, (NUMBER,), is_editors=True),
    "bc:pause": Call(control.pause, (NUMBER,), is_editors=True),
    "bc:resume": Call(control.resume, (NUMBER,), is_editors=True),
    "bc:cancel": Call(control.cancel, (NUMBER,), is_editors=True),
    "bc:again": Call(follow_up.again, (NUMBER,), is_editors=True),
    "bc:recall": Call(follow_up.recall, (NUMBER,), is_editors=True),
    "bc:correct": Call(follow_up.correct, (NUMBER,), is_editors=True),
    "hd:go": Call(hold.go, (NUMBER,), is_owners=True),
    "hd:ask": Call(hold.ask, (NUMBER,), is_owners=True),
    "hd:drop": Call(hold.drop, (NUMBER,), is_owners=True),
}

QUESTIONS: Final[Mapping[str, Question]] = {
    "announcement": Question(draft.take_announcement, is_editors=True, takes_all=True),
    "count": Question(confirm.take_number, is_editors=True),
    "cast_hour": Question(when.answer, is_editors=True),
    "correction": Question(follow_up.take_correction, is_editors=True, takes_all=True),
}
