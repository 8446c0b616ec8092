"""/broadcast: a draft, its preview, its audience, a number typed, a wave; pause, resume, cancel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import Config
from bot.model import (
    Audience,
    AudienceKind,
    BriefKind,
    BroadcastId,
    ChatId,
    Copied,
    Priority,
    Section,
    WaveState,
)
from bot.storage import briefs, broadcasts
from bot.storage.broadcasts import BroadcastState
from tests.commands.announcing import audits, confirmed, crowd, wave_of
from tests.commands.conftest import GROUP, KARIM, SALMA, YOUNES, Bureau, begin, config, words_of


@pytest.fixture
def newsroom() -> Config:
    return config(editors=(KARIM, YOUNES))


async def test_a_reply_becomes_a_draft_and_is_shown_as_readers_will_see_it(
    bureau: Bureau,
) -> None:
    await crowd(bureau, 12)
    announced = await bureau.sends(KARIM, "photo", text="صورة اليوم")

    await bureau.says(KARIM, "/broadcast", reply_to=announced)

    preview, card = bureau.messages(KARIM)[-2:]
    assert preview["caption"] == "صورة اليوم"
    assert "معاينة" in words_of(card)
    assert bureau.labels(KARIM) == [
        "كل القراء 12", "متابعو قسم", "النشطون 30 يوما 12", "المحررون فقط 0", "إلغاء"
    ]  # fmt: skip


async def test_the_number_typed_sends_it_in_one_transaction(bureau: Bureau) -> None:
    await confirmed(bureau, 12)

    wave = await wave_of(bureau)
    assert wave is not None
    said = await briefs.get(bureau.storage, wave.brief)
    found = await broadcasts.get(bureau.storage, BroadcastId(1))
    assert found is not None
    assert wave.audience == Audience(AudienceKind.ALL)
    assert wave.priority is Priority.BROADCAST
    assert said.kind is BriefKind.ANNOUNCEMENT
    assert said.blocks == (Copied(ChatId(KARIM), found.message),)
    assert found.total == 12
    assert found.progress_message == bureau.messages(KARIM)[-1]["message_id"]
    assert "0 من 12" in bureau.seen(KARIM)
    assert bureau.labels(KARIM) == ["إيقاف مؤقت", "إلغاء"]
    assert bureau.woken == ["deliver"]
    assert await audits(bureau) == ["broadcast.confirm"]


async def test_a_forwarded_message_may_be_announced(bureau: Bureau) -> None:
    await crowd(bureau, 2)
    await bureau.says(KARIM, "/broadcast")

    await bureau.sends(KARIM, "forward", text="من قناة أخرى")

    assert words_of(bureau.messages(KARIM)[-2]) == "من قناة أخرى"


async def test_a_commands_word_may_be_announced(bureau: Bureau) -> None:
    await crowd(bureau, 2)
    await bureau.says(KARIM, "/broadcast")

    await bureau.says(KARIM, "الموجز")

    assert "معاينة" in bureau.seen(KARIM)


async def test_a_wrong_number_is_explained_and_sends_nothing(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")

    await bureau.says(KARIM, "13")
    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.wrong_number", number=12)
    assert await wave_of(bureau) is None
    await bureau.says(KARIM, "١٢")

    assert await wave_of(bureau) is not None


async def test_the_followers_of_a_section_are_counted_and_chosen(bureau: Bureau) -> None:
    await crowd(bureau, 3, Section.SPORT)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "مباراة الليلة")

    await bureau.taps(KARIM, "متابعو قسم")
    await bureau.taps(KARIM, "رياضة 3")
    assert "الجمهور: متابعو قسم «رياضة» (3)." in bureau.seen(KARIM)
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "3")

    wave = await wave_of(bureau)
    assert wave is not None
    assert wave.audience == Audience(AudienceKind.SECTION, Section.SPORT)


async def test_an_audience_of_nobody_is_refused(bureau: Bureau) -> None:
    await crowd(bureau, 3, Section.SPORT)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "مباراة الليلة")
    await bureau.taps(KARIM, "متابعو قسم")

    toast = await bureau.taps(KARIM, "حوادث 0")

    assert toast == bureau.texts.say("broadcast.nobody")


async def test_every_message_of_a_broadcast_delivered_twice_acts_once(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.sandbox.redeliver(3)
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "12")

    counts = await bureau.storage.fetch(
        "SELECT (SELECT count(*) FROM broadcasts) AS b, (SELECT count(*) FROM waves) AS w"
    )
    assert dict(counts[0]) == {"b": 1, "w": 1}
    assert await audits(bureau) == ["broadcast.confirm"]
    assert "0 من 12" in bureau.seen(KARIM)


async def test_a_draft_that_another_hand_dropped_is_said_to_be_gone(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")
    async with bureau.storage.transaction() as tx:
        await broadcasts.drop(tx, BroadcastId(1))

    await bureau.says(KARIM, "12")

    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.gone")
    assert await wave_of(bureau) is None


@pytest.mark.parametrize("data", ["1:bc:pause:99", "1:bc:drop:99", "1:bc:whom:99"])
async def test_a_broadcast_that_is_not_there_is_an_old_button(bureau: Bureau, data: str) -> None:
    await bureau.says(KARIM, "/start")

    toast = await bureau.presses(KARIM, bureau.messages(KARIM)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")


async def test_the_audience_can_be_chosen_anew(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 12")

    await bureau.taps(KARIM, "جمهور آخر")

    assert "كل القراء 12" in bureau.labels(KARIM)


async def test_a_half_typed_confirmation_survives_a_restart(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")

    again = await begin(bureau.sandbox, bureau.storage, bureau.room.config)
    await again.says(KARIM, "12")
    await again.app.shutdown()

    assert await wave_of(bureau) is not None


async def test_two_editors_have_a_draft_each(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    for editor, words in ((KARIM, "من كريم"), (YOUNES, "من يونس")):
        await bureau.says(editor, "/broadcast")
        await bureau.says(editor, words)
    stolen = bureau.button(KARIM, "كل القراء 12")[1]

    toast = await bureau.presses(YOUNES, bureau.messages(YOUNES)[-1]["message_id"], stolen)
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "12")

    assert toast == bureau.texts.say("errors.old_buttons")
    assert await wave_of(bureau, 1) is not None
    assert await wave_of(bureau, 2) is None


async def test_a_dropped_draft_is_sent_by_no_number(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    card, choice = bureau.button(KARIM, "كل القراء 12")

    await bureau.taps(KARIM, "إلغاء")
    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.dropped")
    toast = await bureau.presses(KARIM, card, choice)
    await bureau.says(KARIM, "12")

    assert toast == bureau.texts.say("errors.old_buttons")
    assert await wave_of(bureau) is None


async def test_dropping_one_draft_leaves_the_question_of_another(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "القديم")
    card, _ = bureau.button(KARIM, "كل القراء 12")
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "الجديد")
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")

    await bureau.presses(KARIM, card, "1:bc:drop:1")
    await bureau.says(KARIM, "12")

    assert await wave_of(bureau, 1) is None
    assert await wave_of(bureau, 2) is not None


async def test_the_question_for_a_message_can_be_given_up(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/broadcast")

    await bureau.taps(KARIM, "إلغاء")
    await bureau.says(KARIM, "مجرد بحث")

    assert "لا نتائج" in bureau.seen(KARIM)


async def test_what_cannot_be_copied_is_said_so(bureau: Bureau) -> None:
    await bureau.sandbox.fault(
        "error", method="copyMessage", description="Bad Request: message can't be copied"
    )
    await bureau.says(KARIM, "/broadcast")

    await bureau.says(KARIM, "صيانة")

    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.no_copy")
    dropped = await broadcasts.get(bureau.storage, BroadcastId(1))
    assert dropped is not None
    assert dropped.state is BroadcastState.DROPPED


async def test_pause_resume_and_cancel_turn_the_wave_and_the_message(bureau: Bureau) -> None:
    await confirmed(bureau)
    states, labels = [], []

    for label in ("إيقاف مؤقت", "متابعة", "إلغاء"):
        await bureau.taps(KARIM, label)
        wave = await wave_of(bureau)
        assert wave is not None
        states.append(wave.state)
        labels.append(bureau.labels(KARIM))

    assert states == [WaveState.PAUSED, WaveState.OPEN, WaveState.CANCELLED]
    assert labels == [["متابعة", "إلغاء"], ["إيقاف مؤقت", "إلغاء"], []]
    assert "ألغي الإعلان" in bureau.seen(KARIM)
    assert await audits(bureau) == [
        "broadcast.confirm", "broadcast.pause", "broadcast.resume", "broadcast.cancel"
    ]  # fmt: skip


async def test_pausing_twice_pauses_once(bureau: Bureau) -> None:
    await confirmed(bureau)
    page, data = bureau.button(KARIM, "إيقاف مؤقت")

    await bureau.presses(KARIM, page, data)
    await bureau.presses(KARIM, page, data)

    assert await audits(bureau) == ["broadcast.confirm", "broadcast.pause"]


async def test_who_is_no_editor_any_more_confirms_nothing(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 12")
    await bureau.taps(KARIM, "أرسل الآن")

    again = await begin(bureau.sandbox, bureau.storage, config(editors=()))
    await again.says(KARIM, "12")
    await again.app.shutdown()

    assert await wave_of(bureau) is None


async def test_an_editor_broadcasts_from_no_group(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/broadcast", chat=GROUP)

    assert words_of(bureau.messages(GROUP)[-1]) == bureau.texts.say("errors.groups", name="موجز")


async def test_a_strangers_reply_makes_no_draft(bureau: Bureau) -> None:
    message = await bureau.says(SALMA, "الحكومة")

    await bureau.says(SALMA, "/broadcast", reply_to=message)

    assert bureau.seen(SALMA) == bureau.texts.say("errors.unknown")
    assert await broadcasts.get(bureau.storage, BroadcastId(1)) is None


async def test_the_active_are_offered_for_thirty_days_and_for_others(bureau: Bureau) -> None:
    await crowd(bureau, 12)
    async with bureau.storage.transaction() as tx:
        await tx.execute("UPDATE subscribers SET seen_at = seen_at - 864000000 WHERE id > 9")
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "النشطون 30 يوما 12")
    thirty = bureau.labels(KARIM)

    await bureau.taps(KARIM, "7 أيام")
    assert "الجمهور: القراء النشطون منذ 7 أيام (9)." in bureau.seen(KARIM)
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "9")

    wave = await wave_of(bureau)
    assert thirty[:3] == ["7 أيام", "✓ 30 يوما", "90 يوما"]
    assert wave is not None
    assert wave.audience == Audience(
        AudienceKind.ACTIVE, since=bureau.room.now() - timedelta(days=7)
    )


async def test_the_desk_alone_is_an_audience(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/start")
    await crowd(bureau, 3)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "اجتماع التحرير غدا")

    await bureau.taps(KARIM, "المحررون فقط 1")
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "1")

    wave = await wave_of(bureau)
    assert wave is not None
    assert wave.audience == Audience(AudienceKind.EDITORS)


async def test_another_broadcast_under_way_is_pointed_out(bureau: Bureau) -> None:
    await confirmed(bureau)
    await bureau.says(YOUNES, "/broadcast")
    await bureau.says(YOUNES, "صيانة الليلة")

    await bureau.taps(YOUNES, "كل القراء 12")

    assert "إعلان آخر يرسل الآن إلى 12 قارئا." in bureau.seen(YOUNES)


async def test_what_is_under_way_stands_above_the_question_and_opens(bureau: Bureau) -> None:
    await confirmed(bureau)

    await bureau.says(YOUNES, "/broadcast")
    assert "1. يرسل الآن · الجمهور: كل القراء (12)." in bureau.seen(YOUNES)
    await bureau.taps(YOUNES, "الإعلان 1")
    opened = bureau.labels(YOUNES)
    await bureau.taps(YOUNES, "إيقاف مؤقت")
    await bureau.says(YOUNES, "/broadcast")

    assert opened == ["إيقاف مؤقت", "إلغاء", "رجوع"]
    assert "1. متوقف مؤقتا" in bureau.seen(YOUNES)
