"""All that is kept of a chat, found and erased: in every table, to the last byte."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.model import (
    BotId,
    ChatId,
    Later,
    Length,
    Mode,
    QuietHours,
    Subject,
    SubjectKind,
    Subscriber,
    UrgentChoice,
    UserId,
)
from bot.storage import (
    Storage,
    audit,
    desk,
    digests,
    feedback,
    invites,
    person,
    saved,
    subscribers,
    subscriptions,
    team,
)
from bot.storage.desk import Prompt, ViewKind
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.invites import Kind
from tests.build import NOON, draft, print_story
from tests.crowd import (
    BOT,
    OTHER_BOT,
    answer,
    claim,
    join,
    say,
    tell_all,
    wave_of,
    write,
)
from tests.fakes import THURSDAY

SALMA, YOUNES = ChatId(1001), ChatId(1003)
# Tables that hold nothing of a person. A new table belongs here, or into ``person.KEPT``.
NOBODYS = {
    *("settings", "sources", "feeds", "feed_addresses", "keep_outs"),
    *("articles", "article_sections", "sightings", "stories", "fixtures"),
    *("briefs", "occasions", "waves", "batches", "pushes"),
}
WORDS = Subject(SubjectKind.WORDS, "سرالمدينه القديمه")
SECRETS = (
    "سرالمدينه",  # words followed, muted, searched for
    "Antarctica/Troll",
    "بلاغ لا يعرفه احد",
    "جواب ينتظر",
)


async def live(storage: Storage, chat: ChatId, bot: int = BOT) -> Subscriber:
    """Let a reader leave something in every table, also what was changed or taken back since."""
    [reader] = await join(storage, [chat], BotId(bot))
    async with storage.transaction() as tx:
        story = await print_story(tx, draft(title=f"خبر محفوظ {chat} {bot}"))
        await subscribers.choose_zone(tx, reader.id, "Antarctica/Troll")
        await subscriptions.follow(tx, reader.id, [WORDS], Mode.INSTANT, NOON)
        await subscriptions.unfollow(tx, reader.id, [WORDS])
        await subscriptions.follow(tx, reader.id, [WORDS], Mode.DIGEST, NOON)
        await subscriptions.mute(tx, reader.id, WORDS, until=None, now=NOON)
        await digests.add(tx, reader.id, 420, covered_until=NOON, next_at=NOON)
        await saved.save(tx, reader.id, story, NOON)
        await feedback.report(tx, reader.id, story, "بلاغ لا يعرفه احد", NOON)
        await desk.keep_view(tx, chat, ViewKind.SEARCH, {"words": "سرالمدينه"}, NOON)
        asked = Prompt("zone", {"place": "جواب ينتظر"})
        await desk.ask(tx, chat, UserId(chat), asked, NOON)
        await desk.first_time(tx, chat, 7, NOON)
        await audit.note(tx, UserId(chat), "source.off", {}, NOON)
        await team.add_editor(tx, UserId(chat), "سلمى", UserId(1), NOON)
        await invites.make(
            tx, Kind.READER, UserId(chat), most_uses=1, lasts=timedelta(days=1), now=NOON
        )
        await tx.execute(
            "INSERT INTO broadcasts (bot, editor, chat, message, audience, state, created_at)"
            " VALUES (1, :chat, :chat, 1, 'all', 'draft', 0)",
            {"chat": chat},
        )
    await write(storage, reader, f"موجز {chat} {bot}")
    found = await subscribers.by_id(storage, reader.id)
    assert found is not None
    return found


async def forget(storage: Storage, chat: ChatId) -> dict[str, int]:
    async with storage.transaction() as tx:
        return await person.erase(tx, chat)


async def test_every_table_is_known_to_hold_something_of_a_person_or_nothing(
    storage: Storage,
) -> None:
    rows = await storage.fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'article_search%'"
    )

    assert {str(row["name"]) for row in rows} == set(person.KEPT) | NOBODYS
    assert not set(person.KEPT) & NOBODYS


async def test_all_that_is_kept_is_found_in_every_table(storage: Storage) -> None:
    await live(storage, SALMA)

    kept = await person.kept_of(storage, SALMA)

    assert set(kept) == set(person.KEPT)
    assert kept["saved"][0]["title"] == f"خبر محفوظ {SALMA} {BOT}"


async def test_a_stranger_has_nothing(storage: Storage) -> None:
    await live(storage, YOUNES)

    assert await person.kept_of(storage, SALMA) == {}


async def test_who_is_forgotten_leaves_the_newsrooms_record_alone(storage: Storage) -> None:
    await live(storage, SALMA)

    gone = await forget(storage, SALMA)

    assert set(await person.kept_of(storage, SALMA)) == {"team", "audit", "broadcasts", "invites"}
    assert set(gone) == set(person.KEPT) - {"team", "audit", "broadcasts", "invites"}
    assert gone["subscriptions"] == 1


async def test_others_keep_all_that_is_theirs(storage: Storage) -> None:
    await live(storage, YOUNES)
    before = await person.kept_of(storage, YOUNES)
    await live(storage, SALMA)

    await forget(storage, SALMA)

    assert await person.kept_of(storage, YOUNES) == before


async def test_a_chat_is_forgotten_under_every_bot_of_the_database(storage: Storage) -> None:
    await live(storage, SALMA)
    await live(storage, SALMA, OTHER_BOT)

    gone = await forget(storage, SALMA)

    assert gone["subscribers"] == 2
    assert await subscribers.find(storage, OTHER_BOT, SALMA) is None


async def test_the_number_of_who_was_forgotten_is_given_to_nobody(storage: Storage) -> None:
    [salma] = await join(storage, [SALMA])
    await forget(storage, SALMA)

    [again] = await join(storage, [SALMA])

    assert again.id != salma.id


class TestOnTheDisk:
    @pytest.fixture
    async def kept(self, tmp_path: Path) -> AsyncIterator[Storage]:
        storage = await open_sqlite(tmp_path / "mujaz.db")
        yield storage
        await storage.close()

    @staticmethod
    def found(folder: Path) -> list[str]:
        """Return the secrets that stand in the bytes of the file or its log."""
        raw = b"".join(file.read_bytes() for file in folder.iterdir() if file.suffix != ".lock")
        return [
            secret
            for secret in SECRETS
            if secret.encode() in raw or ascii(secret)[1:-1].encode() in raw  # JSON escapes
        ]

    async def test_nothing_of_who_was_forgotten_is_left(
        self, kept: Storage, tmp_path: Path
    ) -> None:
        await live(kept, SALMA)
        assert self.found(tmp_path) == list(SECRETS)

        await forget(kept, SALMA)
        is_done = await kept.scrub()

        assert is_done
        assert self.found(tmp_path) == []
        assert (tmp_path / "mujaz.db-wal").stat().st_size == 0

    async def test_rows_that_pages_were_split_around_leave_no_copies(
        self, kept: Storage, tmp_path: Path
    ) -> None:
        random = Random(2)
        readers = await join(kept, range(2000, 2040))
        [salma] = await join(kept, [SALMA])
        for number in range(1200):
            reader = salma if number % 20 == 0 else random.choice(readers)
            named = "سرالمدينه" if reader is salma else "كلمات"
            subject = Subject(SubjectKind.WORDS, f"{named} {number:04} " + "و" * (number % 9))
            async with kept.transaction() as tx:
                await subscriptions.follow(tx, reader.id, [subject], Mode.DIGEST, NOON)
                if number % 3 == 0:
                    await subscriptions.unfollow(tx, random.choice(readers).id, [subject])

        await forget(kept, SALMA)
        is_done = await kept.scrub(is_thorough=True)

        assert is_done
        assert self.found(tmp_path) == []
        assert len(await kept.fetch("SELECT id FROM subscribers")) == 40

    async def test_a_reader_of_the_log_makes_it_wait_for_another_time(
        self, kept: Storage, tmp_path: Path
    ) -> None:
        async with kept.transaction() as tx:
            await tx.fetch("PRAGMA busy_timeout = 0")
        with closing(connect(tmp_path / "mujaz.db", is_reader=True)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM subscribers").fetchone()
            await live(kept, SALMA)

            assert not await kept.scrub()

        assert await kept.scrub()


async def test_a_wave_goes_on_without_who_was_forgotten_before_their_turn(
    storage: Storage,
) -> None:
    await join(storage, [1, SALMA, 3])
    wave = await say(storage)

    await forget(storage, SALMA)
    batches = await tell_all(storage)

    told = await wave_of(storage, wave)
    assert [parcel.subscriber.chat for batch in batches for parcel in batch.parcels] == [1, 3]
    assert (told.tally.sent, told.tally.settled) == (2, 2)


async def test_who_waited_for_another_try_is_counted_as_skipped(storage: Storage) -> None:
    """T37; listmonk #2591: the report adds up."""
    [salma] = await join(storage, [SALMA])
    wave = await say(storage)
    async with storage.transaction() as tx:
        await tx.execute("UPDATE waves SET cursor = last_subscriber")
        await tx.execute(
            "INSERT INTO deliveries (occasion, subscriber, state, brief, wave, priority,"
            " next_attempt_at, attempts, doubts)"
            " SELECT occasion, :salma, 'waiting', brief, id, 3, 0, 1, 0 FROM waves",
            {"salma": salma.id},
        )

    await forget(storage, SALMA)
    await claim(storage)  # ends what is over

    told = await wave_of(storage, wave)
    assert (told.state.value, told.tally.skipped, told.tally.settled) == ("done", 1, 1)


