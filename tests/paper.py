"""The town's own newspaper: what a test prints in, feeds that Mujaz polls out; `town` serves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from aiohttp import web

from bot.config import StarterFeed
from bot.model import Section


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the town's paper."""

    title: str
    body: str
    guid: str
    at: datetime | None = None
    picture: str = ""

    def xml(self) -> str:
        date = f"<pubDate>{format_datetime(self.at)}</pubDate>" if self.at else ""
        picture = f'<enclosure url="{self.picture}" type="image/png"/>' if self.picture else ""
        return (
            f"<item><title>{escape(self.title)}</title><guid>{self.guid}</guid>"
            f"<link>http://town.example/{self.guid}</link>{date}{picture}"
            f"<description>{escape(self.body)}</description></item>"
        )


class Paper:
    """Feeds of one section each, served beside the sandbox."""

    def __init__(self) -> None:
        self._items: dict[str, list[Item]] = {}

    def prints(
        self, section: str, title: str, body: str = "", *, at: datetime | None = None
    ) -> None:
        items = self._items.setdefault(section, [])
        guid = f"{section}-{len(items)}"
        items.insert(0, Item(title, body or f"{title}. وهذه تفاصيل الخبر كما وردت.", guid, at))

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/paper/{section}.xml", self._serve)]

    def feeds(self, address: str) -> tuple[StarterFeed, ...]:
        """Return what Mujaz polls of it, served at an address."""
        return tuple(
            StarterFeed(f"{address}/paper/{section}.xml", section, "صحيفة المدينة")
            for section in (Section.POLITICS, Section.SPORT, Section.WORLD)
        )

    async def _serve(self, request: web.Request) -> web.Response:
        items = "".join(item.xml() for item in self._items.get(request.match_info["section"], []))
        feed = f'<rss version="2.0"><channel><title>صحيفة المدينة</title>{items}</channel></rss>'
        return web.Response(text=feed, content_type="application/rss+xml")
