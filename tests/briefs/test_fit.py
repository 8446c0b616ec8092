"""What ``briefs.fit`` promises: each reader is told as much as was asked for."""

from __future__ import annotations

import pytest

from bot.briefs.fit import fit
from bot.model import Brief, BriefKind, Length, Note, Paragraph, Title

WHOLE = Brief(
    BriefKind.INSTANT,
    (
        Title("عنوان"),
        Paragraph("جملة.", Length.SHORT),
        Paragraph("وجملة أخرى.", Length.LONG),
        Note("المصدر"),
    ),
)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (Length.LINE, []),
        (Length.SHORT, ["جملة."]),
        (Length.LONG, ["جملة.", "وجملة أخرى."]),
    ],
)
def test_a_reader_is_told_as_much_as_was_asked_for(length: Length, told: list[str]) -> None:
    blocks = fit(WHOLE, length).blocks

    assert [block.text for block in blocks if isinstance(block, Paragraph)] == told
    assert blocks[0] == WHOLE.blocks[0]
    assert blocks[-1] == WHOLE.blocks[-1]


@pytest.mark.parametrize("length", Length)
def test_what_is_for_everybody_is_the_very_same_brief(length: Length) -> None:
    plain = Brief(BriefKind.ANNOUNCEMENT, (Paragraph("للجميع"),))

    assert fit(plain, length) is plain
