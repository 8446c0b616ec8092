"""Isolates, marks and the removal of what deceives."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.direction import (
    FSI,
    PDI,
    RLM,
    isolate_foreign,
    open_isolates,
    rtl,
    strip_controls,
)

LRI, RLI, RLO, PDF, ZWJ = "\u2066", "\u2067", "\u202e", "\u202c", "\u200d"
TEXT = st.text(
    st.one_of(
        st.sampled_from(f"{LRI}{RLI}{FSI}{PDI}\n aZ09éع٥ ،.,+-−%$@#/_:'\"«»°C\u0301"),
        st.characters(codec="utf-8"),
    )
)


def shown(text: str) -> str:
    """Make isolates and marks visible: [ ] and ¶."""
    return text.replace(FSI, "[").replace(PDI, "]").replace(RLM, "¶")


def is_balanced(line: str) -> bool:
    depth = 0
    for character in line:
        depth += (character in {LRI, RLI, FSI}) - (character == PDI)
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        pytest.param("فاز Real Madrid على الضيوف", "فاز [Real Madrid] على الضيوف", id="two words"),
        pytest.param("شركة AT&T وشركة H&M", "شركة [AT&T] وشركة [H&M]", id="ampersand"),
        pytest.param("جرب /search أو انظر /help", "جرب [/search] أو انظر [/help]", id="commands"),
        pytest.param("✗ file:///etc/hosts: ممنوع", "✗ [file:///etc/hosts]: ممنوع", id="a file"),
        pytest.param("لغة C++ ولغة C#", "لغة [C++] ولغة [C#]", id="signs at the end"),
        pytest.param("شبكة 5G وهاتف iPhone 15 Pro", "شبكة [5G] وهاتف [iPhone 15 Pro]", id="digits"),
        pytest.param(
            "منظمة الصحة (WHO) تحذر", "منظمة الصحة ([WHO]) تحذر", id="parentheses outside"
        ),
        pytest.param("وWhatsApp وبـTelegram", "و[WhatsApp] وبـ[Telegram]", id="behind a clitic"),
        pytest.param("صحيفة L'Économiste اليوم", "صحيفة [L'Économiste] اليوم", id="apostrophe"),
        pytest.param(
            "زر https://example.com/a?b=1 الآن", "زر [https://example.com/a?b=1] الآن", id="url"
        ),
        pytest.param("حساب @mujaz ووسم #Maroc", "حساب [@mujaz] ووسم [#Maroc]", id="handle, tag"),
        pytest.param("كتبت ⵜⴰⵎⴰⵣⵉⵖⵜ على اللوحة", "كتبت [ⵜⴰⵎⴰⵣⵉⵖⵜ] على اللوحة", id="Tifinagh"),
        pytest.param(
            "نمو بنسبة +4.2% هذا العام", "نمو بنسبة [+4.2%] هذا العام", id="plus, percent"
        ),
        pytest.param("نمو 4.2 % وتضخم 25%", "نمو [4.2 %] وتضخم [25%]", id="percent"),
        pytest.param("نسبة ٥٪ ونسبة 5٪", "نسبة ٥٪ ونسبة [5٪]", id="Arabic percent"),
        pytest.param("حرارة -5 °C غدا", "حرارة [-5 °C] غدا", id="minus, degrees"),
        pytest.param("سعره 20$ أو €18", "سعره [20$] أو [€18]", id="currency"),
        pytest.param("وباء كوفيد-19 عاد", "وباء كوفيد-19 عاد", id="a hyphen behind a letter joins"),
        pytest.param("فاز 2-1 وتعادل 0-0", "فاز 2-1 وتعادل 0-0", id="scores are left alone"),
        pytest.param("يوم 26/11/2026 على 14:20", "يوم 26/11/2026 على 14:20", id="plain numbers"),
        pytest.param("خبر عربي فقط.", "خبر عربي فقط.", id="nothing foreign"),
        pytest.param("Breaking: hello!", "[Breaking: hello!]", id="a foreign line is one run"),
        pytest.param("خبر\nHello!\nخبر", "خبر\n[Hello!]\nخبر", id="line by line"),
        pytest.param(f"قال {FSI}Le Monde{PDI} إن", "قال [Le Monde] إن", id="never twice"),
        pytest.param(
            f"قال {FSI}«Le {FSI}M{PDI}»{PDI} في RTL", "قال [«Le [M]»] في [RTL]", id="nested"
        ),
        pytest.param(f"قال{PDI} Le Monde", "قال [Le Monde]", id="a stray close goes"),
        pytest.param("12 480", "12 480", id="a number alone"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_foreign_runs_are_isolated(text: str, isolated: str) -> None:
    assert shown(isolate_foreign(text)) == isolated


@given(TEXT)
def test_isolating_twice_is_isolating_once(text: str) -> None:
    assert isolate_foreign(isolate_foreign(text)) == isolate_foreign(text)


@given(TEXT)
def test_isolating_changes_nothing_but_isolates(text: str) -> None:
    plain = text.translate(dict.fromkeys(map(ord, f"{FSI}{PDI}{LRI}{RLI}")))

    assert isolate_foreign(plain).replace(FSI, "").replace(PDI, "") == plain


@given(TEXT)
def test_isolates_are_balanced_in_every_line(text: str) -> None:
    assert all(is_balanced(line) for line in isolate_foreign(text).split("\n"))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("خبر", 0, id="none"),
        pytest.param(f"{FSI}a{PDI}{FSI}b", 1, id="one"),
        pytest.param(f"{LRI}a{RLI}b", 2, id="nested"),
        pytest.param(f"{PDI}{FSI}a", 1, id="a stray close closes nothing"),
    ],
)
def test_open_isolates_are_counted(text: str, count: int) -> None:
    assert open_isolates(text) == count


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        pytest.param("خبر عاجل", "خبر عاجل", id="Arabic"),
        pytest.param("🔴 عاجل", "🔴 عاجل", id="a sign is no letter"),
        pytest.param("12 خبرا", "12 خبرا", id="a digit is no letter"),
        pytest.param("WHO تحذر", "¶WHO تحذر", id="Latin first"),
        pytest.param(f"{FSI}WHO{PDI} تحذر", "[WHO] تحذر", id="an isolate does not count"),
        pytest.param(f"{FSI}WHO{PDI}", "¶[WHO]", id="nothing but an isolate"),
        pytest.param(f"{PDI}WHO تحذر", "¶]WHO تحذر", id="a stray close opens nothing"),
        pytest.param("14:20", "¶14:20", id="no letter at all"),
        pytest.param("שלום", "שלום", id="Hebrew"),
        pytest.param("خبر\n\nBBC\n", "خبر\n\n¶BBC\n", id="line by line, empty lines alone"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_line_begins_right_to_left(text: str, marked: str) -> None:
    assert shown(rtl(text)) == marked


@given(TEXT)
def test_marking_twice_is_marking_once(text: str) -> None:
    assert rtl(rtl(text)) == rtl(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param(f"خبر {RLO}gpj.exe{PDF}", "خبر gpj.exe", id="override"),
        pytest.param(f"{LRI}أ{PDI}{RLI}ب{PDI}{FSI}ج{PDI}", "أبج", id="isolates"),
        pytest.param("\u202aأ\u202bب\u202dج", "أبج", id="embeddings"),
        pytest.param("\u200eأ\u200fب\u061cج", "أبج", id="direction marks"),
        pytest.param("مرا\u200bكش\ufeff\u2060", "مراكش", id="zero width"),
        pytest.param("بني\u200cملال ه\u200d", "بنيملال ه", id="joiners between letters"),
        pytest.param(f"👩{ZWJ}👧", f"👩{ZWJ}👧", id="a family keeps its joiner"),
        pytest.param(f"👩{ZWJ}أ", "👩أ", id="a joiner to a letter goes"),
        pytest.param("سطر\nثان\tحقل", "سطر\nثان\tحقل", id="line feed and tab stay"),
        pytest.param("أ\r\nب\rج\u2028د\x85ه\x1cو", "أ\nب\nج\nد\nه\nو", id="line ends"),
        pytest.param("أ\x00ب\x1bج\x7fد\x9fه", "أبجده", id="C0 and C1"),
        pytest.param("أ\ud83dب", "أب", id="half a character"),
        pytest.param("أ\u3164ب\u115f", "أب", id="letters that show nothing"),
        pytest.param("🏴\U000e0067\U000e007f", "🏴", id="tags"),
        pytest.param("مَرَّاكُش، 4.2 %", "مَرَّاكُش، 4.2 %", id="what is seen stays"),
    ],
)
def test_controls_are_removed(text: str, clean: str) -> None:
    assert strip_controls(text) == clean


@given(st.text(st.characters()))
def test_no_control_is_left_and_twice_is_once(text: str) -> None:
    clean = strip_controls(text)

    assert strip_controls(clean) == clean
    assert not {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} & {
        unicodedata.bidirectional(character) for character in clean
    }
    assert {c for c in clean if unicodedata.category(c) == "Cc"} <= {"\n", "\t"}
    clean.encode("utf-8")
