"""Who visits feeds, reads them and takes their news in; the bot and `mujaz feeds` open it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from bot.commands.room import Room
from bot.config import Config
from bot.feeds.discover import Discoverer
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds
from bot.feeds.parser_process import ParserProcess
from bot.jobs.intake import Intake
from bot.jobs.manners import Manners
from bot.jobs.poll import Poller, Rhythm
from bot.model import BotId
from bot.storage import Storage, stories
from bot.stories.cluster import OPEN_FOR, Window
from bot.texts import Texts

Clock = Callable[[], datetime]


def bounds_of(config: Config) -> Bounds:
    """Return how often a feed may be visited."""
    return Bounds(config.poll.floor, config.poll.ceiling)


def manners_of(config: Config, bot: BotId) -> Manners:
    """Return what the jobs must know of the newsroom."""
    push = config.push
    return Manners(bot, config.news.zone, push.urgent_expires, push.instant_expires)


@dataclass(frozen=True, slots=True)
class Visitors:
    """Who visits feeds and who reads them, for the polls and for editors who look for one."""

    fetcher: Fetcher
    parser: ParserProcess


def open_visitors(opened: AsyncExitStack, config: Config, now: Clock) -> Visitors:
    """Open both; the reader's process is begun when it is first needed."""
    fetcher = Fetcher(
        user_agent=config.poll.user_agent,
        contact=config.poll.contact or "",
        hosts=config.poll.hosts,
        allow_private=config.poll.allow_private,
        clock=now,
    )
    opened.push_async_callback(fetcher.close)
    parser = ParserProcess()
    opened.push_async_callback(parser.close)
    return Visitors(fetcher, parser)


def discoverer_of(visitors: Visitors, config: Config, now: Clock) -> Discoverer:
    """Make who looks for the feed behind an address."""
    return Discoverer(
        visitors.fetcher,
        visitors.parser,
        zone=config.news.zone,
        now=now,
        allow_private=config.poll.allow_private,
    )


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What taking news in needs to know; a running bot's room is one too."""

    storage: Storage
    config: Config
    bot: BotId
    now: Clock
    deliver_soon: Callable[[], None]


async def make_poller(
    opened: AsyncExitStack,
    newsroom: Newsroom | Room,
    visitors: Visitors,
    count: Callable[[str, int], None] | None,
) -> Poller:
    """Make the poller; its window of open stories is read from the database."""
    config, now = newsroom.config, newsroom.now
    window = Window()
    window.fill(await stories.window(newsroom.storage, now() - OPEN_FOR))
    poller = Poller(
        newsroom.storage,
        visitors.fetcher,
        visitors.parser,
        Intake(window, Texts.load(), manners_of(config, newsroom.bot)),
        rhythm=Rhythm(bounds_of(config), config.poll.hosts, config.news.zone),
        now=now,
        on_calls=newsroom.deliver_soon,
        count=count,
    )
    opened.push_async_callback(poller.close)
    return poller
