"""``mujaz stats``: the newsroom in figures, for people and for scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import DeliveryState, Priority, to_ms
from bot.storage.stats import QUARTER
from tests.build import draft, print_story
from tests.cli.desk import OWNER, Desk


async def live_a_day(desk: Desk) -> None:
    """Let two people read, a story come, and pushes arrive or not; some of it long ago."""
    await desk.let_in([OWNER, 1])
    storage, now = await desk.open(), datetime.now(UTC)
    async with storage.transaction() as tx:
        await print_story(tx, draft(first_seen_at=now))
        for state, ago in ((DeliveryState.SENT, 0), (DeliveryState.UNREACHABLE, 0), ("sent", 30)):
            await tx.execute(
                "INSERT INTO pushes (quarter, priority, state, pushes)"
                " VALUES (:quarter, :priority, :state, 5)",
                {
                    "quarter": to_ms(now - timedelta(days=ago)) // QUARTER,
                    "priority": int(Priority.URGENT),
                    "state": str(state),
                },
            )
    await storage.close()


async def test_a_script_gets_one_object(at_desk: Desk) -> None:
    await live_a_day(at_desk)

    [told] = await at_desk.objects("stats", "--days", "2")

    assert {name: told[name] for name in ("days", "articles", "stories", "readers")} == {
        "days": 2, "articles": 1, "stories": 1, "readers": 2,
    }  # fmt: skip
    assert (told["urgent_sent"], told["urgent_failed"]) == (5, 5)


async def test_people_get_a_line_a_figure_and_may_look_further_back(at_desk: Desk) -> None:
    await live_a_day(at_desk)

    ended = await at_desk.says("stats", "--days", "60")

    assert (ended.code, ended.err) == (0, "")
    assert [
        line
        for line in ended.out.splitlines()
        if line.startswith(("articles", "readers", "urgent sent"))
    ] == ["articles\t1", "readers\t2", "urgent sent\t10"]


async def test_without_a_database_there_are_no_figures(at_desk: Desk) -> None:
    ended = await at_desk.says("stats")

    assert ended.code == 1
    assert ended.sentence().endswith("mujaz.db yet: mujaz run makes it.")
