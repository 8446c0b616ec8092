"""``mujaz check``: a line for all that must hold, and a remedy for what does not."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import findings
from bot.sandbox.server import Sandbox
from bot.sandbox.updates import Webhook
from bot.storage import sources
from bot.storage.engines.sqlite.lock import hold
from bot.storage.hold import hold_all
from bot.storage.sources import Visit
from tests.cli.desk import BOT, OWNER, Desk
from tests.crowd import say
from tests.process import run
from tests.town import SALMA

FEED = '[[news.feeds]]\nurl = "https://marfa.example/feed"\n'
HOUR = timedelta(hours=1)
WHOLE = [
    "configuration", "database", "backup", "disk", "token", "rights", "owners", "feeds", "clock",
]  # fmt: skip


async def troubles(desk: Desk) -> dict[str, str]:
    """Return what `check` finds wrong, with what it found; each has a remedy."""
    found = [one for one in await desk.objects("check") if not one["ok"]]
    assert all(one["remedy"] for one in found)
    return {one["what"]: one["found"] for one in found}


async def add_feed(desk: Desk, failures: int = 0, ok_at: datetime | None = None) -> None:
    storage, now = await desk.open(), datetime.now(UTC)
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "المرفأ", now)
        feed = await sources.add_feed(
            tx, source, "https://marfa.example/feed",
            host="marfa.example", section=None, interval=HOUR, now=now,
        )  # fmt: skip
        assert feed is not None
        if ok_at is not None:
            await sources.visited(tx, feed, Visit(now, HOUR, ok_at=ok_at))
        if failures:
            visit = Visit(now, HOUR, failures, "answers 404", "gone")
            await sources.visited(tx, feed, visit)
    await storage.close()


async def test_all_well_is_a_line_each_and_ends_with_0(at_desk: Desk) -> None:
    await at_desk.let_in([OWNER])
    await add_feed(at_desk, ok_at=datetime.now(UTC))

    ended = await at_desk.says("check")

    assert ended.code == 0, ended.out
    assert [line.split("\t")[:2] for line in ended.out.splitlines()] == [["✓", w] for w in WHOLE]
    assert ended.err == ""


async def test_before_the_first_start_only_what_is_missing_is_found(at_desk: Desk) -> None:
    at_desk.configure(FEED)

    assert await troubles(at_desk) == {"owners": f"{OWNER} never wrote to the bot: it cannot begin"}
    assert not at_desk.database.exists()


async def test_a_process_tells_it_too_and_leaves_everything_as_it_was(
    at_desk: Desk, tmp_path: Path
) -> None:
    at_desk.configure(FEED, people="")
    await at_desk.let_in([OWNER])
    before = at_desk.database.read_bytes()

    with hold(at_desk.database):  # as a running bot does
        ended = await run("check", folder=tmp_path, token="")

    assert ended.code == 1
    assert "✗\tfeeds\tnone is on\tAdd one: mujaz feeds add URL" in ended.out
    assert at_desk.database.read_bytes() == before


async def test_a_wrong_configuration_ends_with_2(at_desk: Desk) -> None:
    at_desk.configure("[push]\nrate = 0")

    ended = await at_desk.says("check")

    assert ended.code == 2
    assert ended.out.startswith("✗\tconfiguration\tconfig.toml: push.rate = 0: ")
    assert ended.out.endswith("\tCorrect that setting.\n")


async def test_no_token_and_a_strange_one_are_told(at_desk: Desk, telegram: Sandbox) -> None:
    at_desk.configure(FEED, token="123456789:ABC-def_ghIJKlmnOPQrstUVwxyz")
    strange = await troubles(at_desk)
    (at_desk.folder / "config.toml").write_text(
        f'[telegram]\napi_base = "{telegram.address}"\n{FEED}', encoding="utf-8"
    )
    missing = await troubles(at_desk)

    assert strange["token"] == "Telegram does not know this token; @BotFather tells the right one."
    assert missing["token"].startswith("No bot token: ")


async def test_telegram_out_of_reach_is_one_finding(at_desk: Desk, telegram: Sandbox) -> None:
    at_desk.configure(FEED)
    await telegram.fault("all_down")

    found = await troubles(at_desk)

    assert list(found) == ["token"]
    assert found["token"].startswith("Telegram cannot be reached: ")


async def test_a_file_that_is_no_database_is_told(at_desk: Desk) -> None:
    at_desk.database.write_text("هذه رسالة. " * 200, encoding="utf-8")

    assert "is no SQLite database" in (await troubles(at_desk))["database"]


async def test_a_database_of_an_older_mujaz_is_told_and_not_brought_to_ours(at_desk: Desk) -> None:
    await at_desk.let_in([])
    with closing(sqlite3.connect(at_desk.database)) as connection:
        connection.execute("PRAGMA user_version = 1")

    assert "was written by an older Mujaz" in (await troubles(at_desk))["database"]
    with closing(sqlite3.connect(at_desk.database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


async def test_a_folder_that_is_not_there_is_told(at_desk: Desk) -> None:
    at_desk.folder /= "gone"
    (at_desk.folder.parent / "config.toml").write_text(
        f'[storage]\nurl = "sqlite:///{at_desk.database}"\n', encoding="utf-8"
    )

    assert (await troubles(at_desk))["database"] == f"{at_desk.folder} does not exist"


async def test_a_full_disk_is_told_before_it_is_full(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        findings.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10 * findings.MIB)
    )

    assert (await troubles(at_desk))["disk"].startswith("10 MiB free in ")


async def test_a_clock_that_is_wrong_is_told(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, _tz: object = None) -> datetime:
            return datetime.now(UTC) + timedelta(minutes=10)

    monkeypatch.setattr(findings, "datetime", Ahead)

    assert (await troubles(at_desk))["clock"] in {
        f"+{seconds} s from Telegram's" for seconds in range(598, 603)
    }


async def test_nobody_who_would_hear_an_alarm_is_told(at_desk: Desk) -> None:
    at_desk.configure(people="owners = []")

    assert (await troubles(at_desk))["owners"].startswith("nobody owns the bot")


async def test_what_is_on_hold_is_told(at_desk: Desk) -> None:
    """T39; listmonk #1801: a restored database waits, and nobody wonders why."""
    await at_desk.let_in([OWNER, 1, 2])
    storage = await at_desk.open()
    await say(storage, bot=BOT)
    async with storage.transaction() as tx:
        await hold_all(tx, "restored", datetime.now(UTC))
    await storage.close()

    assert (await troubles(at_desk))["outbox"].startswith("3 messages are on hold")


