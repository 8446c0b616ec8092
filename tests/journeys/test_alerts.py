"""Who is told what: sections, words and stories, at once or in the digest, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.articles.watch import watched
from bot.model import (
    ChatId,
    Mode,
    Section,
    Subject,
    Subscriber,
    section_subject,
    words_subject,
)
from bot.outbox.hours import next_digest
from bot.storage import digests, sources, subscribers, subscriptions
from tests.jobs.newsroom import FIRE, FIRE_ELSEWHERE
from tests.town import SALMA, YOUNES, Town

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
FLOOD = "فيضانات تغمر الأحياء القديمة لمدينة آسفي"
FLOOD_BODY = (
    "غمرت مياه الأمطار، صباح الاثنين، الأحياء القديمة لمدينة آسفي بعد ساعات من التساقطات. "
    "وأجلت الوقاية المدنية عشرات الأسر إلى مركز للإيواء."
)


async def at_noon(town: Town, *people: int) -> None:
    """Begin at noon, so that no reader sleeps, with readers who have just come in."""
    town.clock.set(NOON)
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    for person in people:
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")


async def reader(town: Town, person: int) -> Subscriber:
    assert town.mujaz is not None
    found = await subscribers.find(town.mujaz.storage, town.mujaz.bot, ChatId(person))
    assert found is not None
    return found


async def follows(town: Town, person: int, *subjects: Subject, mode: Mode = Mode.INSTANT) -> None:
    """Let a reader have chosen to follow subjects."""
    assert town.mujaz is not None
    known = await reader(town, person)
    async with town.mujaz.storage.transaction() as tx:
        await subscriptions.follow(tx, known.id, subjects, mode, town.clock())


async def has_a_rival(town: Town) -> None:
    """Let a second newspaper of politics be known, its first visit behind it."""
    assert town.mujaz is not None
    town.paper.prints("rival", "مجلس المدينة يعقد دورته العادية")
    async with town.mujaz.storage.transaction() as tx:
        source = await sources.add_source(tx, "منبر الساحل", town.clock())
        await sources.add_feed(
            tx, source, f"{town.sandbox.address}/paper/rival.xml", host="127.0.0.1",
            section=Section.POLITICS, interval=timedelta(minutes=1), now=town.clock(),
        )  # fmt: skip
    await town.reads()


POLITICS = section_subject(Section.POLITICS)


@pytest.mark.shows("instant")
async def test_news_of_a_section_comes_at_once_to_who_asked_for_it(town: Town) -> None:
    await at_noon(town, SALMA, YOUNES)
    await follows(town, SALMA, POLITICS)

    town.paper.prints("politics", FLOOD, FLOOD_BODY)
    await town.reads()

    await town.sees(SALMA, "سياسة", FLOOD, "مركز للإيواء", "صحيفة المدينة")
    assert not any(FLOOD in text for text in town.texts(YOUNES))


@pytest.mark.shows("urgent_instant")
async def test_urgent_news_comes_to_all_but_who_mutes_words_in_it(town: Town) -> None:
    await at_noon(town, SALMA, YOUNES)
    await town.says(YOUNES, "/follow")
    await town.sees(YOUNES, "ما أتابعه")
    await town.taps(YOUNES, "اكتم كلمات")
    await town.sees(YOUNES, "اكتب الكلمات")
    await town.says(YOUNES, "الفيضانات")
    await town.sees(YOUNES, "مكتومة")

    town.paper.prints("politics", f"عاجل: {FLOOD}", FLOOD_BODY)
    town.paper.prints("world", "عاجل: هزة أرضية بقوة 6 درجات تضرب سواحل البلاد المجاورة")
    await town.reads()

    await town.sees(SALMA, "عاجل", FLOOD)
    await town.sees(YOUNES, "عاجل", "هزة أرضية")
    await town.quiet()
    assert not any(FLOOD in text for text in town.texts(YOUNES))


@pytest.mark.shows("roundup")
async def test_six_stories_of_one_visit_are_one_message(town: Town) -> None:
    """T34; easychen/rsspush #18, element-hq/element-web #3802."""
    await at_noon(town, SALMA)
    await follows(town, SALMA, POLITICS)
    before = len(town.texts(SALMA))

    for number in range(1, 7):
        town.paper.prints("politics", f"سوق {number} يفتح أبوابه في بلدية {number * 7}")
    await town.reads()

    await town.sees(SALMA, "6 أخبار جديدة في قسم «سياسة»", "سوق 1 ", "سوق 6 ")
    assert len(town.texts(SALMA)) == before + 1


