"""Any feed comes to rest: what was read, read again, brings nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.decide import Changed, New
from bot.model import Entry
from tests.articles.build import BODY, entry
from tests.articles.newsroom import Newsroom, at
from tests.articles.test_polls import HEADLINES

_TITLES = st.sampled_from((*HEADLINES[:3], "حديث اليوم", ""))
_BODIES = st.sampled_from(("", "نص", BODY, f"{BODY} 12", f"{BODY} 13"))
_DATES = st.sampled_from((None, at(0), at(8), at(8, day=23)))
_ODD = st.builds(
    entry,
    _TITLES,
    guid=st.sampled_from(("", "0", "a", "https://m.example/", "https://m.example/1")),
    link=st.sampled_from(("", "https://m.example/", "http://m.example/1", "https://m.example/2")),
    body=_BODIES,
    published_at=_DATES,
)
_NAMED = st.builds(
    entry,
    _TITLES,
    guid=st.sampled_from("abcd"),
    link=st.sampled_from(("", "https://m.example/", "http://m.example/1", "https://m.example/2")),
    body=_BODIES,
    published_at=_DATES,
)


@given(st.lists(st.lists(_NAMED, max_size=4, unique_by=lambda told: told.guid), max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_document_of_named_entries_comes_to_rest_at_the_second_look(
    documents: list[list[Entry]],
) -> None:
    """T5; guids are sound, all else lies. Two that were taken for one may part once."""
    room = Newsroom()
    for document in documents:
        room.poll(*document)
        room.poll(*document)

        assert not any(isinstance(one, New | Changed) for one in room.poll(*document))


@given(st.lists(st.lists(_ODD, max_size=4), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_whatever_a_feed_does_a_document_that_stands_still_comes_to_rest(
    documents: list[list[Entry]],
) -> None:
    """T5; guids and links lie too: after any history nothing flips for ever."""
    room = Newsroom()
    for document in documents:
        room.poll(*document)

    for _ in range(2):
        room.poll(*documents[-1])

    assert not any(isinstance(one, New | Changed) for one in room.poll(*documents[-1]))
