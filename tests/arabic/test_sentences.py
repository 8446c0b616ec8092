"""Where Arabic sentences end, and where a mark only looks like an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.sentences import sentences

PROSE = st.text(
    st.one_of(
        st.sampled_from(' \n.!؟…«»"“”().12دوزيرقالABc،:\u2068\u2069'), st.characters(codec="utf-8")
    )
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("صادق المجلس على المشروع. وينتظر النشر غدا.", 2, id="two stops"),
        pytest.param("هل يعود الحارس؟ نعم! عاد أمس.", 3, id="question, exclamation, stop"),
        pytest.param("هل يعود؟! لا أحد يعلم.", 2, id="marks together"),
        pytest.param("بلغ النمو 4.2 في المائة. وتراجع التضخم.", 2, id="decimal number"),
        pytest.param("انتهى العام 2026. وبدأ عام جديد.", 2, id="a year ends a sentence"),
        pytest.param("النتيجة 3. والترتيب معلق.", 2, id="a number ends a sentence"),
        pytest.param("قال د. سليم بناني إن الوضع مستقر.", 1, id="one letter is a title"),
        pytest.param("حضر أ.د. كريم الوزاني الندوة.", 1, id="two titles"),
        pytest.param("حضر أد. كريم الوزاني الندوة.", 1, id="two titles in one"),
        pytest.param("تحدث Dr. Smith في الندوة. ثم غادر.", 2, id="Latin title"),
        pytest.param("كتبت J. K. Miller رسالة. ثم صمتت.", 2, id="initials"),
        pytest.param("مقرها في U.S. منذ سنوات.", 1, id="letters with stops"),
        pytest.param("سنة 1447 هـ. وتلاها عام رخاء.", 2, id="Hijri mark ends a sentence"),
        pytest.param("1. فتح الطريق", 1, id="number of a list"),
        pytest.param("1. فتح الطريق\n2. غلق الجسر", 2, id="a list of two"),
        pytest.param("حادثة سير.. ثلاثة جرحى", 1, id="two dots are a pause"),
        pytest.param("صمت الوزير... ثم أجاب.", 2, id="three dots end"),
        pytest.param("صمت الوزير… ثم أجاب.", 2, id="ellipsis ends"),
        pytest.param("قال: «لن نتراجع. سنعود غدا.» ثم غادر القاعة.", 2, id="stops in a quotation"),
        pytest.param("قال: «لن نتراجع! أبدا» وخرج.", 1, id="exclamation in a quotation"),
        pytest.param("«لن نتراجع!» قال المدرب. وغادر.", 2, id="who said it comes behind"),
        pytest.param("قال “انتهى. كفى” وخرج.", 1, id="curly quotes"),
        pytest.param('قال "انتهى. كفى" وخرج.', 1, id="straight quotes"),
        pytest.param("قال «سمعت «كفى. انتهى» منه. ومضى» وخرج.", 1, id="a quotation in a quotation"),
        pytest.param("قال «لن نتراجع. وخرج. ثم عاد.", 3, id="a quotation never closed"),
        pytest.param("أقيم الحفل (مساء أمس.) وحضره المئات.", 2, id="closing parenthesis"),
        pytest.param("انتهى الاجتماع.وأضاف المصدر نفسه.", 2, id="missing space"),
        pytest.param("زوروا موقع example.com اليوم.", 1, id="an address"),
        pytest.param("عنوان بلا نقطة\nمتن الخبر", 2, id="line end"),
        pytest.param("سطر أول\r\n\r\n  سطر ثان  ", 2, id="empty lines"),
        pytest.param(". بداية غريبة.", 2, id="a stop with nothing before"),
        pytest.param("", 0, id="nothing"),
        pytest.param(" \n ", 0, id="white space"),
    ],
)
def test_sentences_end_where_a_reader_hears_it(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_sentence_keeps_its_mark_and_what_closes_it() -> None:
    text = "قال: «انتهى الأمر.» وغادر الوزير مدينة فاس. هل يعود؟"

    assert sentences(text) == [
        "قال: «انتهى الأمر.»",
        "وغادر الوزير مدينة فاس.",
        "هل يعود؟",
    ]


@given(PROSE)
def test_nothing_is_lost_but_white_space_between(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(PROSE)
def test_no_sentence_is_empty_or_wrapped_in_white_space(text: str) -> None:
    assert all(sentence and sentence == sentence.strip() for sentence in sentences(text))
