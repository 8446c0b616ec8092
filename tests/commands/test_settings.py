"""/settings: one page with everything on it, its own pages, and the way back to the first day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands import COMMANDS
from bot.model import (
    HOME_SECTIONS,
    Length,
    Mode,
    QuietHours,
    Section,
    Subject,
    SubjectKind,
    UrgentChoice,
    section_subject,
    source_subject,
    story_subject,
)
from bot.storage import digests, saved, subscribers, subscriptions
from tests.build import NOON, SOURCE, draft
from tests.commands.conftest import SALMA, Bureau, words_of

MOST_ROWS = 8  # of buttons that fit a phone's screen
WORDS = Subject(SubjectKind.WORDS, "ميناء طنجه")
GOLD = Subject(SubjectKind.WORDS, "اسعار الذهب")


def rows(bureau: Bureau) -> int:
    """Count the rows of buttons under the newest message."""
    return len(bureau.messages(SALMA)[-1]["reply_markup"]["inline_keyboard"])


async def follow_and_mute(bureau: Bureau) -> None:
    """Let Salma follow words and a story and mute words and a source."""
    story = await bureau.prints(draft(title="افتتاح الميناء"))
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        followed = [WORDS, story_subject(story)]
        await subscriptions.follow(tx, reader.id, followed, Mode.INSTANT, NOON)
        for subject in (GOLD, source_subject(SOURCE.id)):
            await subscriptions.mute(tx, reader.id, subject, until=None, now=NOON)
        await saved.save(tx, reader.id, story, NOON)


async def test_everything_that_is_chosen_stands_on_the_page(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await follow_and_mute(bureau)

    await bureau.says(SALMA, "الإعدادات")

    assert bureau.seen(SALMA) == (
        "الإعدادات\n"
        "الساعات: 07:00\n"
        "الأيام: كل يوم\n"
        "التوقيت: المغرب، الساعة الآن 12:00\n"
        "الطول: مختصر، جملة إلى ثلاث لكل خبر\n"
        "إن لم يكن في موجزك جديد: لا نرسل شيئا\n"
        "\n"
        "في الموجز: سياسة، اقتصاد، سلطة ومجتمع\n"
        "تتابع أيضا: «افتتاح الميناء»، «ميناء طنجه»\n"
        "كتمت: صحيفة الغد، «اسعار الذهب»\n"
        "\n"
        "العاجل: نعم\n"
        "ساعات الهدوء: من 22:30 إلى 06:30؛ تنتظر فيها الأخبار الفورية، ويصلك غيرها بصمت"
    )
    assert rows(bureau) <= MOST_ROWS


async def test_many_subjects_are_named_in_part(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    many = [Subject(SubjectKind.WORDS, f"كلمه{number}") for number in range(7)]
    async with bureau.storage.transaction() as tx:
        await subscriptions.follow(tx, reader.id, many, Mode.DIGEST, NOON)

    await bureau.says(SALMA, "/settings")

    assert "«كلمه5»، وغيرها" in bureau.seen(SALMA)
    assert "كلمه6" not in bureau.seen(SALMA)


async def test_a_subject_that_is_gone_is_said_to_be_gone(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    gone = Subject(SubjectKind.SOURCE, "99")
    async with bureau.storage.transaction() as tx:
        await subscriptions.mute(tx, reader.id, gone, until=None, now=NOON)

    await bureau.says(SALMA, "/settings")

    assert f"كتمت: {bureau.texts.say('follow.gone_source')}" in bureau.seen(SALMA)


@pytest.mark.parametrize(
    ("label", "length"),
    [("سطر واحد", Length.LINE), ("✓ مختصر", Length.SHORT), ("مفصل", Length.LONG)],
)
async def test_a_length_is_one_tap(bureau: Bureau, label: str, length: Length) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")

    await bureau.taps(SALMA, label)

    assert (await bureau.subscriber(SALMA)).length is length
    assert f"✓ {label.removeprefix('✓ ')}" in bureau.labels(SALMA)
    assert len(bureau.messages(SALMA)) == 2


async def test_a_quiet_day_is_told_only_to_who_wants_it(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")

    await bureau.taps(SALMA, "يوم هادئ")
    wanted = (await bureau.subscriber(SALMA)).wants_quiet_day
    told = bureau.seen(SALMA)
    await bureau.taps(SALMA, "✓ يوم هادئ")

    assert wanted
    assert "نخبرك أن اليوم هادئ" in told
    assert not (await bureau.subscriber(SALMA)).wants_quiet_day


@pytest.mark.parametrize("label", ["الساعات والأيام", "التوقيت", "الأقسام", "ساعات الهدوء"])
async def test_a_page_fits_the_screen_and_leads_back(bureau: Bureau, label: str) -> None:
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        for minute in range(1, 12):
            await digests.add(tx, reader.id, minute, covered_until=NOON, next_at=NOON)
        await subscribers.choose_quiet(tx, reader.id, QuietHours(5, 6))
    await bureau.says(SALMA, "/settings")

    await bureau.taps(SALMA, label)
    fits = rows(bureau) <= MOST_ROWS
    await bureau.taps(SALMA, "رجوع")

    assert fits
    assert bureau.seen(SALMA).startswith("الإعدادات")
    assert len(bureau.messages(SALMA)) == 2


@pytest.mark.parametrize("label", ["ما أتابعه", "بياناتي"])
async def test_what_has_a_command_of_its_own_is_one_tap_away(bureau: Bureau, label: str) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")

    await bureau.taps(SALMA, label)

    assert words_of(bureau.messages(SALMA)[1]).startswith(f"{label}\n")


async def test_hours_are_chosen_on_their_page(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")
    await bureau.taps(SALMA, "الساعات والأيام")

    await bureau.taps(SALMA, "19:00")

    assert bureau.seen(SALMA).startswith("الساعات والأيام\nالساعات: 07:00، 19:00")
    assert "موجزك القادم: اليوم 19:00." in bureau.seen(SALMA)


async def test_quiet_hours_are_typed(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")
    await bureau.taps(SALMA, "ساعات الهدوء")
    await bureau.taps(SALMA, "ساعات أخرى")

    await bureau.says(SALMA, "ليلا")
    explained = bureau.seen(SALMA)
    await bureau.says(SALMA, "من ٢٣ إلى ٧:٣٠")

    assert explained == bureau.texts.say("settings.no_such_quiet")
    assert (await bureau.subscriber(SALMA)).quiet == QuietHours(23 * 60, 7 * 60 + 30)
    assert "✓ 23:00 إلى 07:30" in bureau.labels(SALMA)


async def test_an_old_page_of_settings_still_does_what_its_buttons_say(bureau: Bureau) -> None:
    """T52; PTB #1761, #5163: the buttons of before an upgrade stand under old messages."""
    await bureau.says(SALMA, "/start")

    await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], "1:hr:1140:on:s")

    assert "الساعات: 07:00، 19:00" in bureau.seen(SALMA)
    assert bureau.seen(SALMA).startswith("الإعدادات")


