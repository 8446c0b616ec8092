"""/mydata and /forgetme: everything is told, everything goes, and the newsroom's record stays."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.reader import data
from bot.config import Config
from bot.model import ChatId, ChatKind, Mode, Subject, SubjectKind, UserId, source_subject
from bot.storage import (
    audit,
    desk,
    feedback,
    person,
    saved,
    subscribers,
    subscriptions,
)
from bot.storage.engines.sqlite.connection import connect
from bot.storage.person import SCRUB_DUE
from bot.texts import Texts
from tests.build import NOON, SOURCE, draft
from tests.commands.conftest import KARIM, SALMA, Bureau, config

SECRET = "سرالمدينه"
WORDS = Subject(SubjectKind.WORDS, SECRET)


async def live(bureau: Bureau, who: int = SALMA) -> None:
    """Let a reader do a little of everything."""
    await bureau.says(who, "/start")
    story = await bureau.prints(draft(title="افتتاح الميناء"))
    reader = await bureau.subscriber(who)
    async with bureau.storage.transaction() as tx:
        await subscriptions.follow(tx, reader.id, [WORDS], Mode.DIGEST, NOON)
        until = NOON + timedelta(days=1)
        await subscriptions.mute(tx, reader.id, source_subject(SOURCE.id), until=until, now=NOON)
        await saved.save(tx, reader.id, story, NOON)
        await feedback.report(tx, reader.id, story, f"بلاغ {SECRET}", NOON)
    await bureau.says(who, SECRET)  # a search


def document(bureau: Bureau, who: int = SALMA) -> dict[str, Any]:
    """Read the file that was sent last."""
    sent = [one["document"] for one in bureau.messages(who) if "document" in one]
    raw = bureau.sandbox.desk.files.data(sent[-1]["file_id"])
    assert sent[-1]["file_name"] == "mujaz-data.json"
    assert raw is not None
    found: dict[str, Any] = json.loads(raw.decode("utf-8"))
    return found


def page(bureau: Bureau, who: int = SALMA) -> str:
    """Return the words of the newest message that is no file."""
    texts = [one["text"] for one in bureau.messages(who) if "text" in one]
    return str(texts[-1]).translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")))


async def test_every_table_and_every_column_has_a_name(bureau: Bureau) -> None:
    texts = Texts.load()
    columns = {
        str(row["name"])
        for table in person.KEPT
        for row in await bureau.storage.fetch(
            "SELECT name FROM pragma_table_info(:table)", {"table": table}
        )
    }

    assert set(texts.table("mydata.tables")) == set(person.KEPT)
    assert columns - set(texts.table("mydata.columns")) == set()


def test_every_table_is_told_on_the_page_in_words_or_by_its_count() -> None:
    assert set(person.KEPT) > data.TOLD_IN_WORDS


async def test_the_page_tells_what_is_kept(bureau: Bureau) -> None:
    await live(bureau)

    await bureau.says(SALMA, "بياناتي")

    seen = page(bureau)
    assert "بدأت هنا يوم الثلاثاء 24 نونبر، ورقم محادثتك 1001." in seen
    assert "آخر ما فعلته هنا: اليوم 12:00." in seen
    assert "الساعات: 07:00" in seen
    assert f"تتابع أيضا: «{SECRET}»" in seen
    assert "كتمت: صحيفة الغد" in seen
    assert "محفوظاتك: 1" in seen
    assert "بلاغاتك عن أخطاء: 1" in seen
    assert "صفحات فتحتها في آخر 30 يوما، بكلمات بحثك: 1" in seen
    assert "/forgetme" in seen


async def test_messages_are_counted_since_the_first(bureau: Bureau) -> None:
    await live(bureau)
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await tx.execute(
            "INSERT INTO occasions (key, created_at) VALUES ('story:1', 0), ('story:2', 0)"
        )
        await tx.execute(
            "INSERT INTO deliveries (occasion, subscriber, state, brief, settled_at)"
            " SELECT id, :reader, 'sent', 1, 1790000000000 + id FROM occasions",
            {"reader": reader.id},
        )

    await bureau.says(SALMA, "/mydata")

    assert "رسائلنا إليك: 2، منذ الاثنين 21 شتنبر" in page(bureau)
    assert document(bureau)["رسائلنا إليك"][0]["الحال"] == "وصلت"


async def test_the_document_has_it_all_in_words_and_hours(bureau: Bureau) -> None:
    await live(bureau)

    await bureau.says(SALMA, "/mydata")

    kept = document(bureau)
    tables = Texts.load().table("mydata.tables")
    rows = await person.kept_of(bureau.storage, ChatId(SALMA))
    assert {name: len(kept[tables[name]]) for name in rows} == {
        name: len(found) for name, found in rows.items()
    }
    assert kept["كتب في"] == "2026-11-24T12:00:00+00:00"
    assert kept["اختياراتك"][0]["بداية الهدوء"] == "22:30"
    assert kept["اختياراتك"][0]["يوم هادئ"] is False
    assert kept["ساعات موجزك"][0]["الأيام"][0] == "الاثنين"
    assert {"الموضوع": SECRET, "متى تصلك": "في الموجز"}.items() <= kept["ما تتابعه"][-1].items()
    assert kept["ما كتمته"][0]["الاسم"] == "صحيفة الغد"
    assert kept["محفوظاتك"][0]["عنوان الخبر"] == "افتتاح الميناء"
    assert kept["صفحات فتحتها في آخر 30 يوما، بكلمات بحثك"][0]["التفاصيل"]["words"] == SECRET


async def test_a_stranger_reads_that_nothing_is_kept(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/mydata")

    assert bureau.seen(SALMA) == f"بياناتي\n{bureau.texts.say('mydata.nothing')}"
    assert len(bureau.messages(SALMA)) == 1


async def test_who_only_searched_reads_of_that(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/latest")

    await bureau.says(SALMA, "/mydata")

    assert "صفحات فتحتها في آخر 30 يوما، بكلمات بحثك: 1" in page(bureau)
    assert "الساعات" not in page(bureau)


async def test_what_an_earlier_bot_kept_is_told_too(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    async with bureau.storage.transaction() as tx:
        await tx.execute("UPDATE subscribers SET bot = 4040")

    await bureau.says(SALMA, "/mydata")

    assert bureau.texts.say("mydata.earlier_bot") in page(bureau)
    assert len(document(bureau)["اختياراتك"]) == 1


async def test_an_editor_reads_of_the_desk(bureau: Bureau) -> None:
    async with bureau.storage.transaction() as tx:
        await audit.note(tx, UserId(KARIM), "source.off", {"feed": 1}, NOON)

    await bureau.says(KARIM, "/mydata")

    assert "مكانك في فريق التحرير: محرر" in page(bureau, KARIM)
    assert "أعمالك في سجل التحرير: 1" in page(bureau, KARIM)
    assert document(bureau, KARIM)["مكانك في فريق التحرير"][0]["الصفة"] == "محرر"


async def test_one_question_comes_before_the_act(bureau: Bureau) -> None:
    await live(bureau)

    await bureau.says(SALMA, "احذف بياناتي")
    asked = bureau.seen(SALMA)
    await bureau.taps(SALMA, "لا، أبقها")

    assert "لا رجعة في ذلك" in asked
    assert bureau.seen(SALMA) == bureau.texts.say("forget.nothing_done")
    assert await person.kept_of(bureau.storage, ChatId(SALMA))


async def test_who_says_yes_is_unknown_and_reads_what_went(bureau: Bureau, tmp_path: Path) -> None:
    await live(bureau)
    await bureau.says(SALMA, "/forgetme")

    await bureau.taps(SALMA, "نعم، احذفها")

    seen = bureau.seen(SALMA)
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("mujaz.db*"))
    assert seen.startswith("حذفنا بياناتك\n")
    assert "\nاختياراتك\n" in seen
    assert "ما تتابعه: 4" in seen
    assert "محفوظاتك: 1" in seen
    assert "/start" in seen
    assert await person.kept_of(bureau.storage, ChatId(SALMA)) == {}
    assert SECRET.encode() not in raw
    assert ascii(SECRET)[1:-1].encode() not in raw
    assert bureau.woken == ["deliver"]  # waves that waited for her end
    assert await desk.setting(bureau.storage, SCRUB_DUE) == NOON.isoformat()


async def test_start_begins_anew_after_it(bureau: Bureau) -> None:
    await live(bureau)
    before = await bureau.subscriber(SALMA)
    await bureau.says(SALMA, "/forgetme")
    await bureau.taps(SALMA, "نعم، احذفها")

    await bureau.says(SALMA, "/start")

    reader = await bureau.subscriber(SALMA)
    taste = await subscriptions.taste(bureau.storage, reader.id, NOON)
    assert reader.id != before.id
    assert "(1 من 3)" in bureau.seen(SALMA)
    assert WORDS not in taste.follows


async def test_a_yes_that_comes_twice_finds_nothing_more(bureau: Bureau) -> None:
    """T50; filipnet/checkmk-telegram-notify #1."""
    await live(bureau)
    await bureau.says(SALMA, "/forgetme")
    place, yes = bureau.button(SALMA, "نعم، احذفها")

    await bureau.presses(SALMA, place, yes)
    await bureau.presses(SALMA, place, yes)

    assert bureau.seen(SALMA) == bureau.texts.say("forget.nothing")


