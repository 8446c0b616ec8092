"""The town keeps its promises: what was seen is written down, and a crash loses what it must."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.town import KARIM, SALMA, Town, a_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town(tmp_path) as town:
        yield town


async def test_what_was_seen_is_written_down_with_its_buttons(town: Town) -> None:
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "2 من 3")

    first, then = ((text, buttons) for chat, text, buttons in town.log if chat == SALMA)

    assert "1 من 3" in first[0]
    assert "التالي" in first[1]
    assert "2 من 3" in then[0]
    assert "19:00" in then[1]


async def test_a_crash_forgets_what_was_not_confirmed_and_keeps_what_was_written(
    town: Town,
) -> None:
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    shown = len(town.log)

    await town.crash()
    await town.says(KARIM, "/start")
    assert len(town.log) == shown
    await town.begin()

    await town.sees(KARIM, "1 من 3")
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "2 من 3")


async def test_settings_can_be_changed_for_one_beginning(town: Town) -> None:
    config = town.config({"MUJAZ_PEOPLE__EDITORS": "77"}, rate=5)

    assert (set(config.people.editors), config.push.rate) == ({77}, 5)


async def test_people_send_files_and_forwards_and_change_what_they_wrote(town: Town) -> None:
    file = await town.sends(KARIM, "document", name="feeds.opml", data="<opml/>", text="القائمة")
    said = await town.says(KARIM, "خبر")
    await town.forwards(KARIM, said)
    await town.forwards(KARIM, "خبر من بعيد")
    await town.edits(KARIM, said, "خبر مصحح")

    messages = {message.id: message for message in town.sandbox.desk.world.messages(KARIM)}

    media = messages[file].content.media
    assert media is not None
    assert town.sandbox.desk.files.data(media.file.id) == b"<opml/>"
    assert messages[said].content.text == "خبر مصحح"
    origins = [m.origin["type"] for m in messages.values() if m.origin]
    assert origins == ["user", "hidden_user"]
