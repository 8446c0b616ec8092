"""Visits to a real server on this machine: what it may answer, and what we make of it."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import FetchError
from bot.feeds.fetch import Fetcher, Limits
from bot.feeds.inflate import ACCEPTED
from tests.feeds.conftest import Serve

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RSS = b"<rss version='2.0'><channel><title>akhbar</title></channel></rss>"
MIB = 1024 * 1024
Make = Callable[..., Fetcher]


class Dns(AbstractResolver):
    """A resolver that knows one address, or none."""

    def __init__(self, address: str = "") -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if not self.address:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host, host=self.address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        return


@pytest.fixture
async def fetcher() -> AsyncIterator[Make]:
    """Make fetchers that may visit this machine; close them at the end."""
    made: list[Fetcher] = []

    def make(*, allow_private: bool = True, hosts: int = 2, **other: object) -> Fetcher:
        limits = Limits(**{"total": timedelta(seconds=20), **other.pop("limits", {})})  # type: ignore[dict-item]
        made.append(
            Fetcher(
                user_agent="Mujaz/test",
                contact="editor@akhbar.example",
                allow_private=allow_private,
                hosts=hosts,
                limits=limits,
                clock=lambda: NOW,
                **other,  # type: ignore[arg-type]
            )
        )
        return made[-1]

    yield make
    for one in made:
        await one.close()


def answer(body: bytes = RSS, status: int = 200, **headers: str) -> Callable[[web.Request], object]:
    async def handle(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=named)

    return handle


async def test_an_answer_is_taken_with_all_that_the_next_visit_needs(
    serve: Serve, fetcher: Make
) -> None:
    url = await serve(
        answer(
            Content_Type="application/rss+xml; charset=utf-8",
            ETag='"v1"',
            Last_Modified="Tue, 24 Nov 2026 10:00:00 GMT",
            Cache_Control="max-age=600",
        )
    )

    fetched = await fetcher().fetch(url)

    assert fetched.body == RSS
    assert fetched.url == url
    assert fetched.content_type == "application/rss+xml; charset=utf-8"
    assert fetched.etag == '"v1"'
    assert fetched.last_modified == "Tue, 24 Nov 2026 10:00:00 GMT"
    assert fetched.wish == timedelta(minutes=10)


async def test_we_say_who_we_are_and_what_we_read(serve: Serve, fetcher: Make) -> None:
    seen: dict[str, str] = {}

    async def handle(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(body=RSS, headers={"Set-Cookie": "track=1"})

    url = await serve(handle)
    visitor = fetcher()
    await visitor.fetch(url)
    await visitor.fetch(url)

    assert seen["User-Agent"] == "Mujaz/test (+editor@akhbar.example)"
    assert seen["Accept-Encoding"] == ACCEPTED
    assert "rss" in seen["Accept"]
    assert "Cookie" not in seen


async def test_what_has_not_changed_is_not_sent_again(serve: Serve, fetcher: Make) -> None:
    async def handle(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        return web.Response(status=304 if known == ('"v1"', "yesterday") else 500)

    fetched = await fetcher().fetch(await serve(handle), '"v1"', "yesterday")

    assert fetched.body is None
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "yesterday")


async def test_an_etag_that_no_header_can_carry_is_not_sent(serve: Serve, fetcher: Make) -> None:
    fetched = await fetcher().fetch(await serve(answer()), "\udcff")

    assert fetched.body == RSS


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (304, "not asked that"),
        (401, "asks for a password"),
        (403, "forbids the visit"),
        (404, "has no such page"),
        (410, "gone for good"),
        (418, "does not answer with a feed"),
        (500, "trouble of its own"),
        (503, "overloaded or under repair"),
    ],
)
async def test_a_refusal_is_told_in_words_and_number(
    serve: Serve, fetcher: Make, status: int, words: str
) -> None:
    url = await serve(answer(b"", status))

    with pytest.raises(FetchError, match=rf"^127\.0\.0\.1 .*{words}.*{status}") as refusal:
        await fetcher().fetch(url + "?key=secret")

    assert refusal.value.holds_host == (status == 503)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("120", 120.0),
        ("Tue, 24 Nov 2026 12:30:00 GMT", 1800.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", None),
        ("soon", None),
    ],
)
async def test_who_says_too_often_holds_his_host_as_long_as_he_says(
    serve: Serve, fetcher: Make, words: str, seconds: float | None
) -> None:
    """T30; flowerss #101; miniflux #2336."""
    url = await serve(answer(b"", 429, Retry_After=words, Date="Tue, 24 Nov 2026 12:00:00 GMT"))

    with pytest.raises(FetchError, match="too often") as refusal:
        await fetcher().fetch(url)

    assert refusal.value.holds_host
    assert refusal.value.retry_after == seconds


