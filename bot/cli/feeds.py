"""``mujaz feeds …``: the list of feeds from the shell, as /sources is from the chat."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.settings import ConfigFile, read_config
from bot.cli.tables import show
from bot.errors import ConfigError, MujazError

if TYPE_CHECKING:
    from bot.model import Feed, Section

feeds = typer.Typer(
    help="List, add, remove, import, export and visit feeds.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Address = Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")]
ListIn = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="OPML. Without it: standard input.")
]
ListOut = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="Without it: standard output.")
]


@feeds.command("list")
def list_(
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts: an object a line.")] = False,
) -> None:
    """List every feed: how it does, and why it fails.

    ● does well, ◐ fails now, ○ is switched off; then its source, its section, when it last had
    news, its address and its trouble. Into a pipe it writes these parted by tabs.
    """
    from bot.cli.feed_acts import all_of

    found = asyncio.run(all_of(read_config(config)))
    if as_json:
        for feed in found:
            typer.echo(json.dumps(_told(feed), ensure_ascii=False))
        return
    columns = ("", "source", "section", "newest", "address", "trouble")
    show(columns, [_row(feed) for feed in found])


@feeds.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that names one.")],
    section: Annotated[
        str | None, typer.Option(help="Arabic name or command word; else each entry's category.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The publisher's name; else its own.")] = None,
    config: ConfigFile = None,
) -> None:
    """Find the feed at an address and add it.

    The address may be a page of the site. The first visit stores what is there and pushes nothing;
    a running bot makes it at once.
    """
    from bot.cli.feed_acts import add as add_it

    settings = read_config(config)
    feed = asyncio.run(add_it(settings, url, section=_section(section), source=source))
    typer.echo(f"{feed.url}: added as {feed.source.name}.")


@feeds.command()
def remove(url: Address, config: ConfigFile = None) -> None:
    """Poll a feed no more.

    Its articles stay; adding it again goes on where it was.
    """
    from bot.cli.feed_acts import remove as remove_it

    asyncio.run(remove_it(read_config(config), url))
    typer.echo(f"{url}: removed; its articles stay.")


@feeds.command("import")
def import_(file: ListIn = None, config: ConfigFile = None) -> None:
    """Add the feeds of an OPML list.

    Folders named as sections (politics, sport …, or in Arabic) become their sections; feeds that
    are known stay as they are.
    """
    from bot.cli.feed_acts import import_list

    body = sys.stdin.buffer.read() if file is None else _read(file)
    told = asyncio.run(import_list(read_config(config), body))
    typer.echo(f"{told.added} added, {told.known} known already, {len(told.refused)} refused.")
    for address, why in told.refused:
        typer.echo(f"{address}: {why}", err=True)


@feeds.command()
def export(file: ListOut = None, config: ConfigFile = None) -> None:
    """Write all feeds as an OPML list."""
    from bot.cli.feed_acts import export_list

    page = asyncio.run(export_list(read_config(config)))
    if file is None:
        sys.stdout.buffer.write(page)
    else:
        try:
            file.write_bytes(page)
        except OSError as error:
            raise MujazError(f"{file} cannot be written ({error.strerror}).") from error
        typer.echo(f"{file}: written.")


@feeds.command()
def poll(
    url: Annotated[str | None, typer.Argument(metavar="URL", help="One feed; else all.")] = None,
    config: ConfigFile = None,
) -> None:
    """Visit feeds now.

    While the bot runs it makes the visits; else this command does, and what is to be pushed goes
    out when the bot runs again. A single feed that fails ends with 1.
    """
    from bot.cli.feed_acts import poll as poll_them

    told = asyncio.run(poll_them(read_config(config), url))
    if told.is_by_bot:
        typer.echo(f"{told.visited} due: the running bot visits them now.")
        return
    typer.echo(f"{told.visited} visited, {told.new} new articles, {len(told.failed)} failed.")
    for address, why in told.failed:
        typer.echo(f"{address}: {why}", err=True)
    if url is not None and told.failed:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise MujazError(f"{file} cannot be read ({error.strerror}).") from error


def _section(name: str | None) -> Section | None:
    """Return a section by its Arabic name or command word; ConfigError names them all."""
    from bot.model import Section
    from bot.texts import Texts

    if name is None:
        return None
    words = {named: Section(word) for word, named in Texts.load().table("sections").items()}
    found = words.get(name) or next((one for one in Section if one.value == name), None)
    if found is None:
        known = ", ".join(section.value for section in Section)
        raise ConfigError(f'--section "{name}": one of {known}, or its Arabic name, is needed.')
    return found


def _row(feed: Feed) -> Sequence[str]:
    mark = "○" if not feed.is_on else "◐" if feed.failures else "●"
    newest = feed.last_new_at.strftime("%Y-%m-%d %H:%M") if feed.last_new_at else "-"
    return (
        mark, feed.source.name, feed.section or "-", newest, feed.url,
        f"{feed.last_error} ({feed.failures} ×)" if feed.failures else "",
    )  # fmt: skip


def _told(feed: Feed) -> dict[str, object]:
    def at(moment: datetime | None) -> str | None:
        return moment.astimezone(UTC).isoformat() if moment else None

    return {
        "url": feed.url,
        "source": feed.source.name,
        "section": feed.section,
        "kind": feed.kind,
        "on": feed.is_on,
        "failures": feed.failures,
        "cause": feed.last_cause if feed.failures else "",
        "error": feed.last_error if feed.failures else "",
        "last_ok_at": at(feed.last_ok_at),
        "last_new_at": at(feed.last_new_at),
        "next_poll_at": at(feed.next_poll_at),
    }
