"""Callback data: what is ours, what is old, foreign or forged."""

from __future__ import annotations

import pytest

from bot.commands import CALLBACKS, COMMANDS
from bot.commands.calls import read
from bot.commands.reader.choices import Choices
from bot.commands.reader.keys import hours, quiet, section_lists, sections, urgent, weekdays
from bot.model import (
    EPOCH,
    FOLLOWABLE,
    BotId,
    ChatId,
    Digest,
    DigestId,
    Mode,
    QuietHours,
    Section,
    Subscriber,
    SubscriberId,
    Taste,
    UrgentChoice,
    section_subject,
)
from bot.texts import Texts
from bot.transports.telegram.keyboard import callback_data

LONG = "9" * 18


@pytest.mark.parametrize(
    ("data", "args"),
    [
        ("1:st:12", ("12",)),
        ("1:st:12:3:4", ("12", "3", "4")),
        ("1:pg:3:4", ("3", "4")),
        ("1:dg", ()),
        ("1:now", ()),
        ("1:sec:politics:instant:s", ("politics", "instant", "s")),
        ("1:hr:none:off:b", ("none", "off", "b")),
        ("1:zs:Africa/Casablanca:d", ("Africa/Casablanca", "d")),
        ("1:bc:pause:7", ("7",)),
        ("1:bc:section:7:sport", ("7", "sport")),
        ("1:go:latest", ("latest",)),
    ],
)
def test_data_of_ours_is_read(data: str, args: tuple[str, ...]) -> None:
    found = read(data, CALLBACKS)

    assert found is not None
    assert found[1] == args


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1:",
        ":::",
        "0:st:12",
        "2:st:12",
        "st:12",
        "1:st",
        "1:st:",
        "1:st:-1",
        "1:st:12:3",
        "1:st:12:3:4:5",
        "1:st:\u0661\u0662",
        "1:st:12\n",
        f"1:st:{'9' * 19}",
        "1:sec:politics:loud:s",
        "1:sec:video:digest:s",
        "1:sec:politics:digest:",
        "1:wd:7:on:d",
        "1:bc:7:pause",
        "1:bc:explode:7",
        "1:go:broadcast",
        "1:go:sources",
        "1:drop table:1",
        "\N{PILE OF POO}" * 16,
    ],
)
def test_anything_else_is_not(data: str) -> None:
    assert read(data, CALLBACKS) is None


def test_every_button_of_the_choices_is_ours_and_short_enough() -> None:
    texts, place = Texts.load(), f"a{LONG}"
    reader = Subscriber(SubscriberId(1), BotId(1), ChatId(1))
    digest = Digest(DigestId(1), reader.id, 375, 0b101, EPOCH, EPOCH)
    follows = {
        section_subject(Section.SPORT): Mode.DIGEST,
        section_subject(Section.WORLD): Mode.INSTANT,
    }
    choices = Choices(reader, Taste(follows, {}), [digest])

    rows = (
        *hours(choices, place, texts),
        *weekdays(choices, place),
        *sections(choices, place, texts, with_instant=True),
        *sections(choices, place, texts, with_instant=False),
        *urgent(UrgentChoice.YES, place, texts),
        *quiet(QuietHours(60, 300), place, texts),
        *section_lists(texts, FOLLOWABLE),
    )

    calls = [button.call for row in rows for button in row]
    assert [call for call in calls if read(callback_data(call), CALLBACKS) is None] == []


def test_no_two_commands_have_one_word() -> None:
    words = [command.word for command in COMMANDS]
    names = [Texts.load().say(command.name) for command in COMMANDS]

    assert len(set(words)) == len(words)
    assert len(set(names)) == len(names)