@pytest.mark.parametrize(
    ("failures", "ok_ago", "told"),
    [
        (1, HOUR, ""),
        (3, timedelta(days=2), "1 on, 1 failed at the last visit, 1 for long: 1 × gone"),
        (9, None, "1 on, 1 failed at the last visit, 1 for long: 1 × gone"),
    ],
    ids=["just now", "for two days", "from the beginning"],
)
async def test_feeds_that_fail_for_long_are_told_with_their_causes(
    at_desk: Desk, failures: int, ok_ago: timedelta | None, told: str
) -> None:
    await at_desk.let_in([OWNER])
    await add_feed(at_desk, failures, datetime.now(UTC) - ok_ago if ok_ago else None)

    assert (await troubles(at_desk)).get("feeds", "") == told


async def test_a_webhook_of_another_program_is_told(at_desk: Desk, telegram: Sandbox) -> None:
    at_desk.configure(FEED)
    telegram.desk.updates.webhook = Webhook("https://other.example/hook")

    told = (await troubles(at_desk))["webhook"]

    assert told == "another program has Telegram call other.example"


async def test_a_webhook_that_does_not_answer_is_told(at_desk: Desk, telegram: Sandbox) -> None:
    """T50: only Telegram knows, and `check` asks."""
    url = "http://127.0.0.1:9/telegram"  # the port of "discard", on which nobody listens
    at_desk.configure(f'{FEED}[web]\nlisten = "127.0.0.1:8080"')
    config = at_desk.folder / "config.toml"
    words = config.read_text(encoding="utf-8")
    config.write_text(
        words.replace("[people]", f'mode = "webhook"\nwebhook_url = "{url}"\n[people]'),
        encoding="utf-8",
    )
    telegram.desk.updates.webhook = Webhook(url)
    await telegram.say(SALMA, "/start")
    await telegram.until(lambda: telegram.desk.updates.webhook.error)

    assert (await troubles(at_desk))["webhook"] == "1 updates wait: Connection refused"


@pytest.mark.parametrize(("days", "is_late"), [(1, False), (3, True)])
async def test_a_backup_that_is_old_is_told(at_desk: Desk, days: int, *, is_late: bool) -> None:
    await at_desk.let_in([OWNER])
    copies = at_desk.folder / "backups"
    copies.mkdir()
    copy = copies / "mujaz-2026-01-01.db"
    copy.touch()
    moment = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(copy, (moment, moment))

    assert ("backup" in await troubles(at_desk)) is is_late
