"""/start: who is new, who comes back, the three steps, and the links that lead in."""

from __future__ import annotations

from datetime import timedelta

from bot.model import HOME_SECTIONS, Mode, Section, Source, SourceId, UrgentChoice
from bot.storage import digests, subscriptions
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, Bureau

OTHER = Source(SourceId(2), "منبر الساحل")


async def test_start_subscribes_at_once_with_defaults(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")

    reader = await bureau.subscriber(SALMA)
    hours = await digests.of(bureau.storage, reader.id)
    follows = await subscriptions.sections(bureau.storage, reader.id)
    assert reader.is_active
    assert reader.urgent is UrgentChoice.YES
    assert [hour.minute for hour in hours] == [7 * 60]
    assert follows == dict.fromkeys(HOME_SECTIONS, Mode.DIGEST)


async def test_start_shows_the_top_story_and_the_first_step(bureau: Bureau) -> None:
    await bureau.prints(draft(title="خبر عابر"))
    await bureau.prints(
        draft(title="مجلس الحكومة يصادق على القانون"),
        draft(title="الحكومة تصادق", source=OTHER),
    )

    await bureau.says(SALMA, "/start")

    seen = bureau.seen(SALMA)
    assert "أهلا بك في موجز." in seen
    assert "أهم خبر الآن:\nمجلس الحكومة يصادق على القانون" in seen
    assert "ما الذي يهمك؟ (1 من 3)" in seen
    assert "✓ سياسة" in bureau.labels(SALMA)
    assert "رياضة" in bureau.labels(SALMA)


async def test_three_steps_are_edited_in_place_and_end_with_the_next_digest(
    bureau: Bureau,
) -> None:
    await bureau.prints(draft())
    await bureau.says(SALMA, "/start")

    await bureau.taps(SALMA, "رياضة")
    assert "أهم خبر الآن" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "التالي")
    assert "(2 من 3)" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "19:00")
    await bureau.taps(SALMA, "✓ 07:00")
    await bureau.taps(SALMA, "التالي")
    await bureau.taps(SALMA, "نعم، بصمت")

    assert len(bureau.messages(SALMA)) == 1
    assert bureau.seen(SALMA).startswith("تم.")
    assert "موجزك القادم: اليوم 19:00." in bureau.seen(SALMA)
    reader = await bureau.subscriber(SALMA)
    assert reader.urgent is UrgentChoice.SILENT
    assert Section.SPORT in await subscriptions.sections(bureau.storage, reader.id)
    assert [one.minute for one in await digests.of(bureau.storage, reader.id)] == [19 * 60]


async def test_a_reader_may_want_no_digest(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.taps(SALMA, "التالي")

    await bureau.taps(SALMA, "بدون موجز")
    await bureau.taps(SALMA, "التالي")
    await bureau.taps(SALMA, "لا")

    assert "لا موجز يومي" in bureau.seen(SALMA)


async def test_every_section_is_one_tap(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")

    await bureau.taps(SALMA, "كل الأقسام")

    follows = await subscriptions.sections(bureau.storage, (await bureau.subscriber(SALMA)).id)
    assert len(follows) == 11


async def test_who_comes_back_finds_the_choices_of_before(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.taps(SALMA, "رياضة")
    await bureau.says(SALMA, "/stop")
    assert not (await bureau.subscriber(SALMA)).is_active
    bureau.forward(timedelta(days=10))

    await bureau.says(SALMA, "/start")

    reader = await bureau.subscriber(SALMA)
    (hour,) = await digests.of(bureau.storage, reader.id)
    assert reader.is_active
    assert "أهلا بعودتك" in bureau.seen(SALMA)
    assert Section.SPORT in await subscriptions.sections(bureau.storage, reader.id)
    assert hour.covered_until == NOON + timedelta(days=10) < hour.next_at
    assert hour.next_at - hour.covered_until < timedelta(days=1)


async def test_a_link_opens_its_story(bureau: Bureau) -> None:
    story = await bureau.prints(draft(title="افتتاح الميناء"))

    await bureau.says(SALMA, f"/start st_{story}")

    assert "افتتاح الميناء" in bureau.seen(SALMA)
    assert (await bureau.subscriber(SALMA)).is_active


async def test_a_link_to_a_story_that_is_gone_says_so(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start st_99")

    assert bureau.seen(SALMA) == bureau.texts.say("errors.no_story")


async def test_a_link_opens_its_section(bureau: Bureau) -> None:
    await bureau.prints(draft(title="نهاية البطولة", sections=(Section.SPORT,)))

    await bureau.says(SALMA, "/start sec_sport")

    assert bureau.seen(SALMA).startswith("رياضة")
    assert "نهاية البطولة" in bureau.seen(SALMA)


async def test_a_link_does_not_bring_back_who_stopped(bureau: Bureau) -> None:
    story = await bureau.prints(draft())
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/stop")

    await bureau.says(SALMA, f"/start st_{story}")

    assert not (await bureau.subscriber(SALMA)).is_active


async def test_an_unknown_link_is_a_plain_start(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start promo-2026")

    assert "(1 من 3)" in bureau.seen(SALMA)
