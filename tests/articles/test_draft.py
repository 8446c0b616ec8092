"""Entries cleaned into drafts: what is shown, what is ignored, and the moment of an id."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.arabic.shorten import units
from bot.articles.decide import LONGEST_TITLE, Ignored, Known, New, decide, draft_of
from bot.articles.identity import sight
from bot.model import Entry
from bot.storage.articles import moment_of
from tests.articles.build import NOW, draft, entry, feed, source


def test_an_entry_with_only_a_body_takes_its_first_sentence_as_title() -> None:
    assert draft(entry("", body="وقع الحادث ليلا. ثم فتح تحقيق.")).title == "وقع الحادث ليلا."


def test_an_entry_with_only_a_summary_does_too() -> None:
    assert draft(entry("  ", summary="وقع الحادث ليلا. ثم فتح تحقيق.")).title == "وقع الحادث ليلا."


@pytest.mark.parametrize(
    "empty",
    [
        pytest.param(Entry(""), id="nothing"),
        pytest.param(Entry(" \n "), id="white space"),
        pytest.param(Entry("***", body="…"), id="no letter"),
        pytest.param(Entry("عاجل"), id="only the mark"),
        pytest.param(Entry("🔴 عاجل:", body=" "), id="only the mark and a wall"),
    ],
)
def test_an_entry_without_a_word_is_ignored_with_the_reason(empty: Entry) -> None:
    assert draft_of(empty, feed(), NOW) is None

    (decision,) = decide(sight([empty]), feed(), Known(), NOW)

    assert isinstance(decision, Ignored)
    assert "neither a title nor a text" in decision.reason


def test_a_title_that_is_only_the_mark_leaves_the_text_to_tell() -> None:
    made = draft(entry("عاجل", body="زلزال خفيف يضرب الساحل. لا خسائر."))

    assert (made.title, made.is_urgent) == ("زلزال خفيف يضرب الساحل.", True)


def test_a_paper_called_urgent_signs_its_headlines_and_is_not_believed() -> None:
    signed = entry("افتتاح معرض الكتاب | عاجل")

    made = draft(signed, of=feed(of=source(7, "عاجل")))

    assert (made.title, made.is_urgent) == ("افتتاح معرض الكتاب", False)
    assert draft(signed).is_urgent


def test_the_feeds_own_mark_is_believed() -> None:
    assert draft(entry(is_urgent=True)).is_urgent


@pytest.mark.parametrize(
    "title", ["كلمة " * 200, "كلمة\N{NO-BREAK SPACE}" * 200, "ك" * 900, "🔴" * 400 + "خبر"]
)
def test_a_title_of_any_length_becomes_one_that_fits_and_tells(title: str) -> None:
    made = draft(entry(title))

    assert 0 < units(made.title) <= LONGEST_TITLE
    assert made.title != "…"


def test_markup_and_marks_do_not_change_the_fingerprint() -> None:
    plain = draft(entry("الحكومة تصادق", body="نص الخبر كاملا."))
    marked = draft(entry("عاجل: الحكومة  تُصادق", body="نص الخبر، كاملا"))

    assert plain.fingerprint == marked.fingerprint
    assert draft(entry("الحكومة تصادق", body="نص الخبر ناقصا.")).fingerprint != plain.fingerprint


def test_a_lone_surrogate_stops_no_document() -> None:
    odd = entry(
        "خبر \ud800", guid="\ud800", link="https://a.example/\ud800?x=\udfff", body="\udc00 نص"
    )

    (decision,) = decide(sight([odd]), feed(), Known(), NOW)

    assert isinstance(decision, New)
    assert decision.draft.canonical_url == ""


@pytest.mark.parametrize(
    ("published", "is_seen"),
    [
        pytest.param(None, True, id="undated"),
        pytest.param(timedelta(hours=1), True, id="an hour ahead: local time read as UTC"),
        pytest.param(timedelta(days=365), True, id="next year"),
        pytest.param(timedelta(hours=-1), True, id="an hour ago"),
        pytest.param(timedelta(hours=-47), True, id="yesterday"),
        pytest.param(timedelta(hours=-48), False, id="two days ago to the second"),
        pytest.param(timedelta(days=-400), False, id="an archive"),
    ],
)
def test_a_wrong_zone_buries_nothing_and_an_archive_does_not_look_new(
    published: timedelta | None, is_seen: bool
) -> None:
    """T15, T16; miniflux #1906, #4407, #1233, #290, Ranchero-Software/NetNewsWire #2928."""
    date = None if published is None else NOW + published

    made = draft(entry(published_at=date))

    assert moment_of(made) == (NOW if is_seen else date)
