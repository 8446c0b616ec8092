"""The choices under results: order, section, period, and to follow what was searched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Mode, Section, words_subject
from bot.storage import subscribers, subscriptions
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, YOUNES, Bureau

DAY = timedelta(days=1)


async def print_days(bureau: Bureau) -> None:
    """Print the harbour's news of some days; it is Tuesday the 24th, noon."""
    for title, at in (
        ("الميناء اليوم", NOON - timedelta(hours=3)),
        ("الميناء أمس مساء", datetime(2026, 11, 23, 22, 30, tzinfo=UTC)),
        ("الميناء أول أمس", NOON - 2 * DAY),
        ("الميناء أول الشهر", datetime(2026, 11, 1, tzinfo=UTC)),
        ("الميناء قبل عام", NOON - 365 * DAY),
    ):
        sections = (Section.SPORT,) if "أول" in title else (Section.POLITICS,)
        await bureau.prints(
            draft(title=title, body="", published_at=at, first_seen_at=at, sections=sections)
        )


def titles(bureau: Bureau) -> list[str]:
    lines = bureau.seen(SALMA).splitlines()
    return sorted(line.partition(". ")[2] for line in lines if line[:1].isdigit())


async def test_the_other_order_is_one_tap(bureau: Bureau) -> None:
    await bureau.prints(draft(title="ميناء طنجة يكبر"))
    await bureau.prints(
        draft(
            title="أشغال في الشمال",
            body="زار الوفد ميناء طنجة أمس.",
            first_seen_at=NOON + timedelta(minutes=5),
        )
    )

    await bureau.says(SALMA, "ميناء طنجة")
    by_fit = bureau.seen(SALMA)
    await bureau.taps(SALMA, "الأحدث")

    assert "الأقرب أولا" in by_fit
    assert "1. ميناء طنجة يكبر" in by_fit
    assert "الأحدث أولا" in bureau.seen(SALMA)
    assert "1. أشغال في الشمال" in bureau.seen(SALMA)


async def test_a_last_page_of_one_hit_offers_the_other_order_too(bureau: Bureau) -> None:
    for number in range(6):
        await bureau.prints(draft(title=f"الميناء في يومه {number}"))
    await bureau.says(SALMA, "الميناء")
    await bureau.taps(SALMA, "التالي")

    await bureau.taps(SALMA, "الأحدث")

    assert "1. الميناء في يومه 5" in bureau.seen(SALMA)


async def test_the_button_of_the_chosen_order_is_marked(bureau: Bureau) -> None:
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")
    assert bureau.labels(SALMA)[5:] == [
        "القسم ▾", "المدة ▾", "✓ الأقرب", "الأحدث", "تابع هذا البحث",
    ]  # fmt: skip

    await bureau.taps(SALMA, "الأحدث")

    assert bureau.labels(SALMA)[7:9] == ["الأقرب", "✓ الأحدث"]


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("اليوم", ["الميناء اليوم"]),
        ("أمس", ["الميناء أمس مساء"]),
        ("هذا الأسبوع", ["الميناء أمس مساء", "الميناء اليوم"]),
        (
            "هذا الشهر",
            ["الميناء أمس مساء", "الميناء أول أمس", "الميناء أول الشهر", "الميناء اليوم"],
        ),
    ],
)
async def test_a_period_is_one_of_the_readers_calendar(
    bureau: Bureau, period: str, found: list[str]
) -> None:
    await bureau.says(SALMA, "/start")
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")

    await bureau.taps(SALMA, "المدة ▾")
    assert "✓ كل الأرشيف" in bureau.labels(SALMA)
    await bureau.taps(SALMA, period)

    assert titles(bureau) == found
    assert f"نتائج «الميناء»: {len(found)} · {period}" in bureau.seen(SALMA)


async def test_a_day_is_the_readers_own(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await subscribers.choose_zone(tx, reader.id, "Asia/Dubai")
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")

    await bureau.taps(SALMA, "المدة ▾")
    await bureau.taps(SALMA, "اليوم")

    assert titles(bureau) == ["الميناء أمس مساء", "الميناء اليوم"]


async def test_a_section_narrows_and_all_sections_widen_again(bureau: Bureau) -> None:
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")

    await bureau.taps(SALMA, "القسم ▾")
    await bureau.taps(SALMA, "رياضة")
    assert titles(bureau) == ["الميناء أول أمس", "الميناء أول الشهر"]
    assert "نتائج «الميناء»: 2 · رياضة · الأقرب أولا" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "القسم ▾")
    assert "✓ رياضة" in bureau.labels(SALMA)
    await bureau.taps(SALMA, "كل الأقسام")

    assert len(titles(bureau)) == 5
    assert len(bureau.messages(SALMA)) == 1


async def test_section_period_and_order_stand_beside_each_other(bureau: Bureau) -> None:
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")

    await bureau.taps(SALMA, "القسم ▾")
    await bureau.taps(SALMA, "رياضة")
    await bureau.taps(SALMA, "المدة ▾")
    await bureau.taps(SALMA, "هذا الشهر")
    await bureau.taps(SALMA, "الأحدث")

    assert "نتائج «الميناء»: 2 · رياضة · هذا الشهر · الأحدث أولا" in bureau.seen(SALMA)


async def test_back_leads_from_the_choices_to_the_same_page(bureau: Bureau) -> None:
    for number in range(7):
        await bureau.prints(draft(title=f"الميناء في يومه {number}"))
    await bureau.says(SALMA, "الميناء")
    await bureau.taps(SALMA, "التالي")
    page = bureau.seen(SALMA)

    for choices in ("القسم ▾", "المدة ▾"):
        await bureau.taps(SALMA, choices)
        assert bureau.seen(SALMA) != page
        await bureau.taps(SALMA, "رجوع")

        assert bureau.seen(SALMA) == page


