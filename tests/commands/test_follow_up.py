"""What can follow a broadcast that is over: again to those it missed, taken back, corrected."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.config import Config
from bot.model import (
    Act,
    AudienceKind,
    BroadcastId,
    ChatId,
    Copied,
    Verbatim,
    Wave,
    WaveState,
)
from bot.storage import briefs, broadcasts, follow_ups
from bot.storage.broadcasts import BroadcastState
from tests.commands.announcing import FIRST, audits, confirmed, crowd, read, runs_out, wave_of
from tests.commands.conftest import KARIM, YOUNES, Bureau, config, words_of

LAST = FIRST + 11


@pytest.fixture
def newsroom() -> Config:
    return config(editors=(KARIM, YOUNES))


async def over(bureau: Bureau, *, refused: tuple[int, ...] = (LAST,)) -> None:
    """Bring a broadcast to its report, which stands in the editor's chat."""
    await confirmed(bureau)
    await runs_out(bureau, 1, refused=refused)


async def press(bureau: Bureau, act: str, number: int = 1, editor: int = KARIM) -> str:
    """Press a button of the report."""
    page = bureau.messages(editor)[-1]["message_id"]
    return await bureau.presses(editor, page, f"1:bc:{act}:{number}")


async def followed(bureau: Bureau, number: int = 2) -> Wave:
    wave = await wave_of(bureau, number)
    assert wave is not None
    return wave


async def said(bureau: Bureau, wave: Wave) -> tuple[object, ...]:
    return (await briefs.get(bureau.storage, wave.brief)).blocks


# ── again ──────────────────────────────────────────────────────────────────────────────────


async def test_it_is_sent_again_to_those_it_missed_by_their_number(bureau: Bureau) -> None:
    await over(bureau)

    await press(bureau, "again")
    asked = bureau.seen(KARIM)
    await bureau.says(KARIM, "1")
    await runs_out(bureau, 2)

    wave = await followed(bureau)
    assert "قارئ واحد" in asked
    assert (wave.act, wave.tally.sent) == (Act.SEND, 1)
    assert isinstance((await said(bureau, wave))[0], Copied)
    assert await audits(bureau) == ["broadcast.confirm", "broadcast.confirm"]


async def test_where_everybody_has_it_there_is_nobody_to_send_it_to(bureau: Bureau) -> None:
    await over(bureau, refused=())

    toast = await press(bureau, "again")

    assert toast == bureau.texts.say("follow_up.all_reached")


async def test_two_editors_who_send_it_again_at_once_send_it_once(bureau: Bureau) -> None:
    await over(bureau)
    await bureau.says(YOUNES, "/start")
    for editor in (KARIM, YOUNES):
        await press(bureau, "again", editor=editor)
    people = "2"  # Younes has begun meanwhile: he was not there, and is in the audience now

    await bureau.says(YOUNES, people)
    await bureau.says(KARIM, people)

    assert bureau.seen(KARIM) == bureau.texts.say("follow_up.busy")
    counts = await bureau.storage.fetch("SELECT count(*) AS waves FROM waves")
    assert counts[0]["waves"] == 2


async def test_sent_again_and_again_nobody_gets_it_twice(bureau: Bureau) -> None:
    await over(bureau, refused=(LAST, LAST - 1))
    await press(bureau, "again")
    await bureau.says(KARIM, "2")
    await runs_out(bureau, 2, refused=(LAST,))

    await press(bureau, "again", number=2)
    await bureau.says(KARIM, "1")
    await runs_out(bureau, 3)

    rows = await bureau.storage.fetch(
        "SELECT subscriber, count(*) AS times FROM deliveries WHERE state = 'sent'"
        " GROUP BY subscriber"
    )
    assert {row["times"] for row in rows} == {1}
    assert len(rows) == 12


# ── taken back ─────────────────────────────────────────────────────────────────────────────


async def test_it_is_taken_back_from_those_it_reached(bureau: Bureau) -> None:
    await over(bureau)

    await press(bureau, "recall")
    asked = bureau.seen(KARIM)
    await bureau.says(KARIM, "11")

    wave = await followed(bureau)
    assert "11 قارئا" in asked
    assert (wave.act, wave.audience.kind) == (Act.DELETE, AudienceKind.REACHED)
    assert "الرسالة تسحب الآن" in bureau.seen(KARIM)
    assert bureau.labels(KARIM) == ["إيقاف مؤقت", "إلغاء"]
    assert (await audits(bureau))[-1] == "broadcast.recall"


async def test_what_telegram_takes_back_no_more_is_said_honestly(bureau: Bureau) -> None:
    await over(bureau)
    bureau.forward(timedelta(hours=49))

    toast = await press(bureau, "recall")

    assert toast == bureau.texts.say("follow_up.too_old")
    assert (await read(bureau)).state is BroadcastState.REPORTED


async def test_how_many_are_too_old_to_be_taken_back_is_told(bureau: Bureau) -> None:
    await over(bureau)
    async with bureau.storage.transaction() as tx:
        await tx.execute(
            "UPDATE deliveries SET settled_at = settled_at - 200000000 WHERE subscriber <= 4"
        )

    await press(bureau, "recall")

    assert "خلال 48 ساعة من الإرسال فقط. ما تجاوز هذه المدة (4)" in bureau.seen(KARIM)


# ── corrected ──────────────────────────────────────────────────────────────────────────────


