"""Two tellings in, whether they are one article whose names have changed; called by ``decide``.

Only for tellings of one source or at one address. The measure is their words. A headline alone
proves little: columns keep one title every day, tables and tickers keep their sentences and change
their numbers; so what tells two apart (another day, other numbers, both standing in one document)
weighs more than what they have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Generic, TypeVar

from bot.arabic.fold import fold, words
from bot.articles.urls import canonical
from bot.model import Article, Draft

SAME_TIME = timedelta(hours=12)  # a wrong zone moves a date by less, a daily column by more
ALIKE = 0.6  # share of the longer text's words that two versions of it have in common at least
CONTAINED = 0.8  # share of a shorter telling's words that stand in the longer one
RELATED = 0.3  # share of words that a corrected headline keeps
LONG = 30  # words; shorter texts are often one sentence that stands under every headline
MOST_COMPARED = 40  # tellings of one title or date, so that a hostile feed costs no square

_Owner = TypeVar("_Owner")


class Telling:
    """An article or a draft as it is compared."""

    def __init__(self, told: Article | Draft) -> None:
        self.date = told.published_at
        self.title = tuple(words(fold(told.title)))
        self._told = told

    @cached_property
    def text(self) -> tuple[str, ...]:
        """The words of the body."""
        return tuple(words(fold(self._told.body or self._told.summary)))

    @cached_property
    def shape(self) -> tuple[str, ...]:
        """The text with its numbers blanked: what a clock or a counter in it leaves alone."""
        return _blanked(self.text)

    @cached_property
    def numbers(self) -> Counter[str]:
        """The numbers of the text."""
        return Counter(word for word in self.text if word.isdigit())

    @cached_property
    def address(self) -> tuple[str, str]:
        """The host and the path with its query."""
        host, _, path = canonical(self._told.url).partition("/")
        return host, path

    @property
    def has_address(self) -> bool:
        """Say whether it has a link at all."""
        return bool(self.address[0])


class Tellings(Generic[_Owner]):
    """Tellings that a draft may repeat, found by title and by date; each with whose it is."""

    def __init__(self) -> None:
        self._by_title: dict[tuple[str, ...], list[tuple[Telling, _Owner]]] = {}
        self._by_date: dict[datetime, list[tuple[Telling, _Owner]]] = {}

    def add(self, telling: Telling, owner: _Owner) -> None:
        self._by_title.setdefault(telling.title, []).append((telling, owner))
        if telling.date is not None:
            self._by_date.setdefault(telling.date, []).append((telling, owner))

    def near(self, draft: Telling) -> Iterator[tuple[Telling, _Owner]]:
        """Yield those of its title, then those of its very date, in the order they were added."""
        yield from islice(self._by_title.get(draft.title, ()), MOST_COMPARED)
        if draft.date is not None:
            yield from islice(self._by_date.get(draft.date, ()), MOST_COMPARED)


def is_other_day(one: Telling, other: Telling) -> bool:
    """Say whether two tellings are dated too far apart to be one."""
    if one.date is None or other.date is None:
        return False
    return abs(one.date - other.date) > SAME_TIME


def is_version_of(one: Telling, other: Telling) -> bool:
    """Say whether two tellings at one address are versions of one text.

    An address may show another text tomorrow: then their texts must be alike, if they have any.
    """
    if one.text and other.text and is_other_day(one, other):
        return _alike(one.shape, other.shape) >= ALIKE
    return _alike(_blanked(one.title), _blanked(other.title)) >= ALIKE or _texts_tell(one, other)


def is_repeat_of(
    draft: Telling, other: Telling, *, is_beside: bool, is_nameless: bool = False
) -> bool:
    """Say whether a draft repeats another telling of its source under a new guid and address.

    1. It has the other's headline, and nothing in date, text and numbers speaks against it.
    2. Or it has the other's very date and text: its headline was corrected.

    ``is_beside``: both stand in one document under names of their own, so they are two articles
    unless they agree in all. ``is_nameless``: the draft has neither guid nor address, only words.
    """
    if is_other_day(draft, other):
        return is_nameless and draft.title == other.title and draft.text == other.text
    if draft.title == other.title:
        is_exact = _is_same_date(draft, other) or _is_same_path(draft, other)
        is_exact = is_exact or (is_nameless and not is_beside)
        return _same_headline(draft, other, is_exact=is_exact, is_beside=is_beside)
    return not is_beside and _is_same_date(draft, other) and _texts_tell(draft, other)


def _same_headline(draft: Telling, other: Telling, *, is_exact: bool, is_beside: bool) -> bool:
    """Compare what stands under one headline; ``is_exact``: date or address say the same too."""
    if not draft.text or not other.text:
        return is_exact or not is_beside
    if draft.text == other.text:
        return True
    shorter, longer = sorted((draft, other), key=lambda telling: len(telling.text))
    has_its_numbers = shorter.numbers <= longer.numbers
    if not has_its_numbers and (is_beside or not is_exact):
        return False
    if is_exact and _alike(draft.shape, other.shape) >= ALIKE:
        return True
    is_contained = _common(shorter.text, longer.text) >= CONTAINED * len(shorter.text)
    return is_contained and (is_exact or not is_beside)


def _texts_tell(one: Telling, other: Telling) -> bool:
    """Say whether the texts are versions of one; short ones only if the headlines are akin."""
    if _alike(one.shape, other.shape) < ALIKE:
        return False
    is_long = min(len(one.text), len(other.text)) >= LONG
    return is_long or _alike(one.title, other.title) >= RELATED


def _is_same_date(one: Telling, other: Telling) -> bool:
    return one.date is not None and one.date == other.date


def _is_same_path(one: Telling, other: Telling) -> bool:
    """Say whether one page stands on two hosts: a site that has two names."""
    (host, path), (other_host, other_path) = one.address, other.address
    return bool(path) and path == other_path and host != other_host


def _blanked(found: Sequence[str]) -> tuple[str, ...]:
    return tuple("0" if word.isdigit() else word for word in found)


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how many words of the longer text stand in the shorter one too, as a share."""
    return _common(one, other) / max(len(one), len(other)) if one and other else 0.0


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return (Counter(one) & Counter(other)).total()
