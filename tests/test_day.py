"""One day of a newsroom: real feeds over HTTP, a real database, and phones that remember."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds
from bot.feeds.parser_process import ParserProcess
from bot.jobs.digest import DigestJob, Paper
from bot.jobs.poll import Poller, Rhythm
from bot.model import Brief, BriefKind, Heading, Mode, Section, Title, Unreachable
from bot.storage import batches, sources
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.crowd import BOT
from tests.jobs.fake_web import FakeWeb, Item
from tests.jobs.newsroom import TEXTS, ZONE, Clock, Newsroom
from tests.jobs.post_office import PostOffice

THURSDAY = date(2026, 11, 26)
BEAT = timedelta(minutes=5)  # here; the scheduler's is a second
RHYTHM = Rhythm(Bounds(BEAT, BEAT), 2, ZONE)

SALMA, YOUNES, LAILA, KAMAL = 1, 2, 3, 4  # chats

BUDGET = Item(
    "مجلس الحكومة يصادق على ميزانية المدارس القروية",
    "صادق مجلس الحكومة، يوم الخميس، على ميزانية لبناء مئة مدرسة قروية قبل الصيف.",
    guid="budget",
    categories=("سياسة",),
)
BUDGET_ELSEWHERE = Item(
    "ميزانية لبناء مئة مدرسة قروية يصادق عليها مجلس الحكومة",
    "صادق مجلس الحكومة على ميزانية لبناء مئة مدرسة قروية قبل الصيف، حسب بلاغ يوم الخميس.",
    guid="schools",
    categories=("سياسة",),
)
FLOOD = Item(
    "عاجل: إجلاء سكان حي الوادي بعد فيضان مفاجئ",
    "أجلت السلطات سكان حي الوادي في مدينة تلمست بعد فيضان مفاجئ غمر الطريق الرئيسية.",
    guid="flood",
    categories=("حوادث",),
)
DERBY = Item(
    "النجم يهزم الشهاب بهدف في الدقيقة الأخيرة",
    "سجل المهاجم بدر هدف الفوز للنجم في الدقيقة الأخيرة أمام جمهور غفير.",
    guid="derby",
    categories=("رياضة",),
)
ENVOY = Item(
    "سفير جديد يقدم أوراق اعتماده في العاصمة",
    "قدم السفير الجديد أوراق اعتماده في القصر وبحث مع الوزير اتفاق الصيد البحري.",
    guid="envoy",
    categories=("سياسة",),
)
ELECTION = Item(
    "انتخاب رئيسة لجهة الواحات بأغلبية ساحقة",
    "انتخبت المهندسة نورة رئيسة لجهة الواحات بعد جولة واحدة من التصويت.",
    guid="election",
    categories=("سياسة",),
)
YESTERDAY = Item(
    "افتتاح معرض الزرابي في مدينة أزرو الجديدة",
    "افتتح معرض الزرابي أبوابه بمشاركة ستين تعاونية من الأطلس.",
    guid="carpets",
    categories=("سياسة",),
)
OPENING = [YESTERDAY]


class Day:
    """A newsroom at work: ``live_until`` lets time pass, ``heard`` says what a phone received."""

    def __init__(self, path: Path, web: FakeWeb, fetcher: Fetcher, parser: ParserProcess) -> None:
        self.clock = Clock(at("05:30"))
        self.marfa = web.feed("marfa", OPENING)
        self.sahil = web.feed("sahil")
        self._path = path
        self._fetcher = fetcher
        self._parser = parser
        self._heard = dict.fromkeys((SALMA, YOUNES, LAILA, KAMAL), 0)

    async def start(self) -> None:
        """Start the program, as for the first time or after a stop."""
        before = getattr(self, "office", None)
        self.storage = await open_sqlite(self._path)
        async with self.storage.transaction() as tx:
            await batches.release_all(tx)
            await sources.release_all(tx)
        self.newsroom = Newsroom(self.storage, self.clock)
        await self.newsroom.restart()
        self.office = PostOffice(self.storage)
        self.office.clock = self.clock
        if before is not None:
            self.office.phones = before.phones
        self.poller = Poller(
            self.storage,
            self._fetcher,
            self._parser,
            self.newsroom.intake,
            rhythm=RHYTHM,
            now=self.clock,
            on_calls=lambda: None,
        )
        paper = Paper(20, tuple(Section))
        self.digests = DigestJob(
            self.storage, TEXTS, paper, bot=BOT, now=self.clock, on_written=lambda: None
        )

    async def stop(self) -> None:
        """Stop the program."""
        await self.poller.close()
        await self.storage.close()

    async def beat(self) -> None:
        """Do what the scheduler starts, once, to the end."""
        await self.poller.poll_due()
        await self.poller.settled()
        await self.digests.write_due()
        if not await self.office.is_idle():
            await self.office.deliver()

    async def live_until(self, clock: str) -> None:
        """Let time pass, beat by beat, until the wall clock shows a time."""
        while self.clock() < at(clock):
            self.clock.moment += BEAT - (self.clock() - at("00:00")) % BEAT
            await self.beat()

    async def sleep_until(self, clock: str) -> None:
        """Let the machine sleep: time passes and nothing beats; then it wakes."""
        self.clock.moment = at(clock)
        await self.beat()

    def heard(self, chat: int) -> list[str]:
        """Say in short what a phone received since the last time we asked."""
        letters = [letter for letter in self.office.phones.arrived if letter.chat == chat]
        new, self._heard[chat] = letters[self._heard[chat] :], len(letters)
        return [in_short(letter.brief) for letter in new]

    def last_words(self, chat: int) -> str:
        """Return the whole of the last message in a chat."""
        letters = [letter for letter in self.office.phones.arrived if letter.chat == chat]
        return str(letters[-1].brief.blocks)


def at(clock: str) -> datetime:
    """Return a moment of the day in Casablanca."""
    return datetime.combine(THURSDAY, time.fromisoformat(clock), ZONE).astimezone(UTC)


def in_short(brief: Brief) -> str:
    """Name a message: a digest by its heading, an instant by its headline."""
    kind = Heading if brief.kind is BriefKind.DIGEST else Title
    return next(block.text for block in brief.blocks if isinstance(block, kind))


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    async with FakeWeb() as web, Fetcher(user_agent="Mujaz/test", allow_private=True) as fetcher:
        parser = ParserProcess()
        lived = Day(tmp_path / "mujaz.db", web, fetcher, parser)
        await lived.start()
        yield lived
        await lived.stop()
        await parser.close()


async def test_a_day(day: Day) -> None:
    # Half past five. Two newspapers are added, and four people have joined.
    newsroom = day.newsroom
    politics = Section.POLITICS
    await newsroom.reader(SALMA, politics, minutes=[7 * 60, 19 * 60])
    await newsroom.reader(YOUNES, politics, minutes=[14 * 60], mode=Mode.DIGEST, zone="Asia/Dubai")
    await newsroom.reader(LAILA, Section.SPORT, minutes=[12 * 60], mode=Mode.DIGEST)
    await newsroom.reader(KAMAL, politics, minutes=[7 * 60])
    for served, name in ((day.marfa, "المرفأ"), (day.sahil, "الساحل")):
        await newsroom.feed(served.url, source=name, section=None, host=name, is_new=True)

    # What stood in the papers already is stored, and nobody's phone rings.
    await day.live_until("06:40")
    assert await newsroom.count("articles") == 1
    assert day.office.phones.tried == []

    # A new story rings at once where politics is followed at once. Kamal has blocked us.
    day.office.phones.answer(KAMAL, Unreachable("bot was blocked by the user"))
    day.marfa.publish(BUDGET)
    await day.live_until("06:55")
    assert day.heard(SALMA) == [BUDGET.title]
    assert day.heard(YOUNES) == day.heard(LAILA) == day.heard(KAMAL) == []

    # Seven: Salma's digest, with what was stored in silence. None for Kamal, who is gone.
    await day.live_until("07:05")
    assert day.heard(SALMA) == ["موجز الخميس 26 نونبر · 07:00"]
    assert YESTERDAY.title in day.last_words(SALMA)
    assert BUDGET.title in day.last_words(SALMA)
    assert len([letter for letter in day.office.phones.tried if letter.chat == KAMAL]) == 1

    # Another paper tells the same event: one story of two sources, and no second message.
    day.sahil.publish(BUDGET_ELSEWHERE)
    await day.live_until("08:00")
    assert await newsroom.count("stories", "sources = 2") == 1
    assert day.heard(SALMA) == []

    # Something urgent reaches everybody who is still here, once.
    day.sahil.publish(FLOOD)
    await day.live_until("09:00")
    flood = FLOOD.title.removeprefix("عاجل: ")
    assert [day.heard(chat) for chat in (SALMA, YOUNES, LAILA, KAMAL)] == [[flood]] * 3 + [[]]

    # Ten, which is fourteen in Dubai: Younes has his digest by his own clock.
    await day.live_until("10:00")
    assert day.heard(YOUNES) == ["موجز الخميس 26 نونبر · 14:00"]
    assert "مصدران" in day.last_words(YOUNES)

    # The machine sleeps for three hours, over Laila's noon; the papers go on.
    day.marfa.publish(DERBY)
    day.sahil.publish(ENVOY)
    await day.sleep_until("13:05")
    assert day.heard(SALMA) == [ENVOY.title]
    assert day.heard(LAILA) == ["موجز الخميس 26 نونبر · 13:05"]
    assert DERBY.title in day.last_words(LAILA)

    # The program is stopped and started: nothing is said again, and the papers are read on.
    await day.live_until("15:00")
    await day.stop()
    await day.start()
    await day.live_until("15:30")
    assert [day.heard(chat) for chat in (SALMA, YOUNES, LAILA, KAMAL)] == [[]] * 4
    day.marfa.publish(ELECTION)
    await day.live_until("16:00")
    assert day.heard(SALMA) == [ELECTION.title]

    # Seven in the evening: Salma's second digest has what the first had not.
    await day.live_until("19:00")
    assert day.heard(SALMA) == ["موجز الخميس 26 نونبر · 19:00"]
    evening = day.last_words(SALMA)
    assert all(words in evening for words in (flood, ENVOY.title, ELECTION.title))
    assert not any(words in evening for words in (YESTERDAY.title, BUDGET.title))

    # Nothing is left to do, nobody heard anything twice, and no paper is in trouble.
    newsroom = day.newsroom
    await day.live_until("20:00")
    letters = [(letter.chat, in_short(letter.brief)) for letter in day.office.phones.arrived]
    assert len(letters) == len(set(letters)) == 10
    assert await newsroom.count("waves", "state <> 'done'") == 0
    assert await newsroom.count("batches") == 0
    assert await newsroom.count("deliveries", "state NOT IN ('sent', 'unreachable')") == 0
    assert await newsroom.count("feeds", "failures > 0") == 0