async def test_a_stranger_has_nothing_to_erase(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/forgetme")

    assert bureau.seen(SALMA) == bureau.texts.say("forget.nothing")


async def test_an_editor_who_forgets_himself_stays_in_the_team_and_reads_so(
    bureau: Bureau,
) -> None:
    await live(bureau, KARIM)
    async with bureau.storage.transaction() as tx:
        await audit.note(tx, UserId(KARIM), "source.off", {"feed": 1}, NOON)
    await bureau.says(KARIM, "/forgetme")
    asked = bureau.seen(KARIM)

    await bureau.taps(KARIM, "نعم، احذفها")

    for seen in (asked, bureau.seen(KARIM)):
        assert bureau.texts.say("forget.team_stays") in seen
        assert bureau.texts.say("forget.log_stays") in seen
    assert await subscribers.find(bureau.storage, bureau.room.bot, ChatId(KARIM)) is None
    assert set(await person.kept_of(bureau.storage, ChatId(KARIM))) == {"team", "audit"}
    await bureau.says(KARIM, "/forgetme")
    assert bureau.seen(KARIM).startswith(bureau.texts.say("forget.nothing"))


async def test_a_log_that_is_being_read_does_not_stop_the_act(
    bureau: Bureau, tmp_path: Path
) -> None:
    await live(bureau)
    await bureau.says(SALMA, "/forgetme")
    async with bureau.storage.transaction() as tx:
        await tx.fetch("PRAGMA busy_timeout = 0")

    with closing(connect(tmp_path / "mujaz.db", is_reader=True)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM subscribers").fetchone()
        await bureau.taps(SALMA, "نعم، احذفها")

    assert bureau.seen(SALMA).startswith("حذفنا بياناتك")
    assert await person.kept_of(bureau.storage, ChatId(SALMA)) == {}


class TestANewsroomByInvitation:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(access="invite")

    async def test_says_that_the_way_back_needs_another_one(self, bureau: Bureau) -> None:
        async with bureau.storage.transaction() as tx:
            await subscribers.join(
                tx,
                bureau.room.bot,
                ChatId(SALMA),
                kind=ChatKind.PRIVATE,
                zone="UTC",
                now=NOON,
            )

        await bureau.says(SALMA, "/forgetme")

        assert bureau.texts.say("forget.door.invite") in bureau.seen(SALMA)