async def test_the_corrected_text_is_shown_and_goes_to_whom_it_reached(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "correct")

    bold = [{"type": "bold", "offset": 0, "length": 5}]
    await bureau.says(KARIM, "صيانة الليلة بين الثالثة والرابعة", entities=bold)
    preview, card = bureau.messages(KARIM)[-2:]
    await bureau.says(KARIM, "11")

    wave = await followed(bureau)
    [block] = await said(bureau, wave)
    assert words_of(preview) == "صيانة الليلة بين الثالثة والرابعة"
    assert preview["entities"] == bold
    assert "هكذا تصير الرسالة" in words_of(card)
    assert wave.act is Act.EDIT
    assert isinstance(block, Verbatim)
    assert (json.loads(block.marks), block.is_caption) == (bold, False)
    assert "النص يصحح الآن" in bureau.seen(KARIM)


async def test_a_picture_keeps_its_place_and_gets_another_caption(bureau: Bureau) -> None:
    await crowd(bureau, 2)
    photo = await bureau.sends(KARIM, "photo", text="تعليق أول")
    await bureau.says(KARIM, "/broadcast", reply_to=photo)
    await bureau.taps(KARIM, "كل القراء 2")
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "2")
    await runs_out(bureau, 1)
    await press(bureau, "correct")

    await bureau.says(KARIM, "تعليق صحيح")
    preview = bureau.messages(KARIM)[-2]
    await bureau.says(KARIM, "2")

    assert await said(bureau, await followed(bureau)) == (Verbatim("تعليق صحيح", is_caption=True),)
    assert preview["caption"] == "تعليق صحيح"
    assert "photo" in preview


async def test_a_correction_delivered_twice_is_drafted_once(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "correct")
    await bureau.sandbox.redeliver(1)

    await bureau.says(KARIM, "النص الصحيح")

    drafts = await bureau.storage.fetch("SELECT id FROM broadcasts WHERE act = 'edit'")
    assert len(drafts) == 1


async def test_words_that_fit_nowhere_are_refused_and_others_may_follow(bureau: Bureau) -> None:
    await crowd(bureau, 2)
    photo = await bureau.sends(KARIM, "photo", text="تعليق أول")
    await bureau.says(KARIM, "/broadcast", reply_to=photo)
    await bureau.taps(KARIM, "كل القراء 2")
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "2")
    await runs_out(bureau, 1)
    await press(bureau, "correct")

    await bureau.says(KARIM, "كلمة " * 300)
    refused = bureau.seen(KARIM)
    await bureau.says(KARIM, "تعليق صحيح")

    assert refused == bureau.texts.say("follow_up.no_place")
    assert "للتأكيد اكتب العدد: 2" in bureau.seen(KARIM)


async def test_a_picture_is_no_correction(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "correct")

    await bureau.sends(KARIM, "photo", text="تعليق")

    assert bureau.seen(KARIM) == bureau.texts.say("follow_up.words_only")


async def test_a_message_that_is_gone_cannot_be_corrected(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "correct")
    await bureau.sandbox.fault(
        "error", method="copyMessage", description="Bad Request: message to copy not found"
    )

    await bureau.says(KARIM, "النص الصحيح")

    assert bureau.seen(KARIM) == bureau.texts.say("follow_up.no_message")


async def test_a_correction_can_be_given_up(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "correct")

    await bureau.taps(KARIM, "إلغاء")
    await bureau.says(KARIM, "مجرد بحث")

    assert "لا نتائج" in bureau.seen(KARIM)


async def test_where_nobody_has_it_any_more_there_is_nothing_to_correct(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "correct")
    async with bureau.storage.transaction() as tx:
        await tx.execute("UPDATE subscribers SET blocked_at = 1")

    await bureau.says(KARIM, "النص الصحيح")

    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.nobody")


# ── all three ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("act", ["again", "recall", "correct"])
async def test_one_thing_follows_at_a_time(bureau: Bureau, act: str) -> None:
    await over(bureau)
    await press(bureau, "recall")
    await bureau.says(KARIM, "11")

    assert await press(bureau, act) == bureau.texts.say("follow_up.busy")


@pytest.mark.parametrize("act", ["again", "recall", "correct"])
async def test_after_a_week_nothing_follows(bureau: Bureau, act: str) -> None:
    await over(bureau)
    bureau.forward(timedelta(days=8))

    assert await press(bureau, act) == bureau.texts.say("follow_up.too_late")


@pytest.mark.parametrize("act", ["again", "recall", "correct"])
async def test_what_is_under_way_or_never_was_is_followed_by_nothing(
    bureau: Bureau, act: str
) -> None:
    await confirmed(bureau)

    toasts = [await press(bureau, act, number) for number in (1, 99)]

    assert toasts == [bureau.texts.say("errors.old_buttons")] * 2


async def test_what_follows_has_its_audience_and_gets_no_other(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "recall")

    toast = await press(bureau, "all", number=2)

    assert toast == bureau.texts.say("errors.old_buttons")
    assert (await read(bureau, 2)).audience.kind is AudienceKind.REACHED


async def test_what_follows_can_be_paused_and_cancelled_too(bureau: Bureau) -> None:
    await over(bureau)
    await press(bureau, "recall")
    await bureau.says(KARIM, "11")
    states = []

    for label in ("إيقاف مؤقت", "متابعة", "إلغاء"):
        await bureau.taps(KARIM, label)
        states.append((await followed(bureau)).state)

    assert states == [WaveState.PAUSED, WaveState.OPEN, WaveState.CANCELLED]
    assert "ألغي السحب" in bureau.seen(KARIM)


async def test_another_editors_report_and_message_are_followed_up_in_ones_own_chat(
    bureau: Bureau,
) -> None:
    await over(bureau)
    await bureau.says(YOUNES, "/start")

    await press(bureau, "again", editor=YOUNES)

    async with bureau.storage.transaction() as tx:
        draft = await broadcasts.get(tx, BroadcastId(2))
        assert draft is not None
        source = await follow_ups.source(tx, draft)
    assert draft.chat == ChatId(YOUNES)
    assert source.chat == ChatId(KARIM)
