"""Who is told what at once: sections by waves, sources, words and stories in person; and mutes.

News is taken in as a poll does, and delivered through the real outbox; then we look who got it.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.articles.watch import watched
from bot.jobs.personal import BETWEEN_GROWTHS
from bot.model import (
    Mode,
    Section,
    SourceId,
    Subject,
    SubscriberId,
    Taste,
    section_subject,
    source_subject,
    story_subject,
    words_subject,
)
from bot.outbox.coalesce import MOST_ALONE
from bot.storage import alerts, second_thoughts, subscriptions
from tests.crowd import answer, claim
from tests.jobs.newsroom import (
    DAY,
    FIRE,
    FIRE_ELSEWHERE,
    HOUR,
    MINUTE,
    SECOND,
    Newsroom,
    entry,
    event,
)
from tests.jobs.street import Street, fire, fire_elsewhere, urgent

FIRE_WORDS = watched("مخزن الأخشاب")


@pytest.fixture
def street(newsroom: Newsroom) -> Street:
    return Street(newsroom)


MARFA = source_subject(SourceId(1))
SUBJECTS = {"source": MARFA, "words": words_subject(FIRE_WORDS)}


# In person


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
async def test_who_follows_a_source_or_words_instantly_is_told_at_once(
    street: Street, subject: Subject
) -> None:
    here, *_ = await street.papers()
    await street.reader(1, subject)
    await street.reader(2)

    taken = await street.newsroom.take(here, fire())

    assert taken.calls == 2  # the section's wave, and one alert
    assert await street.told() == [1]
    [said] = await street.content(1)
    assert FIRE[0] in said


async def test_what_is_followed_for_the_digest_makes_no_alert(street: Street) -> None:
    here, *_ = await street.papers()
    reader = await street.reader(1)
    await street.follow(reader, *SUBJECTS.values(), mode=Mode.DIGEST)

    await street.newsroom.take(here, fire())

    assert await street.told() == []


async def test_nobody_is_told_a_story_twice_by_whatever_ways_it_comes(street: Street) -> None:
    """Its section, its source and words in it are followed, and a second source brings it too."""
    here, there, _ = await street.papers()
    await street.reader(
        1, *SUBJECTS.values(), source_subject(SourceId(2)),
        sections=[Section.POLITICS], mode=Mode.INSTANT,
    )  # fmt: skip

    await street.newsroom.take(here, fire())
    first = await street.told()
    await street.newsroom.take(there, urgent(fire_elsewhere()))

    assert (first, await street.told()) == ([1], [])


async def test_a_story_that_a_followed_source_joins_is_told_then(street: Street) -> None:
    here, there, _ = await street.papers()
    await street.reader(1, source_subject(SourceId(2)))
    await street.newsroom.take(here, fire())
    before = await street.told()

    await street.newsroom.take(there, fire_elsewhere())

    assert (before, await street.told()) == ([], [1])


async def test_words_are_found_in_every_form_and_only_all_together(street: Street) -> None:
    here, *_ = await street.papers()
    await street.reader(1, words_subject(watched("أخشابها")))
    await street.reader(2, words_subject(watched("الأخشاب المحترقة كلها")))

    await street.newsroom.take(here, fire())

    assert await street.told() == [1]


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
async def test_the_first_visit_of_a_feed_and_its_archive_alert_nobody(
    street: Street, subject: Subject
) -> None:
    """T27; mattermost-plugin-rssfeed #20, progval/Limnoria #489."""
    await street.reader(1, subject)
    feed = await street.newsroom.feed(is_new=True)
    await street.newsroom.take(feed, fire())
    old = entry(2, title=f"{FIRE[0]} القديم", published_at=street.clock() - 9 * DAY)

    await street.newsroom.take(feed, old)

    assert await street.told() == []


async def test_urgent_news_goes_in_person_with_the_urgency_it_has(street: Street) -> None:
    here, *_ = await street.papers()
    await street.reader(1, MARFA)

    await street.newsroom.take(here, urgent(fire()))

    [row] = await street.newsroom.rows("SELECT priority, wave FROM deliveries")
    assert (row["priority"], row["wave"]) == (0, None)
    assert await street.told() == [1]


async def test_what_waits_for_the_morning_goes_when_it_becomes_urgent(street: Street) -> None:
    here, there, _ = await street.papers()
    street.clock.turn(19 * HOUR)  # before morning
    await street.reader(1, MARFA)
    await street.newsroom.take(here, fire())
    asleep = await street.told()  # it was claimed, and waits
    waiting = await street.newsroom.count("deliveries", "state = 'waiting'")

    await street.newsroom.take(there, urgent(fire_elsewhere()))

    assert (asleep, waiting, await street.told()) == ([1], 1, [1])
    assert await street.newsroom.count("deliveries", "state = 'sent'") == 1


