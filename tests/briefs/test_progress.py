"""The message in which an editor follows a broadcast, and its report."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.briefs.layouts.progress import duration, progress, report
from bot.model import Act, Brief, BroadcastId, Heading, Paragraph, Tally, WaveState
from bot.texts import Texts

TEXTS = Texts.load()
THIS = BroadcastId(3)
MIDWAY = Tally(sent=7560, unreachable=48, rejected=4)


def words(brief: Brief) -> list[str]:
    said = [block.text for block in brief.blocks if isinstance(block, Heading | Paragraph)]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]


def drawn(state: WaveState, tally: Tally = MIDWAY) -> Brief:
    return progress(
        THIS, state, tally, TEXTS,
        total=12480, percent=61, per_second=29.8, left=timedelta(seconds=163),
    )  # fmt: skip


def test_an_open_broadcast_shows_how_far_it_is() -> None:
    assert words(drawn(WaveState.OPEN)) == [
        "الإعلان يرسل الآن",
        "▓▓▓▓▓▓░░░░ 61 %\n7\u202f612 من 12\u202f480 · وصلت 7\u202f560 · حظروا 48 · تعذر 4"
        " · 29.8 في الثانية · بقيت 2 د 43 ث",
    ]


def test_a_paused_broadcast_has_no_speed() -> None:
    assert "في الثانية" not in "".join(words(drawn(WaveState.PAUSED)))


@pytest.mark.parametrize(
    ("state", "calls"),
    [
        (WaveState.OPEN, ["bc:pause:3", "bc:cancel:3"]),
        (WaveState.PAUSED, ["bc:resume:3", "bc:cancel:3"]),
        (WaveState.DONE, []),
        (WaveState.CANCELLED, []),
    ],
)
def test_the_buttons_are_what_the_state_allows(state: WaveState, calls: list[str]) -> None:
    assert [button.call for row in drawn(state).buttons for button in row] == calls


def test_a_report_adds_up_to_the_audience() -> None:
    """T37; listmonk #2591."""
    tally = Tally(sent=12_405, unreachable=61, rejected=9, unsure=2, skipped=3)

    assert words(report(THIS, tally, TEXTS, total=12_480)) == [
        "التقرير",
        "وصلت 12\u202f405 · حظروا 61 · تعذر 9 · غير مؤكد 2 · تخطي 3 · المجموع 12\u202f480",
    ]


def test_the_report_of_a_cancelled_one_names_who_was_never_addressed() -> None:
    told = words(report(THIS, Tally(sent=10), TEXTS, total=25, is_cancelled=True))

    assert told == ["ألغي الإعلان", "وصلت 10 · حظروا 0 · تعذر 0 · المجموع 25 · لم ترسل إلى 15"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 ث"), (59, "59 ث"), (60, "1 د 0 ث"), (163, "2 د 43 ث"), (3600, "1 س 0 د")],
)
def test_a_duration_has_its_two_largest_units(seconds: int, said: str) -> None:
    assert duration(timedelta(seconds=seconds), TEXTS) == said


@pytest.mark.parametrize("state", WaveState)
@pytest.mark.parametrize("act", Act)
def test_every_act_has_words_for_every_state(act: Act, state: WaveState) -> None:
    brief = progress(
        THIS, state, MIDWAY, TEXTS, total=9, percent=1, per_second=2.0, left=None, act=act
    )

    assert len(words(brief)) == 2
    assert "بقيت" not in words(brief)[1]


def test_what_is_on_hold_can_only_be_cancelled() -> None:
    calls = [button.call for row in drawn(WaveState.HELD).buttons for button in row]

    assert calls == ["bc:cancel:3"]


@pytest.mark.parametrize(
    ("tally", "total", "acts"),
    [
        (Tally(sent=9), 9, ["recall", "correct"]),
        (Tally(sent=8, rejected=1), 9, ["again", "recall", "correct"]),
        (Tally(rejected=9), 9, ["again"]),
        (Tally(), 0, []),
    ],
    ids=["all", "most", "nobody", "no audience"],
)
def test_what_can_follow_stands_under_the_report(tally: Tally, total: int, acts: list[str]) -> None:
    brief = report(THIS, tally, TEXTS, total=total)

    calls = [button.call for row in brief.buttons for button in row]
    assert calls == [f"bc:{act}:3" for act in acts]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Act.EDIT, ["تقرير التصحيح", "صححت 9 · حظروا 0 · تعذر 1 · المجموع 10"]),
        (Act.DELETE, ["تقرير السحب", "سحبت 9 · حظروا 0 · تعذر 1 · المجموع 10"]),
    ],
)
def test_what_followed_has_a_report_of_its_own(act: Act, told: list[str]) -> None:
    brief = report(THIS, Tally(sent=9, rejected=1), TEXTS, total=10, act=act)

    assert words(brief) == told
    assert brief.buttons == ()
