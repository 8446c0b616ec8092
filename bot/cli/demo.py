"""``mujaz demo``: the whole product on a desk, without a token and without a network.

The real application runs against the local sandbox; people in it have pressed start already. One
clock, which the page may hurry, is the application's, the sandbox's and the newspaper's.
"""

from __future__ import annotations

import asyncio
import webbrowser
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli import logs
from bot.cli.run import told_to_stop
from bot.cli.settings import read_config
from bot.errors import StartError

if TYPE_CHECKING:  # at run time these are imported when the demo starts, not for --help
    from datetime import datetime

    from bot.app import Mujaz
    from bot.config import Config
    from bot.sandbox.newspaper import Newspaper
    from bot.sandbox.server import Sandbox

READER, EDITOR, SECOND_READER = 1001, 1002, 1003  # of the sandbox's people
FOLDER = Path("demo-data")
POLL = timedelta(seconds=3)
DIGEST_AFTER = timedelta(seconds=90)  # to the minute below: a digest within 30 to 90 seconds

Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]
Port = Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.", min=0, max=65535)]
Every = Annotated[float, typer.Option(help="Seconds between two new articles.", min=0.1)]
Data = Annotated[Path, typer.Option(help="Folder of the demo's database, made anew each time.")]


def demo(
    browser: Browser = True, port: Port = 8765, every: Every = 8.0, data: Data = FOLDER
) -> None:
    """Show Mujaz at work in the browser, on a Telegram of its own.

    Three people have pressed start already, and a sample newspaper keeps publishing. Needs no token
    and no network; Ctrl-C ends it.
    """
    asyncio.run(_show(browser, port, every, data))


async def _show(browser: bool, port: int, every: float, data: Path) -> None:
    from bot.app import running
    from bot.sandbox.clock import NewsClock
    from bot.sandbox.newspaper import Newspaper
    from bot.sandbox.server import Sandbox

    clock = NewsClock()
    paper = Newspaper(clock())
    telegram = Sandbox(clock=clock, routes=paper.routes(clock))
    async with told_to_stop() as stop:
        address = await telegram.start("127.0.0.1", port)
        try:
            config = _config(paper, address, _empty_database(data))
            logs.set_up(config.log)
            async with running(config, now=clock) as mujaz:
                await _let_people_in(telegram, mujaz, clock())
                typer.echo(f"Mujaz is at work: {address}\nCtrl-C ends it.")
                if browser:
                    await asyncio.to_thread(webbrowser.open, address)
                publishing = asyncio.create_task(paper.run(every, clock))
                await mujaz.until(stop)
                publishing.cancel()
        finally:
            await telegram.close()


def _empty_database(folder: Path) -> Path:
    """Return the demo's database file, empty: yesterday's sample news is news no more."""
    from bot.storage.engines.sqlite.lock import hold

    path = folder / "demo.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with hold(path):  # not from under another demo
            for file in (path, path.with_name("demo.db-wal"), path.with_name("demo.db-shm")):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise StartError(
            f"The folder {folder} cannot be used ({error.strerror}); choose another with --data."
        ) from error
    return path


def _config(paper: Newspaper, address: str, database: Path) -> Config:
    from bot.config import Secret, StarterFeed
    from bot.model import Section
    from bot.sandbox.server import TOKEN
    from bot.texts import Texts

    config = read_config(None)
    names = {name: Section(word) for word, name in Texts.load().table("sections").items()}
    feeds = tuple(
        StarterFeed(f"{address}{path}", names.get(section or ""), source)
        for path, source, section in paper.feeds()
    )
    return replace(
        config,
        telegram=replace(config.telegram, token=Secret(TOKEN), api_base=address),
        people=replace(config.people, owners=(), editors=(EDITOR,)),
        news=replace(config.news, feeds=feeds),
        poll=replace(config.poll, floor=POLL, ceiling=POLL, hosts=8, allow_private=True),
        storage=replace(config.storage, url=f"sqlite:///{database.resolve()}"),
        log=replace(config.log, level="warning", format="text"),
    )


async def _let_people_in(telegram: Sandbox, mujaz: Mujaz, now: datetime) -> None:
    """Wait for the first news, let everybody press start, and make their day a lively one."""
    await mujaz.poller.poll_due()
    await mujaz.poller.settled()
    for person in (READER, EDITOR, SECOND_READER):
        await telegram.say(person, "/start")
    await _choose_for_the_show(telegram, mujaz, now)


async def _choose_for_the_show(telegram: Sandbox, mujaz: Mujaz, now: datetime) -> None:
    """Choose what keeps two readers' phones busy: instants, no quiet hours, a digest soon.

    The demo lasts minutes, and may be looked at by night.
    """
    from bot.model import EVERY_DAY, FOLLOWABLE, HOME_SECTIONS, ChatId, Mode
    from bot.outbox.hours import next_digest
    from bot.storage import digests, subscribers, subscriptions

    readers = {READER: HOME_SECTIONS, SECOND_READER: FOLLOWABLE}
    await telegram.until(lambda: all(_is_greeted(telegram, person) for person in readers), 30)
    async with mujaz.storage.transaction() as tx:
        for person, sections in readers.items():
            reader = await subscribers.find(tx, mujaz.bot, ChatId(person))
            if reader is None:
                continue
            await subscribers.choose_quiet(tx, reader.id, None)
            await subscriptions.follow_sections(tx, reader.id, sections, Mode.INSTANT, now)
            soon = (now + DIGEST_AFTER).astimezone(ZoneInfo(reader.zone))
            minute = soon.hour * 60 + soon.minute
            due = next_digest(minute, EVERY_DAY, reader.zone, now)
            await digests.add(tx, reader.id, minute, covered_until=now, next_at=due)


def _is_greeted(telegram: Sandbox, person: int) -> bool:
    return any(message.by_bot for message in telegram.desk.world.messages(person))
