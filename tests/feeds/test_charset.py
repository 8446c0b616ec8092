"""Labels that lie, and bytes that tell the truth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.charset import decode

ARABIC = "أعلنت البلدية اليوم عن افتتاح حديقة جديدة، وسط المدينة"
FRENCH = "Événement à Noël : l’été dernier, le maire réélu"
RUSSIAN = "Президент объявил сегодня о новой программе"


def page(words: str, label: str) -> str:
    prolog = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    return f"{prolog}<rss><channel><title>{words}</title></channel></rss>"


@pytest.mark.parametrize(
    ("words", "real", "label", "header"),
    [
        pytest.param(ARABIC, "utf-8", "utf-8", "", id="an honest label"),
        pytest.param(ARABIC, "utf-8", "windows-1256", "", id="UTF-8 labelled Windows-1256"),
        pytest.param(
            ARABIC, "utf-8", "", "text/xml; charset=iso-8859-1", id="UTF-8 by a Latin server"
        ),
        pytest.param(ARABIC, "cp1256", "windows-1256", "", id="Windows-1256, honest"),
        pytest.param(ARABIC, "cp1256", "utf-8", "", id="Windows-1256 labelled UTF-8"),
        pytest.param(
            ARABIC, "cp1256", "utf-8", "text/xml; charset=utf-8", id="twice labelled UTF-8"
        ),
        pytest.param(ARABIC, "cp1256", "iso-8859-1", "", id="Windows-1256 labelled Latin"),
        pytest.param(ARABIC, "cp1256", "", "", id="Windows-1256 without a label"),
        pytest.param(ARABIC.replace("،", ""), "iso8859-6", "iso-8859-6", "", id="ISO 8859-6"),
        pytest.param(ARABIC, "utf-16", "utf-8", "", id="a byte-order mark"),
        pytest.param(ARABIC, "utf-16-le", "utf-16", "", id="two bytes a letter"),
        pytest.param(ARABIC, "utf-32-be", "utf-8", "", id="four bytes a letter"),
        pytest.param(ARABIC, "utf-8-sig", "windows-1256", "", id="UTF-8's mark"),
        pytest.param(FRENCH, "cp1252", "iso-8859-1", "", id="French, Latin-1 as browsers mean it"),
        pytest.param(FRENCH, "cp1252", "utf-8", "", id="French labelled UTF-8"),
        pytest.param(RUSSIAN, "cp1251", "windows-1251", "", id="Russian stays Russian"),
        pytest.param(RUSSIAN, "koi8-r", "", 'text/xml; charset="koi8-r"', id="a server's label"),
    ],
)
def test_the_text_comes_out_right(words: str, real: str, label: str, header: str) -> None:
    document = page(words, label)

    assert decode(document.encode(real), header) == document


def test_a_few_broken_bytes_do_not_spoil_a_page_of_utf_8() -> None:
    body = bytearray(page(ARABIC, "utf-8").encode())
    body[70:70] = b"\xff\xfe"

    text = decode(bytes(body), "")

    assert text.replace("\N{REPLACEMENT CHARACTER}", "") == page(ARABIC, "utf-8")


@pytest.mark.parametrize("label", ["hex", "rot13", "unknown-8", "utf-\x00", "idna", "undefined"])
def test_a_label_that_is_no_encoding_is_passed_over(label: str) -> None:
    assert ARABIC in decode(page(ARABIC, label).encode("cp1256"), f"text/xml; charset={label}")


def test_seven_bit_encodings_are_believed() -> None:
    assert decode(page("日本", "iso-2022-jp").encode("iso-2022-jp"), "") == page(
        "日本", "iso-2022-jp"
    )


@given(
    st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "utf-7", "gb18030", "cp1256"])
)
def test_any_bytes_are_some_text(body: bytes, label: str) -> None:
    assert isinstance(decode(body, f"text/xml; charset={label}"), str)
