"""The town that every journey happens in; at its end it must have shown the screens it claims."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.screens import Shown, missing
from tests.paper import Paper
from tests.pictures.keep import keep
from tests.town import Town, a_town


@pytest.fixture
def paper() -> Paper:
    """Give the town's paper; a journey of another one overrides this."""
    return Paper()


@pytest.fixture
async def town(tmp_path: Path, request: pytest.FixtureRequest, paper: Paper) -> AsyncIterator[Town]:
    async with a_town(tmp_path, paper) as town:
        yield town
        wanted = [name for mark in request.node.iter_markers("shows") for name in mark.args]
        if wanted:
            unseen = missing(wanted, [Shown(text, buttons) for _, text, buttons in town.log])
            assert not unseen, f"this journey shows no {unseen}"
            keep(wanted, request.node.name, town.seen)
