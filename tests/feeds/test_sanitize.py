"""What is left of HTML and of addresses."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.sanitize import TAG_LIMIT, cut, safe_url, to_line, to_text

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>أول</p><p>ثان</p>", "أول\nثان", id="paragraphs stay apart"),
        pytest.param("أول<br>ثان<BR/>ثالث", "أول\nثان\nثالث", id="line breaks"),
        pytest.param("<ul><li>أ</li><li>ب</li></ul>", "أ\nب", id="lists"),
        pytest.param("<p class='a>b'>نص</p>", "نص", id="a sign in an attribute"),
        pytest.param("سطر\nوتتمته\n\nفقرة", "سطر وتتمته\nفقرة", id="plain text, blank line"),
        pytest.param("<p>سطر\n\nوتتمته</p>", "سطر وتتمته", id="a line end is a space to HTML"),
        pytest.param("<b>كلمة</b>واحدة", "كلمةواحدة", id="inline tags add nothing"),
        pytest.param("ق<script>alert(1)</script>ب<style>p{}</style>", "قب", id="scripts, styles"),
        pytest.param("ق<!-- سر -->ب", "قب", id="comments"),
        pytest.param("&laquo;نعم&raquo;&nbsp;قال", "«نعم» قال", id="entities"),
        pytest.param("س &amp;amp; ج", "س & ج", id="escaped twice"),
        pytest.param("&lt;p&gt;أ&lt;/p&gt;&lt;p&gt;ب&lt;/p&gt;", "أ\nب", id="tags escaped twice"),
        pytest.param("&amp;quot;نص&amp;quot;", '"نص"', id="quotes escaped twice"),
        pytest.param("ربح <5% و AT&T", "ربح <5% و AT&T", id="signs that are no markup"),
        pytest.param("a &lt;x&gt; b", "a <x> b", id="what is no tag of HTML is text"),
        pytest.param("  \t ن \r\n ص ", "ن ص", id="white space"),
        pytest.param("&#0;&#xD800;&#x202E;x", "\N{REPLACEMENT CHARACTER}" * 2 + "x", id="no chars"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


@pytest.mark.parametrize(
    "unwanted",
    [
        pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}", id="override"),
        pytest.param("\N{FIRST STRONG ISOLATE}", id="isolate"),
        pytest.param("\N{RIGHT-TO-LEFT MARK}", id="mark"),
        pytest.param("\N{ZERO WIDTH SPACE}", id="zero width"),
        pytest.param("\N{ZERO WIDTH NON-JOINER}", id="non-joiner"),
        pytest.param("\N{ZERO WIDTH JOINER}", id="a joiner that joins nothing"),
        pytest.param("\N{SOFT HYPHEN}", id="soft hyphen"),
        pytest.param("\ufeff", id="byte-order mark"),
        pytest.param("\x08", id="control"),
        pytest.param("\N{TAG LATIN SMALL LETTER A}", id="tag"),
    ],
)
def test_invisible_characters_are_removed(unwanted: str) -> None:
    assert to_text(f"عا{unwanted}جل") == "عاجل"


def test_a_joiner_between_pictures_stays() -> None:
    assert to_text(FAMILY) == FAMILY


def test_a_title_is_one_line() -> None:
    assert to_line("<p>عنوان</p><p>طويل</p>") == "عنوان طويل"


@given(st.text() | st.text(alphabet="<>/&;#xpb \n\u202e\u200d'\"=lt"))
def test_text_never_holds_what_it_must_not(markup: str) -> None:
    text = to_text(markup)

    assert "\n\n" not in text
    assert text == text.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text if c != "\n")
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")


@pytest.mark.parametrize("tag", ["<div>", "<x></y>", "<center>", "<a><b><i>", "<table><tr><td>"])
def test_nesting_without_end_costs_little_time(tag: str) -> None:
    started = time.process_time()
    to_text(tag * 100_000 + "end")

    assert time.process_time() - started < 5  # without the limit on tags: 45 s


def test_a_text_beyond_the_limit_of_tags_is_cut_there() -> None:
    assert to_text("a<i>" * (TAG_LIMIT * 2)) == "a" * TAG_LIMIT


@pytest.mark.parametrize(
    ("url", "base", "safe"),
    [
        pytest.param("https://a.example/x?y=1#z", "", "https://a.example/x?y=1#z", id="as it is"),
        pytest.param(
            "/خبر", "https://a.example/f/", "https://a.example/%D8%AE%D8%A8%D8%B1", id="ar"
        ),
        pytest.param("n/1", "https://a.example/f/rss", "https://a.example/f/n/1", id="relative"),
        pytest.param("//b.example/x", "https://a.example/", "https://b.example/x", id="scheme"),
        pytest.param(" https://a.example/a b ", "", "https://a.example/a%20b", id="spaces"),
        pytest.param("https://a.example/%20x", "", "https://a.example/%20x", id="encoded already"),
        pytest.param("HTTPS://A.example/X", "", "https://a.example/X", id="capitals"),
        pytest.param("https://a.example/\u202ex", "", "https://a.example/x", id="bidi"),
        pytest.param("n/1", "", "", id="relative to nothing"),
        pytest.param("javascript:alert(1)", "https://a.example/", "", id="script"),
        pytest.param("java\nscript:alert(1)", "", "", id="script in two lines"),
        pytest.param("data:text/html,x", "https://a.example/", "", id="data"),
        pytest.param("ftp://a.example/x", "", "", id="ftp"),
        pytest.param("mailto:a@b.example", "https://a.example/", "", id="mail"),
        pytest.param("https://user:pass@a.example/", "", "", id="password"),
        pytest.param("http://[::1", "", "", id="broken"),
        pytest.param("http://a.example:99999/", "", "", id="port"),
        pytest.param("https://a.example/" + "x" * 3000, "", "", id="endless"),
        pytest.param("", "https://a.example/", "", id="empty"),
        pytest.param("x", "https://a.example/\ud800/", "", id="half a character in the base"),
    ],
)
def test_an_address_is_absolute_and_of_the_web_or_empty(url: str, base: str, safe: str) -> None:
    assert safe_url(url, base) == safe


@given(st.text(), st.text())
def test_any_address_is_safe_or_empty(url: str, base: str) -> None:
    safe = safe_url(url, base)

    assert safe == "" or safe.startswith(("http://", "https://"))
    assert safe_url(safe) == safe


def test_a_text_is_cut_at_a_space() -> None:
    assert cut("كلمة وكلمة", 9) == "كلمة وكلم"
    assert cut("كلمات كثيرة جدا هنا", 16) == "كلمات كثيرة جدا"
    assert cut("قصير", 10) == "قصير"
