"""A seed in, synthetic Arabic news out: for sizes and times, never for quality.

Stems follow Zipf's law and carry the affixes that real text carries, so the index has common words
and rare ones in the proportions that make search hard.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from bot.model import Draft, FeedId, Section, Source, SourceId

LETTERS = "".join(chr(code) for code in (*range(0x0628, 0x063B), *range(0x0641, 0x064A)))
BEFORE = (
    "",
    "",
    "",
    "\u0627\u0644",
    "\u0627\u0644",
    "\u0648",
    "\u0628",
    "\u0644\u0644",
)  # the, and, by, for the
AFTER = ("", "", "", "\u0629", "\u0627\u062a", "\u064a\u0646", "\u0647\u0627")
STEMS = 12_000
VOCABULARY = 1  # its seed: all papers write in one language
MINUTE = timedelta(minutes=1)


class Language:
    """A language of made-up words; the same seed speaks the same, another one says other things."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        letters = random.Random(VOCABULARY).choices
        self.stems = list(
            dict.fromkeys("".join(letters(LETTERS, k=3 + at % 3)) for at in range(STEMS))
        )
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.stems))))

    def words(self, count: int) -> list[str]:
        """Say that many words."""
        stems = self._random.choices(self.stems, cum_weights=self._weights, k=count)
        choose = self._random.choice
        return [choose(BEFORE) + stem + choose(AFTER) for stem in stems]

    def draft(self, number: int, begin: datetime, *, body: int = 110) -> Draft:
        """Write an article, a minute after the one before it."""
        title, text = " ".join(self.words(9)), " ".join(self.words(body))
        at = begin + number * MINUTE
        url = f"https://paper{number % 200}.example/{number}"
        return Draft(
            feed=FeedId(1),
            source=Source(SourceId(1), "bench"),
            title=title,
            url=url,
            canonical_url=url,
            summary="",
            body=text,
            author="",
            image_url="",
            video_url="",
            published_at=at,
            first_seen_at=at,
            sections=(self._random.choice(tuple(Section)),),
            is_urgent=False,
            fingerprint=str(number),
        )

    def drafts(self, count: int, begin: datetime, *, body: int = 110) -> Iterator[Draft]:
        """Write that many articles."""
        return (self.draft(number, begin, body=body) for number in range(count))