async def test_redirects_are_followed_to_where_the_feed_is(serve: Serve, fetcher: Make) -> None:
    async def handle(request: web.Request) -> web.Response:
        steps = {"/": "/أخبار", "/أخبار": "rss?x=1"}
        if request.path in steps:
            return web.Response(status=302, headers={"Location": steps[request.path]})
        return web.Response(body=RSS)

    url = await serve(handle)
    fetched = await fetcher().fetch(url)

    assert fetched.url == url + "rss?x=1"
    assert fetched.body == RSS


async def test_a_redirect_loop_ends(serve: Serve, fetcher: Make) -> None:
    visits: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        visits.append(request.path)
        return web.Response(status=301, headers={"Location": "/"})

    with pytest.raises(FetchError, match="redirects more than 5 times"):
        await fetcher().fetch(await serve(handle))

    assert len(visits) == 6


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("", "without saying where"),
        ("http://[::1", "no address"),
        ("ftp://akhbar.example/feed", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
    ],
)
async def test_a_redirect_to_nowhere_is_refused(
    serve: Serve, fetcher: Make, target: str, words: str
) -> None:
    url = await serve(answer(b"", 302, **({"Location": target} if target else {})))

    with pytest.raises(FetchError, match=words):
        await fetcher().fetch(url)


async def test_private_addresses_are_not_visited(fetcher: Make) -> None:
    with pytest.raises(FetchError, match="is a private address"):
        await fetcher(allow_private=False).fetch("http://127.0.0.1/feed")


async def test_a_name_that_leads_to_a_private_address_is_not_visited(fetcher: Make) -> None:
    visitor = fetcher(allow_private=False, resolver=Dns("127.0.0.1"))

    with pytest.raises(FetchError, match=r"intranet\.example is a private address"):
        await visitor.fetch("http://intranet.example/feed")


async def test_a_name_nobody_knows_is_told_as_that(fetcher: Make) -> None:
    with pytest.raises(FetchError, match=r"nowhere\.example has no address in the DNS"):
        await fetcher(resolver=Dns()).fetch("http://nowhere.example/feed")


async def test_a_closed_port_is_a_refused_connection(fetcher: Make) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

    with pytest.raises(FetchError, match="refuses the connection"):
        await fetcher().fetch(f"http://127.0.0.1:{port}/")


async def test_plain_speech_on_a_secure_port_is_told_as_that(serve: Serve, fetcher: Make) -> None:
    url = await serve(answer())

    with pytest.raises(FetchError, match="TLS"):
        await fetcher().fetch(url.replace("http:", "https:"))


async def test_a_page_of_html_is_fetched_and_left_to_the_parser(
    serve: Serve, fetcher: Make
) -> None:
    url = await serve(answer(b"<!doctype html><html>", Content_Type="text/html"))

    assert (await fetcher().fetch(url)).content_type == "text/html"


async def test_an_empty_answer_is_empty(serve: Serve, fetcher: Make) -> None:
    assert (await fetcher().fetch(await serve(answer(b"")))).body == b""


async def test_a_compressed_answer_is_unpacked(serve: Serve, fetcher: Make) -> None:
    url = await serve(answer(gzip.compress(RSS), Content_Encoding="gzip"))

    assert (await fetcher().fetch(url)).body == RSS


async def test_fifty_megabytes_are_refused_by_their_announcement(
    serve: Serve, fetcher: Make
) -> None:
    url = await serve(answer(b"x" * 50 * MIB))

    with pytest.raises(FetchError, match="more than 10 MiB"):
        await fetcher().fetch(url)


async def test_fifty_megabytes_unannounced_stop_at_ten(serve: Serve, fetcher: Make) -> None:
    sent = 0

    async def handle(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            for _ in range(50):
                await response.write(b"x" * MIB)
                sent += 1
        return response

    with pytest.raises(FetchError, match="more than 10 MiB"):
        await fetcher().fetch(await serve(handle))

    assert sent < 50


async def test_a_bomb_of_gzip_goes_off_in_nobodys_memory(serve: Serve, fetcher: Make) -> None:
    bomb = gzip.compress(b"\0" * 50 * MIB)
    url = await serve(answer(bomb, Content_Encoding="gzip"))

    with pytest.raises(FetchError, match="more than 10 MiB"):
        await fetcher().fetch(url)


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        pytest.param(gzip.compress(RSS)[:-9], "gzip", "breaks off", id="cut short"),
        pytest.param(b"\x1f\x8b" + b"\xff" * 20, "gzip", "damaged", id="spoilt"),
        pytest.param(RSS, "br", "'br', which was not asked for", id="a way we did not offer"),
    ],
)
async def test_damaged_compression_is_told(
    serve: Serve, fetcher: Make, body: bytes, encoding: str, words: str
) -> None:
    url = await serve(answer(body, Content_Encoding=encoding))

    with pytest.raises(FetchError, match=words):
        await fetcher().fetch(url)


