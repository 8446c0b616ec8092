"""``mujaz broadcast``: an announcement from the shell, sent by the running bot."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.progress import progress
from bot.cli.settings import ConfigFile, read_config
from bot.errors import ConfigError, MujazError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.model import Audience, Tally, WaveId

LOOK = 1.0  # seconds between two looks at how far it is
LONGEST = 4000  # UTF-16 units, as one message of Telegram
KEY = "broadcast:shell:"  # how the occasions of such announcements begin


def broadcast(
    words: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What is said. Without it: --file.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read the text from a file, or -.")
    ] = None,
    to: Annotated[
        str,
        typer.Option("--to", help="all, editors, active:DAYS, or section:NAME (its command word)."),
    ] = "all",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the number.")] = False,
    wait: Annotated[bool, typer.Option(help="Wait until everybody has it, and report.")] = True,
    stop: Annotated[
        bool, typer.Option("--stop", help="Send what was begun here to nobody more.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Announce a text to readers, at the pace of the running bot.

    It is sent once the number of readers was typed; in a reader's quiet hours it makes no sound.
    Ctrl-C gives the terminal back and stops nothing, --stop does. Pictures, formatting, a preview,
    pause and recall are in the chat: /broadcast.
    """
    settings = read_config(config)
    if stop:
        stopped = asyncio.run(_stop(settings))
        typer.echo(f"{stopped} stopped." if stopped else "Nothing that was begun here is open.")
        return
    text, audience = _text(words, file), _audience(to)
    total = asyncio.run(_count(settings, audience))
    if not yes:
        _confirm(total)
    wave, total = asyncio.run(_begin(settings, text, audience))
    if not wait:
        typer.echo(f"Begun, for {total:,} readers.")
        return
    typer.echo(_report(asyncio.run(_watch(settings, wave, total))))


def _text(words: str | None, file: Path | None) -> str:
    """Return what is said; ConfigError when it is nothing, or more than one message holds."""
    if (words is None) == (file is None):
        raise ConfigError("broadcast: either a text or --file is needed.")
    if file is not None:
        try:
            words = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise MujazError(f"{file} cannot be read ({type(error).__name__}).") from error
    text = (words or "").strip()
    if not text:
        raise ConfigError("broadcast: there is nothing to say.")
    if len(text.encode("utf-16-le", "replace")) // 2 > LONGEST:
        raise ConfigError(f"broadcast: the text is longer than {LONGEST} letters: shorten it.")
    return text


def _audience(to: str) -> Audience:
    from bot.model import FOLLOWABLE, Audience, AudienceKind

    kind, _, more = to.partition(":")
    sections = {section.value: section for section in FOLLOWABLE}
    if to in ("all", "editors"):
        return Audience(AudienceKind(to))
    if kind == "active" and more.isdecimal() and 0 < int(more) < 1000:
        since = datetime.now(UTC) - timedelta(days=int(more))
        return Audience(AudienceKind.ACTIVE, since=since)
    if kind == "section" and more in sections:
        return Audience(AudienceKind.SECTION, sections[more])
    known = ", ".join(sections)
    raise ConfigError(
        f'--to "{to}": all, editors, active:DAYS or section:NAME is needed, NAME one of {known}.'
    )


def _confirm(total: int) -> None:
    """Ask for the number; outside of the loop, which would take the first Ctrl-C for itself."""
    typer.echo(f"To send it to {total} readers type {total}: ", err=True, nl=False)
    if sys.stdin.readline().strip() != str(total):
        raise MujazError("That is not the number; nothing was sent.")


async def _count(config: Config, audience: Audience) -> int:
    """Count whom it would reach; MujazError when that is nobody, or nobody would send it."""
    from bot.cli.newsroom import bot_of, is_running, opened
    from bot.storage import audience as people

    async with opened(config) as storage:
        total = await people.count(storage, await bot_of(storage), audience, datetime.now(UTC))
    if not total:
        raise MujazError("Nobody is in this audience now; nothing was sent.")
    if not is_running(config):
        raise MujazError("The bot does not run: start mujaz run first; nothing was sent.")
    return total


async def _begin(config: Config, text: str, audience: Audience) -> tuple[WaveId, int]:
    """Begin the wave; return it, and its audience as it is at this moment."""
    from bot.cli.newsroom import bot_of, opened
    from bot.model import Brief, BriefKind, Paragraph, Priority
    from bot.storage import audience as people
    from bot.storage import audit, briefs, waves

    now = datetime.now(UTC)
    said = Brief(BriefKind.ANNOUNCEMENT, (Paragraph(text),))
    async with opened(config) as storage, storage.transaction() as tx:
        bot = await bot_of(tx)
        total = await people.count(tx, bot, audience, now)
        wave = await waves.begin(
            tx, bot, f"{KEY}{now.isoformat()}", await briefs.keep(tx, said, now),
            audience=audience, priority=Priority.BROADCAST, now=now,
        )  # fmt: skip
        details = {"wave": wave, "audience": audience.kind.value, "total": total}
        await audit.note(tx, None, "broadcast.confirm", details, now)
    return wave, total


async def _watch(config: Config, wave: WaveId, total: int) -> Tally:
    """Show how far a wave is until it ends."""
    from bot.cli.newsroom import opened
    from bot.model import WaveState
    from bot.storage import waves

    async with opened(config) as storage:
        with progress("broadcast", "readers") as show:
            while True:
                found = await waves.get(storage, wave)
                if found is None:
                    raise MujazError("The broadcast is gone from the database.")
                show(min(found.tally.settled, total), total)
                if found.state in (WaveState.DONE, WaveState.CANCELLED):
                    return found.tally
                await asyncio.sleep(LOOK)


async def _stop(config: Config) -> int:
    """Cancel what was begun from a shell and is not over; return how many."""
    from bot.cli.newsroom import opened
    from bot.model import WaveId, WaveState
    from bot.storage import audit, waves
    from bot.storage.rows import number

    now = datetime.now(UTC)
    async with opened(config) as storage, storage.transaction() as tx:
        rows = await tx.fetch(
            "SELECT waves.id FROM waves JOIN occasions ON occasions.id = occasion"
            " WHERE key LIKE :key AND state IN ('open', 'paused', 'held')",
            {"key": f"{KEY}%"},
        )
        for row in rows:
            wave = WaveId(number(row, "id"))
            await waves.turn(tx, wave, WaveState.CANCELLED, now)
            await audit.note(tx, None, "broadcast.cancel", {"wave": wave}, now)
    return len(rows)


def _report(tally: Tally) -> str:
    """Say how it ended; the figures add up to the audience."""
    return (
        f"Sent {tally.sent:,}, blocked {tally.unreachable:,}, failed {tally.rejected:,}, "
        f"unsure {tally.unsure:,}, skipped {tally.skipped:,}: {tally.settled:,} in all."
    )
