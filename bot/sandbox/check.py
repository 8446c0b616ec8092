"""Parameters as they arrived → parameters of the right types, or a 400; `desk` calls it.

`api.json` (the part of the Bot API we use) is turned into readers once; a call then costs one
look-up a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from bot.sandbox.nouns import Json
from bot.sandbox.readers import Reader, Types, Upload, WrongTypeError
from bot.sandbox.refusals import bad_request, not_found

_WORDS = {"chat_id": "chat_id is empty", "text": "message text is empty"}


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Bot API: its name as documented and how to read its parameters."""

    name: str
    readers: Mapping[str, Reader]
    required: tuple[str, ...]

    def read(self, given: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Json:
        """Check every parameter; None counts as absent. Raise a 400 in Telegram's shape."""
        read: Json = {}
        for name, value in given.items():
            reader = self.readers.get(name)
            if reader is None:
                raise bad_request(f'unknown parameter "{name}" of {self.name}')
            if value is not None:
                read[name] = self._one(name, reader, value)
        for name in uploads.keys() & self.readers.keys():
            read[name] = self._one(name, self.readers[name], uploads[name])
        if uploads:
            read = {name: _attached(value, uploads) for name, value in read.items()}
        for name in self.required:
            if name not in read:
                raise bad_request(_WORDS.get(name, f'parameter "{name}" is required'))
        return read

    def _one(self, name: str, reader: Reader, value: object) -> object:
        try:
            return reader(value)
        except WrongTypeError as wrong:
            raise bad_request(f'can\'t parse parameter "{name}": {wrong}') from None


class Check:
    """The table of methods; look one up by name, in any case."""

    def __init__(self, api: Mapping[str, Any]) -> None:
        types = Types(api["types"])
        self._methods = {
            name.lower(): Method(
                name,
                {key: types.outer(field["types"]) for key, field in fields.items()},
                tuple(key for key, field in fields.items() if field["required"]),
            )
            for name, fields in api["methods"].items()
        }

    def method(self, name: str) -> Method:
        """Find a method; raise a 404 for one that is not in `api.json`."""
        found = self._methods.get(name.lower())
        if found is None:
            raise not_found()
        return found


def load() -> Check:
    """Read `api.json` out of the package."""
    text = resources.files("bot.sandbox").joinpath("api.json").read_text("utf-8")
    return Check(json.loads(text))


def _attached(value: Any, uploads: Mapping[str, Upload]) -> Any:
    """Put uploads where ``attach://name`` stands for them."""
    match value:
        case str() if value.startswith("attach://"):
            return uploads.get(value.removeprefix("attach://"), value)
        case dict():
            return {key: _attached(item, uploads) for key, item in value.items()}
    return value
