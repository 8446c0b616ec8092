"""The name of a Bot API type → a function that reads a value of it; `check` builds with these.

At the top level a nested value may be a JSON string, as forms send it, and a number may be
written out; within an object types are taken at their word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.sandbox.nouns import Json

Reader: TypeAlias = Callable[[Any], Any]

_INTEGER = re.compile(r"-?\d{1,19}\Z")
_TRUTH = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as a part of a multipart form."""

    name: str
    content_type: str
    data: bytes


class WrongTypeError(ValueError):
    """Say what a value should have been."""


class Types:
    """Build the reader of a type from its name."""

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types = types
        self._objects: dict[str, Reader] = {}

    def outer(self, names: list[str]) -> Reader:
        """Read a parameter: one of several types, written out where a form did so."""
        match names:
            case ["Integer"]:
                return _loose_integer
            case ["Boolean"]:
                return _loose_boolean
            case ["String"]:
                return _string
            case ["InputFile"]:
                return _upload
            case ["InputFile", "String"]:
                return _upload_or_string
            case ["Integer", "String"]:
                return _integer_or_string
            case [name]:
                return _from_json(self.inner(name))
            case _:
                return _from_json(self._any_of(names))

    def inner(self, name: str) -> Reader:
        """Read a value within an object or array."""
        if name.startswith("Array of "):
            return _array(self.inner(name.removeprefix("Array of ")))
        simple = {"Integer": _integer, "Boolean": _boolean, "String": _string}
        return simple.get(name) or self._object(name)

    def _object(self, name: str) -> Reader:
        if name not in self._objects:
            # A type may hold itself: the reader is looked up when it is called.
            self._objects[name] = lambda value: self._objects[name](value)
            entry = self._types[name]
            if "one_of" in entry:
                choices = {tag: self._object(kind) for tag, kind in entry["one_of"].items()}
                self._objects[name] = _tagged(name, choices)
            else:
                self._objects[name] = self._record(name, entry["fields"])
        return self._objects[name]

    def _record(self, name: str, fields: Mapping[str, Any]) -> Reader:
        readers = {key: self._field(field["types"]) for key, field in fields.items()}
        required = tuple(key for key, field in fields.items() if field["required"])

        def read(value: object) -> object:
            if name == "KeyboardButton" and isinstance(value, str):
                return {"text": value}  # the one object that may be written as a string
            return _fields(name, readers, required, _mapping(name, value))

        return read

    def _field(self, names: list[str]) -> Reader:
        return _integer_or_string if names == ["Integer", "String"] else self.inner(names[0])

    def _any_of(self, names: list[str]) -> Reader:
        """Choose among objects by the required field that only one of them has."""
        marks = {
            next(key for key, field in self._types[name]["fields"].items() if field["required"]): (
                self._object(name)
            )
            for name in names
        }

        def read(value: object) -> object:
            for key in _mapping(names[0], value):
                if key in marks:
                    return marks[key](value)
            raise WrongTypeError(f"one of {', '.join(names)} expected")

        return read


def _fields(
    name: str, readers: Mapping[str, Reader], required: tuple[str, ...], value: Mapping[str, Any]
) -> Json:
    read: Json = {}
    for key, item in value.items():
        if key not in readers:
            raise WrongTypeError(f'unknown field "{key}" of {name}')
        try:
            read[key] = readers[key](item)
        except WrongTypeError as wrong:
            raise WrongTypeError(f'field "{key}": {wrong}') from None
    for key in required:
        if key not in read:
            raise WrongTypeError(f'can\'t find field "{key}" of {name}')
    return read


def _tagged(name: str, choices: Mapping[str, Reader]) -> Reader:
    def read(value: object) -> object:
        tag = _mapping(name, value).get("type")
        if not isinstance(tag, str) or tag not in choices:
            raise WrongTypeError(f"{name} has unsupported type")
        return choices[tag](value)

    return read


def _array(item: Reader) -> Reader:
    def read(value: object) -> object:
        if not isinstance(value, list):
            raise WrongTypeError("expected an Array")
        return [item(one) for one in value]

    return read


def _from_json(reader: Reader) -> Reader:
    def read(value: object) -> object:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise WrongTypeError("can't parse JSON object") from None
        return reader(value)

    return read


def _mapping(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise WrongTypeError(f"{name} must be an Object")
    return value


def _integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise WrongTypeError("must be of type Integer")


def _loose_integer(value: object) -> int:
    written = isinstance(value, str) and _INTEGER.match(value)
    return int(str(value)) if written else _integer(value)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise WrongTypeError("must be of type Boolean")


def _loose_boolean(value: object) -> bool:
    return _TRUTH[value] if isinstance(value, str) and value in _TRUTH else _boolean(value)


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    raise WrongTypeError("must be of type String")


def _integer_or_string(value: object) -> int | str:
    if isinstance(value, str):
        return int(value) if _INTEGER.match(value) else value
    return _integer(value)


def _upload(value: object) -> Upload:
    if isinstance(value, Upload):
        return value
    raise WrongTypeError("a file must be uploaded")


def _upload_or_string(value: object) -> Upload | str:
    return value if isinstance(value, Upload) else _string(value)
