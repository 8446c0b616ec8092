"""Plain text in, text that reads right to left out; whoever writes a message's letters calls it.

Theory: a reader's client lays each line out by its first strong character (Unicode Annex 9). So
each line begins with an Arabic letter or RLM, and what runs left to right inside is isolated,
FSI … PDI, lest it drag the marks beside it along. What feeds bring has passed ``strip_controls``
on its way in: then every control that is there is ours. Isolates end with their line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

FSI = "\N{FIRST STRONG ISOLATE}"
PDI = "\N{POP DIRECTIONAL ISOLATE}"
RLM = "\N{RIGHT-TO-LEFT MARK}"

_OPENING = f"\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}{FSI}"
_ISOLATES = re.compile(f"([{_OPENING}{PDI}])")

# Hebrew, Arabic, Syriac; presentation forms; the old scripts and the newer ones of the same side
_RIGHT = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_LEFT = rf"[^\W\d_{_RIGHT}]"  # a letter of any other script
_IN_WORD = rf"(?:{_LEFT}|[0-9_\u0300-\u036f])"  # with digits and combining accents
_PLAIN_SIGNS = "+−±$€£¥"
_SIGNS = rf"{_PLAIN_SIGNS}\-"
_BETWEEN = rf"[ .,:;/\\&'’?!=%#@~*{_SIGNS}\u00a0\u202f\u2010-\u2014]{{1,4}}"  # four: file:///
_NUMBER = r"[0-9]+(?:[.,:/\u00a0\u202f][0-9]+)*"
_AFTER_NUMBER = r"(?:[ \u00a0\u202f]?(?:[%\u066a‰$€£¥]|°[CF]?))"
# No run begins right behind an isolate: what was left out the first time stays out the second.
_FOREIGN = re.compile(
    # Latin words with what joins them: a club, «AT&T», «5G», «C++», an address, a command
    rf"(?<!{_LEFT})(?<![0-9_@#{PDI}])[@#/]?[0-9]*{_LEFT}{_IN_WORD}*(?:{_BETWEEN}{_IN_WORD}+)*[+#/]*"
    # a number with a sign before, perhaps one after; behind a letter a hyphen only joins
    rf"|(?<!{_LEFT})(?<![0-9_{_SIGNS}{PDI}])(?:(?<!\w)-|[{_PLAIN_SIGNS}]){_NUMBER}{_AFTER_NUMBER}?"
    # or a sign after only
    rf"|(?<!{_LEFT})(?<![0-9_.,:/{_SIGNS}{PDI}]){_NUMBER}{_AFTER_NUMBER}"
)

_WRAPPED = rf"{FSI}\g<0>{PDI}"
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 but tab and line feed
    "\u00ad\u034f\u061c\u180b-\u180e"  # soft hyphen, grapheme joiner, Arabic mark, Mongolian signs
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters of Hangul and Khmer that show nothing
    "\u200b\u200c\u200e\u200f"  # zero-width space and non-joiner, direction marks
    "\u202a-\u202e\u2060-\u206f"  # embeddings and overrides; word joiner, isolates, unused controls
    "\ufeff\ufff0-\ufffc\U000e0000-\U000e0fff"  # byte order mark, annotations, objects, tags
    "\ufffe\uffff"  # no characters
    "\ud800-\udfff]"  # halves of characters: no file and no network takes them
)
_EMOJI = "[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"
_JOINER = re.compile(f"(?<!{_EMOJI})\u200d|\u200d(?!{_EMOJI})")  # a family emoji keeps its joiners


def isolate_foreign(text: str) -> str:
    """Isolate each Latin run and each number with a sign; what is isolated already stays so.

    A line without any Arabic letter is one run, its punctuation included. Scores and ranges
    («2-1») are left alone: they read from the right as the words around them do.
    """
    return _by_line(text, _isolate_line)


def rtl(text: str) -> str:
    """Begin each line with RLM unless its first strong character reads right to left."""
    return _by_line(text, _begin_line)


def open_isolates(text: str) -> int:
    """Count the isolates that the text opens and does not close."""
    depth = 0
    for control in _ISOLATES.findall(text):
        depth = max(0, depth + _step(control))
    return depth


def strip_controls(text: str) -> str:
    """Remove what is not seen and could deceive: direction controls, zero-width, C0 and C1.

    Line feed and tab stay; other line ends become line feeds; lone surrogates go.
    """
    return _JOINER.sub("", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def _by_line(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(change(line) for line in text.split("\n"))


def _isolate_line(line: str) -> str:
    line = _balance_line(line)
    if not _ISOLATES.search(line) and _is_foreign(line):
        return f"{FSI}{line}{PDI}"
    pieces = _ISOLATES.split(line)  # text, control, text, control, … text
    depth = 0
    for at in range(0, len(pieces), 2):
        before = pieces[at - 1] if at else ""
        depth += _step(before)
        if depth == 0:
            pieces[at] = _FOREIGN.sub(_WRAPPED, before + pieces[at]).removeprefix(before)
    return "".join(pieces)


def _is_foreign(line: str) -> bool:
    sides = {unicodedata.bidirectional(character) for character in line}
    return "L" in sides and sides.isdisjoint({"R", "AL"})


def _begin_line(line: str) -> str:
    return line if not line or _first_side(line) in {"R", "AL"} else RLM + line


def _first_side(line: str) -> str:
    """Find the first strong direction outside isolates, as a client does (rule P2)."""
    depth = 0
    for character in line:
        side = unicodedata.bidirectional(character)
        if side in {"LRI", "RLI", "FSI"}:
            depth += 1
        elif side == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and side in {"L", "R", "AL"}:
            return side
    return ""


def _balance_line(line: str) -> str:
    """Close each isolate in its line and drop each close that has no opening."""
    out, depth = [], 0
    for piece in _ISOLATES.split(line):
        step = _step(piece)
        if depth + step >= 0:
            depth += step
            out.append(piece)
    return "".join(out) + PDI * depth


def _step(piece: str) -> int:
    if piece == PDI:
        return -1
    return 1 if piece and piece in _OPENING else 0
