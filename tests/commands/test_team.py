"""/team, /invite and the links: who makes one, who may use it, how often; rights on every press."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.config import Config
from bot.model import Role, UserId
from bot.storage import audit, invites, team
from bot.storage.invites import Kind
from tests.commands.conftest import KARIM, SALMA, YOUNES, Bureau, config


@pytest.fixture
def newsroom() -> Config:
    return config(owners=(YOUNES,), access="invite")


def key_in(text: str) -> str:
    found = re.search(r"\?start=([\w-]+)", text)
    assert found is not None, text
    return found[1]


async def editors_link(bureau: Bureau) -> str:
    await bureau.says(YOUNES, "/team")
    await bureau.taps(YOUNES, "أضف محررا")
    return key_in(bureau.seen(YOUNES))


async def readers_link(bureau: Bureau, label: str = "رابط لقارئ واحد") -> str:
    await bureau.says(KARIM, "/invite")
    await bureau.taps(KARIM, label)
    return key_in(bureau.seen(KARIM))


@pytest.mark.parametrize("person", [SALMA, KARIM])
async def test_the_team_is_for_owners_alone(bureau: Bureau, person: int) -> None:
    await bureau.says(person, f"/start {await readers_link(bureau)}")

    await bureau.says(person, "/team")

    assert bureau.seen(person) == bureau.texts.say("errors.unknown")
    message = bureau.messages(person)[-1]["message_id"]
    for data in ("1:tm:add:0", "1:tm:page:1", f"1:tm:off:{KARIM}", "1:tm:links:off"):
        toast = await bureau.presses(person, message, data)
        assert toast == bureau.texts.say("errors.old_buttons")
    assert await invites.good(bureau.storage, Kind.EDITOR, bureau.clock[0]) == []


async def test_a_button_that_makes_a_link_makes_one(bureau: Bureau) -> None:
    await bureau.says(YOUNES, "/team")
    message, data = bureau.button(YOUNES, "أضف محررا")

    pages = []
    for _ in range(2):
        await bureau.presses(YOUNES, message, data)
        pages.append(bureau.seen(YOUNES))

    assert pages[0] == pages[1]
    assert len(await invites.good(bureau.storage, Kind.EDITOR, bureau.clock[0])) == 1
    bureau.forward(timedelta(minutes=1))
    await bureau.taps(YOUNES, "رابط آخر")
    assert len(await invites.good(bureau.storage, Kind.EDITOR, bureau.clock[0])) == 2


async def test_an_editors_link_opens_a_closed_door_for_a_day(bureau: Bureau) -> None:
    key = await editors_link(bureau)
    bureau.forward(timedelta(hours=24))

    await bureau.says(SALMA, f"/start {key}")

    assert bureau.seen(SALMA) == bureau.texts.say("invite.over")
    assert await team.role_of(bureau.storage, SALMA) is None


async def test_who_opens_an_editors_link_is_one_and_a_reader_too(bureau: Bureau) -> None:
    await bureau.says(SALMA, f"/start {await editors_link(bureau)}")

    assert await team.role_of(bureau.storage, SALMA) is Role.EDITOR
    assert "أنت الآن في فريق تحرير" in bureau.messages(SALMA)[-2]["text"]
    assert "1 من 3" in bureau.seen(SALMA)
    chat = bureau.sandbox.desk.world.chats[SALMA]
    menu = bureau.sandbox.desk.profile.commands_in(chat, SALMA)
    assert {"desk", "broadcast"} <= {one["command"] for one in menu}
    line = (await audit.newest(bureau.storage, limit=5))[1]
    assert (line.act, line.person, line.details["person"]) == ("team.add", YOUNES, SALMA)


async def test_the_same_start_delivered_twice_uses_a_link_once(bureau: Bureau) -> None:
    """T50; vellum-assistant PR #39309."""
    key = await readers_link(bureau, "رابط لعشرة قراء")
    await bureau.sandbox.redeliver(2)

    await bureau.says(SALMA, f"/start {key}")

    [link] = await invites.good(bureau.storage, Kind.READER, bureau.clock[0])
    assert link.uses == 1
    assert len(bureau.messages(SALMA)) == 1


async def test_links_not_opened_yet_are_taken_back_together(bureau: Bureau) -> None:
    key = await editors_link(bureau)
    await bureau.says(YOUNES, "/team")
    assert "روابط لم تفتح بعد: رابط واحد" in bureau.seen(YOUNES)

    await bureau.taps(YOUNES, "ألغ الروابط")

    assert "روابط لم تفتح بعد" not in bureau.seen(YOUNES)
    await bureau.says(SALMA, f"/start {key}")
    assert bureau.seen(SALMA) == bureau.texts.say("invite.over")


