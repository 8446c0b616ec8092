"""A taste and a story: whether one reader would have been told, and what keeps it away."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.model import (
    BotId,
    ChatId,
    Mode,
    Section,
    SourceId,
    StoryId,
    Subject,
    Subscriber,
    SubscriberId,
    Taste,
    UrgentChoice,
    section_subject,
    source_subject,
    story_subject,
    words_subject,
)
from bot.outbox.audience import hears_of, in_person
from tests.briefs.build import article, source, telling, told_by

STORY = telling(article(story=9))
SUBJECTS = {
    "section": section_subject(Section.POLITICS),
    "source": source_subject(source().id),
    "story": story_subject(StoryId(9)),
    "words": words_subject("ميناء"),
}
PERSONAL = ("source", "story", "words")


def reader(urgent: UrgentChoice = UrgentChoice.NO) -> Subscriber:
    return Subscriber(SubscriberId(1), BotId(1), ChatId(1), urgent=urgent)


def taste(*follows: Subject, mode: Mode = Mode.INSTANT, mutes: tuple[Subject, ...] = ()) -> Taste:
    until: dict[Subject, datetime | None] = dict.fromkeys(mutes)
    return Taste(dict.fromkeys(follows, mode), until)


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_is_followed_instantly_is_heard_of(name: str) -> None:
    wanted = taste(SUBJECTS[name])

    assert hears_of(reader(), wanted, STORY, words=["ميناء"])
    assert in_person(wanted, STORY, ["ميناء"]) is (name in PERSONAL)


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_is_followed_for_the_digest_is_not(name: str) -> None:
    wanted = taste(SUBJECTS[name], mode=Mode.DIGEST)

    assert not hears_of(reader(), wanted, STORY, words=["ميناء"])


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_is_muted_is_not_heard_of_though_it_is_followed(name: str) -> None:
    wanted = taste(*SUBJECTS.values(), mutes=(SUBJECTS[name],))

    assert not hears_of(reader(UrgentChoice.YES), wanted, STORY, words=["ميناء"])


def test_a_muted_source_among_several_keeps_nothing_away() -> None:
    wanted = taste(*SUBJECTS.values(), mutes=(SUBJECTS["source"],))

    assert hears_of(reader(), wanted, told_by(2, article(story=9)))


def test_words_that_are_not_in_it_bring_nothing() -> None:
    assert not hears_of(reader(), taste(SUBJECTS["words"]), STORY)


@pytest.mark.parametrize(("name", "heard"), [("section", False), ("source", True)])
def test_what_only_grew_is_for_who_follows_it_in_person(name: str, *, heard: bool) -> None:
    assert hears_of(reader(), taste(SUBJECTS[name]), STORY, is_begun=False) is heard


@pytest.mark.parametrize("urgent", UrgentChoice)
def test_urgent_news_is_for_who_wants_it(urgent: UrgentChoice) -> None:
    alarm = telling(article(is_urgent=True))

    assert hears_of(reader(urgent), taste(), alarm) is (urgent is not UrgentChoice.NO)


def test_a_taste_knows_its_words() -> None:
    kept = taste(SUBJECTS["words"], SUBJECTS["section"], mutes=(words_subject("ذهب"),))

    assert kept.words == {"ميناء", "ذهب"}
    assert kept.modes(STORY) == set()
    assert taste(source_subject(SourceId(1))).words == set()
