"""Who may work at the desk and who may read: links that let somebody in, and the way out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.town import KARIM, NADIA, SALMA, YOUNES, Town

BY_INVITATION = {"MUJAZ_PEOPLE__ACCESS": "invite"}
CLOSED = {"MUJAZ_PEOPLE__ACCESS": "closed"}


def key_in(text: str) -> str:
    """Return what stands behind ?start= in the first link of a page."""
    found = re.search(r"\?start=([\w-]+)", text)
    assert found is not None, text
    return found[1]


@pytest.mark.shows("team", "team_invite", "undone")
async def test_an_owner_invites_an_editor_and_takes_the_right_back(town: Town) -> None:
    town.clock.set(datetime.now(UTC).replace(hour=12))  # a notice waits for the morning
    await town.begin()
    for person in (NADIA, YOUNES):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    await town.says(NADIA, "/team")
    await town.sees(NADIA, "فريق التحرير", "نادية", "مالك", "محرر", "بملف الإعدادات")

    await town.taps(NADIA, "أضف محررا")
    key = key_in(await town.sees(NADIA, "رابط لمحرر جديد", "?start=ed_"))
    await town.says(YOUNES, f"/start {key}")
    await town.sees(YOUNES, "أنت الآن في فريق تحرير موجز")
    await town.sees(NADIA, "انضم", "إلى فريق التحرير")
    await town.says(YOUNES, "/desk")
    await town.sees(YOUNES, "المكتب")

    await town.says(NADIA, "/team")
    await town.sees(NADIA, "بدعوة من نادية")
    await town.taps(NADIA, "أزل 3")
    await town.sees(NADIA, "لم يعد", "من فريق التحرير")
    await town.says(YOUNES, "/desk")
    await town.sees(YOUNES, "لا نعرف هذا الأمر")
    await town.taps(NADIA, "تراجع")
    await town.sees(NADIA, "تم التراجع عن: إزالة")
    await town.says(YOUNES, "/desk")
    await town.sees(YOUNES, "المكتب")


async def test_an_editors_link_is_good_for_one_person(town: Town) -> None:
    await town.begin()
    await town.says(NADIA, "/team")
    await town.sees(NADIA, "فريق التحرير")
    await town.taps(NADIA, "أضف محررا")
    key = key_in(await town.sees(NADIA, "?start=ed_"))

    await town.says(YOUNES, f"/start {key}")
    await town.sees(YOUNES, "أنت الآن في فريق تحرير")
    await town.says(SALMA, f"/start {key}")
    await town.sees(SALMA, "انتهت صلاحية هذا الرابط")

    await town.says(SALMA, "/desk")
    await town.sees(SALMA, "لا نعرف هذا الأمر")


@pytest.mark.shows("invite", "invited")
async def test_a_newsroom_by_invitation_lets_in_who_has_a_link(town: Town) -> None:
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin(BY_INVITATION)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "القراءة في موجز بدعوة")
    await town.says(KARIM, "/invite")
    await town.sees(KARIM, "روابط الدعوة", "لا رابط صالحا")

    await town.taps(KARIM, "رابط لقارئ واحد")
    key = key_in(await town.sees(KARIM, "لم يستعمل بعد", "حده قارئ واحد"))
    await town.says(SALMA, f"/start {key}")
    await town.sees(SALMA, "أهلا بك في موجز", "1 من 3")
    await town.says(YOUNES, f"/start {key}")
    await town.sees(YOUNES, "انتهت صلاحية هذا الرابط")

    await town.says(SALMA, "/latest")
    await town.sees(SALMA, "قانون المالية")


async def test_a_link_that_was_revoked_lets_nobody_in_and_puts_nobody_out(town: Town) -> None:
    await town.begin(BY_INVITATION)
    await town.says(KARIM, "/invite")
    await town.sees(KARIM, "روابط الدعوة")
    await town.taps(KARIM, "رابط بلا حد")
    key = key_in(await town.sees(KARIM, "?start=in_"))
    await town.says(SALMA, f"/start {key}")
    await town.sees(SALMA, "1 من 3")

    await town.taps(KARIM, "ألغ 1")
    await town.sees(KARIM, "لا رابط صالحا")

    await town.says(YOUNES, f"/start {key}")
    await town.sees(YOUNES, "انتهت صلاحية هذا الرابط")
    await town.says(SALMA, "/latest")
    await town.sees(SALMA, "آخر الأخبار")


@pytest.mark.shows("closed")
async def test_a_closed_newsroom_keeps_its_readers_and_takes_no_new_one(town: Town) -> None:
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.end()

    await town.begin(CLOSED)
    await town.says(YOUNES, "/start")
    await town.sees(YOUNES, "باب موجز مغلق")
    await town.says(YOUNES, "/start sec_politics")
    await town.sees(YOUNES, "باب موجز مغلق")
    await town.says(YOUNES, "الحكومة")
    await town.sees(YOUNES, "باب موجز مغلق")

    await town.says(SALMA, "/latest")
    await town.sees(SALMA, "آخر الأخبار")


async def test_who_leaves_the_file_leaves_the_desk(town: Town) -> None:
    await town.begin()
    await town.says(KARIM, "/desk")
    await town.sees(KARIM, "المكتب")
    await town.end()

    await town.begin({"MUJAZ_PEOPLE__EDITORS": ""})

    await town.says(KARIM, "/desk")
    await town.sees(KARIM, "لا نعرف هذا الأمر")
