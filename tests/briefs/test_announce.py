"""Broadcasts by name, moments with their hour, and what owners and editors are asked and told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.layouts.announce import audience_name, exact, held, hush, late
from bot.model import Audience, AudienceKind, Brief, BroadcastId, Heading, Paragraph, Section
from bot.texts import Texts

TEXTS = Texts.load()
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DUBAI = ZoneInfo("Asia/Dubai")


def words(brief: Brief) -> str:
    said = [block.text for block in brief.blocks if isinstance(block, Heading | Paragraph)]
    return "\n".join(said).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("audience", "days", "name"),
    [
        (Audience(AudienceKind.ALL), None, "كل القراء"),
        (Audience(AudienceKind.SECTION, Section.SPORT), None, "متابعو قسم «رياضة»"),
        (Audience(AudienceKind.ACTIVE), 7, "القراء النشطون منذ 7 أيام"),
        (Audience(AudienceKind.EDITORS), None, "المحررون"),
        (Audience(AudienceKind.REACHED), None, "من وصلتهم"),
    ],
)
def test_an_audience_has_a_name(audience: Audience, days: int | None, name: str) -> None:
    assert audience_name(audience, days, TEXTS) == name


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "اليوم 17:00"), (-24, "أمس 16:00"), (12, "غدا 04:00"), (96, "الاثنين 30 نونبر 16:00")],
)
def test_a_moment_has_its_hour_however_far_it_is(hours: int, said: str) -> None:
    assert exact(NOW + timedelta(hours=hours), zone=DUBAI, now=NOW) == said


def test_what_is_late_is_asked_about() -> None:
    brief = late(BroadcastId(4), "الجمهور: كل القراء (3).", "أمس 08:00", TEXTS, name="موجز")

    assert words(brief) == (
        "فات موعد إعلان\nكان موعده أمس 08:00، ولم يكن موجز يعمل حينها."
        " لم يرسل منه شيء، ولن يرسل حتى تقرر.\nالجمهور: كل القراء (3)."
    )


def test_an_owner_reads_what_waits() -> None:
    brief = held(
        9, "restored", TEXTS, name="موجز", waves=2, messages=12_480, oldest="أمس 22:05"
    )  # fmt: skip
    without = held(9, "moved", TEXTS, name="موجز", waves=1, messages=2, oldest="")

    assert "إرسالان · 12\u202f480 رسالة · أقدمها أمس 22:05" in words(brief)
    assert "ما ينتظر: إرسال واحد · رسالتان\n" in words(without)


@pytest.mark.parametrize(
    ("are_copies", "word"), [(True, "تتوقف الإعلانات"), (False, "يتوقف الإرسال")]
)
def test_a_silence_is_told_with_its_end(are_copies: bool, word: str) -> None:
    brief = hush(NOW + timedelta(minutes=38), NOW, DUBAI, TEXTS, are_copies=are_copies)

    assert f"{word} " in words(brief)
    assert "حتى اليوم 16:38" in words(brief)
