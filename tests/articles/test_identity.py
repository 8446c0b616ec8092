"""The keys of a document's entries: which there are, which tell nothing, what is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.identity import Keys, fingerprint, sight
from bot.model import Entry
from tests.articles.build import entry


def keys_of(told: Entry) -> Keys:
    return sight([told]).entries[0][1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://m.example/?p=1", "https://www.m.example/?p=1"),
        ("https://m.example/a", "https://m.example/a/"),
        ("https://m.example/a?utm_source=x", "https://m.example/a"),
        ("tag:m,1", " tag:m,1/ "),
    ],
)
def test_guids_are_one_whatever_sites_do_to_them(one: str, other: str) -> None:
    assert keys_of(entry(guid=one)).guid == keys_of(entry(guid=other)).guid != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.example/a", "https://m.example/b"),
        ("https://m.example/a#1", "https://m.example/a#2"),
        ("0", "1"),
        ("A", "a"),
    ],
)
def test_guids_that_differ_in_more_are_two(one: str, other: str) -> None:
    assert keys_of(entry(guid=one)).guid != keys_of(entry(guid=other)).guid


@pytest.mark.parametrize(
    "page", ["https://m.example", "http://www.m.example/", "https://m.example:443/"]
)
def test_a_sites_front_page_names_no_entry(page: str) -> None:
    assert keys_of(entry(guid=page, link=page)) == keys_of(entry())


@pytest.mark.parametrize("guid", ["0", "/", "https://m.example/#7"])
def test_what_looks_like_nothing_is_a_guid(guid: str) -> None:
    """T7; FreshRSS #5412."""
    assert keys_of(entry(guid=guid)).guid


def test_without_a_guid_the_dated_title_goes_before_the_link() -> None:
    keys = keys_of(entry(link="https://m.example/a"))

    assert keys.all == (keys.title, keys.link, keys.text)
    assert keys_of(entry(guid="g", link="https://m.example/a")).all[0].startswith("g:")


def test_an_empty_entry_has_no_keys() -> None:
    assert keys_of(Entry("")).all == ()


def test_a_key_of_two_entries_tells_nothing_of_either() -> None:
    sighted = sight(
        [
            entry("أ", guid="g", link="https://m.example/1"),
            entry("ب", guid="g", link="https://m.example/2"),
        ]
    )

    assert [keys.guid for _, keys in sighted.entries] == ["", ""]
    assert len(sighted.shared) == 1


def test_the_first_of_what_repeats_stands_for_all() -> None:
    """T6; reader #335."""
    sighted = sight([entry("أ", guid="g"), entry("ب", guid="g"), entry("أ", guid="h")])

    assert [told.title for told, _ in sighted.entries] == ["أ", "أ"]


@given(st.lists(st.builds(entry, st.text(), guid=st.text(), link=st.text(), body=st.text())))
def test_any_entries_get_keys_and_none_is_invented(entries: list[Entry]) -> None:
    sighted = sight(entries)

    assert len(sighted.entries) <= len(entries)
    assert all(told in entries for told, _ in sighted.entries)
    for _, keys in sighted.entries:
        assert sighted.shared.isdisjoint(keys.all)


def test_a_fingerprint_is_of_words_and_tells_title_from_body() -> None:
    assert fingerprint("أخبار اليوم", "نص") == fingerprint("اخبار، اليوم", "نَص.")
    assert fingerprint("أخبار", "اليوم نص") != fingerprint("أخبار اليوم", "نص")
