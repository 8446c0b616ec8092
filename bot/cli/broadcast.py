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
    from bot.storage import Storage

LOOK = 1.0  # seconds between two looks at how far it is
LONGEST = 4000  # UTF-16 units, as one message of Telegram


def broadcast(
    words: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="What is said. Without it: --file.")
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
    config: ConfigFile = None,
) -> None:
    """Announce a text to readers, through the running bot and at its pace.

    It is sent once the number of readers was typed. Pictures, formatting, a preview, pause and
    recall are in the chat: /broadcast.
    """
    settings = read_config(config)
    text = _text(words, file)
    report = asyncio.run(_announce(settings, text, _audience(to), is_sure=yes, waits=wait))
    typer.echo(report)


def _text(words: str | None, file: Path | None) -> str:
    """Return what is said; ConfigError when it is nothing, or more than one message holds."""
    if (words is None) == (file is None):
        raise ConfigError("broadcast: either a text or --file is needed.")
    if file is not None:
        try:
            words = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise MujazError(f"{file} cannot be read ({type(error).__name__}).") from None
    text = (words or "").strip()
    if not text:
        raise ConfigError("broadcast: there is nothing to say.")
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise ConfigError(f"broadcast: the text is longer than {LONGEST} letters: shorten it.")
    return text


def _audience(to: str) -> Audience:
    from bot.model import FOLLOWABLE, Audience, AudienceKind

    kind, _, more = to.partition(":")
    sections = {section.value: section for section in FOLLOWABLE}
    if kind in ("all", "editors") and not more:
        return Audience(AudienceKind(kind))
    if kind == "active" and more.isdecimal() and 0 < int(more) < 1000:
        since = datetime.now(UTC) - timedelta(days=int(more))
        return Audience(AudienceKind.ACTIVE, since=since)
    if kind == "section" and more in sections:
        return Audience(AudienceKind.SECTION, sections[more])
    known = ", ".join(sections)
    raise ConfigError(
        f'--to "{to}": all, editors, active:DAYS or section:NAME is needed, NAME one of {known}.'
    )


async def _announce(
    config: Config, text: str, audience: Audience, *, is_sure: bool, waits: bool
) -> str:
    from bot.cli.newsroom import opened
    from bot.model import BotId
    from bot.storage import audience as people
    from bot.storage import desk

    async with opened(config) as storage:
        bot = BotId(int(await desk.setting(storage, "bot") or 0))
        total = await people.count(storage, bot, audience, datetime.now(UTC))
        if not total:
            raise MujazError("Nobody is in this audience now.")
        if not is_sure:
            typed = typer.prompt(f"To send it to {total} readers type {total}", err=True)
            if typed.strip() != str(total):
                raise MujazError("Another number was typed; nothing was sent.")
        wave = await _begin(storage, bot, text, audience)
        if not waits:
            return f"Begun for {total} readers; mujaz run sends it."
        return _report(await _watch(storage, wave, total), total)


async def _begin(storage: Storage, bot: int, text: str, audience: Audience) -> WaveId:
    from bot.model import BotId, Brief, BriefKind, Paragraph, Priority
    from bot.storage import audit, briefs, waves

    now = datetime.now(UTC)
    said = Brief(BriefKind.ANNOUNCEMENT, (Paragraph(text),))
    async with storage.transaction() as tx:
        wave = await waves.begin(
            tx, BotId(bot), f"broadcast:shell:{now.isoformat()}", await briefs.keep(tx, said, now),
            audience=audience, priority=Priority.BROADCAST, now=now,
        )  # fmt: skip
        details = {"wave": wave, "audience": audience.kind.value}
        await audit.note(tx, None, "broadcast.shell", details, now)
    return wave


async def _watch(storage: Storage, wave: WaveId, total: int) -> Tally:
    """Show how far a wave is until it ends; whoever interrupts this does not stop it."""
    from bot.model import WaveState
    from bot.storage import waves

    with progress("broadcast", "readers") as show:
        while True:
            found = await waves.get(storage, wave)
            if found is None:
                raise MujazError("The broadcast is gone from the database.")
            show(min(found.tally.settled, total), total)
            if found.state in (WaveState.DONE, WaveState.CANCELLED):
                return found.tally
            await asyncio.sleep(LOOK)


def _report(tally: Tally, total: int) -> str:
    return (
        f"Sent {tally.sent:,}, blocked {tally.unreachable:,}, failed {tally.rejected:,}, "
        f"unsure {tally.unsure:,}, skipped {tally.skipped:,} (of {total:,})."
    )
