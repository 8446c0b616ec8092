"""`api.json` is the documented Bot API's own words, and every method in it can be called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sandbox.methods import METHODS
from tests.sandbox.api_subset import SUBSET, subset, text

FULL = Path(__file__).parents[2] / "../shared/data/telegram-bot-api.json"


def test_every_entry_is_as_the_bot_api_documents_it() -> None:
    if not FULL.exists():
        pytest.skip("the Bot API as data is not beside this checkout")

    wanted = subset(json.loads(FULL.read_text()))

    assert json.loads(SUBSET.read_text()) == wanted
    assert SUBSET.read_text() == text(wanted)


def test_every_method_of_the_subset_has_a_function() -> None:
    assert METHODS.keys() == json.loads(SUBSET.read_text())["methods"].keys()