async def test_many_stories_of_one_document_are_one_message_for_one_reader(
    street: Street,
) -> None:
    """T34; easychen/rsspush #18, element-hq/element-web #3802."""
    here, there, _ = await street.papers()
    await street.reader(1, MARFA)
    several = [entry(number) for number in range(1, MOST_ALONE + 2)]

    await street.newsroom.take(here, *several)

    assert await street.told() == [1]
    [said] = await street.content(1)
    assert all(one.title in said for one in several)
    await street.newsroom.take(there, replace(several[0], guid="other", link="https://x.example"))
    assert await street.told() == []


async def test_who_gets_a_roundup_gets_none_of_its_stories_alone(street: Street) -> None:
    here, *_ = await street.papers()
    await street.reader(1, MARFA, sections=[Section.POLITICS], mode=Mode.INSTANT)

    await street.newsroom.take(here, *(entry(number) for number in range(1, 6)))

    assert [key.partition(":")[0] for _, key in await street.delivered()] == ["roundup"]


PLANS = {
    name: getattr(alerts, name)
    for name in ("FOLLOWED_WORDS", "MUTED_WORDS", "FOLLOWERS", "GROWTH_READERS", "MUTERS")
}


async def test_who_had_a_roundup_is_not_told_one_of_its_stories_again(street: Street) -> None:
    here, there, _ = await street.papers()
    await street.reader(
        1, source_subject(SourceId(2)), sections=[Section.POLITICS], mode=Mode.INSTANT
    )
    await street.reader(2, source_subject(SourceId(2)))
    more = [entry(number) for number in range(2, MOST_ALONE + 2)]
    await street.newsroom.take(here, fire(), *more)
    at_first = await street.told()

    await street.newsroom.take(there, fire_elsewhere(9))

    assert (at_first, await street.told()) == ([1], [2])


@pytest.mark.parametrize("sql", PLANS.values(), ids=PLANS)
async def test_nobody_goes_through_all_readers_or_all_their_words(street: Street, sql: str) -> None:
    """With 100,000 saved words an article costs what its own stems and its own readers cost."""
    plan = await street.newsroom.rows("EXPLAIN QUERY PLAN " + re.sub(r":\w+", "NULL", sql))

    steps = [str(row["detail"]) for row in plan]
    tables = [step for step in steps if re.match(r"(SCAN|SEARCH) (subscri|mutes|deliv)", step)]
    assert not [step for step in tables if step.startswith("SCAN")]
    assert not [step for step in tables if "subscribers" in step and "PRIMARY KEY" not in step]
    assert not [step for step in tables if "(kind=?)" in step]


async def test_an_article_finds_its_few_among_thousands_of_saved_words(street: Street) -> None:
    here, *_ = await street.papers()
    reader = await street.reader(1, words_subject(FIRE_WORDS))
    other = await street.reader(2)
    subjects = [words_subject(watched(event(number)[0])) for number in range(1000, 4000)]
    await street.follow(other, *subjects)

    await street.newsroom.take(here, fire())

    assert await street.told() == [reader.chat]


# A story that is followed


async def test_who_follows_a_story_hears_when_another_source_tells_it(street: Street) -> None:
    here, there, third = await street.papers()
    reader = await street.reader(1)
    await street.newsroom.take(here, fire())
    await street.follow(reader, story_subject(await street.story()))

    await street.newsroom.take(here, fire(3, guid="again"))
    own = await street.told()
    await street.newsroom.take(there, fire_elsewhere())
    other = await street.delivered()
    street.clock.turn(BETWEEN_GROWTHS / 2)
    await street.newsroom.take(third, fire_elsewhere(4))
    within_the_hour = await street.told()

    assert (own, [chat for chat, _ in other], within_the_hour) == ([], [1], [])
    assert other[0][1].startswith("growth:1:")
    [said] = await street.content(1)
    assert "جديد في خبر تتابعه" in said
    assert FIRE_ELSEWHERE[0] in said


async def test_it_is_told_again_after_an_hour(street: Street) -> None:
    here, there, third = await street.papers()
    reader = await street.reader(1)
    await street.newsroom.take(here, fire())
    await street.follow(reader, story_subject(await street.story()))
    await street.newsroom.take(there, fire_elsewhere())
    await street.told()

    street.clock.turn(BETWEEN_GROWTHS + SECOND)
    await street.newsroom.take(third, fire_elsewhere(4))

    assert await street.told() == [1]


