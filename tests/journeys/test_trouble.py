"""Telegram in trouble, as people see it: what was said meanwhile is answered afterwards."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot import jobs
from bot.model import ChatId, Mode, Section
from bot.storage import subscribers, subscriptions
from tests.town import NADIA, PATIENCE, SALMA, Town
from tests.web.test_running import free_port

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
BRIDGE = "افتتاح جسر جديد على وادي المرسى بعد سنتين من الأشغال"


async def test_a_token_refused_for_a_moment_leaves_nobody_deaf(town: Town) -> None:
    """The library stops listening for good at the first 401; servers in trouble answer so too."""
    await town.begin()
    await town.sandbox.fault("token_revoked", method="getUpdates", count=1)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "أهلا بك")

    await town.says(SALMA, "/help")

    await town.sees(SALMA, "/latest")


async def reads(town: Town, person: int) -> None:
    """Let a person join who follows politics at once."""
    await town.says(person, "/start")
    await town.sees(person, "1 من 3")
    assert town.mujaz is not None
    async with town.mujaz.storage.transaction() as tx:
        known = await subscribers.find(tx, town.mujaz.bot, ChatId(person))
        assert known is not None
        await subscriptions.follow_sections(
            tx, known.id, [Section.POLITICS], Mode.INSTANT, town.clock()
        )


async def test_an_hour_without_telegram_loses_neither_news_nor_what_was_asked(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.clock.set(MORNING)
    await town.begin()
    await reads(town, SALMA)

    await town.sandbox.fault("all_down")
    town.paper.prints("politics", BRIDGE, at=town.clock())
    await town.reads()
    await town.says(SALMA, "/help")
    for _ in range(6):
        town.clock.forward(timedelta(minutes=10))
        await town.quiet()
    assert not any(BRIDGE in text for text in town.texts(SALMA))
    await town.sandbox.fault("none")
    town.clock.forward(timedelta(minutes=11))

    await town.sees(SALMA, BRIDGE)
    await town.sees(SALMA, "/latest")
    assert sum(BRIDGE in text for text in town.texts(SALMA)) == 1
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.shows("disk_full", "disk_well")
async def test_a_disk_that_is_full_stops_the_news_and_loses_none(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T60; flowerss #47: the owner is told once, and everything goes on by itself."""
    monkeypatch.setattr(jobs, "DISK_EVERY", 0.1)
    town.clock.set(MORNING)
    await town.begin()
    for person in (SALMA, NADIA):
        await reads(town, person)
    assert town.mujaz is not None
    storage = town.mujaz.storage

    async with storage.transaction() as tx:
        await tx.execute("CREATE TABLE ballast (bytes)")
        await tx.execute("CREATE TRIGGER grows BEFORE INSERT ON settings BEGIN"
                         " INSERT INTO ballast VALUES (zeroblob(1000000)); END")  # fmt: skip
        (pages,) = await tx.fetch("PRAGMA page_count")
        await tx.fetch(f"PRAGMA max_page_count = {pages['page_count']}")
    town.paper.prints("politics", BRIDGE, BRIDGE * 200, at=town.clock())
    await town.sees(NADIA, "قاعدة البيانات لا تقبل الكتابة")
    await town.reads()
    assert not any(BRIDGE in text for text in town.texts(SALMA))
    async with storage.transaction() as tx:
        await tx.fetch("PRAGMA max_page_count = 1073741823")
    await town.sees(NADIA, "عادت قاعدة البيانات إلى العمل")
    await town.reads()

    await town.sandbox.until(lambda: any(BRIDGE in text for text in town.texts(SALMA)), PATIENCE)
    assert sum("قاعدة البيانات لا تقبل" in text for text in town.texts(NADIA)) == 1


@pytest.mark.shows("webhook_dead", "webhook_well")
async def test_a_webhook_that_died_is_told_and_so_is_its_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T50; filipnet/checkmk-telegram-notify #1: the owner hears of it within five minutes."""
    monkeypatch.setattr(jobs, "WEBHOOK_EVERY", 0.1)
    town.clock.set(datetime.now(UTC))  # Telegram tells when its call failed
    port = await free_port()
    called = {
        "MUJAZ_TELEGRAM__MODE": "webhook",
        "MUJAZ_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "MUJAZ_WEB__LISTEN": f"127.0.0.1:{port}",
    }
    await town.begin(called)
    await reads(town, NADIA)
    await awake(town)

    await town.sandbox.fault("webhook_dead")
    await town.says(SALMA, "/help")
    await town.sees(NADIA, "رسائل القراء لا تصل", "Connection refused")
    await town.sandbox.fault("none")

    await town.sees(SALMA, "/latest")
    await town.sees(NADIA, "عادت رسائل القراء تصل")
    assert sum("رسائل القراء لا تصل" in text for text in town.texts(NADIA)) == 1


async def awake(town: Town) -> None:
    """Let nobody have quiet hours."""
    assert town.mujaz is not None
    async with town.mujaz.storage.transaction() as tx:
        await tx.execute("UPDATE subscribers SET quiet_start = NULL, quiet_end = NULL")


@pytest.mark.shows("backup_failed")
async def test_a_night_without_a_backup_is_told_in_the_morning(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BACKUP_EVERY", 0.1)
    town.clock.set(MORNING.replace(hour=3, minute=30))
    town.database.with_name("backups").touch()  # where a folder should be
    await town.begin()
    await reads(town, NADIA)
    await town.quiet()
    town.clock.set(MORNING)

    await town.sees(NADIA, "تعذرت النسخة الاحتياطية الليلة", "mujaz check")
    await town.quiet()
    assert sum("تعذرت النسخة" in text for text in town.texts(NADIA)) == 1