async def test_words_that_are_followed_bring_their_news_from_any_section(town: Town) -> None:
    await at_noon(town, SALMA, YOUNES)
    await follows(town, SALMA, words_subject(watched("فيضانات آسفي")))

    town.paper.prints("world", FLOOD, FLOOD_BODY)
    town.paper.prints("world", "الفيضانات تقطع طريقا في الجنوب")
    await town.reads()

    await town.sees(SALMA, "خارج الحدود", FLOOD)
    await town.quiet()
    assert not any("الجنوب" in text for text in town.texts(SALMA))
    assert not any("فيضانات" in text for text in town.texts(YOUNES))


@pytest.mark.shows("update")
async def test_who_follows_a_story_hears_what_another_newspaper_adds(town: Town) -> None:
    await at_noon(town, SALMA)
    await follows(town, SALMA, POLITICS)
    await has_a_rival(town)
    town.paper.prints("politics", *FIRE)
    await town.reads()
    await town.sees(SALMA, FIRE[0])
    await town.taps(SALMA, "تابع")

    town.paper.prints("rival", *FIRE_ELSEWHERE)
    await town.reads()

    await town.sees(SALMA, "جديد في خبر تتابعه", FIRE_ELSEWHERE[0], "منبر الساحل")


# The digest


async def keeps_digests(town: Town, person: int, weekdays: int) -> None:
    """Let a reader have chosen the days of the digest."""
    assert town.mujaz is not None
    known = await reader(town, person)
    async with town.mujaz.storage.transaction() as tx:
        for one in await digests.of(tx, known.id):
            due = next_digest(one.minute, weekdays, known.zone, town.clock())
            await digests.plan(tx, one.id, next_at=due, weekdays=weekdays)


async def minds_quiet_days(town: Town, person: int) -> None:
    """Let a reader have asked to be told of days without news."""
    assert town.mujaz is not None
    known = await reader(town, person)
    async with town.mujaz.storage.transaction() as tx:
        await subscribers.choose_quiet_day(tx, known.id, is_wanted=True)


async def at_seven(town: Town, days: int = 1) -> None:
    """Let it become seven in the morning, so many days on."""
    morning = (NOON + timedelta(days=days)).replace(hour=7, minute=1)
    town.clock.set(morning)
    await town.reads()


@pytest.mark.shows("digest", "missed")
async def test_a_digest_leads_to_what_it_left_out(town: Town) -> None:
    await at_noon(town, SALMA)
    town.paper.prints("politics", FLOOD, FLOOD_BODY)
    town.paper.prints("sport", "المنتخب المغربي يفوز على منتخب الكاميرون بهدفين لصفر")
    await town.reads()

    await at_seven(town)
    digest = await town.sees(SALMA, "موجز الثلاثاء 3 مارس", "الأهم", FLOOD)
    await town.taps(SALMA, "ما فاتك")

    missed = await town.sees(SALMA, "ما فاتك", "المنتخب المغربي")
    assert "المنتخب" not in digest
    assert FLOOD not in missed
    await town.taps(SALMA, "1")
    await town.sees(SALMA, "الكاميرون", "صحيفة المدينة")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, "ما فاتك", "المنتخب المغربي")


async def test_who_was_shown_everything_has_missed_nothing(town: Town) -> None:
    await at_noon(town, SALMA)
    await minds_quiet_days(town, SALMA)
    await at_seven(town)
    await town.sees(SALMA, "يوم هادئ")
    town.clock.forward(timedelta(hours=2))
    town.paper.prints("politics", FLOOD, FLOOD_BODY)
    await town.reads()
    await at_seven(town, days=2)
    await town.sees(SALMA, "موجز الأربعاء 4 مارس", FLOOD)

    await town.taps(SALMA, "ما فاتك")

    await town.sees(SALMA, "لم يفتك شيء")