async def test_help_names_every_command_of_readers_but_the_sections(bureau: Bureau) -> None:
    said = {word.removeprefix("/") for word in bureau.texts.say("help.words", name="").split()}
    known = {one.word for one in COMMANDS if one.is_open_to(None) and one.is_listed}

    unsaid = known - said - set(Section) - {"search", "help"}

    assert unsaid == set()


class TestTheFirstDay:
    async def choose_otherwise(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start")
        await follow_and_mute(bureau)
        reader = await bureau.subscriber(SALMA)
        async with bureau.storage.transaction() as tx:
            await digests.remove(tx, reader.id, 7 * 60)
            await digests.add(tx, reader.id, 600, covered_until=NOON, next_at=NOON, weekdays=0b10)
            await subscribers.choose_zone(tx, reader.id, "Asia/Riyadh")
            await subscribers.choose_quiet(tx, reader.id, None)
            await subscribers.choose_urgent(tx, reader.id, UrgentChoice.NO)
            await subscribers.choose_length(tx, reader.id, Length.LONG)
            await subscribers.choose_quiet_day(tx, reader.id, is_wanted=True)
            await subscriptions.unfollow_sections(tx, reader.id, HOME_SECTIONS)
            await subscriptions.follow_sections(tx, reader.id, [Section.SPORT], Mode.INSTANT, NOON)
        await bureau.says(SALMA, "/settings")
        await bureau.taps(SALMA, "استعد الإعدادات")

    async def test_is_told_before_it_comes_back(self, bureau: Bureau) -> None:
        await self.choose_otherwise(bureau)

        seen = bureau.seen(SALMA)
        assert "الساعات: 07:00" in seen
        assert "التوقيت: المغرب" in seen
        assert "في الموجز: سياسة، اقتصاد، سلطة ومجتمع" in seen
        assert bureau.texts.say("settings.restore_means") in seen

    async def test_may_stay_where_it_is(self, bureau: Bureau) -> None:
        await self.choose_otherwise(bureau)

        await bureau.taps(SALMA, "رجوع")

        assert (await bureau.subscriber(SALMA)).length is Length.LONG

    async def test_comes_back_and_the_shelf_stays(self, bureau: Bureau) -> None:
        await self.choose_otherwise(bureau)
        bureau.forward(timedelta(hours=1))

        toast = await bureau.taps(SALMA, "نعم، استعدها")

        reader = await bureau.subscriber(SALMA)
        (hour,) = await digests.of(bureau.storage, reader.id)
        taste = await subscriptions.taste(bureau.storage, reader.id, NOON)
        assert toast == bureau.texts.say("settings.restored")
        assert (reader.zone, reader.quiet) == ("Africa/Casablanca", QuietHours())
        assert (reader.urgent, reader.length) == (UrgentChoice.YES, Length.SHORT)
        assert not reader.wants_quiet_day
        assert (hour.minute, hour.weekdays) == (7 * 60, 0b1111111)
        assert hour.next_at.hour == 7  # seven o'clock in Casablanca, tomorrow
        assert taste.follows == {section_subject(one): Mode.DIGEST for one in HOME_SECTIONS}
        assert taste.mutes == {}
        assert await saved.count(bureau.storage, reader.id) == 1
        assert bureau.seen(SALMA).startswith("الإعدادات")

    async def test_keeps_what_an_hour_that_stays_has_told(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start")
        bureau.forward(timedelta(hours=1))
        await bureau.says(SALMA, "/settings")
        await bureau.taps(SALMA, "استعد الإعدادات")

        await bureau.taps(SALMA, "نعم، استعدها")

        (hour,) = await digests.of(bureau.storage, (await bureau.subscriber(SALMA)).id)
        assert hour.covered_until == NOON


class TestComingBack:
    async def test_a_new_token_finds_all_choices_of_the_old_one(self, bureau: Bureau) -> None:
        """T51; RSStT #698."""
        await bureau.says(SALMA, "/start")
        await follow_and_mute(bureau)
        old = await bureau.subscriber(SALMA)
        async with bureau.storage.transaction() as tx:
            await digests.add(tx, old.id, 600, covered_until=NOON, next_at=NOON, weekdays=0b10)
            await subscribers.choose_zone(tx, old.id, "Asia/Riyadh")
            await subscribers.choose_length(tx, old.id, Length.LONG)
            await tx.execute("UPDATE subscribers SET bot = 4040")  # as another token had it
        taste = await subscriptions.taste(bureau.storage, old.id, NOON)
        bureau.forward(timedelta(days=30))

        await bureau.says(SALMA, "/start")

        reader = await bureau.subscriber(SALMA)
        hours = await digests.of(bureau.storage, reader.id)
        assert "استعدنا اختياراتك" in bureau.seen(SALMA)
        assert reader.id != old.id
        assert (reader.zone, reader.length) == ("Asia/Riyadh", Length.LONG)
        assert [(one.minute, one.weekdays) for one in hours] == [(420, 0b1111111), (600, 0b10)]
        assert all(one.covered_until == NOON + timedelta(days=30) < one.next_at for one in hours)
        assert hours[0].next_at.hour == 4  # seven o'clock in Riyadh
        assert await subscriptions.taste(bureau.storage, reader.id, NOON) == taste
        assert await saved.count(bureau.storage, reader.id) == 1

    async def test_who_wanted_no_digest_with_the_old_token_gets_none(self, bureau: Bureau) -> None:
        """T51; RSStT #698."""
        await bureau.says(SALMA, "/start")
        await bureau.taps(SALMA, "التالي")
        await bureau.taps(SALMA, "بدون موجز")
        async with bureau.storage.transaction() as tx:
            await tx.execute("UPDATE subscribers SET bot = 4040")

        await bureau.says(SALMA, "/start")

        assert await digests.of(bureau.storage, (await bureau.subscriber(SALMA)).id) == []

    async def test_the_first_hour_is_the_readers_and_the_welcome_offers_the_zone(
        self, bureau: Bureau
    ) -> None:
        """T22; elie222/inbox-zero PR #1375: not the server's hour."""
        await bureau.says(SALMA, "/start")
        (first,) = await digests.of(bureau.storage, (await bureau.subscriber(SALMA)).id)
        await bureau.taps(SALMA, "التالي")
        offered = bureau.seen(SALMA)

        await bureau.taps(SALMA, "تغيير التوقيت")
        await bureau.taps(SALMA, "السعودية")

        (moved,) = await digests.of(bureau.storage, (await bureau.subscriber(SALMA)).id)
        assert "التوقيت: المغرب، الساعة الآن 12:00" in offered
        assert (first.next_at.hour, moved.next_at.hour) == (7, 4)
        assert "(2 من 3)" in bureau.seen(SALMA)

    async def test_stop_offers_to_go_on(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start")
        await bureau.says(SALMA, "/stop")

        await bureau.taps(SALMA, "استأنف الرسائل")

        assert (await bureau.subscriber(SALMA)).is_active
        assert "أهلا بعودتك" in bureau.seen(SALMA)
