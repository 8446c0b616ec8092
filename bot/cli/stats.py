"""``mujaz stats``: the newsroom in figures, as /stats tells them in the chat."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.settings import ConfigFile, read_config
from bot.cli.tables import show

if TYPE_CHECKING:
    from bot.config import Config


def stats(
    days: Annotated[int, typer.Option(min=1, max=366, help="How far to look back.")] = 7,
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts: one object.")] = False,
) -> None:
    """Print articles, readers and pushes of the last days.

    Readers are those who can be written to now. What people search for is not recorded.
    """
    found = asyncio.run(_figures(read_config(config), days))
    if as_json:
        typer.echo(json.dumps({"days": days, **found}))
    else:
        rows = [(name.replace("_", " "), f"{value:,}") for name, value in found.items()]
        show(("what", f"in {days} days"), rows)


async def _figures(config: Config, days: int) -> dict[str, int]:
    from dataclasses import asdict

    from bot.cli.newsroom import bot_of, opened
    from bot.storage import stats as figures

    now = datetime.now(UTC)
    since = now - timedelta(days=days)
    async with opened(config) as storage:
        newsroom = await figures.newsroom(storage, await bot_of(storage), since)
        pushes = await figures.pushes(storage, since)
    found = asdict(newsroom)
    for priority, counted in sorted(pushes.items()):
        name = priority.name.lower()
        found |= {f"{name}_sent": counted.sent, f"{name}_failed": counted.failed}
    return found
