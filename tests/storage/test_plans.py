"""Who goes through readers a slice at a time reads that slice, however many readers there are."""

from __future__ import annotations

import re

import pytest

from bot.storage import Storage, absence, audience, digests, retention

SLICES = {
    "a wave's next slice": (audience.SLICE, "subscribers USING INTEGER PRIMARY KEY (rowid>?"),
    "who missed news": (absence.CANDIDATES, "subscribers USING INTEGER PRIMARY KEY (rowid>?"),
    "digests that are due": (digests.DUE, "digests USING INDEX digests_due (next_at<?)"),
    "deliveries to forget": (retention.SETTLED, "deliveries USING PRIMARY KEY (occasion=?)"),
}


@pytest.mark.parametrize(("sql", "way"), SLICES.values(), ids=SLICES)
async def test_a_slice_is_found_by_its_order_and_sorts_nobody(
    storage: Storage, sql: str, way: str
) -> None:
    values = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    plan = await storage.fetch(f"EXPLAIN QUERY PLAN {sql}", values)

    steps = [str(row["detail"]) for row in plan]
    assert f"SEARCH {way}" in " ".join(steps)
    assert not [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY"]
