"""``mujaz sandbox``: a local Telegram and a sample newspaper, for contributors and scripts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.run import told_to_stop

Port = Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.", min=0, max=65535)]
Every = Annotated[float, typer.Option(help="Seconds between two new articles.", min=0.1)]


def sandbox(port: Port = 8765, every: Every = 8.0) -> None:
    """Serve a local Bot API with a chat page and sample news.

    For contributors and scripts; no bot is started. Prints a configuration with which mujaz run
    uses it: mujaz sandbox > config.toml
    """
    asyncio.run(_serve(port, every))


async def _serve(port: int, every: float) -> None:
    from bot.sandbox.newspaper import Newspaper
    from bot.sandbox.server import TOKEN, Sandbox

    paper = Newspaper(datetime.now(UTC))
    telegram = Sandbox(routes=paper.routes())
    async with told_to_stop() as stop:
        address = await telegram.start("127.0.0.1", port)
        try:
            typer.echo(f"# The page: {address}\n# The rest is a config.toml for mujaz run.\n")
            typer.echo(f'[telegram]\ntoken = "{TOKEN}"\napi_base = "{address}"')
            typer.echo("[poll]\nallow_private = true")
            for path, name, section in paper.feeds():
                typer.echo(f'[[news.feeds]]\nurl = "{address}{path}"\nsource = "{name}"')
                typer.echo(f'section = "{section}"' if section else "")
            publishing = asyncio.create_task(paper.run(every))
            await stop.wait()
            publishing.cancel()
        finally:
            await telegram.close()
