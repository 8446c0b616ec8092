"""Texts and captions become what Telegram shows, or are refused in its words."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.entities import CAPTION_LIMIT, formatted, typed
from bot.sandbox.formatting.links import checked_link
from bot.sandbox.nouns import utf16_length
from bot.sandbox.refusals import ApiError


def shown(text: str, mode: str = "HTML", **more: Any) -> tuple[str, list[tuple[Any, ...]]]:
    """Give the text and each entity as (kind, offset, length, extra values…)."""
    plain, entities = formatted(text, mode, **more)
    return plain, [(e.kind, e.offset, e.length, *e.extra.values()) for e in entities]


def refusal(text: str, mode: str = "HTML", **more: Any) -> str:
    with pytest.raises(ApiError) as refused:
        formatted(text, mode, **more)
    assert refused.value.code == 400
    return refused.value.description.removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        (("b", "strong"), "bold"),
        (("i", "em"), "italic"),
        (("u", "ins"), "underline"),
        (("s", "strike", "del"), "strikethrough"),
        (("tg-spoiler",), "spoiler"),
        (("code",), "code"),
        (("pre",), "pre"),
        (("blockquote",), "blockquote"),
    ],
)
def test_a_tag_makes_its_entity(tags: tuple[str, ...], kind: str) -> None:
    for tag in tags:
        assert shown(f"خبر <{tag}>عاجل</{tag}>.") == ("خبر عاجل.", [(kind, 4, 4)])
        assert shown(f"<{tag.upper()} x='1'>ا</{tag}  >") == ("ا", [(kind, 0, 1)])


@pytest.mark.parametrize(
    ("source", "plain", "entities"),
    [
        ("🔴🔴 <b>خ</b>", "🔴🔴 خ", [("bold", 5, 1)]),
        ('<span class="tg-spoiler">س</span>', "س", [("spoiler", 0, 1)]),
        ("<blockquote expandable>س</blockquote>", "س", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://example.com/a?b=1&amp;c">س</a>', "س", [
            ("text_link", 0, 1, "https://example.com/a?b=1&c")
        ]),
        ("<a href=example.com>س</a>", "س", [("text_link", 0, 1, "http://example.com/")]),
        ("<a>example.com</a>", "example.com", [("text_link", 0, 11, "http://example.com/")]),
        ('<a href="javascript:alert(1)">س</a>', "س", []),
        ('<a href="/relative">س</a>', "س", []),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1, "py")]),
        ('<code class="language-py"><pre>x</pre></code>', "x", [("pre", 0, 1, "py")]),
        ('<code class="language-py">x</code>', "x", [("code", 0, 1)]),
        ('<tg-time unix="9" format="t">غدا</tg-time>', "غدا", [("date_time", 0, 3, 9, "t")]),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", []),
        ("<tg-time>غدا</tg-time>", "غدا", []),
        ('<pre>x<code class="language-py">y</code></pre>', "xy", [("pre", 0, 2)]),
        ("<pre><b>x</b></pre>", "x", [("pre", 0, 1)]),
        ("a<b></b>", "a", []),
        ("<b>a</>", "a", [("bold", 0, 1)]),
    ],
)  # fmt: skip
def test_what_a_source_shows(source: str, plain: str, entities: list[Any]) -> None:
    assert shown(source) == (plain, entities)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "'),
        ("&#1582;&#x628;&#x0631;", "خبر"),
        ("&lt خبر", "< خبر"),
        ("&laquo;&nbsp;&#12345678901;", "&laquo;&nbsp;&#12345678901;"),
        ("&#0; &#x; &", "&#0; &#x; &"),
    ],
)
def test_only_four_named_references_and_numbers_are_decoded(source: str, plain: str) -> None:
    assert shown(source) == (plain, [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("خ<br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("a <>", 'Unsupported start tag "" at byte offset 2'),
        ("<!-- a -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("🔴</b>", "Unexpected end tag at byte offset 4"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b =1>a</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<b a", 'Unclosed start tag "b" at byte offset 0'),
        ("<b a=", 'Unclosed start tag "b" at byte offset 0'),
        ("<b a=1", "Unclosed start tag at byte offset 0"),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=http://x.com>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "&#xD83D;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)  # fmt: skip
def test_broken_markup_is_refused_with_its_place(source: str, words: str) -> None:
    assert refusal(source) == f"can't parse entities: {words}"


@pytest.mark.parametrize(
    ("source", "entities"),
    [
        # A style is cut at the borders of a link, since Telegram draws it so.
        ("<b>a<a href='x.co'>b</a>c</b>", [
            ("bold", 0, 1), ("text_link", 1, 1, "http://x.co/"), ("bold", 1, 1), ("bold", 2, 1),
        ]),
        ("<b>a<i>b</i>c</b>", [("bold", 0, 1), ("bold", 1, 2), ("italic", 1, 1)]),
        ("<b>a</b><b>b</b>", [("bold", 0, 2)]),
        ("<b>a<b>b</b></b>", [("bold", 0, 2)]),
        ("<code>a<b>b</b></code>", [("code", 0, 2)]),
        ("<b>a<code>b</code></b>", [("bold", 0, 1), ("code", 1, 1)]),
        ("<a href='x.co'>a<a href='y.co'>b</a></a>", [("text_link", 0, 2, "http://x.co/")]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", [("blockquote", 0, 2)]),
        ("<a href='x.co'>a<blockquote>b</blockquote></a>", [("blockquote", 1, 1)]),
        ("<blockquote><b>a</b></blockquote>", [("blockquote", 0, 1), ("bold", 0, 1)]),
    ],
)  # fmt: skip
def test_nested_entities_are_arranged_as_telegram_keeps_them(
    source: str, entities: list[Any]
) -> None:
    assert shown(source)[1] == entities


@pytest.mark.parametrize(
    ("source", "plain", "entities"),
    [
        ("  <b>a</b> \n", "  a".lstrip(), [("bold", 0, 1)]),
        ("<b> a </b>", " a", [("bold", 0, 2)]),
        ("a<b>\n</b>", "a", []),
        ("a\r\n\t<b>\u202eb</b>", "a\n b", [("bold", 3, 1)]),
        ("\u200f\u200fa", "\u200c\u200fa", []),
    ],
)
def test_a_text_is_trimmed_and_cleaned_and_its_entities_move_along(
    source: str, plain: str, entities: list[Any]
) -> None:
    assert shown(source) == (plain, entities)


@pytest.mark.parametrize("source", [" \n ", "<b> </b>", "\u200f\u200b", "&#32;"])
def test_a_text_with_nothing_to_see_is_refused(source: str) -> None:
    assert refusal(source) == "text must be non-empty"


def test_an_empty_text_is_refused_and_an_empty_caption_is_none() -> None:
    assert refusal("") == "message text is empty"
    assert shown(" ", limit=CAPTION_LIMIT) == ("", [])


def test_limits_count_utf16_units_after_parsing() -> None:
    assert shown(f"<b>{'خ' * 4096}</b>")[1] == [("bold", 0, 4096)]
    assert refusal("خ" * 4097) == "message is too long"
    assert refusal("🔴" * 2049) == "message is too long"
    assert shown("🔴" * 512, limit=CAPTION_LIMIT)[0] == "🔴" * 512
    assert refusal("🔴" * 513, limit=CAPTION_LIMIT) == "message caption is too long"
    assert refusal("خ" * 16385) == "text is too long"


def test_entities_beyond_a_hundred_are_dropped_in_silence() -> None:
    """T44; python-telegram-bot constants.MAX_MESSAGE_ENTITIES."""
    source = "<b>a</b> " * 101

    _, entities = formatted(source, "HTML")

    assert len(entities) == 100
    assert entities[-1].offset == 198


def test_explicit_entities_are_taken() -> None:
    bold = {"type": "bold", "offset": 3, "length": 2}
    link = {"type": "text_link", "offset": 0, "length": 2, "url": "example.com"}
    found_by_telegram = {"type": "hashtag", "offset": 0, "length": 2}

    no_address = {"type": "text_link", "offset": 0, "length": 2, "url": "here"}
    emoji = {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"}

    given = [bold, link, found_by_telegram, no_address, emoji]
    assert shown("🔴 خبر", "", entities=given)[1] == [
        ("text_link", 0, 2, "http://example.com/"),
        ("bold", 3, 2),
    ]


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"type": "bold", "offset": 0, "length": 9}, "ends after the end of the text"),
        ({"type": "bold", "offset": -1, "length": 1}, "incorrect offset -1"),
        ({"type": "bold", "offset": 0, "length": -1}, "incorrect length -1"),
        ({"type": "loud", "offset": 0, "length": 1}, "Unsupported type specified"),
    ],
)
def test_explicit_entities_must_lie_in_the_text(entity: dict[str, Any], words: str) -> None:
    assert words in refusal("خبر", "", entities=[entity])


@pytest.mark.parametrize(
    ("mode", "words"),
    [("MarkdownV2", "the sandbox speaks HTML only"), ("TeX", "unsupported parse_mode")],
)
def test_other_parse_modes_are_refused(mode: str, words: str) -> None:
    assert words in refusal("*a*", mode)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", 0, 6)]),
        ("اكتب /latest أو /search@mujaz_demo_bot", [
            ("bot_command", 5, 7), ("bot_command", 16, 22),
        ]),
        ("و/أو 1/2 a/b", []),
        ("🔴 https://example.com/a/b.", [("url", 3, 23)]),
        ("https://localhost/a https://x.co/#a", [("url", 20, 15)]),
        ("@mujaz_demo_bot #موجز a@b.com", [("mention", 0, 15), ("hashtag", 16, 5)]),
    ],
)  # fmt: skip
def test_telegram_finds_commands_addresses_names_and_tags(text: str, found: list[Any]) -> None:
    _, entities = typed(text)

    assert [(e.kind, e.offset, e.length) for e in entities] == found


def test_nothing_is_found_within_a_link_or_code() -> None:
    assert shown("<code>/start</code> <a href='x.co'>@mujaz_bot</a>")[1] == [
        ("code", 0, 6),
        ("text_link", 7, 10, "http://x.co/"),
    ]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://example.com/A?b#c", "https://example.com/A?b#c"),
        ("example.com?a=1", "http://example.com/?a=1"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("https://مثال.com/خبر", "https://مثال.com/خبر"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("tg://user?id=5", "tg://user?id=5"),
        ("http://[::1]/", "http://[::1]/"),
        ("localhost:8080", None),
        ("http://localhost/", None),
        ("ftp://example.com", None),
        ("mailto:a@example.com", None),
        ("http://exa mple.com", None),
        ("http://example.com:99999/", None),
        ("", None),
    ],
)
def test_a_link_is_completed_or_dropped(url: str, kept: str | None) -> None:
    assert checked_link(url) == kept


# Letters that Telegram neither cleans away nor trims nor reads as markup of its own.
_KEPT = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u030a\u0333\u033f@#/")
_TEXT = st.text(_KEPT.filter(lambda c: not "\u2028" <= c <= "\u202e"), min_size=1, max_size=60)
_SEEN = _TEXT.map(lambda text: f"x{text}x".replace("\u200e", "").replace("\u200f", ""))


@settings(max_examples=150, deadline=None)
@given(_SEEN)
def test_any_text_escaped_comes_back_whole(text: str) -> None:
    assert formatted(html.escape(text, quote=False), "HTML") == (text, ())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["b", "i", "u", "s", "code"]), _SEEN), max_size=8))
def test_offsets_cut_out_just_what_was_marked(pieces: list[tuple[str, str]]) -> None:
    source = " ".join(f"<{tag}>{html.escape(text)}</{tag}>" for tag, text in pieces)

    plain, entities = formatted(f"{source}.".replace("&#x27;", "'"), "HTML")

    units = plain.encode("utf-16-le")
    cut = [units[2 * e.offset : 2 * e.end].decode("utf-16-le") for e in entities]
    assert cut == [text for _, text in pieces]
    assert utf16_length(plain) == len(units) // 2


@settings(max_examples=200, deadline=None)
@given(st.text("<>/ab'\"&;= \n\u202eخ🔴", max_size=40))
def test_any_source_is_shown_or_refused(source: str) -> None:
    try:
        plain, entities = formatted(source, "HTML")
    except ApiError:
        return
    assert all(0 <= e.offset < e.end <= utf16_length(plain) for e in entities)