async def test_a_message_in_flight_is_counted_and_not_written(storage: Storage) -> None:
    """T37; listmonk #2591: the counts stay true, the row of who was forgotten goes."""
    await join(storage, [1, SALMA])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None

    await forget(storage, SALMA)
    await answer(storage, batch)

    told = await wave_of(storage, wave)
    rows = await storage.fetch("SELECT subscriber FROM deliveries")
    assert (told.state.value, told.tally.sent, told.tally.settled) == ("done", 2, 2)
    assert len(rows) == 1


async def test_a_message_in_flight_that_would_be_tried_again_is_skipped(
    storage: Storage,
) -> None:
    await join(storage, [SALMA])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None

    await forget(storage, SALMA)
    await answer(storage, batch, Later("busy"))

    told = await wave_of(storage, wave)
    assert (told.state.value, told.tally.skipped, told.tally.settled) == ("done", 1, 1)


async def test_a_second_try_in_flight_is_counted_once(storage: Storage) -> None:
    await join(storage, [SALMA])
    wave = await say(storage)
    first = await claim(storage)
    assert first is not None
    await answer(storage, first, Later("busy"))
    second = await claim(storage, THURSDAY + timedelta(minutes=1))
    assert second is not None

    await forget(storage, SALMA)
    await answer(storage, second)

    told = await wave_of(storage, wave)
    assert (told.tally.skipped, told.tally.settled) == (1, 1)
    assert await storage.fetch("SELECT subscriber FROM deliveries") == []


