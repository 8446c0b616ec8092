"""The log's memory is bounded and its numbers go on."""

from __future__ import annotations

from bot.sandbox.log import Log


def test_the_oldest_lines_are_forgotten_and_numbers_go_on() -> None:
    log = Log(kept=3)
    for number in range(5):
        log.write(float(number), "getMe")

    assert [line.n for line in log.since()] == [3, 4, 5]
    assert [line.n for line in log.since(4)] == [5]
    assert list(log.since(5)) == []


def test_a_line_names_a_fault_only_when_one_struck() -> None:
    log = Log()
    log.write(0.0, "sendMessage", fault="slow")
    log.write(0.0, "sendMessage")

    struck, fine = (line.json() for line in log.since())

    assert struck["fault"] == "slow"
    assert "fault" not in fine
