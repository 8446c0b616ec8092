"""Two hundred newspapers on one address, 20 ms away: WordPress-like feeds with ETags.

``python -m bench.papers`` is the process; ``printing`` starts one and gives its address.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web

from bench.words import Language

DELAY = 0.020  # seconds
ENTRIES = 30
WORDS = 420  # of a text: with its markup a feed has about 170 KiB


def feed(number: int) -> bytes:
    """Write one newspaper's feed; the same number always gives the same."""
    language = Language(number)
    newest = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    items = "".join(
        _item(language, number, entry, newest - timedelta(minutes=7 * entry))
        for entry in range(ENTRIES)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>paper {number}</title><link>https://paper{number}.example/</link>{items}"
        "</channel></rss>"
    ).encode()


def _item(language: Language, number: int, entry: int, at: datetime) -> str:
    title, lead = " ".join(language.words(9)), " ".join(language.words(35))
    paragraphs = "".join(f"<p>{' '.join(language.words(WORDS // 6))}.</p>" for _ in range(6))
    address = f"https://paper{number}.example/{entry}"
    return (
        f"<item><title>{title}</title><link>{address}</link><guid>{address}</guid>"
        f"<dc:creator>{language.words(1)[0]}</dc:creator><pubDate>{format_datetime(at)}</pubDate>"
        f"<category>{language.words(1)[0]}</category><description>{lead}</description>"
        f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>"
    )


async def _serve(papers: int) -> None:
    pages = [feed(number) for number in range(papers)]
    tags = [f'"{hashlib.sha256(page).hexdigest()[:16]}"' for page in pages]

    async def answer(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        await asyncio.sleep(DELAY)
        headers = {"ETag": tags[number]}
        if request.headers.get("If-None-Match") == tags[number]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=pages[number], content_type="application/rss+xml", headers=headers)

    app = web.Application()
    app.router.add_get("/{number}.xml", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], len(pages[0]), flush=True)
    await asyncio.Event().wait()


@asynccontextmanager
async def printing(papers: int) -> AsyncIterator[tuple[list[str], int]]:
    """Start the process; give the addresses of its feeds and the bytes of one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.papers", str(papers), stdout=asyncio.subprocess.PIPE
    )
    if process.stdout is None:
        raise RuntimeError("a process that was started with a pipe has one")
    try:
        port, size = map(int, (await process.stdout.readline()).split())
        yield [f"http://127.0.0.1:{port}/{number}.xml" for number in range(papers)], size
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("papers", type=int)
    asyncio.run(_serve(parser.parse_args().papers))


if __name__ == "__main__":
    main()
