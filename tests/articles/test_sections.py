"""Categories as feeds write them, and where an article comes to stand."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.fold import fold
from bot.articles.sections import of_category, sections_of
from bot.model import FOLLOWABLE, Section


def table() -> dict[str, list[str]]:
    return tomllib.loads(files("bot.articles").joinpath("data/sections.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("category", "section"),
    [
        ("سياسة", Section.POLITICS),
        ("السياسة", Section.POLITICS),
        ("سياسه", Section.POLITICS),
        (" سِيَاسَة ", Section.POLITICS),
        ("شؤون سياسية", Section.POLITICS),
        ("الاقتصاد", Section.ECONOMY),
        ("مال و أعمال", None),
        ("المال والأعمال", Section.ECONOMY),
        ("Économie", Section.ECONOMY),
        ("ECONOMY", Section.ECONOMY),
        ("رياضة", Section.SPORT),
        ("كرة القدم", Section.SPORT),
        ("كرة القـــدم", Section.SPORT),
        ("رياضة وشباب", Section.SPORT),
        ("أحوال الطقس", Section.WEATHER),
        ("الأنشطة الملكية", Section.ROYAL),
        ("مجتمع", Section.SOCIETY),
        ("جهات", Section.SOCIETY),
        ("خارج الحدود", Section.WORLD),
        ("International", Section.WORLD),
        ("حوادث", Section.ACCIDENTS),
        ("الحوادث والمحاكم", Section.ACCIDENTS),
        ("ثقافة وفنون", Section.CULTURE),
        ("À la une", Section.PICKS),
        ("منوعات", Section.MISC),
        ("فيديو", Section.VIDEO),
        ("الوطن", None),
        ("غير مصنف", None),
        ("", None),
        ("…", None),
    ],
)
def test_a_category_names_a_section(category: str, section: Section | None) -> None:
    assert of_category(category) is section


def test_every_section_has_names_and_no_name_has_two_sections() -> None:
    names = Counter(fold(name) for names in table().values() for name in set(map(fold, names)))

    assert set(table()) == {section.value for section in Section}
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    ("own", "categories", "has_video", "stands_in"),
    [
        pytest.param(None, (), False, (Section.MISC,), id="nothing known"),
        pytest.param(None, ("غير مصنف",), False, (Section.MISC,), id="a category nobody knows"),
        pytest.param(
            Section.SPORT, ("سياسة",), False, (Section.SPORT, Section.POLITICS), id="own first"
        ),
        pytest.param(None, ("سياسة", "السياسة"), False, (Section.POLITICS,), id="each once"),
        pytest.param(
            None, ("مختارات", "اقتصاد"), False, (Section.ECONOMY, Section.PICKS), id="shelf last"
        ),
        pytest.param(None, ("اقتصاد",), True, (Section.ECONOMY, Section.VIDEO), id="with a film"),
        pytest.param(
            Section.VIDEO, ("رياضة",), True, (Section.SPORT, Section.VIDEO), id="a film's subject"
        ),
        pytest.param(None, (), True, (Section.VIDEO,), id="only a film"),
    ],
)
def test_an_article_stands_in(
    own: Section | None,
    categories: tuple[str, ...],
    has_video: bool,
    stands_in: tuple[Section, ...],
) -> None:
    assert sections_of(own, categories, has_video=has_video) == stands_in


@given(
    st.none() | st.sampled_from(FOLLOWABLE),
    st.lists(st.text() | st.sampled_from([name for names in table().values() for name in names])),
    st.booleans(),
)
def test_an_article_always_stands_somewhere_and_nowhere_twice(
    own: Section | None, categories: list[str], has_video: bool
) -> None:
    sections = sections_of(own, categories, has_video=has_video)

    assert len(set(sections)) == len(sections) >= 1
    if own is not None:
        assert own in sections