async def test_a_digest_of_who_was_forgotten_is_not_sent(storage: Storage) -> None:
    [salma] = await join(storage, [SALMA])
    await write(storage, salma, "موجز")

    await forget(storage, SALMA)

    assert await claim(storage) is None


async def test_a_chat_of_another_bot_gives_its_choices_to_its_heir(storage: Storage) -> None:
    """T51; RSStT #698."""
    earlier = await live(storage, SALMA, OTHER_BOT)
    async with storage.transaction() as tx:
        await subscribers.choose_urgent(tx, earlier.id, UrgentChoice.SILENT)
        await subscribers.choose_quiet(tx, earlier.id, QuietHours(60, 120))
        await subscribers.choose_length(tx, earlier.id, Length.LONG)
        await subscribers.choose_quiet_day(tx, earlier.id, is_wanted=True)
    [heir] = await join(storage, [SALMA])

    async with storage.transaction() as tx:
        found = await person.elsewhere(tx, BOT, SALMA)
        assert found == earlier.id
        await person.inherit(tx, heir.id, earlier.id)

    now, then = [await subscribers.by_id(storage, one.id) for one in (heir, earlier)]
    assert now is not None
    assert then is not None
    assert (now.zone, now.quiet, now.urgent) == (then.zone, QuietHours(60, 120), then.urgent)
    assert (now.length, now.wants_quiet_day) == (Length.LONG, True)
    assert await subscriptions.taste(storage, heir.id, NOON) == (
        await subscriptions.taste(storage, earlier.id, NOON)
    )
    assert await saved.count(storage, heir.id) == await saved.count(storage, earlier.id) == 1


async def test_of_several_bots_the_one_seen_last_is_inherited(storage: Storage) -> None:
    """T51; RSStT #698."""
    first, last = [(await join(storage, [SALMA], BotId(bot)))[0] for bot in (72, 73)]
    async with storage.transaction() as tx:
        await subscribers.seen(tx, first.id, NOON + timedelta(days=1))
        await subscribers.seen(tx, last.id, NOON + timedelta(days=2))

    assert await person.elsewhere(storage, BOT, SALMA) == last.id
    assert await person.elsewhere(storage, BOT, YOUNES) is None
