"""The splitter's promises: nothing is lost, limits hold, breaks fall where they hurt least."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Brief, BriefKind, Fold, Heading, Item, Label, Note, Paragraph, StoryId, Title
from bot.transports.telegram.html import Photo, Words, render
from bot.transports.telegram.split import Group, Line, Part, Size, Span, size, split
from tests.transports.markup import read

SMALL = Size(48, 9, 1 << 15)
LETTERS = "ابتثج شمس Ab1.،؟ 😀@#<&\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
texts = st.text(LETTERS, min_size=1, max_size=150).filter(str.strip)
spans = st.builds(Span, texts, st.booleans(), st.sampled_from(["", "https://t.me/x?start=st_1"]))
lines = st.builds(Line, st.lists(spans, min_size=1, max_size=4).map(tuple), st.booleans())
groups = st.builds(Group, st.lists(lines, min_size=1, max_size=5).map(tuple), st.booleans())

long_texts = st.integers(1, 900).flatmap(
    lambda n: st.sampled_from(["كلمة ", "جملة قصيرة. ", "Latin word ", "😀", "ا", "& <b> "]).map(
        lambda word: word * n
    )
)
stories = st.none() | st.builds(StoryId, st.integers(1, 10**9))
addresses = st.sampled_from(["", "https://example.com/", "https://example.com/?" + "&" * 1900])
items = st.builds(Item, long_texts, stories, st.sampled_from(["", "— ذيل"]), addresses)
blocks = st.one_of(
    st.builds(Label, long_texts),
    st.builds(Heading, long_texts),
    st.builds(Title, long_texts, stories),
    st.builds(Paragraph, long_texts),
    st.builds(Note, long_texts),
    items,
    st.builds(Fold, st.just("بقية"), st.lists(items, max_size=60).map(tuple)),
)
briefs = st.builds(Brief, st.just(BriefKind.DIGEST), st.lists(blocks, max_size=12).map(tuple))


def letters(parts: tuple[Part, ...]) -> str:
    text = "".join(line.text for part in parts for group in part for line in group.lines)
    return re.sub(r"[\s\u200f]", "", text)


def seen(spans_of: tuple[Part, ...]) -> list[tuple[str, bool, str]]:
    """Every letter with its look, without spaces and direction marks."""
    return [
        (letter, span.is_bold, span.url)
        for part in spans_of
        for group in part
        for line in group.lines
        for span in line.spans
        for letter in re.sub(r"[\s\u200f]", "", span.text)
    ]


@given(st.lists(groups, max_size=6).map(tuple))
@settings(max_examples=150, deadline=None)
def test_splitting_loses_nothing_and_keeps_every_look(whole: Part) -> None:
    assert seen(split(whole, SMALL)) == seen((whole,))


@given(st.lists(groups, max_size=6).map(tuple))
@settings(max_examples=150, deadline=None)
def test_no_part_exceeds_a_limit_and_none_is_empty(whole: Part) -> None:
    for part in split(whole, SMALL):
        assert size(part).fits(SMALL)
        assert letters((part,)) or size(part).units


@given(briefs)
@settings(max_examples=60, deadline=None)
def test_every_part_of_any_brief_is_what_telegram_takes(brief: Brief) -> None:
    for part in render(brief, "mujaz_test_bot").parts:
        assert isinstance(part, Words | Photo)
        message = read(part.html if isinstance(part, Words) else part.caption)
        assert 0 < message.units <= 4096
        assert len(message.entities) <= 100
        assert len(part.html.encode()) < 1 << 15  # tdlib/telegram-bot-api: before parsing


def plain(*texts: str, **more: bool) -> Group:
    return Group(tuple(Line((Span(text),)) for text in texts), **more)


def shown(parts: tuple[Part, ...]) -> list[list[list[str]]]:
    return [[[line.text for line in group.lines] for group in part] for part in parts]


def test_what_fits_stays_one_part() -> None:
    whole = (plain("أ"), plain("ب", "ج"))

    assert split(whole) == (whole,)


def test_nothing_makes_no_part() -> None:
    assert split(()) == ()


def test_a_part_breaks_between_groups_rather_than_inside_one() -> None:
    parts = split((plain("ا" * 30), plain("ب" * 10, "ج" * 10)), SMALL)

    assert shown(parts) == [[["ا" * 30]], [["ب" * 10, "ج" * 10]]]


def test_a_group_longer_than_a_part_breaks_between_lines() -> None:
    parts = split((plain("ا" * 30, "ب" * 17, "ج" * 20, "د" * 5),), SMALL)

    assert shown(parts) == [[["ا" * 30, "ب" * 17]], [["ج" * 20, "د" * 5]]]


def test_a_heading_never_stands_last_in_a_part() -> None:
    head = Line((Span("قسم"),), is_head=True)
    body = Line((Span("ا" * 30),))

    parts = split((Group((head, body, head, body)),), SMALL)

    assert shown(parts) == [[["قسم", "ا" * 30]], [["قسم", "ا" * 30]]]


def test_a_heading_takes_the_beginning_of_a_long_paragraph_with_it() -> None:
    head = Line((Span("قسم"),), is_head=True)
    body = Line((Span("كلمة " * 20),))

    parts = split((Group((head, body)),), SMALL)

    assert shown(parts)[0] == [["قسم", " ".join(["كلمة"] * 9)]]


def test_a_long_line_is_cut_after_a_sentence() -> None:
    parts = split((plain("جملة أولى هنا تقال كاملة بلا نقص. " + "كلمة " * 9),), SMALL)

    assert shown(parts)[0] == [["جملة أولى هنا تقال كاملة بلا نقص."]]


def test_a_long_line_without_sentences_is_cut_between_words() -> None:
    parts = split((plain("كلمة " * 20),), SMALL)

    assert {word for part in shown(parts) for word in part[0][0].split()} == {"كلمة"}


def test_a_word_longer_than_a_part_is_cut_and_no_character_is_halved() -> None:
    parts = split((plain("😀" * 60),), SMALL)

    assert [part[0][0].count("😀") for part in shown(parts)] == [24, 23, 13]


def test_the_space_at_a_cut_is_the_line_break_now() -> None:
    spaced = Line((Span("ا" * 40), Span(" "), Span("ب" * 20)))

    assert shown(split((Group((spaced,)),), SMALL)) == [[["ا" * 40]], [["ب" * 20]]]
    assert shown(split((plain("ا" * 48 + " " * 5),), SMALL)) == [[["ا" * 48]]]


def test_a_number_is_not_torn_at_its_no_break_space() -> None:
    parts = split((plain("ا" * 40 + " 12\u202f480\xa0درهم"),), SMALL)

    assert shown(parts)[1] == [["12\u202f480\xa0درهم"]]


def test_what_follows_a_cut_begins_right_to_left() -> None:
    parts = split((plain("كلمة " * 9 + "Latin words follow here"),), SMALL)

    assert shown(parts)[1][0][0].startswith("\N{RIGHT-TO-LEFT MARK}Latin")


def test_both_pieces_of_a_cut_link_are_links() -> None:
    link = Span("كلمة " * 12, url="https://t.me/x")

    parts = split((Group((Line((link,)),)),), SMALL)

    assert [part[0].lines[0].spans[-1].url for part in parts] == ["https://t.me/x"] * 2


def test_a_fold_over_two_parts_is_a_fold_in_both() -> None:
    parts = split((plain("ا" * 30, "ب" * 30, is_fold=True),), SMALL)

    assert [part[0].is_fold for part in parts] == [True, True]


def test_a_digest_with_more_than_100_entities_is_split_by_entities() -> None:
    """Telegram drops the 101st in silence (T44; RSStT v2.1.0, v2.2.0)."""
    brief = Brief(BriefKind.DIGEST, tuple(Item("خبر", StoryId(n)) for n in range(1, 151)))

    parts = [read(part.html) for part in render(brief, "b").parts if isinstance(part, Words)]

    assert [len(part.entities) for part in parts] == [100, 50]


def test_what_telegram_links_by_itself_counts_as_an_entity() -> None:
    whole = (plain(*["#وسم @someone example.com"] * 60),)

    assert [sum(len(group.lines) for group in part) for part in split(whole)] == [33, 27]


def test_long_addresses_fill_a_part_before_its_letters_do() -> None:
    """Telegram refuses HTML of more than 32 kB, whatever it shows (tdlib/telegram-bot-api)."""
    items = tuple(Item("خبر", url="https://example.com/" + "x" * 1500) for _ in range(60))

    parts = render(Brief(BriefKind.DIGEST, items), "b").parts

    assert len(parts) == 3
    assert all(len(part.html.encode()) <= 1 << 15 for part in parts if isinstance(part, Words))
