"""Known faults of feeds, mended; and their likes, left alone."""

from __future__ import annotations

import pytest

from tests.feeds.conftest import ReadItem

PROXY = "http://feedproxy.google.com/~r/akhbar/~3/x9/story.htm"
ORIGINAL = "https://akhbar.example/2026/11/story"
EXCERPT = "&lt;p&gt;افتتح المعرض أبوابه.&lt;/p&gt;\n"


def footer(begins: str, between: str, *, tag: str = "&lt;p&gt;", end: str = "&lt;/p&gt;") -> str:
    link = '&lt;a rel="nofollow" href="https://akhbar.example/1"&gt;{}&lt;/a&gt;'
    return f"{tag}{begins} {link.format('المعرض')} {between} {link.format('أخبار')}.{end}"


def test_feedburners_proxy_gives_way_to_the_newspapers_address(read_item: ReadItem) -> None:
    entry = read_item(
        f"<link>{PROXY}</link><feedburner:origLink>{ORIGINAL}</feedburner:origLink>"
        '<enclosure url="https://cdn.example/a.jpg" type="image/jpeg"/>'
    )

    assert entry.link == ORIGINAL
    assert entry.image_url == "https://cdn.example/a.jpg"


@pytest.mark.parametrize(
    ("elements", "link"),
    [
        pytest.param(f"<link>{PROXY}</link>", PROXY, id="no other address"),
        pytest.param(
            f"<link>{PROXY}</link><feedburner:origLink>javascript:x</feedburner:origLink>",
            PROXY,
            id="a worse one",
        ),
        pytest.param(
            f"<link>https://akhbar.example/new</link>"
            f"<feedburner:origLink>{ORIGINAL}</feedburner:origLink>",
            "https://akhbar.example/new",
            id="a link that is no proxy's",
        ),
        pytest.param(
            f"<link>http://[::1</link><feedburner:origLink>{ORIGINAL}</feedburner:origLink>",
            "",
            id="a link that is none",
        ),
    ],
)
def test_other_links_are_left_alone(read_item: ReadItem, elements: str, link: str) -> None:
    assert read_item(elements).link == link


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(footer("The post", "appeared first on"), id="English"),
        pytest.param(footer("ظهرت المقالة", "أولاً على"), id="Arabic"),
        pytest.param(footer("L’article", "est apparu en premier sur"), id="French"),
        pytest.param(footer("The post", "appeared first on", tag="", end=""), id="no paragraph"),
    ],
)
def test_wordpress_footer_is_cut_off(read_item: ReadItem, line: str) -> None:
    entry = read_item(
        f"<description>{EXCERPT}{line}</description>"
        f"<content:encoded>{EXCERPT}&lt;p&gt;ويستمر شهرا.&lt;/p&gt;\n{line}\n</content:encoded>"
    )

    assert entry.summary == "افتتح المعرض أبوابه."
    assert entry.body == "افتتح المعرض أبوابه.\nويستمر شهرا."


def test_only_the_footer_is_cut_off(read_item: ReadItem) -> None:
    line = footer("The post", "appeared first on", tag="", end="")

    entry = read_item(f"<description>The post office opens at nine. {line}</description>")

    assert entry.body == "The post office opens at nine."


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("&lt;p&gt;The post office closed.&lt;/p&gt;", id="its first words"),
        pytest.param(
            "&lt;p&gt;The post appeared first on Monday.&lt;/p&gt;"
            + "&lt;p&gt;ثم اختفى.&lt;/p&gt;" * 40,
            id="a sentence of the article",
        ),
        pytest.param("&lt;p&gt;ظهرت المقالة في الصحف.&lt;/p&gt;", id="Arabic words"),
    ],
)
def test_an_articles_own_words_are_left_alone(read_item: ReadItem, words: str) -> None:
    plain = words.replace("&lt;p&gt;", "").replace("&lt;/p&gt;", "\n").strip()

    assert read_item(f"<description>{words}</description>").body == plain
