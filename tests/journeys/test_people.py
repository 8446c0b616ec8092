"""Who comes, goes, asks what is kept and wants it gone; and a group that is too early."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import ChatId, Mode, Subject, SubjectKind, source_subject
from bot.storage import digests, saved, stories, subscribers, subscriptions
from tests.town import KARIM, SALMA, Town

SECRET = "سرالمدينه"
WORDS = Subject(SubjectKind.WORDS, SECRET)


async def live(town: Town) -> None:
    """Let Salma begin and leave choices of every kind behind."""
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.says(SALMA, "/settings")
    await town.sees(SALMA, "الإعدادات")
    await town.taps(SALMA, "مفصل")
    await town.sees(SALMA, "الطول: مفصل")
    await town.taps(SALMA, "الساعات والأيام")
    await town.sees(SALMA, "موجزك القادم")
    await town.taps(SALMA, "19:00")
    await town.sees(SALMA, "الساعات: 07:00، 19:00")
    assert town.mujaz is not None
    storage, now = town.mujaz.storage, town.clock()
    reader = await subscribers.find(storage, town.mujaz.bot, ChatId(SALMA))
    assert reader is not None
    (story,) = await stories.begun_between(storage, now - timedelta(days=1), now, 1)
    (told,) = await stories.tellings(storage, [story])
    source = source_subject(told.lead.source.id)
    async with storage.transaction() as tx:
        await subscriptions.follow(tx, reader.id, [WORDS], Mode.INSTANT, now)
        await subscriptions.mute(tx, reader.id, source, until=None, now=now)
        await saved.save(tx, reader.id, story, now)
    await town.says(SALMA, SECRET)
    await town.sees(SALMA, "لا نتائج")


async def choices(town: Town) -> tuple[object, ...]:
    """Return all that Salma has chosen, with this bot."""
    assert town.mujaz is not None
    storage = town.mujaz.storage
    reader = await subscribers.find(storage, town.mujaz.bot, ChatId(SALMA))
    assert reader is not None
    return (
        (reader.zone, reader.length, reader.quiet, reader.urgent, reader.is_active),
        [(one.minute, one.weekdays) for one in await digests.of(storage, reader.id)],
        await subscriptions.taste(storage, reader.id, town.clock()),
        await saved.count(storage, reader.id),
    )


def on_disk(folder: Path) -> bool:
    """Say whether the secret words stand anywhere in the database or its log."""
    raw = b"".join(file.read_bytes() for file in folder.glob("town.db*"))
    return SECRET.encode() in raw or ascii(SECRET)[1:-1].encode() in raw


@pytest.mark.shows("help")
async def test_help_tells_what_may_be_asked(town: Town) -> None:
    await town.begin()

    await town.says(SALMA, "مساعدة")

    await town.sees(SALMA, "/latest", "/settings", "/mydata", "/forgetme", "/stop")


@pytest.mark.shows("mydata")
async def test_a_reader_reads_all_that_is_kept_and_gets_it_as_a_file(town: Town) -> None:
    await live(town)

    await town.says(SALMA, "بياناتي")
    await town.sees(SALMA, "هذا كل ما نحفظه عنك", f"«{SECRET}»", "محفوظاتك: 1")

    def sent() -> bool:
        return any("document" in message for message in town.seen)

    await town.sandbox.until(sent, 8)
    (file,) = [one["document"]["file_name"] for one in town.seen if "document" in one]
    assert file == "mujaz-data.json"


@pytest.mark.shows("forgetme_question", "forgetme_kept", "forgetme_done")
async def test_who_wants_to_be_forgotten_is_asked_once_and_begins_anew(
    town: Town, tmp_path: Path
) -> None:
    await live(town)

    await town.says(SALMA, "/forgetme")
    await town.sees(SALMA, "نحذف كل ما نحفظه عنك", "لا رجعة في ذلك")
    await town.taps(SALMA, "لا، أبقها")
    await town.sees(SALMA, "لم نحذف شيئا")
    assert on_disk(tmp_path)

    await town.says(SALMA, "احذف بياناتي")
    await town.sees(SALMA, "لا رجعة في ذلك")
    await town.taps(SALMA, "نعم، احذفها")
    await town.sees(SALMA, "حذفنا بياناتك", "محفوظاتك: 1", "ما كتمته: 1")
    assert not on_disk(tmp_path)

    await town.says(SALMA, "/mydata")
    await town.sees(SALMA, "لا نحفظ عنك شيئا")
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")


@pytest.mark.shows("stop", "welcome_back")
async def test_who_stopped_finds_everything_as_it_was(town: Town) -> None:
    await live(town)
    before = await choices(town)

    await town.says(SALMA, "إيقاف")
    await town.sees(SALMA, "توقفت الرسائل")
    town.clock.forward(timedelta(days=20))
    await town.taps(SALMA, "استأنف الرسائل")
    await town.sees(SALMA, "أهلا بعودتك", "موجزك القادم")

    assert await choices(town) == before


async def test_who_blocked_us_finds_everything_as_it_was(town: Town) -> None:
    """T47; RSStT FAQ; aikaterna/aikaterna-cogs #260; healthchecks #613."""
    await live(town)
    before = await choices(town)

    await town.sandbox.block(SALMA)
    await town.sandbox.unblock(SALMA)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "أهلا بعودتك")

    assert await choices(town) == before


