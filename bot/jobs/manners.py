"""What the newsroom's jobs share in telling news at once: how long it lasts, how it is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.briefs.layouts.instant import instant
from bot.briefs.layouts.roundup import roundup
from bot.model import BotId, Brief, Priority, Telling
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Manners:
    """What a job must know of the newsroom. Durations: how long news is worth sending."""

    bot: BotId
    zone: ZoneInfo
    urgent_lasts: timedelta
    instant_lasts: timedelta

    def lasts(self, priority: Priority) -> timedelta:
        """Return how long news of a priority is worth sending."""
        return self.urgent_lasts if priority is Priority.URGENT else self.instant_lasts


def lay_out(tellings: Sequence[Telling], texts: Texts, *, zone: ZoneInfo, now: datetime) -> Brief:
    """Lay out one story, or several of one section."""
    if len(tellings) == 1:
        return instant(tellings[0], texts, zone=zone, now=now)
    return roundup(tellings[0].story.section, tellings, texts, zone=zone, now=now)
