"""Screens that a journey showed → files for `take`, when MUJAZ_PICTURES names a folder.

The journeys' fixture calls it. Several journeys may show one screen: each writes its own file, and
`take` looks at the first by name, so that the picture does not change with the order of the tests.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.journeys.screens import Shown, screens
from tests.town import buttons_of, text_of

SETTING = "MUJAZ_PICTURES"
BETWEEN = "--"  # a screen's name and its journey's in a file's name


def keep(wanted: Iterable[str], journey: str, seen: Sequence[dict[str, Any]]) -> None:
    """Write of each wanted screen the first message that is it, where the setting says."""
    folder = os.environ.get(SETTING)
    if not folder:
        return
    place, known = Path(folder), screens()
    place.mkdir(parents=True, exist_ok=True)
    suffix = re.sub(r"[^\w-]+", "-", journey)
    for name in wanted:
        screen = known[name]
        is_it = (one for one in seen if screen.is_in(Shown(text_of(one), buttons_of(one))))
        text = json.dumps(next(is_it), ensure_ascii=False, indent=1)
        (place / f"{name}{BETWEEN}{suffix}.json").write_text(text, encoding="utf-8")


def kept(folder: Path) -> dict[str, dict[str, Any]]:
    """Read one message a screen."""
    messages: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.json")):
        screen = file.name.partition(BETWEEN)[0]
        if screen not in messages:
            messages[screen] = json.loads(file.read_text(encoding="utf-8"))
    return messages