@pytest.mark.shows("welcome_restored")
async def test_a_new_token_brings_back_what_was_chosen_with_the_old_one(town: Town) -> None:
    """T51; RSStT #698."""
    await live(town)
    before = await choices(town)
    assert town.mujaz is not None
    async with town.mujaz.storage.transaction() as tx:
        await tx.execute("UPDATE subscribers SET bot = 4040")  # as the old token had it

    await town.says(SALMA, "/start")
    await town.sees(SALMA, "استعدنا اختياراتك")

    assert await choices(town) == before


@pytest.mark.shows("group_sentence", "group_added")
async def test_a_group_is_told_honestly_and_so_is_who_added_us(town: Town) -> None:
    await town.begin()
    await town.says(KARIM, "/help")
    await town.sees(KARIM, "/latest")

    await town.sandbox.change_chat("add_bot", -2002, title="أخبار الحي", by=KARIM)

    await town.sees(-2002, "في المحادثات الخاصة فقط")
    await town.sees(KARIM, "أضفت موجز إلى «أخبار الحي»")


async def test_a_broadcast_adds_up_though_a_reader_is_forgotten_meanwhile(town: Town) -> None:
    """T37; listmonk #2591: the last in the line goes while the others are written to."""
    await town.begin(rate=5)
    people = [*range(9000, 9012), KARIM, SALMA]
    await town.sandbox.crowd(9000, 12)
    for person in people:
        await town.says(person, "/start")
        await town.sandbox.until(lambda who=person: bool(town.texts(who)), 8)
    await town.says(SALMA, "/forgetme")
    await town.sees(SALMA, "لا رجعة في ذلك")
    await town.says(KARIM, "/broadcast")
    await town.sees(KARIM, "أرسل الرسالة")
    await town.says(KARIM, "موعدنا غدا مع عدد خاص.")
    await town.sees(KARIM, "كما سيراها القراء")
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, f"كل القراء ({len(people)})")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, f"للتأكيد اكتب العدد: {len(people)}")

    await town.says(KARIM, str(len(people)))
    await town.sees(KARIM, "الإعلان يرسل الآن")
    await town.taps(SALMA, "نعم، احذفها")
    await town.sees(SALMA, "حذفنا بياناتك")

    report = await town.sees(KARIM, "التقرير", f"المجموع {len(people)}")
    parts = {what: int(count) for what, count in re.findall(r"(\w+(?: \w+)?) (\d+)", report)}
    assert sum(parts.values()) == 2 * parts["المجموع"]