async def test_becoming_urgent_waits_for_no_hour_and_is_told_once(street: Street) -> None:
    here, there, third = await street.papers()
    knows = await street.reader(1, MARFA)  # was told of the story when it began
    new = await street.reader(2)
    await street.newsroom.take(here, fire())
    first = await street.told()
    for reader in (knows, new):
        await street.follow(reader, story_subject(await street.story()))
    await street.newsroom.take(there, fire_elsewhere())
    grown = await street.told()
    street.clock.turn(MINUTE)

    await street.newsroom.take(third, urgent(fire_elsewhere(4)))

    assert (first, grown) == ([1], [1, 2])
    delivered = await street.delivered()
    assert sorted(chat for chat, _ in delivered) == [1, 2]
    assert {key.partition(":")[0] for chat, key in delivered if chat == 1} == {"growth"}
    assert {key.partition(":")[0] for chat, key in delivered if chat == 2} == {"story"}


async def test_who_waits_to_hear_of_a_story_is_not_told_that_it_grew(street: Street) -> None:
    here, there, _ = await street.papers()
    street.clock.turn(19 * HOUR)  # before morning
    reader = await street.reader(1, MARFA)
    await street.newsroom.take(here, fire())
    await street.told()
    await street.follow(reader, story_subject(await street.story()))

    await street.newsroom.take(there, fire_elsewhere())

    assert await street.newsroom.count("deliveries") == 1


async def test_who_is_being_told_by_a_wave_is_not_told_in_person_meanwhile(street: Street) -> None:
    here, there, _ = await street.papers()
    await street.reader(
        1, source_subject(SourceId(2)), sections=[Section.POLITICS], mode=Mode.INSTANT
    )
    await street.newsroom.take(here, fire())
    under_way = await claim(street.newsroom.storage, street.clock())
    assert under_way is not None

    await street.newsroom.take(there, fire_elsewhere())
    meanwhile = await street.told()
    await answer(street.newsroom.storage, under_way, now=street.clock())

    assert (meanwhile, await street.told()) == ([], [])
    assert len(await street.content(1)) == 1


async def test_who_is_told_of_a_story_among_many_is_not_told_that_it_grew(street: Street) -> None:
    here, there, _ = await street.papers()
    await street.newsroom.take(here, fire())
    await street.reader(1, source_subject(SourceId(2)), story_subject(await street.story()))

    more = [entry(number) for number in range(2, MOST_ALONE + 2)]
    await street.newsroom.take(there, fire_elsewhere(9), *more)

    assert [key.partition(":")[0] for _, key in await street.delivered()] == ["together"]


# Mutes


MUTES = {
    "section": section_subject(Section.POLITICS),
    "source": MARFA,
    "words": words_subject(FIRE_WORDS),
}


@pytest.mark.parametrize("is_urgent", [False, True], ids=["plain", "urgent"])
@pytest.mark.parametrize("subject", MUTES.values(), ids=MUTES)
@pytest.mark.parametrize("way", ["section", "person"])
async def test_a_mute_keeps_news_away_urgent_news_too_until_its_moment(
    street: Street, subject: Subject, way: str, *, is_urgent: bool
) -> None:
    here, *_ = await street.papers()
    follows = SUBJECTS.values() if way == "person" else ()
    mode = Mode.INSTANT if way == "section" else Mode.DIGEST
    reader = await street.reader(1, *follows, sections=[Section.POLITICS], mode=mode)
    await street.mute(reader, subject, lasts=HOUR)
    one, two = fire(), fire(2)
    two = replace(two, title=f"ثم {two.title} مرة أخرى", body=f"{event(7)[1]} {two.body}")

    await street.newsroom.take(here, urgent(one) if is_urgent else one)
    muted = await street.told()
    street.clock.turn(5 * DAY)
    await street.newsroom.take(here, urgent(two) if is_urgent else two)

    assert (muted, await street.told()) == ([], [1])


