"""From a story's page: its source, its section, its words, followed or muted, and the way back."""

from __future__ import annotations

from bot.model import (
    Mode,
    Section,
    Source,
    SourceId,
    StoryId,
    Taste,
    section_subject,
    source_subject,
    story_subject,
    words_subject,
)
from bot.storage import stories, subscriptions
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, Bureau

OTHER = Source(SourceId(2), "منبر الساحل")


async def opened(bureau: Bureau, section: Section = Section.POLITICS) -> StoryId:
    """Open the choices of a story that two sources tell, from the list of the latest."""
    story = await bureau.prints(
        draft(title="افتتاح الميناء", sections=(section,)),
        draft(title="الميناء يفتح أبوابه", source=OTHER, sections=(section,)),
    )
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/latest")
    await bureau.taps(SALMA, "1")
    await bureau.taps(SALMA, "كتم ومتابعة")
    return story


async def taste_of(bureau: Bureau) -> Taste:
    reader = await bureau.subscriber(SALMA)
    return await subscriptions.taste(bureau.storage, reader.id, NOON)


async def test_all_of_a_story_can_be_chosen(bureau: Bureau) -> None:
    await opened(bureau)

    assert bureau.labels(SALMA) == [
        "هذا الخبر", "صحيفة الغد", "منبر الساحل", "قسم سياسة", "اكتم كلمات", "رجوع",
    ]  # fmt: skip


async def test_the_page_says_how_it_stands(bureau: Bureau) -> None:
    story = await opened(bureau)
    assert "قسم سياسة · في الموجز" in bureau.seen(SALMA)  # a home section
    await bureau.taps(SALMA, "هذا الخبر")
    await bureau.taps(SALMA, "أبدا")
    await bureau.taps(SALMA, "أسبوع")

    await bureau.taps(SALMA, "رجوع")

    assert "هذا الخبر · كتم حتى الثلاثاء 1 دجنبر 12:00" in bureau.seen(SALMA)
    assert story_subject(story) in (await taste_of(bureau)).mutes


async def test_a_source_is_muted_except_what_others_tell_too(bureau: Bureau) -> None:
    story = await opened(bureau)
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None

    await bureau.taps(SALMA, "صحيفة الغد")
    await bureau.taps(SALMA, "أبدا")

    assert bureau.seen(SALMA).startswith(
        "أخبار «صحيفة الغد»\nمكتومة دائما. وما يرويه معه مصدر آخر يصلك."
    )
    assert (await taste_of(bureau)).mutes == {source_subject(telling.lead.source.id): None}


async def test_a_source_is_followed(bureau: Bureau) -> None:
    story = await opened(bureau)
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None

    await bureau.taps(SALMA, "صحيفة الغد")
    await bureau.taps(SALMA, "فورا")

    taste = await taste_of(bureau)
    assert taste.follows[source_subject(telling.lead.source.id)] is Mode.INSTANT


async def test_a_section_is_muted_and_its_follow_stays(bureau: Bureau) -> None:
    await opened(bureau)

    await bureau.taps(SALMA, "قسم سياسة")
    await bureau.taps(SALMA, "أبدا")

    taste, politics = await taste_of(bureau), section_subject(Section.POLITICS)
    assert politics in taste.mutes
    assert taste.follows[politics] is Mode.DIGEST


async def test_words_are_muted_and_the_way_leads_back_to_the_story(bureau: Bureau) -> None:
    await opened(bureau)

    await bureau.taps(SALMA, "اكتم كلمات")
    await bureau.says(SALMA, "ميناء طنجة")
    await bureau.taps(SALMA, "رجوع")
    assert "هذا الخبر" in bureau.labels(SALMA)
    await bureau.taps(SALMA, "رجوع")
    assert "أبلغ عن خطأ" in bureau.labels(SALMA)
    await bureau.taps(SALMA, "رجوع")

    assert bureau.seen(SALMA).startswith("آخر الأخبار")
    assert words_subject("ميناء طنجه") in (await taste_of(bureau)).mutes


async def test_words_given_up_lead_back_to_the_choices(bureau: Bureau) -> None:
    await opened(bureau)
    await bureau.taps(SALMA, "اكتم كلمات")

    await bureau.taps(SALMA, "رجوع")
    await bureau.says(SALMA, "لا شيء")

    assert "لا نتائج" in bureau.seen(SALMA)


async def test_words_that_are_lifted_lead_back_to_the_choices(bureau: Bureau) -> None:
    await opened(bureau)
    await bureau.taps(SALMA, "اكتم كلمات")
    await bureau.says(SALMA, "ميناء طنجة")

    await bureau.taps(SALMA, "ألغ الكتم")

    assert bureau.labels(SALMA)[0] == "هذا الخبر"
    assert not (await taste_of(bureau)).mutes


async def test_a_section_that_nobody_follows_is_not_offered(bureau: Bureau) -> None:
    await opened(bureau, Section.VIDEO)

    assert not [label for label in bureau.labels(SALMA) if label.startswith("قسم")]


async def test_a_story_that_is_gone_is_said_to_be_gone(bureau: Bureau) -> None:
    await opened(bureau)

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], "1:mu:99:1:1")

    assert toast == bureau.texts.say("errors.no_story")
