"""``@bot words`` in any chat: what is offered, what is sent, and to whom nothing is."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from bot.briefs import links
from bot.config import Config
from bot.model import Source, SourceId
from tests.build import draft
from tests.commands.conftest import KARIM, SALMA, YOUNES, Bureau, config, words_of

OTHER = Source(SourceId(2), "منبر الساحل")
LONG = (
    "افتتحت الوزارة مستشفى جديدا يضم 200 سرير. وكلف المشروع 300 مليون درهم. وسيستقبل المرضى يوم "
    "الاثنين. وتعمل به تسعون ممرضة وأربعون طبيبا."
)


async def asks(bureau: Bureau, typed: str, person: int = SALMA) -> dict[str, Any]:
    """Let a person type behind our name; return what is offered."""
    asking = asyncio.create_task(bureau.sandbox.inline(person, typed))
    await asyncio.sleep(0)  # it is typed before we listen
    await bureau.pump()
    return dict(await asking)


def titles(answer: dict[str, Any]) -> list[str]:
    return [result["title"] for result in answer["results"]]


async def test_nothing_typed_finds_the_latest(bureau: Bureau) -> None:
    for number in range(25):
        seen = bureau.clock[0] + timedelta(minutes=number)
        await bureau.prints(draft(title=f"خبر رقم {number}", first_seen_at=seen, published_at=seen))

    answer = await asks(bureau, "")

    assert titles(answer) == [f"خبر رقم {number}" for number in range(24, 4, -1)]
    assert answer["button"] is None


async def test_words_find_stories_each_once_in_any_spelling(bureau: Bureau) -> None:
    await bureau.prints(
        draft(title="افتتاح ميناء آسفي"), draft(title="ميناء اسفي يفتح", source=OTHER)
    )
    await bureau.prints(draft(title="نهاية البطولة", body="خبر آخر تماما من الملعب اليوم."))

    answer = await asks(bureau, "اسفي")

    assert titles(answer) == ["افتتاح ميناء آسفي"]
    assert answer["results"][0]["description"].startswith("قالت الوزارة")
    assert answer["button"] == {
        "text": "كل النتائج في موجز",
        "start_parameter": links.to_search("اسفي"),
    }


async def test_nothing_found_leads_to_the_search_in_the_bot(bureau: Bureau) -> None:
    answer = await asks(bureau, "لا شيء كهذا")

    assert answer["results"] == []
    assert answer["button"]["text"] == "لا نتائج. ابحث في موجز"
    await bureau.says(SALMA, f"/start {answer['button']['start_parameter']}")
    assert bureau.seen(SALMA).startswith("لا نتائج")


async def test_the_button_share_finds_exactly_its_story(bureau: Bureau) -> None:
    await bureau.prints(draft(title="خبر آخر"))
    story = await bureau.prints(draft(title="افتتاح الميناء", is_urgent=True))

    answer = await asks(bureau, f"st_{story}")

    assert titles(answer) == ["🔴 افتتاح الميناء"]
    assert answer["button"] is None


@pytest.mark.parametrize("typed", ["st_99", "؟", "sec_sport", "-", "«»"])
async def test_what_is_not_there_is_not_found(bureau: Bureau, typed: str) -> None:
    await bureau.prints(draft())

    assert (await asks(bureau, typed))["results"] == []


async def test_what_is_sent_is_the_short_brief_with_ways_to_the_story(bureau: Bureau) -> None:
    story = await bureau.prints(
        draft(title="افتتاح الميناء", body=LONG, image_url="https://news.example/1.png")
    )
    await bureau.says(YOUNES, "/start")
    (result,) = (await asks(bureau, "الميناء", YOUNES))["results"]

    await bureau.sandbox.choose(YOUNES, result["id"])

    world = bureau.sandbox.desk.world
    sent = [world.json(one, for_page=True) for one in world.messages(YOUNES)][-1]
    keys = sent["reply_markup"]["inline_keyboard"][0]
    page = f"https://t.me/{bureau.room.username}?start=st_{story}"
    assert words_of(sent).startswith("🏛 سياسة\nافتتاح الميناء\nافتتحت الوزارة")
    assert "تسعون ممرضة" not in words_of(sent)
    assert page in [entity.get("url") for entity in sent["entities"]]
    assert [key["text"] for key in keys] == ["اقرأ ↗", "افتح في موجز"]
    assert keys[1]["url"] == page


async def test_a_story_without_a_text_is_described_by_who_tells_it(bureau: Bureau) -> None:
    await bureau.prints(draft(title="افتتاح الميناء", body="", url=""))

    (result,) = (await asks(bureau, "الميناء"))["results"]

    assert result["description"] == "صحيفة الغد"


async def test_who_types_on_gets_the_later_answer_and_nobody_is_alarmed(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    await bureau.prints(draft(title="افتتاح الميناء"))
    first = asyncio.create_task(bureau.sandbox.inline(SALMA, "المين"))
    await asyncio.sleep(0)
    bureau.sandbox.desk.inline.queries.clear()  # as Telegram forgets a query

    with caplog.at_level(logging.WARNING, logger="bot"):
        answer = await asks(bureau, "الميناء")

    first.cancel()
    assert titles(answer) == ["افتتاح الميناء"]
    assert caplog.records == []


class TestAClosedNewsroom:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(access="closed")

    async def test_offers_strangers_nothing(self, bureau: Bureau) -> None:
        await bureau.prints(draft(title="افتتاح الميناء"))

        assert (await asks(bureau, "الميناء"))["results"] == []

    async def test_offers_its_editors_everything(self, bureau: Bureau) -> None:
        await bureau.prints(draft(title="افتتاح الميناء"))

        assert titles(await asks(bureau, "الميناء", KARIM)) == ["افتتاح الميناء"]
