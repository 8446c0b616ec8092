"""Known articles that come again: what is a correction, and what only looks like one."""

from __future__ import annotations

from bot.articles.decide import Changed, Known, Same, decide
from bot.articles.identity import sight
from bot.model import ArticleId, Section
from tests.articles.build import BODY, NOW, article, entry, feed
from tests.articles.newsroom import Newsroom, at, told


def guid_key(guid: str = "g") -> str:
    return sight([entry(guid=guid)]).entries[0][1].guid


def test_a_correction_with_a_mark_of_urgency_is_one_and_says_so() -> None:
    was = article(1, "زلزال يضرب الساحل", guid="g")
    known = Known({guid_key(): was.id}, {was.id: was})

    (decision,) = decide(
        sight([entry("عاجل: زلزال قوي يضرب الساحل", guid="g")]), feed(), known, NOW
    )

    assert isinstance(decision, Changed)
    assert (decision.draft.title, decision.draft.is_urgent) == ("زلزال قوي يضرب الساحل", True)


def test_a_mark_that_comes_or_goes_alone_is_no_correction() -> None:
    was = article(1, "زلزال يضرب الساحل", guid="g")
    known = Known({guid_key(): was.id}, {was.id: was})

    (decision,) = decide(sight([entry("عاجل: زلزال يضرب الساحل", guid="g")]), feed(), known, NOW)

    assert isinstance(decision, Same)


def test_a_mark_that_comes_makes_no_second_article_where_titles_are_the_only_key() -> None:
    room = Newsroom()
    room.poll(entry("زلزال يضرب الساحل"))

    assert told(room.poll(entry("عاجل: زلزال يضرب الساحل"))) == ["Same"]


def test_a_changed_article_that_moves_to_another_section_says_where_it_stands_now() -> None:
    room = Newsroom()
    room.poll(entry(guid="g", categories=("سياسة",)))

    changed = room.poll(entry(guid="g", body="نص جديد", categories=("اقتصاد",)))
    moved = room.poll(entry(guid="g", body="نص جديد", categories=("رياضة",)))

    assert isinstance(changed[0], Changed)
    assert changed[0].draft.sections == (Section.ECONOMY,)
    assert isinstance(moved[0], Same)
    assert moved[0].sections == (Section.SPORT,)


def test_a_second_feed_that_knows_no_section_teaches_none() -> None:
    room = Newsroom()
    room.poll(entry(guid="g", link="https://m.example/1", categories=("سياسة",)))

    unsure = room.poll(entry(guid="g", link="https://m.example/1"), of=feed(2))
    sure = room.poll(entry(guid="g", link="https://m.example/1"), of=feed(3, section=Section.MISC))

    assert isinstance(unsure[0], Same)
    assert unsure[0].sections == ()
    assert isinstance(sure[0], Same)
    assert sure[0].sections == (Section.MISC,)


def test_two_entries_of_one_article_do_not_correct_it_by_turns() -> None:
    """T5; one telling under two names, in one document, in any order."""
    room = Newsroom()
    long = entry(guid="a", link="https://m.example/1", body=BODY, published_at=at(8))
    short = entry(guid="b", link="https://n.example/1", body=BODY[:120], published_at=at(8))
    room.poll(long)
    room.poll(short)

    polls = [told(room.poll(*pair)) for pair in ((long, short), (short, long)) * 3]

    assert polls[1:] == [["Same", "Same"]] * 5
    assert room.articles[ArticleId(1)].revision <= 1


def test_a_document_corrects_an_article_by_the_entry_that_has_its_guid() -> None:
    room = Newsroom()
    room.poll(entry(guid="a", link="https://m.example/1", body=BODY))

    other = entry(guid="b", link="https://m.example/1/", body=f"{BODY} زيادة")
    own = entry(guid="a", link="https://m.example/1?x=1", body=f"{BODY} تصحيح")
    room.poll(other, own)

    assert room.articles[ArticleId(1)].body.endswith("تصحيح")
