"""``/start`` with a word behind it: what a link opens, for who is new and for who is not."""

from __future__ import annotations

import pytest

from bot.briefs import links
from tests.build import draft
from tests.commands.conftest import SALMA, Bureau


async def test_a_link_opens_its_search(bureau: Bureau) -> None:
    await bureau.prints(draft(title="افتتاح ميناء آسفي"))

    await bureau.says(SALMA, f"/start {links.to_search('ميناء اسفي')}")

    assert "نتائج «ميناء اسفي»" in bureau.seen(SALMA)
    assert "افتتاح ميناء آسفي" in bureau.seen(SALMA)
    assert (await bureau.subscriber(SALMA)).is_active


@pytest.mark.parametrize("word", ["q_", "q_a", "q_____", "q_2Q"])
async def test_a_broken_search_says_how_to_search(bureau: Bureau, word: str) -> None:
    await bureau.says(SALMA, f"/start {word}")

    assert bureau.seen(SALMA) == bureau.texts.say("search.how")


@pytest.mark.parametrize("word", ["q_a=b", "q", "st_", "st_-1", "sec_nosuch", "1:st:1", "x" * 64])
async def test_a_forged_word_is_a_plain_start(bureau: Bureau, word: str) -> None:
    await bureau.says(SALMA, f"/start {word}")
    assert "(1 من 3)" in bureau.seen(SALMA)

    await bureau.says(SALMA, f"/start {word}")
    assert "أهلا بعودتك" in bureau.seen(SALMA)


async def test_a_search_by_a_link_does_not_bring_back_who_stopped(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/stop")

    await bureau.says(SALMA, f"/start {links.to_search('الميناء')}")

    assert not (await bureau.subscriber(SALMA)).is_active
    assert "لا نتائج" in bureau.seen(SALMA)
