"""A page that a job keeps up to date, whatever became of its message and its chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.model import Brief, BriefKind, ChatId, Paragraph
from bot.sandbox.server import TOKEN, Sandbox
from bot.transports.telegram.board import Board
from bot.transports.telegram.bots import make_bot, open_bot

SALMA = ChatId(1001)


def page(text: str) -> Brief:
    return Brief(BriefKind.PAGE, (Paragraph(text),))


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(rate=None, chat_rate=None)
    await sandbox.start()
    await sandbox.say(SALMA, "/start")
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def board(sandbox: Sandbox) -> AsyncIterator[Board]:
    bot = make_bot(TOKEN, api_base=sandbox.address, connections=4)
    username = await open_bot(bot)
    yield Board(bot, username)
    await bot.shutdown()


def texts(sandbox: Sandbox) -> list[str]:
    return [one.content.text for one in sandbox.desk.world.messages(SALMA) if one.by_bot]


async def test_a_page_is_sent_once_and_then_edited(board: Board, sandbox: Sandbox) -> None:
    first = await board.show(SALMA, None, page("واحد"))
    second = await board.show(SALMA, first, page("اثنان"))
    third = await board.show(SALMA, first, page("اثنان"))

    assert first == second == third
    assert texts(sandbox) == ["اثنان"]


async def test_a_page_whose_message_is_gone_is_sent_anew(board: Board, sandbox: Sandbox) -> None:
    shown = await board.show(SALMA, 999, page("واحد"))

    assert shown not in (None, 999)
    assert texts(sandbox) == ["واحد"]


async def test_nobody_there_wants_it_and_telegram_is_away_are_told_apart(
    board: Board, sandbox: Sandbox
) -> None:
    await sandbox.fault("blocked", chat=SALMA)
    unwanted = await board.show(SALMA, None, page("واحد"))
    await sandbox.fault("none", chat=SALMA)
    await sandbox.fault("all_down")
    away = await board.show(SALMA, None, page("واحد"))

    assert (unwanted, away) == (0, None)
