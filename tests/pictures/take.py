"""Messages that journeys showed in, pictures of the real chat page out; `make pictures` starts it.

The journeys ran before, and `keep` wrote down what they showed. Every screen is taken as a phone
shows it; those in `WIDE` with the whole page round them, too. Pictures within messages are the
sample newspaper's, and every date is one moment, so that nothing changes by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Route, async_playwright

from bot.sandbox.clock import NewsClock
from bot.sandbox.doors import state
from bot.sandbox.newspaper import Newspaper
from bot.sandbox.server import Sandbox
from tests.journeys.screens import screens
from tests.pictures.keep import kept

PHONE, DESK = (390, 2600), (1280, 800)  # px; a phone long enough for any message, to be cut to it
MARGIN = 10  # px of wall round a message
WEIGHTS = {PHONE: 80, DESK: 200}  # KiB a picture may weigh
MOMENT = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)
READER, EDITOR = 1001, 1002  # of the sandbox's people: whose phone shows a screen
SAMPLE = "/news/pictures/port.png"
FLAGS = "--no-sandbox --disable-gpu --disable-sync --no-first-run --disable-background-networking"
# What README and the guides show with the page round it.
WIDE = (
    "welcome",
    "instant",
    "digest",
    "story",
    "results",
    "settings",
    "desk",
    "broadcast",
    "sources",
)


@dataclass(frozen=True, slots=True)
class Studio:
    """Where pictures are taken: the page's address, and how it looks."""

    browser: Browser
    sandbox: Sandbox
    scheme: str

    async def take(
        self, message: Mapping[str, Any], chat: int, size: tuple[int, int], file: Path
    ) -> None:
        """Open the page on one phone that got one message, and keep what is seen."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if self.scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        shown = state(self.sandbox.desk) | {"messages": {str(chat): [_posed(message, chat)]}}

        async def answer(route: Route) -> None:
            await route.fulfill(json=shown)

        await page.route("**/_sandbox/state", answer)
        await page.goto(self.sandbox.address)
        await page.locator(f"[data-chat='{chat}']").click()
        bubble = page.locator(".message")
        await bubble.wait_for()
        await page.wait_for_function("[...document.images].every((image) => image.complete)")
        await page.evaluate("document.fonts.ready")
        clip = await _round(page) if size is PHONE else None
        await page.screenshot(path=file, clip=clip, animations="disabled")  # type: ignore[arg-type]
        await context.close()


async def _round(page: Page) -> dict[str, float]:
    """Return the stretch of the phone that a message takes, with a margin."""
    box = await page.locator(".message").bounding_box()
    assert box is not None
    return {
        "x": 0,
        "y": box["y"] - MARGIN,
        "width": PHONE[0],
        "height": box["height"] + 2 * MARGIN,
    }


def _posed(message: Mapping[str, Any], chat: int) -> dict[str, Any]:
    """Give a message the moment and the pictures that it shall be seen with."""
    posed: dict[str, Any] = {**message, "date": int(MOMENT.timestamp()), "chat": {"id": chat}}
    posed.pop("edit_date", None)
    posed.pop("reply_to_message", None)
    if "photo" in posed:
        posed["photo"] = {"url": SAMPLE}
    if posed.get("link_preview_options", {}).get("url"):
        posed["link_preview_options"] = {**posed["link_preview_options"], "url": SAMPLE}
    return posed


async def take_all(folder: Path, target: Path, scheme: str) -> list[Path]:
    """Take every screen that was kept; return the pictures that weigh too much."""
    messages, known = kept(folder), screens()
    clock = NewsClock(MOMENT, steady=lambda: 0)
    sandbox = Sandbox(clock=clock, routes=Newspaper(MOMENT).routes(clock))
    await sandbox.start()
    heavy: list[Path] = []
    target.mkdir(parents=True, exist_ok=True)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
                args=FLAGS.split(),
            )
            studio = Studio(browser, sandbox, scheme)
            for name, message in messages.items():
                chat = READER if known[name].of == "reader" else EDITOR
                for size in (PHONE, DESK) if name in WIDE else (PHONE,):
                    file = target / f"{name}-{size[0]}.png"
                    await studio.take(message, chat, size, file)
                    if file.stat().st_size > WEIGHTS[size] * 1024:
                        heavy.append(file)
            await browser.close()
    finally:
        await sandbox.close()
    return heavy


def main() -> int:
    """Take what the words say; 1 when a picture is too heavy or a screen was not kept."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("kept", type=Path, help="folder of what the journeys showed")
    words.add_argument("target", type=Path, help="folder of the pictures")
    words.add_argument("--scheme", choices=("light", "dark"), default="light")
    given = words.parse_args()
    wanted = {name for name, screen in screens().items() if screen.of != "operator"}
    missing = sorted(wanted - kept(given.kept).keys())
    heavy = asyncio.run(take_all(given.kept, given.target, given.scheme))
    for name in missing:
        sys.stderr.write(f"no journey kept the screen {name}\n")
    for file in heavy:
        sys.stderr.write(f"{file} weighs {file.stat().st_size // 1024} KiB\n")
    return 1 if heavy or missing else 0


if __name__ == "__main__":
    sys.exit(main())
