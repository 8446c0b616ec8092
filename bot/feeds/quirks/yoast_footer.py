"""An entry that ends in "The post … appeared first on …" in, without it out; a line of ``QUIRKS``.

Yoast SEO ends every entry of a feed with that line by default
(https://developer.yoast.com/features/alternate-formats/rss-feeds/), in the site's language. It
tells nothing and would be a brief's last sentence; in a feed of excerpts it is half the text.

Told: https://github.com/canonical/snapcraft.io/issues/969 (2018-08-02),
https://github.com/felfele/feeds/issues/56 (2020-03-31).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from bot.feeds.raw import Raw, several, text

_LONGEST: Final = 3_000  # characters with both links and their attributes; it stands at the end


def mend(raw: Raw) -> Raw:
    """Cut the footer off the summary and off every content."""
    contents = several(raw, "content")
    if not any(_footer().search(value[-_LONGEST:]) for value in _values(raw, contents)):
        return raw
    return {
        **raw,
        "summary": _without(text(raw, "summary")),
        "content": [{**content, "value": _without(text(content, "value"))} for content in contents],
    }


def _values(raw: Raw, contents: list[Raw]) -> list[str]:
    return [text(raw, "summary"), *(text(content, "value") for content in contents)]


def _without(markup: str) -> str:
    head, tail = markup[:-_LONGEST], markup[-_LONGEST:]
    return head + _footer().sub("", tail)


@cache
def _footer() -> re.Pattern[str]:
    """Compile the footers: the last paragraph, or the last sentence of a text without any."""
    data = files("bot.feeds").joinpath("data", "footers.toml").read_text(encoding="utf-8")
    lines = []
    for footer in tomllib.loads(data)["footers"]:
        begins, between = re.escape(footer["begins"]), re.escape(footer["between"])
        lines.append(rf"{begins}(?:(?!</?p|{begins}).){{1,2000}}?{between}")
    return re.compile(rf"(?:<p>)?\s*(?:{'|'.join(lines)})[^\n]{{1,600}}\s*$", re.DOTALL)
