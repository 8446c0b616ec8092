"""The demo as a newcomer meets it: a real process, its page in a real browser, a button pressed.

Skipped in one line where no Chromium is; where MUJAZ_BROWSER is "required" (CI) that is a failure.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PATIENCE = 30_000  # milliseconds
WIDTHS = {"wide": (1280, 800), "narrow": (390, 844)}

pytestmark = [pytest.mark.browser]
if not CHROMIUM and os.environ.get("MUJAZ_BROWSER") != "required":
    pytestmark.append(pytest.mark.skip("no Chromium on this machine"))


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """Start the demo and give its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0",
        "--data", str(tmp_path / "demo"), "--every", "2",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE / 1000)).decode()
    address = re.search(r"http://\S+", line)
    assert address, line + (await process.communicate())[1].decode()
    yield address[0]
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE / 1000)
    assert process.returncode in (0, 130), errors.decode()


@pytest.fixture
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Open a window of the width that the test asks for."""
    width, height = WIDTHS[request.param]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        page = await browser.new_page(viewport={"width": width, "height": height})
        yield page
        await browser.close()


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
async def test_the_demo_shows_a_brief_right_to_left_and_its_buttons_work(
    page: Page, demo: str
) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    await page.goto(demo)

    following = page.get_by_role("button", name="التالي", exact=True).last
    await expect(following).to_be_visible(timeout=PATIENCE)
    await following.click()
    await expect(page.get_by_role("button", name="19:00").last).to_be_visible(timeout=PATIENCE)

    assert await page.evaluate("document.documentElement.dir") == "rtl"
    overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
    assert failures == []
