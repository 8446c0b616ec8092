"""What the tests of the ways out share; the switch must be set before telegram is imported."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

os.environ.setdefault("PTB_TIMEDELTA", "1")

from tests.transports.labs import TelegramLab, telegram_lab


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramLab]:
    """Our Telegram transport before a sandbox without flood limits."""
    async with telegram_lab() as opened:
        yield opened
