"""«Report a mistake»: in a press or in words, kept once for the editors' desk."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.arabic.shorten import units
from bot.model import StoryId
from bot.storage import feedback
from tests.build import draft
from tests.commands.conftest import SALMA, YOUNES, Bureau


async def opened(bureau: Bureau) -> StoryId:
    """Open the choices from a story's page."""
    story = await bureau.prints(draft(title="افتتاح الميناء"))
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/latest")
    await bureau.taps(SALMA, "1")
    await bureau.taps(SALMA, "أبلغ عن خطأ")
    return story


async def reported(bureau: Bureau) -> Sequence[str]:
    return [one.words for one in await feedback.open_ones(bureau.storage, 10)]


async def test_what_may_be_wrong_is_offered(bureau: Bureau) -> None:
    await opened(bureau)

    assert bureau.seen(SALMA) == "ما الخطأ في هذا الخبر؟"
    assert bureau.labels(SALMA) == [
        "العنوان مضلل", "ليس خبرا واحدا", "القسم خاطئ", "خطأ آخر", "رجوع",
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["العنوان مضلل", "ليس خبرا واحدا", "القسم خاطئ"])
async def test_a_press_reports_and_is_thanked_for(bureau: Bureau, label: str) -> None:
    await opened(bureau)

    await bureau.taps(SALMA, label)

    assert bureau.seen(SALMA) == bureau.texts.say("mistake.thanks")
    assert await reported(bureau) == [label]
    await bureau.taps(SALMA, "رجوع")
    assert "افتتاح الميناء" in bureau.seen(SALMA)
    assert "كتم ومتابعة" in bureau.labels(SALMA)


async def test_anything_else_is_typed(bureau: Bureau) -> None:
    await opened(bureau)

    await bureau.taps(SALMA, "خطأ آخر")
    await bureau.says(SALMA, "الصورة ليست\u202e لهذا الميناء")

    assert bureau.seen(SALMA) == bureau.texts.say("mistake.thanks")
    assert await reported(bureau) == ["الصورة ليست لهذا الميناء"]


async def test_or_sent_without_a_word(bureau: Bureau) -> None:
    await opened(bureau)

    await bureau.taps(SALMA, "خطأ آخر")
    await bureau.taps(SALMA, "أرسل دون شرح")
    await bureau.says(SALMA, "الميناء")

    assert await reported(bureau) == [""]
    assert "نتائج" in bureau.seen(SALMA)  # nothing is asked any more


async def test_of_a_long_report_the_beginning_is_kept(bureau: Bureau) -> None:
    await opened(bureau)
    await bureau.taps(SALMA, "خطأ آخر")

    await bureau.says(SALMA, "كلمة " * 500)

    (words,) = await reported(bureau)
    assert 400 < units(words) <= 500


async def test_the_way_back_gives_the_question_up(bureau: Bureau) -> None:
    await opened(bureau)
    await bureau.taps(SALMA, "خطأ آخر")

    await bureau.taps(SALMA, "رجوع")
    assert bureau.seen(SALMA) == "ما الخطأ في هذا الخبر؟"
    await bureau.says(SALMA, "لا شيء")

    assert await reported(bureau) == []


async def test_a_story_is_reported_once(bureau: Bureau) -> None:
    await opened(bureau)
    message, data = bureau.button(SALMA, "القسم خاطئ")
    await bureau.taps(SALMA, "العنوان مضلل")

    await bureau.presses(SALMA, message, data)

    assert bureau.seen(SALMA) == bureau.texts.say("mistake.before")
    await bureau.taps(SALMA, "رجوع")
    assert await bureau.taps(SALMA, "أبلغ عن خطأ") == bureau.texts.say("mistake.before")
    assert await reported(bureau) == ["العنوان مضلل"]


async def test_an_answer_that_comes_twice_is_kept_once(bureau: Bureau) -> None:
    await opened(bureau)
    await bureau.taps(SALMA, "خطأ آخر")
    await bureau.sandbox.redeliver(2)

    await bureau.says(SALMA, "الصورة قديمة")

    assert await reported(bureau) == ["الصورة قديمة"]
    assert bureau.seen(SALMA) == bureau.texts.say("mistake.thanks")


async def test_each_reader_reports_for_themselves(bureau: Bureau) -> None:
    story = await opened(bureau)
    await bureau.taps(SALMA, "العنوان مضلل")
    await bureau.says(YOUNES, f"/start st_{story}")
    await bureau.taps(YOUNES, "أبلغ عن خطأ")
    await bureau.taps(YOUNES, "القسم خاطئ")

    assert await feedback.count(bureau.storage) == 2


@pytest.mark.parametrize("verb", ["mk", "mx"])
async def test_a_story_that_is_gone_is_said_to_be_gone(bureau: Bureau, verb: str) -> None:
    await opened(bureau)
    page = bureau.messages(SALMA)[-1]["message_id"]

    assert await bureau.presses(SALMA, page, f"1:{verb}:99:1:1") == bureau.texts.say(
        "errors.no_story"
    )


@pytest.mark.parametrize("data", ["1:mk:{}:0:0", "1:mx:{}:0:0", "1:mi:title:{}:0:0"])
async def test_who_never_began_is_told_how_to(bureau: Bureau, data: str) -> None:
    story = await bureau.prints(draft())
    await bureau.says(SALMA, "/latest")
    page = bureau.messages(SALMA)[-1]["message_id"]

    toast = await bureau.presses(SALMA, page, data.format(story))

    assert toast == bureau.texts.say("marks.begin_first")
    assert await reported(bureau) == []


@pytest.mark.parametrize("data", ["1:mi:lie:1:0:0", "1:mi:title:1", "1:mk:1", "1:mx:1:0:x"])
async def test_forged_buttons_are_old(bureau: Bureau, data: str) -> None:
    await opened(bureau)

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")
    assert await reported(bureau) == []
