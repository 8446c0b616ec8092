"""Telegram in trouble, as people see it: what was said meanwhile is answered afterwards."""

from __future__ import annotations

from tests.town import SALMA, Town


async def test_a_token_refused_for_a_moment_leaves_nobody_deaf(town: Town) -> None:
    """The library stops listening for good at the first 401; servers in trouble answer so too."""
    await town.begin()
    await town.sandbox.fault("token_revoked", method="getUpdates", count=1)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "أهلا بك")

    await town.says(SALMA, "/help")

    await town.sees(SALMA, "/latest")
