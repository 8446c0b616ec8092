"""What an article is compared by."""

from __future__ import annotations

from bot.stories.signature import TEXT_STEMS, TITLE_WEIGHT, signature_of


def test_a_title_weighs_double_and_what_the_text_repeats_more() -> None:
    signature = signature_of("حريق الزهراء", "حريق القنطرة")

    assert sorted(signature.stems.values()) == [1, TITLE_WEIGHT, TITLE_WEIGHT + 1]


def test_names_are_words_that_title_and_text_share_and_no_numbers() -> None:
    signature = signature_of("نسور الشمال 12", "فاز نسور الشمال بهدف 12")

    assert len(signature.names) == 2
    assert signature.numbers == {"12"}


def test_function_words_and_single_letters_tell_nothing() -> None:
    assert not signature_of("في من على", "و إلى أ").stems


def test_only_the_beginning_of_a_text_counts() -> None:
    long = " ".join(f"كلمة{number}" for number in range(TEXT_STEMS * 3))

    assert len(signature_of("", long).stems) == TEXT_STEMS


def test_digits_of_both_scripts_are_one_number() -> None:
    assert signature_of("يوم ٢٦ نونبر", "").numbers == signature_of("يوم 26 نونبر", "").numbers
