"""What Mujaz found out by itself in, the brief that tells people of the desk out; jobs push it.

Most go through the outbox (`storage.notices`). Each says what happened, that nothing is lost, and
what helps; that it is over again is told too.
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


@dataclass(frozen=True, slots=True)
class Notices:
    """What there may be to tell; times are of the newsroom's ``zone``."""

    texts: Texts
    zone: ZoneInfo

    def site_moved(self, feed: Feed, known: int) -> Brief:
        """Say that a feed gave new guids and addresses to ``known`` articles that we have."""
        texts = self.texts
        articles = texts.count("article", known)
        return _announced(
            Heading(texts.say("notice.moved.heading", source=feed.source.name)),
            Paragraph(texts.say("notice.moved.what", articles=articles)),
            Paragraph(texts.say("notice.moved.advice", url=feed.url)),
        )

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
        what = self.texts.say("outage.what", since=self._at(since, now))
        return _announced(Heading(self.texts.say("outage.heading")), Paragraph(what))

    def reached_again(self, since: datetime, now: datetime) -> Brief:
        """Say that sites can be reached again."""
        return _announced(Paragraph(self.texts.say("outage.over", since=self._at(since, now))))

    def disk_refuses(self, since: datetime, now: datetime) -> Brief:
        """Say that the database takes nothing."""
        what = self.texts.say("notice.disk.refused.what", at=self._at(since, now))
        return _announced(Heading(self.texts.say("notice.disk.refused.heading")), Paragraph(what))

    def disk_takes_again(self, since: datetime, now: datetime) -> Brief:
        """Say that the database takes what is written again."""
        what = self.texts.say("notice.disk.again.what", at=self._at(since, now))
        return _announced(Heading(self.texts.say("notice.disk.again.heading")), Paragraph(what))

    def webhook_dead(self, why: str) -> Brief:
        """Say that Telegram's calls do not arrive, and why in its own words."""
        what = self.texts.say("notice.webhook.dead.what", why=why)
        return _announced(Heading(self.texts.say("notice.webhook.dead.heading")), Paragraph(what))

    def webhook_well(self) -> Brief:
        """Say that Telegram's calls arrive again."""
        what = self.texts.say("notice.webhook.well.what")
        return _announced(Heading(self.texts.say("notice.webhook.well.heading")), Paragraph(what))

    def no_backup(self) -> Brief:
        """Say that the nightly copy could not be made."""
        what = self.texts.say("notice.backup.what")
        return _announced(Heading(self.texts.say("notice.backup.heading")), Paragraph(what))

    def _at(self, moment: datetime, now: datetime) -> str:
        return told_at(moment, zone=self.zone, now=now)


def _announced(*blocks: Heading | Paragraph | Item) -> Brief:
    return Brief(BriefKind.ANNOUNCEMENT, blocks)
