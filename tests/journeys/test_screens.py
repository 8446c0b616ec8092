"""No screen without a journey that shows it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.journeys.screens import Screen, Shown, missing, screens

FOLDER = Path(__file__).parent


def claimed() -> set[str]:
    """Return the ids in every ``shows`` mark of the journeys."""
    names: set[str] = set()
    for file in FOLDER.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.shows":
                names |= {str(ast.literal_eval(argument)) for argument in node.args}
    return names


def test_every_screen_is_shown_by_a_journey_and_every_shown_one_is_listed() -> None:
    assert claimed() == set(screens())


def test_every_screen_can_be_told_from_an_empty_message() -> None:
    empty = Shown("", ())

    assert not [name for name, screen in screens().items() if screen.is_in(empty)]


@pytest.mark.parametrize(
    ("text", "buttons", "is_in"),
    [
        ("المحفوظات: خبران", ("✓ الأول", "رجوع"), True),
        ("المحفوظات: خبران", ("الأول",), False),
        ("لا شيء هنا", ("الأول", "رجوع"), False),
    ],
)
def test_a_screen_is_known_by_its_words_and_its_buttons(
    text: str, buttons: tuple[str, ...], is_in: bool
) -> None:
    screen = Screen("saved", "reader", "", ("المحفوظات",), ("الأول", "رجوع"))

    assert screen.is_in(Shown(text, buttons)) is is_in


def test_a_screen_that_nobody_was_shown_is_missing() -> None:
    first = next(iter(screens()))

    assert missing([first], []) == [first]
