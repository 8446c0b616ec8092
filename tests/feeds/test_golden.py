"""Whole feeds beside what is read from them: ``data/<name>.xml`` and ``data/<name>.json``.

``REWRITE_GOLDEN=1`` writes the expectations anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.feeds.conftest import Read

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("page", sorted(DATA.glob("*.xml")), ids=lambda page: page.stem)
def test_a_feed_is_read_as_written_down(page: Path, read: Read) -> None:
    document = asdict(read(page.read_bytes(), "application/rss+xml; charset=utf-8"))
    told = json.dumps(document, default=str, ensure_ascii=False, indent=2) + "\n"
    golden = page.with_suffix(".json")

    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(told, encoding="utf-8")

    assert told == golden.read_text(encoding="utf-8")