async def test_a_digest_leads_to_the_archive_and_to_its_settings(town: Town) -> None:
    await at_noon(town, SALMA)
    town.paper.prints("politics", FLOOD, FLOOD_BODY)
    await town.reads()
    await at_seven(town)
    await town.sees(SALMA, "موجز الثلاثاء 3 مارس")

    await town.taps(SALMA, "اسأل الأرشيف")
    await town.sees(SALMA, "اكتب ما تبحث عنه")
    await town.says(SALMA, "فيضانات")
    await town.sees(SALMA, "نتائج «فيضانات»")


@pytest.mark.shows("digest_quiet_day")
async def test_a_quiet_day_is_a_line_for_who_would_rather_know(town: Town) -> None:
    await at_noon(town, SALMA, YOUNES)
    await minds_quiet_days(town, SALMA)
    before = len(town.texts(YOUNES))

    await at_seven(town)

    await town.sees(SALMA, "يوم هادئ")
    await town.quiet()
    assert len(town.texts(YOUNES)) == before


async def test_after_days_without_a_digest_it_says_which_days_it_tells_of(town: Town) -> None:
    """T21; Automattic/wp-calypso #61012."""
    await at_noon(town, SALMA)
    await keeps_digests(town, SALMA, weekdays=0b0001000)  # Thursdays
    town.paper.prints("politics", FLOOD, FLOOD_BODY)
    await town.reads()

    await at_seven(town, days=3)

    await town.sees(SALMA, "موجز الخميس 5 مارس", "من الاثنين 2 إلى الخميس 5 مارس", FLOOD)


async def test_a_story_that_is_followed_is_in_the_digest_again_when_it_grows(town: Town) -> None:
    """T54; kite #289: again only when something happened."""
    await at_noon(town, SALMA)
    await has_a_rival(town)
    town.paper.prints("politics", f"عاجل: {FIRE[0]}", FIRE[1])
    await town.reads()
    await town.sees(SALMA, FIRE[0])
    await town.taps(SALMA, "تابع")
    await at_seven(town)
    await town.sees(SALMA, "موجز الثلاثاء 3 مارس", FIRE[0])

    town.clock.forward(timedelta(hours=2))
    town.paper.prints("rival", *FIRE_ELSEWHERE)
    await town.reads()
    await town.sees(SALMA, "جديد في خبر تتابعه")
    await at_seven(town, days=2)

    await town.sees(SALMA, "موجز الأربعاء 4 مارس", "خبر واحد من مصدرين", FIRE[0])
    await at_seven(town, days=3)
    await town.quiet()
    assert not any("موجز الخميس" in text for text in town.texts(SALMA))


async def test_what_is_muted_in_the_night_does_not_come_in_the_morning(town: Town) -> None:
    await at_noon(town, SALMA, YOUNES)
    await follows(town, SALMA, POLITICS)
    await follows(town, YOUNES, POLITICS)
    town.clock.set(NOON.replace(hour=5) + timedelta(days=1))  # an hour or two before they wake
    town.paper.prints("politics", FLOOD, FLOOD_BODY)
    await town.quiet()
    await town.says(SALMA, "/latest")
    await town.sees(SALMA, FLOOD)
    await town.taps(SALMA, "1")
    await town.sees(SALMA, FLOOD)
    await town.taps(SALMA, "كتم ومتابعة")
    await town.sees(SALMA, "كتم ومتابعة")
    await town.taps(SALMA, "هذا الخبر")
    await town.sees(SALMA, "لا تتابع")
    await town.taps(SALMA, "أبدا")
    await town.sees(SALMA, "مكتوم")

    town.clock.set(NOON.replace(hour=7) + timedelta(days=1))
    await town.sees(YOUNES, FLOOD, "مركز للإيواء")

    assert town.mujaz is not None
    salma = await reader(town, SALMA)
    told = await town.mujaz.storage.fetch(
        "SELECT state, reason FROM deliveries WHERE subscriber = :id", {"id": salma.id}
    )
    assert [(row["state"], row["reason"]) for row in told] == [("skipped", "muted")]
