"""/follow and the page of one subject: what is followed, what is muted and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.commands.reader import tastes
from bot.commands.reader.follow import follow_words
from bot.commands.touch import Touch
from bot.model import (
    ChatId,
    Mode,
    Section,
    SourceId,
    StoryId,
    Subject,
    Taste,
    UserId,
    section_subject,
    source_subject,
    story_subject,
    words_subject,
)
from bot.storage import stories, subscriptions
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, YOUNES, Bureau

PORT = words_subject("ميناء طنجه")


async def taste_of(bureau: Bureau, person: int = SALMA) -> Taste:
    reader = await bureau.subscriber(person)
    return await subscriptions.taste(bureau.storage, reader.id, bureau.clock[0])


async def follows(bureau: Bureau, *subjects: Subject, mode: Mode = Mode.DIGEST) -> None:
    """Let Salma begin, and follow these subjects and nothing else."""
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        before = await subscriptions.sections(tx, reader.id)
        await subscriptions.unfollow(tx, reader.id, map(section_subject, before))
        await subscriptions.follow(tx, reader.id, subjects, mode, NOON)


async def words(bureau: Bureau, typed: str, *, label: str = "تابع كلمات") -> None:
    """Follow or mute words that are typed after the question."""
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, label)
    await bureau.says(SALMA, typed)


def chosen(bureau: Bureau) -> list[str]:
    return [label for label in bureau.labels(SALMA) if label.startswith("✓")]


async def test_the_page_tells_everything_in_groups(bureau: Bureau) -> None:
    story = await bureau.prints(draft(title="افتتاح الميناء"))
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None
    source = telling.lead.source
    await follows(bureau, PORT, story_subject(story), section_subject(Section.SPORT))
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await subscriptions.mute(
            tx, reader.id, source_subject(source.id), until=NOON + timedelta(days=7), now=NOON
        )

    await bureau.says(SALMA, "ما أتابعه")

    assert bureau.seen(SALMA) == (
        "ما أتابعه\n\nالأقسام\n1. رياضة · في الموجز\n\n"
        "المصادر\n2. صحيفة الغد · كتم حتى الثلاثاء 1 دجنبر 12:00\n\n"
        "الأخبار\n3. افتتاح الميناء · في الموجز\n\n"
        "الكلمات\n4. ميناء طنجه · في الموجز\n\n"
        "اضغط رقما لتغيير متى تصلك أخباره، أو لكتمها."
    )
    assert bureau.labels(SALMA) == ["1", "2", "3", "4", "تابع كلمات", "اكتم كلمات"]


async def test_who_follows_nothing_is_told_how(bureau: Bureau) -> None:
    await follows(bureau)

    await bureau.says(SALMA, "/follow")

    assert bureau.texts.say("follow.empty") in bureau.seen(SALMA)
    assert bureau.labels(SALMA) == ["تابع كلمات", "اكتم كلمات"]


async def test_many_are_turned_through_and_each_leads_back_to_its_page(bureau: Bureau) -> None:
    await follows(bureau, *(words_subject(f"كلمه{n}") for n in range(13)))
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "التالي")

    await bureau.taps(SALMA, "3")
    assert "أخبار فيها «كلمه" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "رجوع")

    assert "2 / 2" in bureau.labels(SALMA)
    assert bureau.seen(SALMA).count("كلمه") == 3


@pytest.mark.parametrize(
    ("label", "mode", "says"),
    [("فورا", Mode.INSTANT, "تصلك فورا."), ("في الموجز", Mode.DIGEST, "تصلك في الموجز.")],
)
async def test_a_subject_is_followed_as_its_button_says(
    bureau: Bureau, label: str, mode: Mode, says: str
) -> None:
    other = Mode.DIGEST if mode is Mode.INSTANT else Mode.INSTANT
    await follows(bureau, section_subject(Section.SPORT), mode=other)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "1")

    await bureau.taps(SALMA, label)
    await bureau.presses(SALMA, *bureau.button(SALMA, f"✓ {label}"))

    assert says in bureau.seen(SALMA)
    assert chosen(bureau) == [f"✓ {label}"]
    assert (await taste_of(bureau)).follows == {section_subject(Section.SPORT): mode}


async def test_never_mutes_for_good_and_offers_an_end(bureau: Bureau) -> None:
    await follows(bureau, section_subject(Section.SPORT))
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "1")

    await bureau.taps(SALMA, "أبدا")

    assert bureau.seen(SALMA) == "أخبار قسم «رياضة»\nمكتومة دائما.\n\nإلى متى نكتمها؟"
    assert chosen(bureau) == ["✓ أبدا", "✓ دائما"]
    assert (await taste_of(bureau)).mutes == {section_subject(Section.SPORT): None}


@pytest.mark.parametrize(
    ("label", "days", "until"),
    [
        ("يوم", 1, "غدا 12:00"),
        ("أسبوع", 7, "الثلاثاء 1 دجنبر 12:00"),
        ("شهر", 30, "الخميس 24 دجنبر 12:00"),
    ],
)
async def test_a_mute_says_until_when_and_ends_by_itself(
    bureau: Bureau, label: str, days: int, until: str
) -> None:
    sport = section_subject(Section.SPORT)
    await follows(bureau, sport, mode=Mode.INSTANT)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "1")
    await bureau.taps(SALMA, "أبدا")

    await bureau.taps(SALMA, label)

    assert f"مكتومة حتى {until}. بعدها تصلك فورا كما كانت." in bureau.seen(SALMA)
    assert (await taste_of(bureau)).mutes == {sport: NOON + timedelta(days=days)}
    bureau.forward(timedelta(days=days))
    assert (await taste_of(bureau)).mutes == {}
    await bureau.says(SALMA, "/follow")
    assert "رياضة · فورا" in bureau.seen(SALMA)


async def test_a_mute_is_lifted_and_the_follow_speaks_again(bureau: Bureau) -> None:
    sport = section_subject(Section.SPORT)
    await follows(bureau, sport)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "1")
    await bureau.taps(SALMA, "أبدا")

    await bureau.taps(SALMA, "ألغ الكتم")

    assert "تصلك في الموجز." in bureau.seen(SALMA)
    taste = await taste_of(bureau)
    assert (taste.follows, taste.mutes) == ({sport: Mode.DIGEST}, {})


async def test_what_is_followed_no_more_can_be_followed_again_on_its_page(bureau: Bureau) -> None:
    sport = section_subject(Section.SPORT)
    await follows(bureau, sport)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "1")

    await bureau.taps(SALMA, "توقف عن المتابعة")
    assert "لا تتابعها." in bureau.seen(SALMA)
    assert not (await taste_of(bureau)).follows
    await bureau.taps(SALMA, "فورا")

    assert (await taste_of(bureau)).follows == {sport: Mode.INSTANT}


async def test_words_are_kept_folded_and_their_page_opens(bureau: Bureau) -> None:
    await follows(bureau)

    await words(bureau, "مِيناء في طنجة")

    assert bureau.seen(SALMA).startswith("أخبار فيها «ميناء طنجه»")
    assert chosen(bureau) == ["✓ في الموجز"]
    assert (await taste_of(bureau)).follows == {PORT: Mode.DIGEST}
    await bureau.taps(SALMA, "رجوع")
    assert "1. ميناء طنجه · في الموجز" in bureau.seen(SALMA)


async def test_words_are_muted_for_good_until_an_end_is_chosen(bureau: Bureau) -> None:
    await follows(bureau)

    await words(bureau, "ميناء طنجة", label="اكتم كلمات")
    assert chosen(bureau) == ["✓ أبدا", "✓ دائما"]
    await bureau.taps(SALMA, "أسبوع")

    assert (await taste_of(bureau)).mutes == {PORT: NOON + timedelta(days=7)}


async def test_words_that_are_dropped_lead_back_to_the_page_twice_as_well(bureau: Bureau) -> None:
    await follows(bureau, PORT)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "1")
    message, data = bureau.button(SALMA, "توقف عن المتابعة")

    for _ in range(2):
        await bureau.presses(SALMA, message, data)

    assert bureau.texts.say("follow.empty") in bureau.seen(SALMA)
    assert not (await taste_of(bureau)).follows


@pytest.mark.parametrize("typed", ["من في على", "؟؟؟", "👍"])
async def test_words_that_say_nothing_are_asked_for_again(bureau: Bureau, typed: str) -> None:
    await follows(bureau)

    await words(bureau, typed)
    assert bureau.seen(SALMA) == bureau.texts.say("follow.no_words")
    await bureau.says(SALMA, "الميناء")

    assert list((await taste_of(bureau)).follows) == [words_subject("الميناء")]


async def test_the_way_back_gives_the_question_up(bureau: Bureau) -> None:
    await follows(bureau)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "تابع كلمات")

    await bureau.taps(SALMA, "رجوع")
    assert bureau.seen(SALMA).startswith("ما أتابعه")
    await bureau.says(SALMA, "الميناء")

    assert "لا نتائج" in bureau.seen(SALMA)
    assert not (await taste_of(bureau)).follows


async def test_after_an_hour_words_are_a_search_again(bureau: Bureau) -> None:
    await follows(bureau)
    await bureau.says(SALMA, "/follow")
    await bureau.taps(SALMA, "تابع كلمات")
    bureau.forward(timedelta(hours=1))

    await bureau.says(SALMA, "الميناء")

    assert "لا نتائج" in bureau.seen(SALMA)


def fifty(kind: str = "words") -> Iterable[Subject]:
    for number in range(tastes.MOST):
        yield (
            words_subject(f"كلمه{number}")
            if kind == "words"
            else source_subject(SourceId(1000 + number))
        )


async def test_of_one_kind_there_are_fifty_at_most(bureau: Bureau) -> None:
    await follows(bureau, *fifty())

    await words(bureau, "الميناء")

    assert bureau.seen(SALMA) == bureau.texts.say("follow.too_many", most=50)
    assert len((await taste_of(bureau)).follows) == 50
    await words(bureau, "كلمة7", label="اكتم كلمات")  # one of the fifty
    assert list((await taste_of(bureau)).mutes) == [words_subject("كلمه7")]


async def test_of_another_kind_there_is_room(bureau: Bureau) -> None:
    await follows(bureau, *fifty("sources"))

    await words(bureau, "الميناء")

    assert len((await taste_of(bureau)).follows) == 51


async def test_what_has_gone_can_still_be_dropped(bureau: Bureau) -> None:
    await follows(bureau, story_subject(StoryId(99)), source_subject(SourceId(99)))
    await bureau.says(SALMA, "/follow")
    assert "مصدر لم يعد هنا" in bureau.seen(SALMA)
    assert "خبر لم يعد محفوظا" in bureau.seen(SALMA)

    for _ in range(2):
        await bureau.taps(SALMA, "1")
        await bureau.taps(SALMA, "توقف عن المتابعة")

    assert bureau.texts.say("follow.empty") in bureau.seen(SALMA)


FORGED = {
    "a story that is not there": "s99",
    "a source that is not there": "o99",
    "a section that is none": "cnosuch",
    "a section that is not followed": "cvideo",
    "somebody else's words": tastes.code_of(PORT),
}


@pytest.mark.parametrize("code", FORGED.values(), ids=FORGED)
async def test_a_forged_subject_is_not_there(bureau: Bureau, code: str) -> None:
    await bureau.says(YOUNES, "/start")
    younes = await bureau.subscriber(YOUNES)
    async with bureau.storage.transaction() as tx:
        await subscriptions.follow(tx, younes.id, [PORT], Mode.DIGEST, NOON)
    await follows(bureau)
    await bureau.says(SALMA, "/follow")
    page = bureau.messages(SALMA)[-1]["message_id"]

    toast = await bureau.presses(SALMA, page, f"1:sj:{code}:1")
    await bureau.presses(SALMA, page, f"1:sm:{code}:instant:1")

    assert toast == bureau.texts.say("errors.old_buttons")
    assert not (await taste_of(bureau)).follows
    assert bureau.texts.say("follow.empty") in bureau.seen(SALMA)


@pytest.mark.parametrize(
    "data",
    [
        "1:sj:s1",
        "1:sj:x1:1",
        "1:sm:s1:always:1",
        "1:sm:s1:instant:1:2",
        "1:fo:99999",
        "1:fw:love:1",
        "1:sj:w12:1",
    ],
)
async def test_buttons_of_another_form_are_old(bureau: Bureau, data: str) -> None:
    await bureau.says(SALMA, "/follow")

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")


async def test_one_key_has_one_subject_however_it_is_written(bureau: Bureau) -> None:
    story = await bureau.prints(draft())
    await follows(bureau)
    await bureau.says(SALMA, "/follow")
    page = bureau.messages(SALMA)[-1]["message_id"]

    await bureau.presses(SALMA, page, f"1:sm:s00{story}:instant:1")

    assert (await taste_of(bureau)).follows == {story_subject(story): Mode.INSTANT}


async def test_who_never_began_is_told_how_to(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/follow")
    page = bureau.messages(SALMA)[-1]["message_id"]

    for data in ("1:sm:csport:instant:1", "1:fw:follow:1"):
        assert await bureau.presses(SALMA, page, data) == bureau.texts.say("marks.begin_first")


def touch(bureau: Bureau) -> Touch:
    """Make a touch as whoever offers to follow a search has it."""
    bot = bureau.app.bot
    return Touch(bureau.room, bot, ChatId(SALMA), UserId(SALMA), bureau.clock[0])


class TestFollowingASearch:
    async def test_says_what_is_followed(self, bureau: Bureau) -> None:
        await follows(bureau)

        said = await follow_words(touch(bureau), "ميناء طنجة")

        assert said == bureau.texts.say("follow.now_follows_words", words="ميناء طنجه")
        assert (await taste_of(bureau)).follows == {PORT: Mode.DIGEST}

    async def test_leaves_the_mode_that_was_chosen(self, bureau: Bureau) -> None:
        await follows(bureau, PORT, mode=Mode.INSTANT)

        await follow_words(touch(bureau), "ميناء طنجة")

        assert (await taste_of(bureau)).follows == {PORT: Mode.INSTANT}

    async def test_is_refused_politely(self, bureau: Bureau) -> None:
        say = bureau.texts.say
        assert await follow_words(touch(bureau), "الميناء") == say("marks.begin_first")
        await follows(bureau, *fifty())

        assert await follow_words(touch(bureau), "في") == say("follow.no_words")
        assert await follow_words(touch(bureau), "الميناء") == say("follow.too_many", most=50)
