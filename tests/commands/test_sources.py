"""/sources: how feeds do, in one line each, and switching them; the reasons in Arabic."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.editor.reasons import reason_of
from bot.storage import sources
from bot.storage.sources import Visit
from bot.texts import Texts
from tests.build import NOON
from tests.commands.conftest import KARIM, Bureau

LATER = NOON + timedelta(minutes=30)
HOUR = timedelta(hours=1)


async def add_feeds(bureau: Bureau, *names: str) -> None:
    async with bureau.storage.transaction() as tx:
        for name in names:
            source = await sources.add_source(tx, name, NOON)
            await sources.add_feed(
                tx, source, f"https://{source.id}.example/rss",
                host=f"{source.id}.example", section=None, interval=HOUR, now=NOON,
            )  # fmt: skip


async def visit(bureau: Bureau, name: str, told: Visit) -> None:
    feeds = await sources.all_feeds(bureau.storage)
    (feed,) = [feed for feed in feeds if feed.source.name == name]
    async with bureau.storage.transaction() as tx:
        await sources.visited(tx, feed.id, told)


async def test_each_feed_is_told_in_a_line(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ", "ب", "ج")
    await visit(bureau, "أ", Visit(LATER, HOUR, ok_at=NOON, new_at=NOON))
    error = "2.example is overloaded or under repair (HTTP 503)"
    await visit(bureau, "ب", Visit(LATER, HOUR, failures=2, last_error=error))

    await bureau.says(KARIM, "/sources")

    lines = bureau.seen(KARIM).splitlines()
    assert lines[0] == "المصادر: 3 مصادر"
    assert lines[1].startswith("1. ● أ · 1.example · تعمل، آخر جديد اليوم")
    assert lines[2].startswith("2. ◐ ب · 2.example · مضطربة: عطل في خادم الموقع، المحاولة القادمة")
    assert lines[3] == "3. ● ج · 3.example · تنتظر أول زيارة"


async def test_a_feed_is_switched_off_and_on_again(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await visit(bureau, "أ", Visit(LATER, HOUR, ok_at=NOON, new_at=NOON))
    await bureau.says(KARIM, "المصادر")

    await bureau.taps(KARIM, "أوقف 1")
    off = bureau.seen(KARIM)
    await bureau.taps(KARIM, "شغل 1")

    (feed,) = await sources.all_feeds(bureau.storage)
    acts = await bureau.storage.fetch("SELECT act FROM audit ORDER BY id")
    assert "○ أ · 1.example · متوقفة" in off
    assert feed.is_on
    assert feed.is_silent
    assert [row["act"] for row in acts] == ["source.off", "source.on"]


async def test_a_switch_delivered_twice_acts_once(bureau: Bureau) -> None:
    await add_feeds(bureau, "أ")
    await bureau.says(KARIM, "/sources")
    page, data = bureau.button(KARIM, "أوقف 1")

    await bureau.presses(KARIM, page, data)
    await bureau.presses(KARIM, page, data)

    assert len(await bureau.storage.fetch("SELECT act FROM audit")) == 1


async def test_many_feeds_are_turned_in_pages(bureau: Bureau) -> None:
    await add_feeds(bureau, *(f"مصدر {number:02}" for number in range(1, 10)))
    await bureau.says(KARIM, "/sources")

    await bureau.taps(KARIM, "التالي")

    assert "9. ● مصدر 09" in bureau.seen(KARIM)
    assert "مصدر 08" not in bureau.seen(KARIM)
    await bureau.taps(KARIM, "أوقف 9")
    assert "9. ○ مصدر 09" in bureau.seen(KARIM)


async def test_no_feed_at_all_is_said_so(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/sources")

    assert bureau.seen(KARIM) == bureau.texts.say("sources.none")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("a.example has no such page (HTTP 404)", "gone"),
        ("a.example forbids the visit (HTTP 403)", "forbidden"),
        ("a.example says we come too often (HTTP 429)", "too_often"),
        ("a.example has trouble of its own (HTTP 500)", "server"),
        ("a.example offers no feed there (HTTP 406)", "refused"),
        ("a.example does not answer with a feed (HTTP 418)", "refused"),
        ("a.example did not answer in full within 30 s", "slow"),
        ("a.example did not answer in time", "slow"),
        ("a.example has no address in the DNS", "no_address"),
        ("a.example shows a certificate that is not valid: expired", "certificate"),
        ("a.example does not manage a secure connection (TLS)", "certificate"),
        ("a.example refuses the connection", "connection"),
        ("a.example hung up before it had answered", "connection"),
        ("a.example redirects more than 5 times", "redirects"),
        ("a.example sends more than 10 MiB: no feed is that", "too_large"),
        ("a.example: port 8080 is not visited, only 80 and 443", "forbidden_address"),
        ("the document is empty", "no_feed"),
        ("reading it takes more than 10 s", "too_large"),
        ("something else entirely", "unknown"),
    ],
)
def test_a_reason_is_found_for_every_error(error: str, reason: str) -> None:
    assert reason_of(error) == reason
    assert Texts.load().say(f"sources.reason.{reason}")
