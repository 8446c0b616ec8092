"""The line by which a calendar calls a match, and the result in what it says of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.kinds.clubs import NAME_LIMIT, Said, read_summary, score_in


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("الوداد – الرجاء", Said("الوداد", "الرجاء"), id="an en dash"),
        pytest.param("الوداد - الرجاء", Said("الوداد", "الرجاء"), id="a hyphen"),
        pytest.param("الوداد ضد الرجاء", Said("الوداد", "الرجاء"), id="against"),
        pytest.param("الوداد × الرجاء", Said("الوداد", "الرجاء"), id="a cross"),
        pytest.param("Real Nord vs FC Sud", Said("Real Nord", "FC Sud"), id="vs"),
        pytest.param("Real Nord V. FC Sud", Said("Real Nord", "FC Sud"), id="v with a stop"),
        pytest.param("الوداد 2 - 1 الرجاء", Said("الوداد", "الرجاء", (2, 1)), id="a score"),
        pytest.param("الوداد 2-1 الرجاء", Said("الوداد", "الرجاء", (2, 1)), id="a narrow score"),
        pytest.param("الوداد ٢ – ١ الرجاء", Said("الوداد", "الرجاء", (2, 1)), id="Eastern digits"),
        pytest.param("الوداد - الرجاء 2-1", Said("الوداد", "الرجاء", (2, 1)), id="a score behind"),
        pytest.param("الوداد - الرجاء (2-1)", Said("الوداد", "الرجاء", (2, 1)), id="in brackets"),
        pytest.param(
            "الوداد 1 - 1 الرجاء (4-3)", Said("الوداد", "الرجاء", (1, 1)), id="penalties behind"
        ),
        pytest.param(
            "⚽ البطولة: الوداد - الرجاء",
            Said("الوداد", "الرجاء", None, "البطولة"),
            id="competition",
        ),
        pytest.param(
            "الوداد - الرجاء (مؤجلة)", Said("الوداد", "الرجاء", is_off=True), id="put off, behind"
        ),
        pytest.param(
            "مؤجلة: الوداد - الرجاء", Said("الوداد", "الرجاء", is_off=True), id="put off, before"
        ),
        pytest.param(
            "POSTPONED Nord v Sud", Said("Nord", "Sud", is_off=True), id="put off, in English"
        ),
        pytest.param(
            "اتحاد-المرسى - سد سبو", Said("اتحاد-المرسى", "سد سبو"), id="a dash in a name"
        ),
        pytest.param("سبو 1946 - المرسى", Said("سبو 1946", "المرسى"), id="a year in a name"),
        pytest.param("يوم راحة", None, id="no clubs"),
        pytest.param("ذهاب - إياب - نهائي", None, id="parted twice"),
        pytest.param("الوداد -  ", None, id="one club"),
        pytest.param("- - -", None, id="only dashes"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_line_names_two_clubs_or_is_no_match(line: str, said: Said | None) -> None:
    assert read_summary(line) == said


@pytest.mark.parametrize(
    ("description", "score"),
    [
        ("النتيجة: 2 - 1", (2, 1)),
        ("انتهت المباراة بفوز المرسى.\nالنتيجة النهائية: 3-0", (3, 0)),
        ("Result: 1:1", (1, 1)),
        ("FT 0-2", (0, 2)),
        ("تنطلق على الساعة 18:00", None),
        ("موسم 2026-2027", None),
        ("النتيجة: 120-30", None),
        ("", None),
    ],
)
def test_a_result_stands_behind_a_word_that_announces_it(
    description: str, score: tuple[int, int] | None
) -> None:
    assert score_in(description) == score


@settings(max_examples=60)
@given(st.text(max_size=100))
def test_any_line_is_read_and_no_name_is_long_or_empty(line: str) -> None:
    said = read_summary(line)

    assert said is None or all(0 < len(name) <= NAME_LIMIT for name in (said.home, said.away))
    score_in(line)
