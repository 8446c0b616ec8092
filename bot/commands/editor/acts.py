"""A line of the audit log in, what was done in words out; the log and every undoing say it."""

from __future__ import annotations

from bot.arabic.digits import grouped
from bot.storage.audit import Entry
from bot.texts import Texts, fields_of

_UNKNOWN = "\N{HORIZONTAL ELLIPSIS}"  # for what an older version did not write down


def words_of(entry: Entry, texts: Texts) -> str:
    """Say what was done; an act without a sentence is told by its own name."""
    if entry.act == "undo":
        return texts.say(
            "acts.undo", act=_words(str(entry.details.get("undone", "")), entry, texts)
        )
    return _words(entry.act, entry, texts)


def _words(act: str, entry: Entry, texts: Texts) -> str:
    sentence = texts.sentences.get(f"acts.{act}")
    if sentence is None:
        return act or _UNKNOWN
    fields = {name: _field(name, entry, texts) for name in fields_of(sentence)}
    return texts.say(f"acts.{act}", **fields)


def _field(name: str, entry: Entry, texts: Texts) -> str:
    value = entry.details.get(name, _UNKNOWN)
    if isinstance(value, int):
        return grouped(value)
    known = f"sections.{value}" if name == "section" else ""
    return texts.sentences.get(known, value)
