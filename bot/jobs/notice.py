"""Something that people of the desk must know in, the brief that tells them out.

Jobs ask for it and have ``storage.notices`` write it to each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.briefs.phrases import told_at
from bot.errors import FetchCause
from bot.model import Brief, BriefKind, Feed, Heading, Item, Paragraph
from bot.texts import Texts


def site_moved(feed: Feed, known: int, texts: Texts) -> Brief:
    """Say that a feed gave new guids and addresses to ``known`` articles that we have."""
    articles = texts.count("article", known)
    return Brief(
        BriefKind.ANNOUNCEMENT,
        (
            Heading(texts.say("notice.moved.heading", source=feed.source.name)),
            Paragraph(texts.say("notice.moved.what", articles=articles)),
            Paragraph(texts.say("notice.moved.advice", url=feed.url)),
        ),
    )


def moved_key(feed: Feed, now: datetime) -> str:
    """Name a move: a site may move again, but hardly twice a day."""
    return f"moved:{feed.id}:{now:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Notices:
    """What owners are told of the whole newsroom; times are of the newsroom's zone."""

    texts: Texts
    zone: ZoneInfo

    def no_news(self, newest: datetime | None, feeds: Sequence[Feed], now: datetime) -> Brief:
        """Say that no article comes from anywhere, how many feeds fail, and of what."""
        texts = self.texts
        last = texts.say("silence.never")
        if newest is not None:
            last = texts.say("silence.last", at=self._at(newest, now))
        causes = Counter(feed.last_cause or FetchCause.UNKNOWN for feed in feeds if feed.failures)
        what = texts.say("silence.nothing_new", feeds=texts.count("feed", len(feeds)))
        if failing := causes.total():
            count = texts.count("feed", failing)
            what = texts.say("silence.failing", failing=count, total=len(feeds))
        lines = (
            Item(f"{texts.say(f'sources.reason.{cause}')}: {texts.count('feed', count)}")
            for cause, count in causes.most_common()
        )
        heading, advice = texts.say("silence.heading"), texts.say("silence.advice")
        return _announced(Heading(heading), Paragraph(f"{last} {what}"), *lines, Paragraph(advice))

    def news_again(self, newest: datetime, now: datetime) -> Brief:
        """Say that an article came."""
        return _announced(Paragraph(self.texts.say("silence.over", at=self._at(newest, now))))

    def nobody_reached(self, since: datetime, now: datetime) -> Brief:
        """Say that no site at all can be reached: the trouble is the server's own."""
        heading = self.texts.say("outage.heading")
        what = self.texts.say("outage.what", since=self._at(since, now))
        return _announced(Heading(heading), Paragraph(what))

    def reached_again(self, since: datetime, now: datetime) -> Brief:
        """Say that sites can be reached again."""
        return _announced(Paragraph(self.texts.say("outage.over", since=self._at(since, now))))

    def _at(self, moment: datetime, now: datetime) -> str:
        return told_at(moment, zone=self.zone, now=now)


def _announced(*blocks: Heading | Paragraph | Item) -> Brief:
    return Brief(BriefKind.ANNOUNCEMENT, blocks)
