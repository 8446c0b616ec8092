"""Every section with something in it: lists, films, matches; in the demo's own newspaper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.config import StarterFeed
from bot.model import Section
from bot.sandbox.newspaper import Newspaper
from bot.texts import Texts
from tests.paper import Paper
from tests.town import SALMA, Town, TownClock

HERE = ZoneInfo("Africa/Casablanca")
AFTERNOON = datetime(2026, 11, 26, 17, 0, tzinfo=HERE).astimezone(UTC)  # a Thursday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EMPTY = ("لا أخبار", "لا مباريات", "لا جديد")

# Command, Arabic name, what stands on the page: every section of the seed.
SEED = (
    ("latest", "آخر الأخبار", "آخر الأخبار"),
    ("politics", "سياسة", "🏛 سياسة ·"),
    ("economy", "اقتصاد", "📈 اقتصاد ·"),
    ("sport", "رياضة", "🏆 رياضة ·"),
    ("weather", "طقس وبيئة", "🌦 طقس وبيئة ·"),
    ("royal", "أنشطة ملكية", "👑 أنشطة ملكية ·"),
    ("society", "سلطة ومجتمع", "👥 سلطة ومجتمع ·"),
    ("world", "خارج الحدود", "🌍 خارج الحدود ·"),
    ("accidents", "حوادث", "🚓 حوادث ·"),
    ("culture", "فن ومشاهير", "🎭 فن ومشاهير ·"),
    ("picks", "مختارات", "مختارات"),
    ("misc", "منوعات", "🗞 منوعات ·"),
    ("urgent", "أخبار عاجلة", "1. 🔴"),
    ("video", "الشاشة", "1. ▶️"),
    ("matches", "مباريات", "⚽ مباريات اليوم"),
)


class DemoPaper(Paper):
    """The newspaper of `mujaz demo`, by a clock that the journey moves."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self.clock = TownClock()
        self.clock.set(start)
        self.newspaper = Newspaper(start)

    def routes(self) -> list[web.RouteDef]:
        return self.newspaper.routes(self.clock)

    def feeds(self, address: str) -> tuple[StarterFeed, ...]:
        names = {name: Section(word) for word, name in Texts.load().table("sections").items()}
        return tuple(
            StarterFeed(f"{address}{path}", names.get(section or ""), source)
            for path, source, section in self.newspaper.feeds()
        )


@pytest.fixture
def paper() -> DemoPaper:
    return DemoPaper(AFTERNOON)


async def begin(town: Town, paper: DemoPaper) -> None:
    town.clock = paper.clock
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")


@pytest.mark.shows("latest", "sections", "section", "urgent", "picks", "video", "matches_today")
async def test_every_section_opens_by_command_by_name_and_by_button_and_has_news(
    town: Town, paper: DemoPaper
) -> None:
    await begin(town, paper)
    for command, name, words in SEED:
        pages = []
        for typed in (f"/{command}", name):
            await town.says(SALMA, typed)
            pages.append(await town.sees(SALMA, words))
        await town.says(SALMA, "/sections")
        await town.sees(SALMA, "اختر قسما")
        await town.taps(SALMA, name)
        pages.append(await town.sees(SALMA, words))

        assert len(set(pages)) == 1, name
        assert not any(empty in pages[0] for empty in EMPTY), name
        assert "1" in town.buttons(SALMA), name


async def test_a_section_turns_opens_and_leads_back(town: Town, paper: DemoPaper) -> None:
    await begin(town, paper)
    await town.says(SALMA, "سلطة ومجتمع")
    await town.sees(SALMA, "سلطة ومجتمع", "1. ")
    await town.taps(SALMA, "التالي")
    second = await town.sees(SALMA, "سلطة ومجتمع", "1. ")

    await town.taps(SALMA, "1")
    await town.sees(SALMA, second.splitlines()[1].removeprefix("1. "), "رواق")
    await town.taps(SALMA, "رجوع")
    assert await town.sees(SALMA, "1. ") == second

    await town.taps(SALMA, "الأقسام")
    await town.sees(SALMA, "اختر قسما")
    await town.taps(SALMA, "حوادث")
    await town.sees(SALMA, "🚓 حوادث ·")


