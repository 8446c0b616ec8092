"""What a brief tells of an article, what it leaves away, and what it must never invent."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.arabic.fold import fold, words
from bot.arabic.shorten import ELLIPSIS, units
from bot.briefs.extract import brief_of, repeats
from bot.model import Article
from tests.briefs.build import article

REAL = Path(__file__).parents[2] / "../shared/data/real-articles.jsonl.gz"
EVERY = 8  # of the real articles: enough to meet each newspaper's manners

FIRST = "افتتحت الوزارة مستشفى جديدا بمدينة الناظور يضم 200 سرير."
SECOND = "وكلف المشروع 300 مليون درهم."
THIRD = "وسيستقبل المرضى ابتداء من يوم الاثنين."
FOURTH = "وتعمل به 90 ممرضة."
PIECES = (
    FIRST,
    SECOND,
    "وأضاف المصدر ذاته أن الأشغال انتهت.",
    "اقرأ أيضا: خبر آخر من أخبار الصحة.",
    "الرباط - رواق: ",
    "تصوير: فلان الفلاني",
    "\n",
    " ",
    "… ",
    "نعم! ",
    "(و م ع)",
    "🏥",
)


def told(body: str, title: str = "خبر عن الصحة", *, most: int = 600, by: str = "المرفأ") -> str:
    return brief_of(article(title, body, by=by), most)


def test_a_brief_is_the_first_three_sentences() -> None:
    assert told(f"{FIRST} {SECOND}\n{THIRD} {FOURTH}") == f"{FIRST} {SECOND} {THIRD}"


def test_fewer_sentences_are_told_when_asked() -> None:
    assert brief_of(article("خبر", f"{FIRST} {SECOND}"), 600, limit=1) == FIRST


def test_only_whole_sentences_are_added() -> None:
    most = units(f"{FIRST} {SECOND}")

    assert told(f"{FIRST} {SECOND} {THIRD}", most=most) == f"{FIRST} {SECOND}"
    assert told(f"{FIRST} {SECOND} {THIRD}", most=most - 1) == FIRST


def test_a_first_sentence_too_long_is_cut_between_words() -> None:
    short = told(FIRST, most=40)

    assert short == f"افتتحت الوزارة مستشفى جديدا بمدينة{ELLIPSIS}"


def test_a_line_end_without_a_stop_gets_one_before_the_next_sentence() -> None:
    assert told(f"{FIRST.rstrip('.')}\n{SECOND}") == f"{FIRST} {SECOND}"


def test_the_summary_speaks_when_the_body_tells_nothing() -> None:
    assert brief_of(article("خبر", "", summary=FIRST), 600) == FIRST
    assert brief_of(article("خبر", "اقرأ أيضا: خبر آخر", summary=FIRST), 600) == FIRST


def test_without_body_and_summary_there_is_no_brief() -> None:
    assert told("") == ""


@pytest.mark.parametrize(
    "dateline",
    [
        "الرباط – ",
        "الرباط - المرفأ: ",
        "المرفأ ـ ",
        "المرفأ من الرباط - ",
        "الرباط (و م ع) - ",
        "الدار البيضاء/ رويترز- ",
        "الرباط، 26 نونبر 2026 (و م ع) – ",
        "سعاد العلمي- المرفأ- الرباط: ",
        "المرفأ: ",
        "كريم بناني – ",
    ],
)
def test_a_dateline_is_no_news(dateline: str) -> None:
    made = article("خبر", f"{dateline}{FIRST}\n{SECOND}", author="كريم بناني")

    assert brief_of(made, 600) == f"{FIRST} {SECOND}"


@pytest.mark.parametrize(
    "sentence",
    [
        "الملك محمد السادس - نصره الله - يدشن مستشفى بالناظور.",
        "الوداد – الرجاء مباراة ينتظرها الجمهور يوم الأحد.",
        "قال الوزير: الأولوية للماء والشغل والمدرسة.",
        "الرباط: 21 درجة في أعلى تقدير هذا اليوم.",
        "طنجة-تطوان تستقبل مشروعا صناعيا جديدا كبيرا.",
        "الرباط: المرفأ - ملحق جديد عن المدينة كل أسبوع.",
        "رئيس المجلس الجماعي لمدينة وجدة الشرقية - رواق - يستقيل.",
        "أحمد - محمود - رواق - جاؤوا إلى الحفل جميعا.",
    ],
)
def test_a_dash_or_colon_that_parts_no_dateline_stays(sentence: str) -> None:
    assert told(sentence, by="رواق") == sentence


def test_a_dateline_of_four_pieces_ends_there() -> None:
    assert told(f"الرباط - فاس - مكناس - وجدة - طنجة - {FIRST}") == f"طنجة - {FIRST}"


@pytest.mark.parametrize(
    "line",
    [
        "المرفأ – الرباط",
        "بقلم: سعاد العلمي.",
        "كتب كريم بناني",
        "مستشفى في عهد جديد",
        "تصوير: سعاد العلمي.",
        "(الصورة من الأرشيف لقسم المستعجلات بالمستشفى القديم قبل هدمه في السنة الماضية)",
        "اقرأ أيضا: ثلاثة مستشفيات جديدة قبل نهاية السنة المقبلة بجهة الشرق.",
        "تابعونا على منصات التواصل. كل جديد في وقته.",
        "نعم!",
        "(و م ع).",
    ],
)
def test_what_the_page_puts_round_the_news_is_left_away(line: str) -> None:
    assert told(f"{line}\n{FIRST}\n{line}\n{SECOND}\n{line}") == f"{FIRST} {SECOND}"


def test_a_link_inside_a_paragraph_ends_it() -> None:
    assert (
        told(f"{FIRST} اقرأ أيضا: مستشفى آخر ينتظر. وجديد غيره.\n{SECOND}") == f"{FIRST} {SECOND}"
    )


@pytest.mark.parametrize("tag", [" (و م ع)", " /واس/", " [رويترز]"])
def test_an_agency_named_behind_a_sentence_is_left_away(tag: str) -> None:
    assert told(f"{FIRST.rstrip('.')}{tag}.\n{SECOND}") == f"{FIRST} {SECOND}"


def test_other_words_in_brackets_stay() -> None:
    sentence = "فاز الفريق الوطني بالمباراة الودية (بعد التمديد)."

    assert told(sentence) == sentence


def test_one_line_without_a_stop_is_still_a_brief() -> None:
    assert told("افتتاح مستشفى جديد") == "افتتاح مستشفى جديد"


def test_a_sentence_that_repeats_the_title_is_left_away() -> None:
    assert told(f"افتتاح مستشفى جديد بالناظور.\n{SECOND}", "افتتاح مُستشفى جديد بالنّاظور") == SECOND


def test_a_first_sentence_that_adds_facts_to_the_title_stays() -> None:
    assert not repeats("افتتاح مستشفى بالناظور", FIRST)
    assert repeats("الوزارة تفتح بمدينة الناظور مستشفى جديدا يضم 200 سرير", FIRST)


def test_words_that_tell_nothing_repeat_nothing() -> None:
    assert not repeats("خبر", "من في على")


def test_a_sentence_leans_only_on_one_that_is_told() -> None:
    leaning = "وأضافت أن المستشفى يضم مصعدين."

    assert told(f"{FIRST} {leaning}") == f"{FIRST} {leaning}"
    assert told(f"{leaning} {FIRST}") == FIRST
    assert told(f"{FIRST} يذكر أن المستشفى القديم هدم. {leaning} {SECOND}") == f"{FIRST} {SECOND}"


def test_the_lines_of_a_list_lean_on_what_announced_them() -> None:
    assert (
        told(f"تقدم المترشحات وفق الشروط التالية:\n- أن تكون ممرضة.\n1- أن تقيم بالناظور.\n{FIRST}")
        == FIRST
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "2-1 هي نتيجة المباراة التي جرت بالناظور.",
        "4.2 في المائة هي نسبة النمو المتوقعة.",
        "-5 درجات سجلت ليلا بمرتفعات الأطلس.",
        "10 - 12 درجة هي الحرارة المتوقعة بالسواحل.",
    ],
)
def test_a_number_at_the_beginning_keeps_its_parts(sentence: str) -> None:
    assert told(sentence) == sentence


def test_a_mark_before_the_first_paragraph_is_no_list() -> None:
    assert told(f"• {FIRST}\n• {SECOND}") == f"{FIRST} {SECOND}"


@pytest.mark.parametrize("cut", ["…", "...", " […]", " [...]"])
def test_a_sentence_that_the_feed_cut_off_is_told_only_alone(cut: str) -> None:
    torso = f"وسيستقبل المرضى ابتداء من{cut}"

    assert told(f"{FIRST} {torso}") == FIRST
    assert told(torso) == "وسيستقبل المرضى ابتداء من…"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.integers(1, 300))
@example("نعم", 1)
def test_a_brief_keeps_its_measure_and_invents_nothing(body: str, most: int) -> None:
    made = article("خبر عن الصحة", body)

    brief = brief_of(made, most)

    assert units(brief) <= most
    assert_told_by(made, brief)


@pytest.mark.real
def test_briefs_of_real_articles_invent_nothing() -> None:
    if not REAL.exists():
        pytest.skip("the measuring data is not beside the checkout")
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for number, line in enumerate(lines) if number % EVERY == 0]
    made = [article(row["title"], row["content"], by=row["source"]) for row in rows]

    briefs = [brief_of(one, 600) for one in made]

    assert sum(map(bool, briefs)) / len(briefs) > 0.98
    for one, brief in zip(made, briefs, strict=True):
        assert units(brief) <= 600
        assert_told_by(one, brief)


def assert_told_by(made: Article, brief: str) -> None:
    """Hold that the brief's words stand in the body in this order, some left out between."""
    body = iter(words(fold(made.body)))
    said = words(fold(brief))
    assert all(word in body for word in said)
