"""Addresses: which are one page, which are two, and that no text at all does harm."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.articles.urls import canonical, is_whole_site


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        pytest.param("https://m.example/a", "m.example/a", id="plain"),
        pytest.param(" http://www.M.example/a/ ", "m.example/a", id="scheme, www, case, slash"),
        pytest.param("https://www.www.m.example./a", "m.example/a", id="more www, root dot"),
        pytest.param("https://m.example:443/a", "m.example/a", id="port of the scheme"),
        pytest.param("https://m.example:8080/a", "m.example:8080/a", id="another port"),
        pytest.param("https://user:word@m.example/a", "m.example/a", id="user"),
        pytest.param("https://m.example/a#top", "m.example/a", id="fragment"),
        pytest.param(
            "https://m.example/a?utm_source=x&UTM_Medium=y&fbclid=z", "m.example/a", id="tracking"
        ),
        pytest.param(
            "https://m.example/?p=12&utm_campaign=x", "m.example?p=12", id="a page by query"
        ),
        pytest.param("https://m.example/a?b=1&c=", "m.example/a?b=1&c=", id="query and blank"),
        pytest.param("https://m.example/%D8%AE%D8%A8%D8%B1", "m.example/خبر", id="escaped Arabic"),
        pytest.param("https://m.example/خبر", "m.example/خبر", id="bare Arabic"),
        pytest.param("https://m.example/?q=%D8%AE", "m.example?q=%D8%AE", id="Arabic in a query"),
        pytest.param(
            "https://m.example/a%3Fb=1", "m.example/a%3Fb=1", id="an escaped question mark"
        ),
        pytest.param("https://m.example/%C7%E1/1", "m.example/%C7%E1/1", id="bytes of 1256"),
        pytest.param("https://[2001:db8::1]:81/a", "[2001:db8::1]:81/a", id="IPv6"),
        pytest.param("https://m.example", "m.example", id="a whole site"),
        pytest.param("", "", id="nothing"),
        pytest.param("tag:m.example,2026:1", "", id="tag"),
        pytest.param("ftp://m.example/a", "", id="another scheme"),
        pytest.param("/a/b", "", id="relative"),
        pytest.param("https:///a", "", id="no host"),
        pytest.param("https://m.example:port/", "", id="no port"),
        pytest.param("https://[m.example/", "", id="open bracket"),
        pytest.param("https://m.example/\ud800", "", id="lone surrogate in the path"),
        pytest.param("https://m.example/?a=\ud800", "", id="lone surrogate in the query"),
        pytest.param("https://www./a", "www/a", id="www alone"),
    ],
)
def test_an_address_is_known_as(url: str, known_as: str) -> None:
    assert canonical(url) == known_as


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://m.example/%C7%E1", "https://m.example/%C8%E2", id="bytes of 1256"),
        pytest.param("https://m.example/?t=%C7", "https://m.example/?t=%C8", id="in a query"),
        pytest.param("https://m.example/a%3Fb=1", "https://m.example/a?b=1", id="question mark"),
        pytest.param("https://m.example/a?b=1", "https://m.example/a?b=2", id="query"),
    ],
)
def test_two_pages_are_not_taken_for_one(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(
    st.one_of(
        st.text(), st.text().map("https://m.example/{}".format), st.text().map("http://{}".format)
    )
)
@example("http://m.example/%2525%250A?a=%00&b;c")
@example("https://m.example/a%C2%A0")
@example("https://m.example/%2F%2F?&&=")
def test_any_text_has_one_form_that_stays_as_it_is(url: str) -> None:
    known_as = canonical(url)

    known_as.encode()
    if known_as:
        assert canonical(f"https://{known_as}") == known_as


def test_a_whole_site_is_told_from_its_pages() -> None:
    assert is_whole_site(canonical("https://www.m.example/"))
    assert not is_whole_site(canonical("https://www.m.example/?p=1"))
    assert not is_whole_site(canonical("https://www.m.example/a"))
