"""Links, forwarded posts and captions: the story they lead to, or a search of their words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import draft
from tests.commands.conftest import SALMA, Bureau, words_of

PORT = "https://news.example/port-2026"


async def print_port(bureau: Bureau, **changes: Any) -> int:
    title = changes.pop("title", "الميناء الجديد يستقبل أول سفينة في الشمال")
    values = {"title": title, "canonical_url": "news.example/port-2026"} | changes
    return await bureau.prints(draft(**values))


def is_story(bureau: Bureau) -> bool:
    return "أبلغ عن خطأ" in bureau.labels(SALMA)


@pytest.mark.parametrize(
    "typed",
    [
        PORT,
        "http://www.news.example/port-2026/?utm_source=telegram&fbclid=x#top",
        f"الميناء الجديد {PORT}",
        f"{PORT}\nhttps://other.example/1",
        f"https://other.example/1 {PORT}",
    ],
)
async def test_a_link_opens_its_story(bureau: Bureau, typed: str) -> None:
    await print_port(bureau)

    await bureau.says(SALMA, typed)

    assert is_story(bureau)
    assert "الميناء الجديد" in bureau.seen(SALMA)


@pytest.mark.parametrize(
    "content",
    [
        {"text": PORT[8:], "entities": [{"type": "url", "offset": 0, "length": len(PORT) - 8}]},
        {
            "photo": [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}],
            "caption": "صورة",
            "caption_entities": [{"type": "text_link", "offset": 0, "length": 4, "url": PORT}],
        },
    ],
    ids=["without a scheme", "behind the words of a caption"],
)
async def test_a_link_is_one_where_telegram_says_so(
    bureau: Bureau, content: dict[str, Any]
) -> None:
    await print_port(bureau)

    await bring(bureau, 1, **content)

    assert is_story(bureau)


async def test_our_own_link_opens_its_story(bureau: Bureau) -> None:
    story = await print_port(bureau)

    await bureau.says(SALMA, f"https://t.me/{bureau.room.username}?start=st_{story}")

    assert is_story(bureau)


@pytest.mark.parametrize(
    "link",
    [
        "https://t.me/other_bot?start=st_1",
        "https://t.me/mujaz_demo_bot?start=sec_sport",
        "https://t.me/mujaz_demo_bot?start=rubbish",
        "https://t.me/mujaz_demo_bot",
        "https://t.me/",
        "http://[::1/x",
        "https://news.example:99999/port",
        "https://news.example/%ff%fe",
    ],
)
async def test_an_odd_link_is_answered_like_any_that_is_not_ours(bureau: Bureau, link: str) -> None:
    await print_port(bureau)

    await bureau.says(SALMA, f"{link} https://nowhere.example")

    assert bureau.texts.say("search.no_such_link") in bureau.seen(SALMA)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("https://else.example/news/الميناء-الجديد-يستقبل-99.html", "الميناء الجديد يستقبل"),
        ("https://else.example/%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1/", "الميناء"),
        ("الميناء الجديد يستقبل أول سفينة https://else.example/1", None),
        ("https://else.example/port_opens.php?id=7", "port opens"),
        ("https://else.example/12345/67", ""),
        ("https://else.example", ""),
    ],
)
async def test_of_a_link_that_is_not_ours_the_words_can_be_searched(
    bureau: Bureau, typed: str, offered: str | None
) -> None:
    await print_port(bureau)

    await bureau.says(SALMA, typed)

    words = "الميناء الجديد يستقبل أول سفينة" if offered is None else offered
    assert bureau.labels(SALMA) == ([f"ابحث عن «{words}»"] if words else [])
    if words and not words.isascii():
        await bureau.taps(SALMA, f"ابحث عن «{words}»")
        assert "1. الميناء الجديد" in bureau.seen(SALMA)
        assert bureau.texts.say("search.origin.link") in bureau.seen(SALMA)


async def test_a_link_acts_once_though_its_message_is_called_edited(bureau: Bureau) -> None:
    await print_port(bureau)
    message = await bureau.says(SALMA, PORT)

    await bureau.edits(SALMA, message, PORT)

    assert len(bureau.messages(SALMA)) == 1


@pytest.mark.parametrize("kind", ["forward", "photo", "video", "document"])
async def test_words_of_another_are_searched_by_their_headline(bureau: Bureau, kind: str) -> None:
    await print_port(bureau)
    post = (
        "🔴 عاجل\n"
        "الميناء الجديد - يستقبل «أول سفينة» في الشمال صباح اليوم الخميس بحضور الوزير\n\n"
        "رست السفينة فجر اليوم بعد رحلة دامت أسبوعا كاملا."
    )

    await bureau.sends(SALMA, kind, text=post)

    seen = bureau.seen(SALMA)
    origin = "forward" if kind == "forward" else "caption"
    assert seen.startswith(bureau.texts.say(f"search.origin.{origin}"))
    assert "نتائج «الميناء الجديد يستقبل أول سفينة" in seen
    assert "1. الميناء الجديد" in seen


async def test_of_a_post_nobody_wrote_of_three_words_are_shown_to_be_not_found(
    bureau: Bureau,
) -> None:
    await bureau.sends(SALMA, "forward", text="وصل المسبار إلى كوكب بعيد بعد رحلة طويلة")

    assert "لا نتائج عن «وصل المسبار إلى كوكب»." in bureau.seen(SALMA)


@pytest.mark.parametrize("text", ["/stop", "الإعدادات"])
async def test_a_forwarded_command_is_words_and_nothing_more(bureau: Bureau, text: str) -> None:
    await bureau.says(SALMA, "/start")

    await bureau.sends(SALMA, "forward", text=text)

    assert "لا نتائج" in bureau.seen(SALMA)
    assert (await bureau.subscriber(SALMA)).is_active


async def test_a_forwarded_brief_of_ours_opens_its_story(bureau: Bureau) -> None:
    await print_port(bureau)
    await bureau.says(SALMA, "/latest")
    (page,) = bureau.messages(SALMA)

    await bureau.sends(SALMA, "forward", from_chat=SALMA, message_id=page["message_id"])

    assert is_story(bureau)


async def test_a_forwarded_post_with_a_link_of_ours_opens_its_story(bureau: Bureau) -> None:
    await print_port(bureau)

    await bureau.sends(SALMA, "forward", text=f"خبر مهم عن الميناء\n{PORT}")

    assert is_story(bureau)


@pytest.mark.parametrize("text", ["😀😀", "«»", "https://else.example/1", "- — -"])
async def test_a_forwarded_post_without_words_is_said_to_have_none(
    bureau: Bureau, text: str
) -> None:
    await bureau.sends(SALMA, "forward", text=text)

    assert bureau.seen(SALMA) == bureau.texts.say("errors.not_words")


async def test_an_album_is_answered_once(bureau: Bureau) -> None:
    for number in range(3):
        await bring(bureau, number, photo=PHOTO, media_group_id="13579")
    await bring(bureau, 4, photo=PHOTO, media_group_id="odd")

    not_words = bureau.texts.say("errors.not_words")
    assert [words_of(one) for one in bureau.messages(SALMA)] == [not_words, not_words]


async def test_an_album_with_a_caption_is_searched_by_it(bureau: Bureau) -> None:
    await print_port(bureau)

    await bring(bureau, 1, photo=PHOTO, caption="الميناء الجديد", media_group_id="13579")
    await bring(bureau, 2, photo=PHOTO, media_group_id="13579")

    (message,) = bureau.messages(SALMA)
    assert "1. الميناء الجديد" in words_of(message)


PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]


async def bring(bureau: Bureau, number: int, **content: Any) -> None:
    """Let a message come in as Telegram would bring it; the sandbox knows no albums."""
    world = bureau.sandbox.desk.world
    world.person(SALMA).started = True
    chat = {"id": SALMA, "type": "private", "first_name": "سلمى"}
    sender = {"id": SALMA, "is_bot": False, "first_name": "سلمى"}
    message = {"message_id": 900 + number, "date": 1, "chat": chat, "from": sender, **content}
    bureau.sandbox.desk.updates.add("message", message)
    await bureau.pump()