async def test_an_editor_of_the_file_has_no_button_that_removes(bureau: Bureau) -> None:
    await bureau.says(YOUNES, "/team")
    message = bureau.messages(YOUNES)[-1]["message_id"]
    assert not any(label.startswith("أزل") for label in bureau.labels(YOUNES))

    await bureau.presses(YOUNES, message, f"1:tm:off:{KARIM}")
    await bureau.presses(YOUNES, message, f"1:tm:off:{YOUNES}")

    assert await team.people(bureau.storage) == [YOUNES, KARIM]


async def test_an_editor_who_joined_is_taken_out_from_the_log_too(bureau: Bureau) -> None:
    await bureau.says(SALMA, f"/start {await editors_link(bureau)}")
    await bureau.says(YOUNES, "/desk")
    await bureau.taps(YOUNES, "تراجع 2")

    assert "تم التراجع عن: انضمام" in bureau.seen(YOUNES)
    assert await team.role_of(bureau.storage, SALMA) is None
    chat = bureau.sandbox.desk.world.chats[SALMA]
    menu = bureau.sandbox.desk.profile.commands_in(chat, SALMA)
    assert "desk" not in {one["command"] for one in menu}


async def test_a_link_for_ten_lets_in_ten(bureau: Bureau) -> None:
    key = await readers_link(bureau, "رابط لعشرة قراء")
    await bureau.sandbox.crowd(9000, 11)

    for person in range(9000, 9011):
        await bureau.says(person, f"/start {key}")

    welcomed = [person for person in range(9000, 9011) if "1 من 3" in bureau.seen(person)]
    assert welcomed == list(range(9000, 9010))
    assert bureau.seen(9010) == bureau.texts.say("invite.over")


async def test_a_reader_who_was_let_in_uses_no_link_up(bureau: Bureau) -> None:
    key = await readers_link(bureau, "رابط لعشرة قراء")
    await bureau.says(SALMA, f"/start {key}")
    await bureau.says(SALMA, f"/start {key}")
    await bureau.says(KARIM, f"/start {key}")

    [link] = await invites.good(bureau.storage, Kind.READER, bureau.clock[0])
    assert link.uses == 1


@pytest.mark.parametrize("key", ["in_short", "ed_", "in_0000000000000000", "xx_0000000000000000"])
async def test_a_guessed_key_opens_nothing(bureau: Bureau, key: str) -> None:
    await bureau.says(SALMA, f"/start {key}")

    assert bureau.seen(SALMA) in (
        bureau.texts.say("invite.over"),
        bureau.texts.say("errors.by_invitation", name="موجز"),
    )
    assert await bureau.storage.fetch("SELECT 1 FROM subscribers") == []


async def test_a_key_behind_another_command_is_no_key(bureau: Bureau) -> None:
    key = await readers_link(bureau)

    await bureau.says(SALMA, f"/search {key}")

    assert bureau.seen(SALMA) == bureau.texts.say("errors.by_invitation", name="موجز")


async def test_many_links_are_turned_through(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/invite")
    for _ in range(7):
        bureau.forward(timedelta(minutes=1))
        await bureau.taps(KARIM, "رابط لقارئ واحد")

    await bureau.taps(KARIM, "التالي")

    assert "6. https" in bureau.seen(KARIM)
    assert [one for one in bureau.labels(KARIM) if one.startswith("ألغ")] == ["ألغ 6", "ألغ 7"]


class TestAnOpenNewsroom:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(owners=(YOUNES,))

    async def test_needs_no_links_and_says_so(self, bureau: Bureau) -> None:
        await bureau.says(KARIM, "/invite")

        assert "القراءة مفتوحة للجميع" in bureau.seen(KARIM)
        assert bureau.labels(KARIM) == []

    async def test_lets_in_whoever_has_an_old_link(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start in_0000000000000000")

        assert "1 من 3" in bureau.seen(SALMA)


class TestAClosedNewsroom:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(owners=(YOUNES,), access="closed")

    async def test_takes_an_editor_and_no_reader(self, bureau: Bureau) -> None:
        async with bureau.storage.transaction() as tx:
            made = await invites.make(
                tx, Kind.READER, await team_owner(bureau), most_uses=0,
                lasts=timedelta(days=1), now=bureau.clock[0],
            )  # fmt: skip
        await bureau.says(SALMA, f"/start in_{made.code}")
        assert bureau.seen(SALMA) == bureau.texts.say("errors.closed", name="موجز")

        await bureau.says(SALMA, f"/start {await editors_link(bureau)}")
        assert "1 من 3" in bureau.seen(SALMA)


async def team_owner(bureau: Bureau) -> UserId:
    return (await team.owners(bureau.storage))[0]
