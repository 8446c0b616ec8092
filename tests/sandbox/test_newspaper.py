"""The sample newspaper: what its data promise, what its feeds are, how it publishes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from io import BytesIO

import feedparser
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.sandbox.newspaper import Article, Newspaper, read_articles

START = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
SECTIONS = {
    "سياسة",
    "اقتصاد",
    "رياضة",
    "طقس وبيئة",
    "أنشطة ملكية",
    "سلطة ومجتمع",
    "خارج الحدود",
    "حوادث",
    "فن ومشاهير",
    "مختارات",
    "منوعات",
}
PICTURE_LIMIT = 40_000  # bytes
PNG_HEAD = b"\x89PNG\r\n\x1a\n"

Client = TestClient[web.Request, web.Application]


def everything() -> list[Article]:
    return read_articles()


def events() -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = defaultdict(list)
    for article in everything():
        if article.event:
            found[article.event].append(article)
    return found


@pytest.fixture
def paper() -> Newspaper:
    return Newspaper(START)


@pytest.fixture
async def client(paper: Newspaper) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(paper.routes(clock=lambda: START + timedelta(minutes=1)))
    async with TestClient(TestServer(app, host="127.0.0.1")) as opened:
        yield opened


def news_feeds(paper: Newspaper) -> list[tuple[str, str, str | None]]:
    """Return the feeds that are no calendar."""
    return [feed for feed in paper.feeds() if feed[0].endswith(".xml")]


def publish_all(paper: Newspaper) -> list[str]:
    out = []
    now = START
    while (key := paper.publish_next(now := now + timedelta(seconds=8))) is not None:
        out.append(key)
    return out


# What the data promise


def test_there_are_at_least_80_articles_in_three_newspapers_and_a_channel() -> None:
    articles = everything()

    assert len([a for a in articles if not a.corrects]) >= 80
    assert {a.source for a in articles} == {"marfa", "riwaq", "arkan", "sharfa"}


def test_each_newspaper_has_a_dozen_articles_or_more_out_at_the_start() -> None:
    for source in {a.source for a in everything()} - {"sharfa"}:
        out = [a for a in everything() if a.source == source and a.minutes_ago is not None]
        assert 12 <= len(out) <= 18


def test_every_section_has_something_to_read_at_the_start() -> None:
    out = Counter(a.section for a in everything() if a.minutes_ago is not None)

    assert out.keys() == SECTIONS
    assert all(number >= 4 for section, number in out.items() if section != "مختارات")
    assert [a for a in everything() if a.urgent and a.minutes_ago is not None]


def test_editors_picks_come_by_a_feed_of_their_own_and_by_category() -> None:
    names = {"مختارات", "اختيارات المحرر", "في الواجهة"}
    picks = [a for a in everything() if a.section == "مختارات" or names & {*a.categories}]

    assert len([a for a in picks if a.minutes_ago is not None]) >= 5
    assert len({a.source for a in picks}) == 3


def test_the_screen_has_more_than_a_page_of_films_each_with_picture_and_length() -> None:
    films = [a for a in everything() if a.video]

    assert len([a for a in films if a.minutes_ago is not None]) > 5
    assert all(a.picture and a.seconds for a in films)
    assert any((a.seconds or 0) > 3600 for a in films)


def test_slugs_and_titles_are_unique() -> None:
    articles = everything()

    assert len({a.slug for a in articles}) == len(articles)
    assert len({a.title for a in articles if a.resembles != "weather"}) == len(
        [a for a in articles if a.resembles != "weather"]
    )


def test_an_article_is_out_at_the_start_or_has_its_own_turn() -> None:
    turns = [a.later for a in everything() if a.later is not None]

    assert all((a.minutes_ago is None) != (a.later is None) for a in everything())
    assert sorted(turns) == list(range(1, len(turns) + 1))


def test_eight_events_are_told_by_several_sources_in_different_words() -> None:
    told = {event: rows for event, rows in events().items() if len(rows) > 1}

    assert len(told) >= 8
    for rows in told.values():
        assert len({a.source for a in rows}) == len(rows)
        assert len({a.title for a in rows}) == len(rows)
        assert len({a.section for a in rows}) == 1
        sentences = [s for a in rows for s in re.split(r"[.\n]+\s*", a.body) if len(s) > 60]
        assert len(set(sentences)) == len(sentences)


def test_tellings_of_one_event_share_a_number() -> None:
    for event, rows in events().items():
        numbers = [set(re.findall(r"\d+(?:\.\d+)?", a.title + a.body)) for a in rows]
        assert set.intersection(*numbers), event


def test_tellings_of_one_event_come_out_close_together() -> None:
    for event, rows in events().items():
        turns = [a.later for a in rows if a.later is not None]
        assert len(turns) in (0, len(rows)), event
        assert not turns or max(turns) - min(turns) <= 4, event


@pytest.mark.parametrize("template", ["weather", "match"])
def test_look_alikes_tell_different_events_in_different_sources(template: str) -> None:
    alike = [a for a in everything() if a.resembles == template]

    assert len(alike) == 2
    assert alike[0].event != alike[1].event
    assert alike[0].source != alike[1].source


def test_the_urgent_news_comes_early_and_from_two_sources() -> None:
    urgent = [a for a in everything() if a.urgent and a.later is not None]

    assert len({a.source for a in urgent}) == 2
    assert len({a.event for a in urgent}) == 1
    assert all(a.title.startswith("عاجل: ") for a in urgent)
    assert all(a.later is not None and 3 <= a.later <= 5 for a in urgent)


def test_one_headline_teases_and_its_text_answers() -> None:
    teasers = [a for a in everything() if a.title.startswith("هذا ما قرره")]

    assert len(teasers) == 1
    assert "الإبقاء على السوق القديم" in teasers[0].body.split(".")[0]


@pytest.mark.parametrize("article", everything(), ids=lambda a: a.slug)
def test_an_article_is_clean_arabic_prose(article: Article) -> None:
    text = f"{article.title}\n{article.body.strip()}"
    sentences = re.findall(r"[.؟](?=\s|$|»)", article.body.strip())

    assert 2 <= len(sentences) <= 8
    assert "  " not in text
    assert text.count("«") == text.count("»")
    assert not re.search(r"[,;?%!\"]", text), "Latin punctuation"
    assert not re.search(r"\s[،؛.؟:]", text), "a space before punctuation"
    assert not re.search(r"[،؛](?=\S)", text), "no space after punctuation"
    assert not re.search(r"[\u064b-\u0652]", text), "marks"
    assert not re.search(r"(?<!\s[لب])(?<!\sال)\u0640|\u0640(?!\s[\d«])", text), (
        "tatweel but before a number"
    )
    assert not article.title.endswith(".")
    assert article.categories


# What its feeds are


async def test_every_feed_parses_without_a_complaint(client: Client, paper: Newspaper) -> None:
    publish_all(paper)

    for path, name, section in news_feeds(paper):
        answer = await client.get(path)
        parsed = feedparser.parse(BytesIO(await answer.read()), dict(answer.headers))

        assert answer.status == 200
        assert not parsed.bozo, path
        assert parsed.entries, path
        assert parsed.feed.title == (f"{name} - {section}" if section else name)


async def test_feeds_hold_every_article_with_link_date_and_text(
    client: Client, paper: Newspaper
) -> None:
    publish_all(paper)
    entries = []
    for path, _, _ in news_feeds(paper):
        body = await (await client.get(path)).read()
        entries += feedparser.parse(BytesIO(body)).entries

    originals = [a for a in everything() if not a.corrects]
    assert len({entry.id for entry in entries}) == len(entries) == len(originals)
    for entry in entries:
        assert entry.title
        assert entry.published_parsed
        assert "<p>" in (entry.content[0].value if "content" in entry else entry.summary)
        assert (await client.get(URL(entry.link).path)).status == 200


async def test_one_feed_is_atom_and_one_source_has_a_feed_a_section(
    client: Client, paper: Newspaper
) -> None:
    versions = {}
    for path, _, _ in news_feeds(paper):
        versions[path] = feedparser.parse(BytesIO(await (await client.get(path)).read())).version

    assert versions["/news/riwaq/feed.xml"] == "atom10"
    assert versions["/news/marfa/feed.xml"] == "rss20"
    assert {section for _, _, section in news_feeds(paper)} - {None} <= SECTIONS
    assert len([path for path in versions if path.startswith("/news/arkan/")]) >= 5


async def test_a_clip_is_marked_as_a_video_and_can_be_fetched(
    client: Client, paper: Newspaper
) -> None:
    publish_all(paper)
    clips = {}
    for path, _, _ in news_feeds(paper):
        for entry in feedparser.parse(BytesIO(await (await client.get(path)).read())).entries:
            for media in [*entry.get("media_content", []), *entry.enclosures]:
                if media.get("type") == "video/mp4":
                    clips[entry.id] = media.get("url") or media["href"]

    assert len(clips) == len([a for a in everything() if a.video])
    for url in clips.values():
        answer = await client.get(URL(url).path)
        assert answer.headers["Content-Type"] == "video/mp4"
        assert (await answer.read())[4:8] == b"ftyp"


async def test_a_feed_known_by_its_etag_is_not_sent_again(client: Client) -> None:
    first = await client.get("/news/marfa/feed.xml")

    again = await client.get(
        "/news/marfa/feed.xml", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status == 304
    assert await again.read() == b""
    assert again.headers["ETag"] == first.headers["ETag"]


async def test_a_feed_known_by_its_date_is_not_sent_again(client: Client) -> None:
    first = await client.get("/news/riwaq/feed.xml")

    again = await client.get(
        "/news/riwaq/feed.xml", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    assert again.status == 304


async def test_an_etag_outranks_a_date(client: Client) -> None:
    first = await client.get("/news/riwaq/feed.xml")

    again = await client.get(
        "/news/riwaq/feed.xml",
        headers={
            "If-None-Match": '"something-else"',
            "If-Modified-Since": first.headers["Last-Modified"],
        },
    )
    assert again.status == 200


async def test_a_new_article_changes_the_etag_of_its_feed_only(
    client: Client, paper: Newspaper
) -> None:
    tags = {path: (await client.get(path)).headers["ETag"] for path, _, _ in paper.feeds()}

    key = paper.publish_next(START + timedelta(minutes=2))

    assert key == "marfa/solar-midelt"
    changed = [p for p, tag in tags.items() if (await client.get(p)).headers["ETag"] != tag]
    assert changed == ["/news/marfa/feed.xml"]


@pytest.mark.parametrize(
    "path",
    [
        "/news/nobody/feed.xml",
        "/news/arkan/feed.xml",
        "/news/marfa/politics.xml",
        "/news/marfa/solar-midelt",
        "/news/riwaq/budget-approved",
        "/news/pictures/..%2farticle.html",
        "/news/pictures/nothing.png",
    ],
)
async def test_what_is_not_published_is_not_found(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 404


async def test_an_article_page_reads_right_to_left_and_says_it_is_fiction(client: Client) -> None:
    page = await (await client.get("/news/arkan/saffron-women")).text()

    assert '<html lang="ar" dir="rtl">' in page
    assert "ذهب تالوين الأحمر" in page
    assert "/news/pictures/saffron.png" in page
    assert "خبر متخيل" in page


# How it publishes


def test_articles_come_out_in_their_order_and_then_the_paper_is_quiet(paper: Newspaper) -> None:
    keys = publish_all(paper)

    assert len(keys) == len([a for a in everything() if a.later])
    assert paper.publish_next(START) is None
    assert paper.state()["finished"] is True
    assert paper.state()["remaining"] == 0


def test_a_correction_keeps_guid_and_date_and_changes_title_and_number(paper: Newspaper) -> None:
    correction = next(a for a in everything() if a.corrects)
    paper.publish_next(START)
    [before] = [e for e in paper.editions("marfa") if e.slug == correction.corrects]

    publish_all(paper)

    [after] = [e for e in paper.editions("marfa") if e.slug == correction.corrects]
    assert after.published_at == before.published_at
    assert after.updated_at > before.updated_at
    assert "210" in after.title
    assert "120 ألف" in before.title


async def test_a_correction_appears_in_the_feed_under_the_same_guid(
    client: Client, paper: Newspaper
) -> None:
    def guids(body: bytes) -> dict[str, str]:
        return {e.id: e.title for e in feedparser.parse(BytesIO(body)).entries}

    paper.publish_next(START)
    before = guids(await (await client.get("/news/marfa/feed.xml")).read())
    publish_all(paper)
    after = guids(await (await client.get("/news/marfa/feed.xml")).read())

    assert "120" in before["marfa:solar-midelt"]
    assert after["marfa:solar-midelt"].startswith("تصويب: ")
    assert not any("corrected" in guid for guid in after)


def test_a_weather_report_names_its_day_in_casablanca(paper: Newspaper) -> None:
    titles = {e.slug: e.title for e in paper.editions("riwaq")}
    publish_all(paper)
    titles |= {e.slug: e.title for e in paper.editions("marfa")}

    assert titles["weather-today"] == "توقعات أحوال الطقس ليوم الثلاثاء 31 مارس"
    assert titles["weather-tomorrow"] == "توقعات أحوال الطقس ليوم الأربعاء 1 أبريل"


async def test_it_publishes_by_itself_until_nothing_is_left(paper: Newspaper) -> None:
    await paper.run(0, clock=lambda: START)

    assert paper.state()["finished"] is True


async def test_the_next_article_can_be_asked_for(client: Client) -> None:
    before = await (await client.get("/_sandbox/newspaper")).json()

    after = await (await client.post("/_sandbox/newspaper/next")).json()

    assert after["article"] == "marfa/solar-midelt"
    assert after["published"] == before["published"] + 1
    assert after["remaining"] == before["remaining"] - 1
    assert after["latest"]["title"].startswith("محطة شمسية")


# Its pictures


def pictures() -> list[str]:
    folder = resources.files("bot.sandbox") / "data" / "pictures"
    return sorted(file.name for file in folder.iterdir() if file.name.endswith(".png"))


def test_the_pictures_named_are_the_pictures_there() -> None:
    named = {f"{a.picture}.png" for a in everything() if a.picture}

    assert named == set(pictures())
    assert len(named) >= 8


@pytest.mark.parametrize("name", pictures())
def test_a_picture_is_a_small_png_of_the_size_promised(name: str) -> None:
    body = (resources.files("bot.sandbox") / "data" / "pictures" / name).read_bytes()

    assert body.startswith(PNG_HEAD)
    assert len(body) <= PICTURE_LIMIT
    assert (int.from_bytes(body[16:20]), int.from_bytes(body[20:24])) == (800, 450)