async def test_a_film_opens_its_story_with_the_picture_above_and_plays(
    town: Town, paper: DemoPaper
) -> None:
    await begin(town, paper)
    await town.says(SALMA, "/video")
    page = await town.sees(SALMA, "1. ▶️ يوم في ميناء الصيد: من المزاد إلى المائدة")
    assert "3:25 · قناة الشرفة · اليوم 16:15" in page
    plays = {
        button["text"]: button.get("url", "")
        for row in town.seen[-1]["reply_markup"]["inline_keyboard"]
        for button in row
    }
    assert plays["▶️ 1"] == f"{town.sandbox.address}/news/videos/sea.mp4"

    await town.taps(SALMA, "1")
    await town.sees(SALMA, "يبدأ المزاد في ميناء المرسى قبل الفجر")
    assert "شاهد 3:25 ↗" in town.buttons(SALMA)
    preview = town.seen[-1]["link_preview_options"]
    assert preview["url"] == f"{town.sandbox.address}/news/pictures/port.png"
    assert preview["show_above_text"]

    await town.taps(SALMA, "رجوع")
    assert await town.sees(SALMA, "1. ▶️") == page
    assert "1:02:10 · قناة الشرفة · أمس 18:10" in page
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "1. ▶️ المدينة القديمة من فوق السطوح", "6:12")


@pytest.mark.shows("matches_today", "match", "matches_club")
async def test_a_match_leads_to_its_clubs_and_back_to_its_day(town: Town, paper: DemoPaper) -> None:
    await begin(town, paper)
    await town.says(SALMA, "مباريات")
    day = await town.sees(SALMA, "2. 17:30 نهضة سوس – اتحاد المرسى")
    assert "1. 15:00 أمل الشاوية 1 – 1 وفاق سبو" in day

    await town.taps(SALMA, "2")
    match = await town.sees(SALMA, "ملعب أكادير الكبير")
    await town.taps(SALMA, "اتحاد المرسى")
    await town.sees(SALMA, "آخر المباريات", "أمس 20:00 · البطولة الوطنية")

    await town.taps(SALMA, "رجوع")
    assert await town.sees(SALMA, "ملعب أكادير الكبير") == match
    await town.taps(SALMA, "رجوع")
    assert await town.sees(SALMA, "1. 15:00") == day


@pytest.mark.shows("matches_tomorrow")
async def test_days_are_turned_and_a_button_means_the_day_it_is_pressed_on(
    town: Town, paper: DemoPaper
) -> None:
    await begin(town, paper)
    await town.says(SALMA, "/matches")
    await town.sees(SALMA, "مباريات اليوم · الخميس 26 نونبر")
    await town.taps(SALMA, "غدا")
    await town.sees(SALMA, "مباريات الغد · الجمعة 27 نونبر")
    await town.taps(SALMA, "أمس")
    await town.sees(SALMA, "مباريات أمس · الأربعاء 25 نونبر", "اتحاد المرسى 2 – 1 نجم تادلة")

    town.clock.forward(DAY)
    await town.taps(SALMA, "اليوم")

    await town.sees(SALMA, "مباريات اليوم · الجمعة 27 نونبر")


async def test_a_result_comes_when_the_match_is_over(town: Town, paper: DemoPaper) -> None:
    await begin(town, paper)
    town.clock.forward(HOUR)
    await town.reads()
    await town.says(SALMA, "/matches")
    await town.sees(SALMA, "2. 17:30 نهضة سوس – اتحاد المرسى · بدأت")

    town.clock.forward(2 * HOUR)
    await town.reads()
    await town.says(SALMA, "/matches")

    await town.sees(SALMA, "2. 17:30 نهضة سوس 0 – 2 اتحاد المرسى")


@pytest.mark.shows("matches_none")
async def test_a_day_without_matches_names_the_next(town: Town, paper: DemoPaper) -> None:
    await begin(town, paper)
    town.clock.forward(4 * DAY)  # Monday
    await town.reads()
    await town.says(SALMA, "/matches")
    await town.sees(SALMA, "مباريات اليوم · الاثنين 30 نونبر", "لا مباريات اليوم")

    await town.taps(SALMA, "الثلاثاء 1 دجنبر")

    await town.sees(SALMA, "مباريات الغد · الثلاثاء 1 دجنبر", "19:30 وداد الشمال – نهضة سوس")


@pytest.mark.shows("matches_no_club")
async def test_a_club_is_found_by_its_name_as_people_type_it(town: Town, paper: DemoPaper) -> None:
    await begin(town, paper)
    await town.says(SALMA, "/matches المرسي")
    await town.sees(SALMA, "⚽ المرسي", "اتحاد المرسى 2 – 1 نجم تادلة", "كأس السيدات")

    await town.says(SALMA, "/matches FC atlas")
    await town.sees(SALMA, "⚽ FC Atlas", "هلال الواحات – FC Atlas")

    await town.says(SALMA, "/matches برشلونة")
    await town.sees(SALMA, "لا نجد فريقا باسم «برشلونة»")
    await town.taps(SALMA, "غدا")
    await town.sees(SALMA, "مباريات الغد")