async def test_where_nothing_is_found_it_can_be_widened(bureau: Bureau) -> None:
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")
    await bureau.taps(SALMA, "القسم ▾")
    await bureau.taps(SALMA, "اقتصاد")
    assert "لا نتائج عن «الميناء» في قسم «اقتصاد»." in bureau.seen(SALMA)
    await bureau.presses(SALMA, *found_choice(bureau, "اليوم"))
    assert "لا نتائج عن «الميناء» في قسم «اقتصاد»، والمدة: اليوم." in bureau.seen(SALMA)
    assert bureau.labels(SALMA)[:2] == ["كل الأرشيف", "كل الأقسام"]

    await bureau.taps(SALMA, "كل الأقسام")
    assert titles(bureau) == ["الميناء اليوم"]
    assert bureau.labels(SALMA)[1:3] == ["القسم ▾", "المدة ▾"]
    await bureau.taps(SALMA, "المدة ▾")
    await bureau.taps(SALMA, "كل الأرشيف")

    assert len(titles(bureau)) == 5


def found_choice(bureau: Bureau, period: str) -> tuple[int, str]:
    """Return the press that narrows the newest search to today."""
    message, call = bureau.button(SALMA, "كل الأقسام")
    return message, call.replace(":all", {"اليوم": ":today"}[period])


async def test_a_page_of_yesterday_keeps_its_day_and_says_which(bureau: Bureau) -> None:
    for number in range(7):
        await bureau.prints(draft(title=f"الميناء في يومه {number}", body=""))
    await bureau.says(SALMA, "الميناء")
    await bureau.taps(SALMA, "المدة ▾")
    await bureau.taps(SALMA, "اليوم")

    bureau.forward(DAY)
    await bureau.taps(SALMA, "التالي")
    assert "نتائج «الميناء»: 7 · الثلاثاء 24 نونبر" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "المدة ▾")
    await bureau.taps(SALMA, "هذا الأسبوع")
    bureau.forward(7 * DAY)
    await bureau.taps(SALMA, "التالي")

    assert "· من الاثنين 23 نونبر إلى الأربعاء 25 نونبر ·" in bureau.seen(SALMA)


async def test_a_choice_finds_what_has_come_since(bureau: Bureau) -> None:
    await print_days(bureau)
    await bureau.says(SALMA, "الميناء")
    await bureau.prints(draft(title="الميناء الآن", first_seen_at=NOON))

    message, _ = bureau.button(SALMA, "الأحدث")
    await bureau.presses(SALMA, message, "1:pg:1:1")
    assert "الميناء الآن" not in titles(bureau)
    await bureau.taps(SALMA, "الأحدث")

    assert "1. الميناء الآن" in bureau.seen(SALMA)


async def test_a_search_is_followed_and_followed_no_more_by_one_button(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "ميناء طنجة")

    said = await bureau.taps(SALMA, "تابع هذا البحث")
    subject = words_subject("ميناء طنجه")
    reader = await bureau.subscriber(SALMA)
    taste = await subscriptions.taste(bureau.storage, reader.id, NOON)
    assert said == bureau.texts.say("follow.now_follows_words", words="ميناء طنجه")
    assert taste.follows[subject] is Mode.DIGEST
    said = await bureau.taps(SALMA, "✓ تتابع هذا البحث")

    taste = await subscriptions.taste(bureau.storage, reader.id, NOON)
    assert said == bureau.texts.say("search.now_unfollowed")
    assert subject not in taste.follows
    assert "تابع هذا البحث" in bureau.labels(SALMA)


async def test_who_has_not_begun_is_told_how_to_follow(bureau: Bureau) -> None:
    await bureau.says(YOUNES, "الميناء")

    said = await bureau.taps(YOUNES, "تابع هذا البحث")

    assert said == bureau.texts.say("marks.begin_first")
    assert await subscribers.find(bureau.storage, bureau.room.bot, YOUNES) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["ميناء -طنجة", "من إلى"])
async def test_what_would_be_followed_as_something_else_is_not_offered(
    bureau: Bureau, words: str
) -> None:
    await bureau.says(SALMA, words)

    assert "تابع هذا البحث" not in bureau.labels(SALMA)


async def test_a_phrase_is_followed_by_its_words(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "«ميناء طنجة المتوسط»")

    said = await bureau.taps(SALMA, "تابع هذا البحث")

    assert "«ميناء طنجه المتوسط»" in said


@pytest.mark.parametrize(
    "call", ["nw:{0}:1:section", "nw:{0}:1:period", "nr:{0}:sport", "od:{0}:new", "fq:{0}:1:on"]
)
async def test_the_search_of_another_chat_and_a_view_that_is_none_are_old_buttons(
    bureau: Bureau, call: str
) -> None:
    await bureau.says(YOUNES, "الميناء")
    _, theirs = bureau.button(YOUNES, "تابع هذا البحث")
    await bureau.says(SALMA, "/latest")
    (message,) = bureau.messages(SALMA)

    for view in (theirs.split(":")[2], "999999999999", "2"):  # the last is her own list
        toast = await bureau.presses(SALMA, message["message_id"], f"1:{call.format(view)}")

        assert toast == bureau.texts.say("errors.old_buttons")
        assert "الميناء" not in bureau.seen(SALMA)