async def test_a_server_that_falls_asleep_is_left(serve: Serve, fetcher: Make) -> None:
    asleep = asyncio.Event()

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss>")
        await asleep.wait()
        return response

    visitor = fetcher(limits={"total": timedelta(seconds=0.2)})
    with pytest.raises(FetchError, match=r"did not answer in full within 0\.2 s"):
        await visitor.fetch(await serve(handle))
    asleep.set()


async def test_a_server_that_does_not_take_the_call_is_left(fetcher: Make) -> None:
    with socket.socket() as deaf:  # it listens for one caller, and hears none
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        address = deaf.getsockname()
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(address)

        visitor = fetcher(limits={"connect": timedelta(seconds=0.2)})
        with pytest.raises(FetchError, match=r"127\.0\.0\.1 did not answer in time"):
            await visitor.fetch(f"http://127.0.0.1:{address[1]}/")

        for caller in callers:
            caller.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate that nobody vouches for, and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    name = ["-subj", "/CN=akhbar.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = subprocess.run(
        [openssl, "req", "-x509", *kind, *name, "-keyout", "-"], check=True, capture_output=True
    )
    file.write_bytes(made.stdout)
    return file


@pytest.fixture
def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_certificate_nobody_vouches_for_is_told(
    serve: Serve, fetcher: Make, secure: ssl.SSLContext
) -> None:
    url = await serve(answer(), secure)

    with pytest.raises(FetchError, match="certificate that is not valid: self-signed certificate"):
        await fetcher().fetch(url)


async def test_from_https_nobody_leads_us_to_http(
    serve: Serve, fetcher: Make, secure: ssl.SSLContext, certificate: Path
) -> None:
    url = await serve(answer(b"", 302, Location="http://127.0.0.1/feed?token=secret"), secure)
    visitor = fetcher(trust=ssl.create_default_context(cafile=certificate))

    with pytest.raises(FetchError, match=r"from https to http.*poll http://127\.0") as refusal:
        await visitor.fetch(url)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(b"", "hung up", id="without a word"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss", "broke off", id="midway"),
        pytest.param(b"what?\r\n\r\n", "does not speak HTTP", id="after nonsense"),
    ],
)
async def test_a_server_that_hangs_up_is_told_as_that(
    fetcher: Make, said: bytes, words: str
) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async with server:
        with pytest.raises(FetchError, match=words):
            await fetcher().fetch(f"http://127.0.0.1:{port}/")


async def test_a_host_sees_as_many_visits_at_once_as_it_may_and_no_more(
    serve: Serve, fetcher: Make
) -> None:
    """T30; miniflux #3289, #117: a hundred feeds of one host, due at once."""
    inside = most = 0
    pair = asyncio.Barrier(2)

    async def handle(_: web.Request) -> web.Response:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await pair.wait()
        inside -= 1
        return web.Response(body=RSS)

    url = await serve(handle)
    visitor = fetcher(hosts=2)
    fetched = await asyncio.gather(*(visitor.fetch(f"{url}{n}") for n in range(100)))

    assert len(fetched) == 100
    assert most == 2


async def test_waiting_for_a_place_does_not_count_as_waiting_for_the_server(
    serve: Serve, fetcher: Make
) -> None:
    first = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/slow":
            await first.wait()
        return web.Response(body=RSS)

    url = await serve(handle)
    visitor = fetcher(hosts=1, limits={"total": timedelta(seconds=0.3)})
    slow = asyncio.create_task(visitor.fetch(url + "slow"))
    quick = [asyncio.create_task(visitor.fetch(f"{url}{n}")) for n in range(3)]

    with pytest.raises(FetchError, match="did not answer"):
        await slow
    assert [fetched.body for fetched in await asyncio.gather(*quick)] == [RSS] * 3
    first.set()


async def test_a_closed_fetcher_can_be_used_again(serve: Serve, fetcher: Make) -> None:
    url = await serve(answer())
    async with fetcher() as visitor:
        await visitor.fetch(url)

    assert (await visitor.fetch(url)).body == RSS
