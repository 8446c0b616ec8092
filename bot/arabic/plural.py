"""A count in, the form of the counted noun out; ``bot.texts`` picks the noun by it.

Arabic counts in six forms; the rule is Unicode's (CLDR), kept by Babel.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from babel import Locale


class Category(StrEnum):
    """The six plural forms by their CLDR names, which are the keys in the texts."""

    ZERO = "zero"
    ONE = "one"
    TWO = "two"
    FEW = "few"
    MANY = "many"
    OTHER = "other"


def category(count: int) -> Category:
    """Name the form that ``count`` (0 or more) asks of its noun: 2 two, 3-10 few, 11-99 many."""
    return Category(_arabic().plural_form(count))


@cache
def _arabic() -> Locale:
    return Locale("ar")
