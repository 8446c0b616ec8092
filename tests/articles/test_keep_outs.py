"""Words of the editors keep new articles of a source out, for good, and touch nothing stored."""

from __future__ import annotations

from bot.articles.decide import Changed, Ignored, Known, New, Same, decide, keeps_out
from bot.articles.identity import sight
from bot.articles.recall import KEPT_OUT
from bot.articles.watch import watched
from tests.articles.build import NOW, article, entry, feed

ADVERT = "إعلان مدفوع: أفضل الأحذية بنصف ثمنها"
RULES = (watched("الإعلان المدفوع"),)


def judge(known: Known, *entries: object) -> list[object]:
    return list(decide(sight(entries), feed(), known, NOW))  # type: ignore[arg-type] # entries


def test_a_new_entry_with_all_the_words_is_ignored_and_remembered() -> None:
    kept_out, news = judge(
        Known(keep_outs=RULES), entry(ADVERT, guid="a"), entry("إعلان نتائج الانتخابات", guid="b")
    )

    assert isinstance(kept_out, Ignored)
    assert kept_out.keys
    assert isinstance(news, New)


def test_what_was_kept_out_stays_out_when_the_rule_is_gone() -> None:
    advert = entry(ADVERT, guid="a", link="https://m.example/1")
    (kept_out,) = judge(Known(keep_outs=RULES), advert)
    assert isinstance(kept_out, Ignored)
    known = Known(keys=dict.fromkeys(kept_out.keys, KEPT_OUT))

    (again,) = judge(known, advert)
    (corrected,) = judge(known, entry("حذاء بنصف ثمنه", guid="a", link="https://m.example/1"))

    assert isinstance(again, Ignored)
    assert isinstance(corrected, Ignored)


def test_another_text_at_its_address_is_news() -> None:
    (kept_out,) = judge(Known(keep_outs=RULES), entry(ADVERT, guid="a", link="https://m.example/1"))
    assert isinstance(kept_out, Ignored)
    known = Known(keys=dict.fromkeys(kept_out.keys, KEPT_OUT))

    (news,) = judge(known, entry("فيضان الوادي", guid="b", link="https://m.example/1"))

    assert isinstance(news, New)


def test_an_entry_without_guid_is_remembered_by_its_words() -> None:
    (kept_out,) = judge(Known(keep_outs=RULES), entry(ADVERT))
    assert isinstance(kept_out, Ignored)
    known = Known(keys=dict.fromkeys(kept_out.keys, KEPT_OUT))

    (again,) = judge(known, entry(ADVERT))

    assert isinstance(again, Ignored)


def test_an_article_that_is_stored_stays_and_may_be_corrected() -> None:
    was = article(1, ADVERT, guid="g")
    key = sight([entry(guid="g")]).entries[0][1].guid
    known = Known({key: was.id}, {was.id: was}, keep_outs=RULES)

    (same,) = judge(known, entry(ADVERT, guid="g"))
    (changed,) = judge(known, entry(f"{ADVERT} ونصف", guid="g"))

    assert isinstance(same, Same)
    assert isinstance(changed, Changed)


def test_every_word_of_a_rule_must_stand_in_the_article() -> None:
    assert keeps_out(RULES, article(1, ADVERT))
    assert not keeps_out(RULES, article(1, "إعلان الحكومة"))
    assert not keeps_out((), article(1, ADVERT))
