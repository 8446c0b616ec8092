"""File and environment come in as text, checked nouns go out; `bot.config.load` calls this.

Every value keeps the place it came from, so that a refusal names what the operator can open and
mend. A refusal is one line, and what looks like a token or a password is masked in it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import TypeVar, get_args, get_type_hints

from bot.config.rules import Rule, SectionNames, nearest
from bot.config.values import WrongError
from bot.errors import ConfigError

PREFIX = "MUJAZ_"
_SHOWN_LIMIT = 60  # letters of a wrong value that are repeated to the operator
_SECRETS = re.compile(r"(?<=://)[^/@\s]*(?=@)|[0-9]+:[A-Za-z0-9_-]{10,}")
_Noun = TypeVar("_Noun")


@dataclass(frozen=True, slots=True)
class Given:
    """A raw value and the place where the operator wrote it."""

    value: object
    place: str


Table = dict[str, Given]


@dataclass(frozen=True, slots=True)
class Rows:
    """Mark a key that holds an array of tables, each read as this noun."""

    noun: type


def refuse(place: str, sentence: str) -> ConfigError:
    """Make the refusal of one place, in one line and without secrets."""
    line = " ".join(f"{place}: {sentence}".split())
    return ConfigError(_SECRETS.sub("***", line))


def read_text(path: Path, *, what: str) -> str:
    """Read a small UTF-8 file, byte order mark or not; ``what`` names it in a refusal."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(what, f"is not UTF-8 (byte {error.start}); save it as UTF-8.") from None
    except IsADirectoryError:
        raise refuse(what, "is a folder; a file is needed.") from None
    except FileNotFoundError:
        raise refuse(what, "there is no such file.") from None
    except OSError as error:
        raise refuse(what, f"cannot be read ({error.strerror}).") from None


def tables_of_file(path: Path, nouns: Mapping[str, type]) -> dict[str, Table]:
    """Read the file's tables; each key remembers ``path: table.key``."""
    try:
        document = tomllib.loads(read_text(path, what=str(path)))
    except tomllib.TOMLDecodeError as error:
        raise refuse(str(path), f"is not TOML: {error}.") from None
    for name in document:
        if name not in nouns:
            homes = [table for table, noun in nouns.items() if name in dict(_rules(noun))]
            hint = f" It belongs below [{homes[0]}]." if homes else nearest(name, nouns)
            raise refuse(f"{path}: {name}", f"no table is called so.{hint}")
    return {name: _table(Given(table, f"{path}: {name}")) for name, table in document.items()}


def tables_of_environment(env: Mapping[str, str], nouns: Mapping[str, type]) -> dict[str, Table]:
    """Read ``MUJAZ_TABLE__KEY`` variables; an empty one counts as not set.

    Other variables with our prefix are let be, but one that names a table is a setting with a
    slip of the pen, and silence would hide it.
    """
    known = {
        f"{PREFIX}{table}__{key}".upper(): (table, key, rule)
        for table, noun in nouns.items()
        for key, rule in _rules(noun)
        if isinstance(rule, Rule)
    }
    tables: dict[str, Table] = {}
    for name, words in env.items():
        if name in known and words.strip():
            table, key, rule = known[name]
            tables.setdefault(table, {})[key] = _worded(rule, words, place=name)
        elif name not in known and _is_meant_for_us(name, nouns):
            raise refuse(name, f"no setting is called so.{nearest(name, known)}")
    return tables


def merge(below: dict[str, Table], above: dict[str, Table]) -> dict[str, Table]:
    """Lay one set of tables over another, key by key."""
    names = [*below, *(name for name in above if name not in below)]
    return {name: below.get(name, {}) | above.get(name, {}) for name in names}


def read_noun(noun: Callable[..., _Noun], table: Table, names: SectionNames) -> _Noun:
    """Check every key of a table by its rule and build the noun."""
    rules = dict(_rules(noun))
    for key, given in table.items():
        if key not in rules:
            raise refuse(given.place, f"no key is called so.{nearest(key, rules)}")
    values = {key: _read(rules[key], given, names) for key, given in table.items()}
    try:
        return noun(**values)
    except WrongError as wrong:
        place = next(table[key].place for key in wrong.keys if key in table)
        raise refuse(place, wrong.sentence) from None


def _read(rule: Rule | Rows, given: Given, names: SectionNames) -> object:
    if isinstance(rule, Rows):
        return tuple(_read_rows(rule, given, names))
    try:
        return rule.read(given.value, names)
    except WrongError as wrong:
        raise _wrong(rule, given, wrong) from None


def _read_rows(rule: Rows, given: Given, names: SectionNames) -> Iterator[object]:
    rows = given.value if isinstance(given.value, list) else [given.value]
    for number, row in enumerate(rows, start=1):
        place = f"{given.place}[{number}]"
        table = _table(Given(row, place))
        for key in _required(rule.noun):
            if key not in table:
                raise refuse(place, f"{key} is missing.")
        yield read_noun(rule.noun, table, names)


def _table(given: Given) -> Table:
    if not isinstance(given.value, dict):
        raise refuse(f"{given.place} = {_shown(given.value)}", "a table of keys is needed here.")
    return {key: Given(value, f"{given.place}.{key}") for key, value in given.value.items()}


def _worded(rule: Rule, words: str, *, place: str) -> Given:
    try:
        return Given(rule.words(words), place)
    except WrongError as wrong:
        raise _wrong(rule, Given(words, place), wrong) from None


def _wrong(rule: Rule, given: Given, wrong: WrongError) -> ConfigError:
    place = given.place if rule.secret else f"{given.place} = {_shown(given.value)}"
    return refuse(place, wrong.sentence or rule.need)


def _shown(value: object) -> str:
    words = json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= _SHOWN_LIMIT else f"{words[:_SHOWN_LIMIT]}…"


def _rules(noun: Callable[..., object]) -> Iterator[tuple[str, Rule | Rows]]:
    """Give each key of a noun with the rule that its annotation carries."""
    for key, hint in get_type_hints(noun, include_extras=True).items():
        for mark in get_args(hint):
            if isinstance(mark, Rule | Rows):
                yield key, mark


def _required(noun: Callable[..., object]) -> Iterator[str]:
    for key, parameter in signature(noun).parameters.items():
        if parameter.default is parameter.empty:
            yield key


def _is_meant_for_us(name: str, nouns: Mapping[str, type]) -> bool:
    return name.startswith(tuple(f"{PREFIX}{table}_".upper() for table in nouns))
