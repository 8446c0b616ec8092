"""Real articles of ten newspapers through the window: pairs labelled by reading must agree."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.model import Article, StoryId
from bot.stories.cluster import OPEN_FOR, Window
from tests.articles.build import article_of, draft, entry, feed, source

SHARED = Path(__file__).parents[2] / "../shared"
LEAST = 0.80  # F1 of the labelled pairs

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not (SHARED / "data/real-articles.jsonl.gz").exists(),
        reason="the real articles are not beside the checkout",
    ),
]


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the measure from where it lies; it leaves no trace there or here."""
    monkeypatch.syspath_prepend(str(SHARED / "eval"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = importlib.util.spec_from_file_location("eval_clusters", SHARED / "eval/eval_clusters.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("eval_search", None)


def stories_of(articles: list[dict[str, Any]]) -> dict[str, StoryId]:
    """Let articles arrive in the order of time, as a poll takes them in; by address."""
    window, found, feeds = Window(), dict[str, StoryId](), dict[str, Any]()
    for number, told in enumerate(articles, start=1):
        now = datetime.fromisoformat(told["seen_at"])
        name = told["source"]
        of = feeds.setdefault(name, feed(len(feeds), of=source(len(feeds), name)))
        made = draft(entry(told["title"], link=told["url"], body=told["content"]), of=of, now=now)
        window.close_before(now - OPEN_FOR)
        story = window.story_of(made) or StoryId(number)
        article: Article = article_of(made, number, story=story)
        window.add(article)
        found[told["url"]] = story
    return found


def test_tellings_of_one_event_share_a_story_and_others_do_not(measure: ModuleType) -> None:
    data = SHARED / "data"
    articles, pairs = measure.load(data / "real-articles.jsonl.gz", data / "real-pairs.jsonl")

    story = stories_of(articles)

    hit = false = missed = 0
    for pair in pairs:
        if pair["label"] != "unsure":
            said, true = story[pair["a"]] == story[pair["b"]], pair["label"] == "same"
            hit, false, missed = (
                hit + (said and true),
                false + (said > true),
                missed + (said < true),
            )
    precision, recall = hit / (hit + false), hit / (hit + missed)
    f1 = 2 * precision * recall / (precision + recall)
    assert f1 >= LEAST, (precision, recall)