@pytest.mark.parametrize("subject", MUTES.values(), ids=MUTES)
@pytest.mark.parametrize("way", ["section", "person"])
async def test_what_is_muted_while_it_waits_for_the_morning_is_not_told(
    street: Street, subject: Subject, way: str
) -> None:
    here, there, _ = await street.papers()
    street.clock.turn(19 * HOUR)  # before morning
    follows = [MARFA] if way == "person" else []
    sections = [Section.WORLD if way == "person" else Section.POLITICS]
    reader = await street.reader(1, *follows, sections=sections, mode=Mode.INSTANT)
    await street.newsroom.take(here, fire())
    await street.told()
    waiting = await street.newsroom.count("deliveries", "state = 'waiting'")

    async with street.newsroom.storage.transaction() as tx:
        await second_thoughts.mute(tx, reader.id, subject, until=None, now=street.clock())
    street.clock.turn(2.5 * HOUR)

    assert (waiting, await street.told(), await street.content(1)) == (1, [], [])
    assert await street.newsroom.count("waves", "skipped = 1") == (way == "section")
    if subject != MARFA:  # of which another source tells by now
        await street.newsroom.take(there, urgent(fire_elsewhere()))
        assert await street.told() == []


async def test_what_waits_and_is_not_muted_is_told_all_the_same(street: Street) -> None:
    here, *_ = await street.papers()
    street.clock.turn(19 * HOUR)
    reader = await street.reader(1, sections=[Section.POLITICS], mode=Mode.INSTANT)
    await street.newsroom.take(here, fire())
    await street.told()

    async with street.newsroom.storage.transaction() as tx:
        other = words_subject(watched("زلزال"))
        await second_thoughts.mute(tx, reader.id, other, until=None, now=street.clock())
    street.clock.turn(2.5 * HOUR)

    assert await street.told() == [1]


async def test_a_muted_story_is_not_told_when_it_becomes_urgent(street: Street) -> None:
    here, there, _ = await street.papers()
    reader = await street.reader(1)
    await street.newsroom.take(here, fire())
    story = story_subject(await street.story())
    await street.follow(reader, story)
    await street.mute(reader, story)

    await street.newsroom.take(there, urgent(fire_elsewhere()))

    assert await street.told() == []


async def test_where_several_sources_tell_it_muting_one_mutes_nothing(street: Street) -> None:
    here, there, _ = await street.papers()
    reader = await street.reader(1)
    await street.mute(reader, MARFA)
    await street.newsroom.take(here, fire())

    await street.newsroom.take(there, urgent(fire_elsewhere()))

    assert await street.told() == [1]


@pytest.mark.parametrize("subject", [MUTES["section"], MUTES["source"]], ids=["section", "source"])
async def test_a_roundup_is_muted_with_its_section_and_with_its_only_source(
    street: Street, subject: Subject
) -> None:
    here, *_ = await street.papers()
    muting = await street.reader(1, sections=[Section.POLITICS], mode=Mode.INSTANT)
    await street.reader(2, sections=[Section.POLITICS], mode=Mode.INSTANT)
    await street.mute(muting, subject)

    await street.newsroom.take(here, *(entry(number) for number in range(1, 6)))

    assert await street.told() == [2]


async def test_who_mutes_words_in_a_roundup_is_told_the_rest_of_it(street: Street) -> None:
    here, *_ = await street.papers()
    muting = await street.reader(1, sections=[Section.POLITICS], mode=Mode.INSTANT)
    await street.reader(2, sections=[Section.POLITICS], mode=Mode.INSTANT)
    await street.mute(muting, MUTES["words"])

    await street.newsroom.take(here, fire(), *(entry(number) for number in range(2, 6)))

    assert await street.told() == [1, 2]
    said = [FIRE[0] in (await street.content(chat))[0] for chat in (1, 2)]
    assert said == [False, True]


async def test_a_wave_counts_its_whole_audience_when_a_mute_keeps_some_away(
    street: Street,
) -> None:
    """T37; listmonk #2591: who mutes words has a row, and is no part of what is left."""
    here, *_ = await street.papers()
    for chat in range(1, 6):
        person = await street.reader(chat, sections=[Section.POLITICS], mode=Mode.INSTANT)
        if chat % 2:
            await street.mute(person, MUTES["words"])

    await street.newsroom.take(here, fire())

    assert await street.told() == [2, 4]
    [wave] = await street.newsroom.rows("SELECT state, sent, skipped FROM waves")
    assert (wave["state"], wave["sent"], wave["skipped"]) == ("done", 2, 0)


async def test_a_taste_tells_what_it_keeps_of_many_readers_apart(street: Street) -> None:
    one = await street.reader(1, MARFA)
    two = await street.reader(2)
    await street.mute(two, MUTES["words"])

    found = await subscriptions.tastes(
        street.newsroom.storage, [one.id, two.id, SubscriberId(99)], street.clock()
    )

    assert found[one.id].follows.get(MARFA) is Mode.INSTANT
    assert list(found[two.id].mutes) == [MUTES["words"]]
    assert found[SubscriberId(99)] == Taste({}, {})
