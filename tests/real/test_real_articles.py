"""Four thousand real articles as ten feeds through ``mujaz run``: each once, whole and placed."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from bot.arabic.direction import strip_controls
from bot.arabic.fold import fold
from bot.articles.urls import canonical
from bot.sandbox.server import TOKEN, Sandbox
from bot.storage.engines.sqlite.engine import open_sqlite

DATA = Path(__file__).parents[2] / "../shared/data/real-articles.jsonl.gz"
AT_ONCE = 400  # entries of a page: a feed's limit is 500
PATIENCE = 300.0  # seconds

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason="the measuring data is not there"),
]
Article = Mapping[str, Any]


@dataclass
class Papers:
    """Ten papers whose feeds show the next few hundred articles at each visit."""

    articles: Mapping[str, Sequence[Article]]
    visits: Counter[str]

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/real/{paper}.xml", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        paper = request.match_info["paper"]
        last_page = (len(self.articles[paper]) - 1) // AT_ONCE
        first = min(self.visits[paper], last_page) * AT_ONCE
        shown = self.articles[paper][first : first + AT_ONCE]
        self.visits[paper] += 1
        items = "".join(map(item, reversed(shown)))
        feed = f'<rss version="2.0"><channel><title>{paper}</title>{items}</channel></rss>'
        return web.Response(text=feed, content_type="application/rss+xml")

    @property
    def are_read(self) -> bool:
        """Say whether each paper was visited again after its last page: then that is stored."""
        return all(
            (self.visits[paper] - 1) * AT_ONCE >= len(articles)
            for paper, articles in self.articles.items()
        )


def item(article: Article) -> str:
    date = format_datetime(datetime.fromisoformat(article["seen_at"]))
    paragraphs = "".join(f"<p>{written(line)}</p>" for line in article["content"].splitlines())
    return (
        f"<item><title>{written(article['title'])}</title><link>{escape(article['url'])}</link>"
        f"<pubDate>{date}</pubDate><description>{escape(paragraphs)}</description></item>"
    )


def written(text: str) -> str:
    """Write a text as XML can hold it: a few articles have control characters in them."""
    return escape("".join(letter for letter in text if letter >= " " or letter in "\n\t"))


def by_paper() -> Mapping[str, Sequence[Article]]:
    papers: dict[str, dict[str, Article]] = {}
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            papers.setdefault(article["source"], {})[article["url"]] = article
    return {paper: list(articles.values()) for paper, articles in papers.items()}


@pytest.fixture
async def papers() -> AsyncIterator[tuple[Papers, Sandbox]]:
    shelf = Papers(by_paper(), Counter())
    sandbox = Sandbox(routes=shelf.routes())
    await sandbox.start()
    yield shelf, sandbox
    await sandbox.close()


async def test_every_real_article_is_stored_once_with_title_section_and_story(
    papers: tuple[Papers, Sandbox], tmp_path: Path
) -> None:
    shelf, sandbox = papers
    config = tmp_path / "config.toml"
    config.write_text(
        "".join(
            f'[[news.feeds]]\nurl = "{sandbox.address}/real/{paper}.xml"\nsource = "{paper}"\n'
            for paper in shelf.articles
        )
        + f'[telegram]\ntoken = "{TOKEN}"\napi_base = "{sandbox.address}"\n'
        + '[poll]\nfloor = "1s"\nceiling = "1s"\nhosts = 4\nallow_private = true\n'
        + f'[storage]\nurl = "sqlite:////{tmp_path}/real.db"\n'
    )

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config),
        stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
        env={name: value for name, value in os.environ.items() if not name.startswith("MUJAZ_")},
    )  # fmt: skip
    drained = asyncio.create_task(process.communicate())
    async with asyncio.timeout(PATIENCE):
        while not shelf.are_read and not drained.done():
            await asyncio.wait([drained], timeout=0.5)
    process.send_signal(signal.SIGTERM)
    _, errors = await drained

    storage = await open_sqlite(tmp_path / "real.db")
    stored = await storage.fetch(
        "SELECT url, title, sections, story, sources.name AS paper FROM articles"
        " JOIN sources ON sources.id = articles.source"
    )
    failed = await storage.fetch("SELECT url, last_error FROM feeds WHERE last_error <> ''")
    stories = await storage.fetch("SELECT id FROM stories WHERE lead = 0 OR articles = 0")
    await storage.close()
    found = {canonical(str(row["url"])) for row in stored}
    titles = {(row["paper"], fold(str(row["title"]))) for row in stored}
    lost = [
        one["url"]
        for articles in shelf.articles.values()
        for one in articles
        if canonical(strip_controls(one["url"])) not in found
        # six stand in their paper twice, word for word under two numbers: one article each
        and (one["source"], fold(strip_controls(one["title"]))) not in titles
    ]
    assert process.returncode == 0, errors.decode()[-2000:]
    assert failed == []
    assert lost == []
    assert len(found) == len(stored)
    assert len(found) >= sum(map(len, shelf.articles.values())) - 10
    assert all(row["title"] and row["sections"] and row["story"] for row in stored)
    assert stories == []
