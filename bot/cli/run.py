"""``mujaz run``: the newsroom's bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import typer

from bot.cli.settings import ConfigFile, read_config

if TYPE_CHECKING:
    from bot.config import Config


def run(config: ConfigFile = None) -> None:
    """Run the bot: poll feeds, push briefs, answer readers. Stops on SIGTERM or Ctrl-C.

    Needs a token from @BotFather, as telegram.token in the configuration or as
    MUJAZ_TELEGRAM__TOKEN. To see Mujaz work without one: mujaz demo
    """
    from bot.cli import logs
    from bot.config import require_token

    settings = read_config(config)
    require_token(settings)
    logs.set_up(settings.log)
    asyncio.run(_run(settings))


async def _run(config: Config) -> None:
    from bot.app import running
    from bot.cli.watchdog import Watchdog

    watchdog = Watchdog(asyncio.get_running_loop())
    try:
        async with told_to_stop() as stop, running(config) as mujaz:
            typer.echo(f"@{mujaz.username} is running; Ctrl-C stops it.", err=True)
            await mujaz.until(stop)
    finally:
        watchdog.close()


@asynccontextmanager
async def told_to_stop() -> AsyncIterator[asyncio.Event]:
    """Give an event that SIGTERM and SIGINT set: both let the sends in hand end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
