"""Every kind of search over a large archive: ours, beside FTS5's own `ORDER BY rank`.

Both ask the very index that readers' searches ask. Ours is the whole way of a reader's words:
parsing, the newest 500 matches, reading the articles, ranking, one story once.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

from bench.harness import Table, percentile, spent
from bench.words import Language
from bot.arabic.fold import fold
from bot.arabic.stem import stems
from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.commands.reader.search import LOOKED_AT
from bot.model import Section, Source
from bot.storage import Storage, Transaction, articles, sources, stories
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.search import match_expression

AT_ONCE = 500  # articles a transaction
ASKED = 20  # queries of a kind
PAGE = 5  # articles that a reader is shown at once
RANKED = """
    SELECT rowid AS id FROM article_search WHERE article_search MATCH :expression
    ORDER BY rank LIMIT 10
"""


def measure(*, is_long: bool) -> Table:
    """Search 20,000 articles, or 100,000; MUJAZ_BENCH_ARTICLES sets another number."""
    count = int(os.environ.get("MUJAZ_BENCH_ARTICLES", 100_000 if is_long else 20_000))
    return asyncio.run(_measure(count))


async def _measure(count: int) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        storage = await open_sqlite(path)
        try:
            language = Language()
            now = datetime.now(UTC)
            with spent() as building:
                seen = await _build(storage, language, count, now)
            table = await _compare(storage, _queries(language, seen), count, now)
            size = sum(file.stat().st_size for file in path.parent.iterdir()) / count
        finally:
            await storage.close()
    table.notes.append(
        f"built at {count / building.wall:,.0f} articles/s; {size:,.0f} bytes an article in all"
    )
    table.notes.append("targets: p95 ≤ 10 ms in every class; ≥ 15 × for common words")
    return table


async def _build(storage: Storage, language: Language, count: int, now: datetime) -> Counter[str]:
    """Store the articles and return how often each stem stands in how many of them."""
    seen: Counter[str] = Counter()
    begin = now - timedelta(minutes=count + 60)
    drafts = language.drafts(count, begin)
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "bench", begin)
        await _feed(tx, source, begin)
    while some := list(islice(drafts, AT_ONCE)):
        async with storage.transaction() as tx:
            for draft in some:
                story = await stories.begin(tx, draft)
                await articles.insert(tx, draft, story)
                seen.update(set(stems(f"{draft.title}\n{draft.body}")))
    return seen


async def _feed(tx: Transaction, source: Source, begin: datetime) -> None:
    await sources.add_feed(
        tx,
        source,
        "https://paper.example/feed",
        host="paper.example",
        section=Section.POLITICS,
        interval=timedelta(minutes=10),
        now=begin,
    )


def _queries(language: Language, seen: Counter[str]) -> dict[str, list[str]]:
    """Choose words by how many articles have them; a phrase is two words that follow each other."""
    common = [word for word, _ in seen.most_common(ASKED)]
    by_count = sorted(seen, key=lambda word: seen[word])
    rare = [word for word in by_count if seen[word] >= 5][:ASKED]
    middle = [word for word, number in seen.items() if 300 <= number <= 600][:ASKED]
    texts = [" ".join(language.words(40)) for _ in range(ASKED)]
    pairs = [text.split()[3:5] for text in texts]
    return {
        "rare word": rare,
        "middling word": middle,
        "commonest words": common,
        "two common words": [f"{a} {b}" for a, b in zip(common, common[::-1], strict=True)],
        "three words": [" ".join(text.split()[:3]) for text in texts],
        "phrase of two": [f'"{fold(a)} {fold(b)}"' for a, b in pairs],
        "phrase of common": [f'"{a} {b}"' for a, b in pairwise(common)],
        "word, without another": [f"{a} -{b}" for a, b in pairwise(common)],
        "nothing like it": ["\u0638" * 7 + str(number) for number in range(ASKED)],
    }


async def _compare(
    storage: Storage, queries: dict[str, list[str]], count: int, now: datetime
) -> Table:
    table = Table(
        f"search: {count:,} articles",
        ("kind", "ours p50 ms", "ours p95 ms", "FTS5 p50 ms", "FTS5 p95 ms", "p50 ratio"),
    )

    async def ours(words: str) -> None:
        query = parse_query(words)
        ids = await storage.search(query, limit=LOOKED_AT)
        matches = await articles.matches(storage, await storage.places(query, ids))
        best = [match.article for match in rank(query, matches, now)[:PAGE]]
        await articles.by_ids(storage, best)

    async def theirs(words: str) -> None:
        expression = match_expression(parse_query(words))
        if expression:
            await storage.fetch(RANKED, {"expression": expression})

    for kind, asked in queries.items():
        mine, other = await _time(ours, theirs, asked)
        table.add(
            kind, percentile(mine, 0.5), percentile(mine, 0.95),
            percentile(other, 0.5), percentile(other, 0.95),
            percentile(other, 0.5) / max(percentile(mine, 0.5), 0.001),
        )  # fmt: skip
    return table


async def _time(
    ours: Callable[[str], Awaitable[None]],
    theirs: Callable[[str], Awaitable[None]],
    asked: Sequence[str],
) -> tuple[list[float], list[float]]:
    """Time both on each query in turn, in milliseconds, after a first round that warms."""
    found: tuple[list[float], list[float]] = ([], [])
    for round_number in range(3):
        for words in asked:
            for place, ask in enumerate((ours, theirs)):
                began = time.perf_counter()
                await ask(words)
                if round_number:
                    found[place].append((time.perf_counter() - began) * 1000)
    return found
