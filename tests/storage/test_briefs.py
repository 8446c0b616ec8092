"""What ``storage.briefs`` promises: any brief comes back as it was, and is kept once."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.model import (
    Brief,
    BriefId,
    BriefKind,
    Button,
    ChatId,
    Copied,
    Fold,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    Snippet,
    StoryId,
    Title,
    Verbatim,
)
from bot.model.briefs import Block
from bot.storage import Storage, briefs
from tests.build import NOON
from tests.crowd import brief

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(0, 4096)
STORY = st.none() | st.integers(0, 2**62).map(StoryId)
ITEM = st.builds(Item, TEXT, STORY, TEXT, TEXT)
VERBATIM = st.builds(Verbatim, TEXT, TEXT, st.booleans())
BLOCKS = st.one_of(
    *(st.builds(kind, TEXT) for kind in (Label, Heading, Paragraph, Note, Picture)),
    st.builds(Title, TEXT, STORY),
    ITEM,
    st.builds(Fold, TEXT, st.lists(ITEM, max_size=3).map(tuple)),
    VERBATIM,
    st.builds(Snippet, TEXT, st.lists(st.tuples(NUMBER, NUMBER), max_size=3).map(tuple)),
    st.builds(
        Copied,
        st.integers(-(2**62), 2**62).map(ChatId),
        st.integers(1, 2**31),
        st.none() | VERBATIM,
    ),
)
BUTTONS = st.lists(st.lists(st.builds(Button, TEXT, TEXT, TEXT), max_size=3).map(tuple), max_size=3)
BRIEFS = st.builds(
    Brief, st.sampled_from(BriefKind), st.lists(BLOCKS, max_size=6).map(tuple), BUTTONS.map(tuple)
)
UNREADABLE = {
    "of a coming version": {"blocks": [{"is": "Hologram", "text": ""}], "buttons": []},
    "without a field": {"blocks": [{"is": "Title", "text": ""}], "buttons": []},
    "without buttons": {"blocks": []},
    "with a button of another make": {"blocks": [], "buttons": [[{"label": ""}]]},
    "that is no object": [],
}


@given(BRIEFS)
def test_any_brief_is_read_as_it_was_written(said: Brief) -> None:
    assert briefs.read(said.kind, briefs.write(said)) == said


def test_every_kind_of_block_is_among_those_tried() -> None:
    plain = {Label, Heading, Paragraph, Note, Picture}
    tried = {*plain, Title, Item, Fold, Snippet, Verbatim, Copied}

    assert tried == set(get_args(Block))


async def test_the_same_words_are_one_brief_and_other_words_or_kinds_another(
    storage: Storage,
) -> None:
    page = Brief(BriefKind.PAGE, brief("أ").blocks)
    with_button = Brief(BriefKind.INSTANT, brief("أ").blocks, ((Button("المزيد", call="m"),),))

    async with storage.transaction() as tx:
        kept = [
            await briefs.keep(tx, said, NOON)
            for said in (brief("أ"), brief("أ"), brief("ب"), page, with_button)
        ]

    assert kept[0] == kept[1]
    assert len(set(kept)) == 4
    assert [await briefs.get(storage, one) for one in kept[3:]] == [page, with_button]


async def test_a_brief_that_is_not_there_is_said_so(storage: Storage) -> None:
    with pytest.raises(StorageError, match="not in the database"):
        await briefs.get(storage, BriefId(404))


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_brief_of_another_version_is_a_storage_error(content: object) -> None:
    with pytest.raises(StorageError):
        briefs.read(BriefKind.INSTANT, json.dumps(content))
