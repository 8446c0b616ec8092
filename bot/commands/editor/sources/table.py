"""What editors do about sources, for the tables of `bot.commands`: buttons, questions, undoing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.commands.calls import NUMBER, SWITCH, TURN, Call
from bot.commands.dispatch import Question
from bot.commands.editor.sources import (
    add,
    change,
    exchange,
    find,
    inverse,
    listing,
    one,
    words,
)
from bot.commands.editor.undo import Undo

_SECTION: Final = "|".join((*change.SECTIONS, inverse.OWN))
_PLACE: Final = (NUMBER, TURN)  # a feed, and the page of the list that leads to it

CALLBACKS: Final[Mapping[str, Call]] = {
    "so": Call(listing.turn_page, (TURN,), is_editors=True),
    "sf": Call(one.open_feed, _PLACE, is_editors=True),
    "sw": Call(change.switch, (NUMBER, SWITCH, TURN), is_editors=True),
    "src:sections": Call(change.offer_sections, _PLACE, is_editors=True),
    "src:section": Call(change.choose_section, (NUMBER, _SECTION, TURN), is_editors=True),
    "src:address": Call(change.ask_address, _PLACE, is_editors=True),
    "src:name": Call(change.ask_name, _PLACE, is_editors=True),
    "src:visit": Call(change.visit, _PLACE, is_editors=True),
    "src:remove": Call(change.ask_removal, _PLACE, is_editors=True),
    "src:gone": Call(change.remove, _PLACE, is_editors=True),
    "src:back": Call(change.restore, _PLACE, is_editors=True),
    "src:words": Call(words.open_words, _PLACE, is_editors=True),
    "src:word": Call(words.ask, _PLACE, is_editors=True),
    "src:keep": Call(words.keep, (NUMBER,), is_editors=True),
    "src:allow": Call(words.allow, (NUMBER, "[0-9a-f]{12}", TURN), is_editors=True),
    "src:new": Call(find.ask, is_editors=True),
    "src:stop": Call(find.stop, is_editors=True),
    "src:other": Call(find.other, (NUMBER, r"\d"), is_editors=True),
    "src:found": Call(add.show, (NUMBER,), is_editors=True),
    "src:call": Call(add.ask_name, (NUMBER,), is_editors=True),
    "src:into": Call(add.offer_sections, (NUMBER,), is_editors=True),
    "src:put": Call(add.put, (NUMBER, _SECTION), is_editors=True),
    "src:move": Call(add.move, (NUMBER,), is_editors=True),
    "src:opml": Call(exchange.how, is_editors=True),
    "src:import": Call(exchange.bring_in, (NUMBER,), is_editors=True),
    "src:export": Call(exchange.send_out, is_editors=True),
}

QUESTIONS: Final[Mapping[str, Question]] = {
    "source": Question(find.answer, is_editors=True),
    "source_address": Question(find.answer_new_address, is_editors=True),
    "source_name": Question(change.answer_name, is_editors=True),
    "source_called": Question(add.answer_name, is_editors=True),
    "keep_out": Question(words.answer, is_editors=True),
}

_TO_FEED: Final = "sf:{feed}:{page}"
_TO_WORDS: Final = "src:words:{feed}:{page}"

UNDO: Final[Mapping[str, Undo]] = {
    "source.off": Undo(inverse.switch_on_again, back=_TO_FEED),
    "source.on": Undo(inverse.switch_off_again, back=_TO_FEED),
    "source.section": Undo(inverse.section_as_before, back=_TO_FEED),
    "source.address": Undo(inverse.address_as_before, back=_TO_FEED),
    "source.name": Undo(inverse.name_as_before, back=_TO_FEED),
    "source.remove": Undo(inverse.bring_back, back=_TO_FEED),
    "source.restore": Undo(inverse.take_away, back=_TO_FEED),
    "source.add": Undo(inverse.take_away, back=_TO_FEED),
    "source.import": Undo(inverse.list_gone, back="so:1"),
    "source.keep_out": Undo(inverse.rule_gone, back=_TO_WORDS),
    "source.allow": Undo(inverse.rule_again, back=_TO_WORDS),
}
