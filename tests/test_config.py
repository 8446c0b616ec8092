"""The configuration: what may be set, what is refused, and in which words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import TABLES, Address, Config, Secret, StarterFeed, load, require_token
from bot.errors import ConfigError
from bot.model import Section

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
TOKEN = "123456:ABC-def_0123456789"
NAMES = {"سياسة": Section.POLITICS, "خارج الحدود": Section.WORLD}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, as an operator does; give the name of the file to write."""
    monkeypatch.chdir(tmp_path)
    return Path("config.toml")


def read(here: Path, text: str, **env: str) -> Config:
    here.write_text(text, encoding="utf-8")
    return load(here, env, section_names=NAMES)


def refusal(here: Path, text: str, **env: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(here, text, **env)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_file_and_environment_everything_has_its_default() -> None:
    config = load(None, {})

    assert config == Config()
    assert config.news.zone == ZoneInfo("Africa/Casablanca")
    assert config.digest.hours == (7 * 60,)
    assert config.poll.floor == timedelta(minutes=2)
    assert config.storage.path == Path("mujaz.db")
    assert config.web is None


def test_the_default_name_is_the_programs_name_in_arabic() -> None:
    assert load(None, {}).news.name == "موجز"


def test_every_key_can_be_set(here: Path) -> None:
    config = read(
        here,
        f"""
        telegram = {{ token = "{TOKEN}", api_base = "http://localhost:8081/", stars_a_month = 9 }}
        people = {{ owners = [1], editors = [2, 3, 2], access = "invite" }}
        digest = {{ hours = ["19:30", "7:05", "19:30"], most = 5 }}
        push = {{ rate = 1000, urgent_expires = "90s", instant_expires = "2h" }}
        poll = {{ floor = "30s", ceiling = "30s", hosts = 1, contact = "a@b.example" }}
        storage = {{ url = "sqlite:////data/m.db", keep_articles = "30d", backup_daily = false }}
        web = {{ listen = "[::1]:0", metrics = false }}
        log = {{ level = "debug", format = "json" }}

        [news]
        country = "EG"
        zone = "Africa/Cairo"
        sections = ["خارج الحدود", "sport", "/sport"]
        feeds = [{{ url = "https://n.example/rss", section = "سياسة", full_text = true }}]
        """,
    )

    assert config.telegram.token == Secret(TOKEN)
    assert config.telegram.api_base == "http://localhost:8081"
    assert config.people.editors == (2, 3)
    assert config.digest.hours == (7 * 60 + 5, 19 * 60 + 30)
    assert config.push.urgent_expires == timedelta(seconds=90)
    assert config.poll.floor == config.poll.ceiling == timedelta(seconds=30)
    assert config.storage.path == Path("/data/m.db")
    assert config.web is not None
    assert config.web.listen == Address("::1", 0)
    assert config.news.zone == ZoneInfo("Africa/Cairo")
    assert config.news.sections == (Section.WORLD, Section.SPORT)
    assert config.news.feeds == (
        StarterFeed("https://n.example/rss", Section.POLITICS, full_text=True),
    )


@pytest.mark.parametrize("word", ["matches", "/matches", "مباريات"])
def test_a_calendar_of_matches_may_be_named_where_a_section_stands(here: Path, word: str) -> None:
    config = read(here, f'[[news.feeds]]\nurl = "https://n.example/ics"\nsection = "{word}"')

    assert config.news.feeds == (StarterFeed("https://n.example/ics", None),)


def test_matches_are_no_section_to_put_in_an_order(here: Path) -> None:
    with pytest.raises(ConfigError, match="no section is called so"):
        read(here, '[news]\nsections = ["matches"]')


def test_a_keyboard_set_to_arabic_digits_may_write_hours(here: Path) -> None:
    assert read(here, '[digest]\nhours = ["٠٧:٣٠"]').digest.hours == (450,)


def test_a_byte_order_mark_does_no_harm(here: Path) -> None:
    assert read(here, "\ufeff[push]\nrate = 7").push.rate == 7


# The example


def test_the_example_is_read_and_holds_the_defaults() -> None:
    assert load(EXAMPLE, {}) == Config()


def test_the_example_says_true_in_its_commented_lines(here: Path) -> None:
    words = EXAMPLE.read_text(encoding="utf-8")
    woken = re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", words)
    woken = re.sub(r"(?m)^token_file = .*$", "", woken)  # its file is not on this machine

    config = read(here, woken)

    assert require_token(config).reveal() == "123456789:replace-me"
    assert config.web is not None
    assert config.news.feeds[0].section is Section.POLITICS


@pytest.mark.parametrize("table", [*TABLES, "news.feeds"])
def test_every_key_stands_in_the_example(table: str) -> None:
    words = re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", EXAMPLE.read_text(encoding="utf-8"))
    document = tomllib.loads(words)
    noun = TABLES.get(table, StarterFeed)

    told = document["news"]["feeds"][0] if table == "news.feeds" else document[table]

    assert {field.name for field in fields(noun)} == set(told)


# The environment


def test_the_environment_wins_over_the_file(here: Path) -> None:
    config = read(here, "[push]\nrate = 7\nchat_rate = 2", MUJAZ_PUSH__RATE="9")

    assert (config.push.rate, config.push.chat_rate) == (9, 2)


def test_the_environment_is_read_by_the_same_rules() -> None:
    config = load(
        None,
        {
            "MUJAZ_PEOPLE__OWNERS": "1, 2",
            "MUJAZ_NEWS__SECTIONS": "sport,سياسة",
            "MUJAZ_DIGEST__HOURS": "07:00,19:00",
            "MUJAZ_POLL__ALLOW_PRIVATE": "TRUE",
            "MUJAZ_STORAGE__BACKUP_DAILY": "0",
        },
        section_names=NAMES,
    )

    assert config.people.owners == (1, 2)
    assert config.news.sections == (Section.SPORT, Section.POLITICS)
    assert config.digest.hours == (420, 1140)
    assert config.poll.allow_private
    assert not config.storage.backup_daily


def test_a_web_variable_opens_the_web_server() -> None:
    config = load(None, {"MUJAZ_WEB__LISTEN": "0.0.0.0:80"})

    assert config.web is not None
    assert config.web.listen == Address("0.0.0.0", 80)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load(None, {"MUJAZ_PUSH__RATE": "", "MUJAZ_TELEGRAM__TOKEN": " "}) == Config()


def test_variables_of_others_are_let_be() -> None:
    assert load(None, {"MUJAZ_BROWSER": "required", "PATH": "/bin"}) == Config()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MUJAZ_PUSH__RTE", "9", "MUJAZ_PUSH__RTE: no setting is called so. "
         "Did you mean MUJAZ_PUSH__RATE?"),
        ("MUJAZ_TELEGRAM_TOKEN", TOKEN, "MUJAZ_TELEGRAM_TOKEN: no setting is called so. "
         "Did you mean MUJAZ_TELEGRAM__TOKEN?"),
        ("MUJAZ_PUSH__RATE", "fast", 'MUJAZ_PUSH__RATE = "fast": a number of messages a second, '
         "1 to 1000, is needed (Telegram allows 30 without paid broadcast)."),
        ("MUJAZ_PUSH__RATE", "1001", "MUJAZ_PUSH__RATE = 1001: a number of messages a second, "
         "1 to 1000, is needed (Telegram allows 30 without paid broadcast)."),
        ("MUJAZ_POLL__ALLOW_PRIVATE", "maybe", 'MUJAZ_POLL__ALLOW_PRIVATE = "maybe": true or '
         "false is needed, without quotation marks."),
        ("MUJAZ_PEOPLE__OWNERS", "1,@amal", 'MUJAZ_PEOPLE__OWNERS = "1,@amal": numbers of '
         "Telegram users are needed, like [123456789]."),
    ],
    ids=["typo", "one underscore", "no number", "too many", "no truth", "a name"],
)  # fmt: skip
def test_a_wrong_variable_is_named(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {name: value})

    assert str(caught.value) == told


# The token


def test_a_token_is_asked_for_only_by_who_needs_it() -> None:
    with pytest.raises(ConfigError, match="No bot token: set telegram"):
        require_token(load(None, {}))


def test_a_token_may_stand_in_a_file_of_its_own(here: Path) -> None:
    Path("secret").write_text(f"{TOKEN}\n", encoding="utf-8")

    config = read(here, '[telegram]\ntoken_file = "secret"')

    assert require_token(config).reveal() == TOKEN


def test_the_environments_token_file_replaces_the_files_token(here: Path) -> None:
    Path("secret").write_text("9:from-the-secret", encoding="utf-8")

    config = read(here, f'[telegram]\ntoken = "{TOKEN}"', MUJAZ_TELEGRAM__TOKEN_FILE="secret")

    assert require_token(config).reveal() == "9:from-the-secret"


def test_the_environments_token_replaces_the_files_token_file(here: Path) -> None:
    config = read(here, '[telegram]\ntoken_file = "away"', MUJAZ_TELEGRAM__TOKEN=TOKEN)

    assert require_token(config).reveal() == TOKEN


def test_two_tokens_are_one_too_many(here: Path) -> None:
    told = refusal(here, f'[telegram]\ntoken = "{TOKEN}"\ntoken_file = "secret"')

    assert told == (
        "config.toml: telegram.token_file = secret: token is set as well; one of the two is needed."
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no such file."),
        (b"", "a token as BotFather gives it is needed (digits, a colon, letters and digits)."),
        (
            b"hello",
            "a token as BotFather gives it is needed (digits, a colon, letters and digits).",
        ),
        (b"\xff\xfe", "is not UTF-8 (byte 0); save it as UTF-8."),
    ],
    ids=["missing", "empty", "no token", "no text"],
)
def test_a_token_file_without_a_token_is_refused(
    here: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        Path("secret").write_bytes(content)

    assert refusal(here, '[telegram]\ntoken_file = "secret"') == (
        f"config.toml: telegram.token_file = secret: {told}"
    )


@pytest.mark.parametrize(
    "text",
    [
        '[telegram]\ntoken = "{}?"',
        '[telegram]\ntoken = ["{}"]',
        '[telegram]\ntokn = "{}"',
        '[telegram]\n"{}" = 1',
        '[telegram]\ntoken_file = "{}"',
        '[telegram]\napi_base = "{}"',
        '[telegram]\napi_base = "https://api.telegram.org/bot{}/bot"',
        '[news]\nname = ["{}"]',
        'token = "{}"',
        '"{}" = 1',
        "{}",
        '[telegram]\ntoken = "{}',
        '[telegram]\ntoken = "{0}"\ntoken = "{0}"',
    ],
)
def test_a_token_is_never_repeated_in_a_refusal(here: Path, text: str) -> None:
    told = refusal(here, text.format(TOKEN))

    assert "ABC-def" not in told


def test_a_password_in_an_address_is_never_repeated(here: Path) -> None:
    told = refusal(here, '[storage]\nurl = "postgresql://amal:s3cret@db/mujaz"')

    assert told == (
        'config.toml: storage.url = "postgresql://***@db/mujaz": PostgreSQL is not in this version '
        'yet; use "sqlite:///mujaz.db".'
    )


def test_a_webhook_secret_is_never_repeated(here: Path) -> None:
    told = refusal(here, '[telegram]\nwebhook_secret = "pass word"')

    assert told == "config.toml: telegram.webhook_secret: 1 to 256 of A-Z a-z 0-9 _ - are needed."


def test_a_secret_shows_itself_to_nobody(here: Path) -> None:
    config = read(here, f'[telegram]\ntoken = "{TOKEN}"\nwebhook_secret = "hush-hush"')

    for shown in (repr(config), str(config), f"{config.telegram.token}", str(asdict(config))):
        assert "ABC-def" not in shown
        assert "hush-hush" not in shown


# What is refused, in which words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[push]\nrate = "fast"', 'push.rate = "fast": a number of messages a second, 1 to 1000, '
         "is needed (Telegram allows 30 without paid broadcast)."),
        ("[push]\nrate = 0", "push.rate = 0: a number of messages a second, 1 to 1000, "
         "is needed (Telegram allows 30 without paid broadcast)."),
        ("[push]\nrate = true", "push.rate = true: a number of messages a second, 1 to 1000, "
         "is needed (Telegram allows 30 without paid broadcast)."),
        ("[push]\nrat = 3", "push.rat: no key is called so. Did you mean rate?"),
        ("[push]\nxyz = 3", "push.xyz: no key is called so."),
        ("[pusch]\nrate = 3", "pusch: no table is called so. Did you mean push?"),
        ("rate = 3", "rate: no table is called so. It belongs below [push]."),
        ("push = 3", "push = 3: a table of keys is needed here."),
        ('[push]\nurgent_expires = "3 hours"', 'push.urgent_expires = "3 hours": a time from "1m" '
         'to "7d" is needed: a whole number and s, m, h or d.'),
        ('[push]\nurgent_expires = "0s"', 'push.urgent_expires = "0s": a time from "1m" '
         'to "7d" is needed: a whole number and s, m, h or d.'),
        ('[poll]\nfloor = "7h"', "poll.floor: floor (7:00:00) is longer than ceiling (6:00:00)."),
        ('[poll]\nceiling = "1m"',
         "poll.ceiling: floor (0:02:00) is longer than ceiling (0:01:00)."),
        ('[poll]\nuser_agent = "a\\r\\nb"', 'poll.user_agent = "a\\r\\nb": letters of a header '
         "are needed."),
        ('[poll]\nallow_private = "yes"', 'poll.allow_private = "yes": true or false is needed, '
         "without quotation marks."),
        ('[digest]\nhours = ["24:00"]', 'digest.hours = ["24:00"]: hours of the day are needed, '
         'like ["07:00", "19:30"].'),
        ("[digest]\nhours = []", 'digest.hours = []: hours of the day are needed, '
         'like ["07:00", "19:30"].'),
        ("[digest]\nhours = [07:00:00]", 'digest.hours = ["07:00:00"]: hours of the day are '
         'needed, like ["07:00", "19:30"].'),
        ('[news]\nzone = "Africa/Casablanka"', 'news.zone = "Africa/Casablanka": a zone of the '
         'IANA list is needed, like "Africa/Casablanca". Did you mean Africa/Casablanca?'),
        ('[news]\nzone = "../etc/passwd"', 'news.zone = "../etc/passwd": a zone of the '
         'IANA list is needed, like "Africa/Casablanca".'),
        ('[news]\nlanguage = "fr"', 'news.language = "fr": "ar" is needed.'),
        ('[news]\ncountry = "ma"', 'news.country = "ma": two letters are needed, like "MA".'),
        ('[news]\nsections = ["سياسه"]', 'news.sections = ["سياسه"]: no section is called so. '
         "Did you mean سياسة? There are: politics, economy, sport, weather, royal, society, "
         "world, accidents, culture, picks, misc, video."),
        ('[[news.feeds]]\nsection = "sport"', "news.feeds[1]: url is missing."),
        ('[[news.feeds]]\nurl = "https://a.example"\n[[news.feeds]]\nurl = "ftp://b.example"',
         'news.feeds[2].url = "ftp://b.example": an address with http:// or https:// is needed.'),
        ('[[news.feeds]]\nurl = "https://a.example:99999"', 'news.feeds[1].url = '
         '"https://a.example:99999": an address with http:// or https:// is needed.'),
        ('[[news.feeds]]\nurl = "https://a.example"\n[[news.feeds]]\nurl = "https://a.example"',
         "news.feeds: https://a.example stands there twice; once is enough."),
        ('[news]\nfeeds = ["https://a.example"]', 'news.feeds[1] = "https://a.example": a table '
         "of keys is needed here."),
        ('[people]\nowners = ["amal"]', 'people.owners = ["amal"]: numbers of Telegram users are '
         "needed, like [123456789]."),
        ('[people]\naccess = "all"', 'people.access = "all": "open" or "invite" or "closed" '
         "is needed."),
        ("[telegram]\npaid_broadcast = true", "telegram.paid_broadcast = true: paid broadcasts are "
         "not in this version yet: nothing would hold them to stars_a_month."),
        ('[telegram]\nmode = "webhook"', 'telegram.mode: "webhook" needs webhook_url, '
         "the https address that reaches [web]."),
        ('[telegram]\nmode = "webhook"\nwebhook_url = "https://a.example/t"', 'telegram.mode = '
         '"webhook": a [web] table is needed with it: Telegram\'s calls come in there.'),
        ('[telegram]\napi_base = "api.telegram.org"', 'telegram.api_base = "api.telegram.org": '
         "an address with http:// or https:// is needed."),
        ('[telegram]\napi_base = "https://a b"', 'telegram.api_base = "https://a b": '
         "an address with http:// or https:// is needed."),
        ('[telegram]\ntoken_file = ""', 'telegram.token_file = "": the name of a file is needed.'),
        ('[storage]\nurl = "mujaz.db"', 'storage.url = "mujaz.db": the address of a file is '
         'needed, like "sqlite:///mujaz.db".'),
        ('[storage]\nurl = "sqlite:///:memory:"', 'storage.url = "sqlite:///:memory:": the address '
         'of a file is needed, like "sqlite:///mujaz.db".'),
        ('[web]\nlisten = "8080"', 'web.listen = "8080": a host and a port are needed, '
         'like "127.0.0.1:8080".'),
        ('[web]\nlisten = "a:65536"', 'web.listen = "a:65536": a host and a port are needed, '
         'like "127.0.0.1:8080".'),
        ('[log]\nlevel = "loud"', 'log.level = "loud": "debug" or "info" or "warning" or "error" '
         "is needed."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_is_needed(here: Path, text: str, told: str) -> None:
    assert refusal(here, text) == f"config.toml: {told}"


def test_a_long_value_is_repeated_only_in_part(here: Path) -> None:
    told = refusal(here, f'[log]\nlevel = "{"x" * 5000}"')

    assert len(told) < 200


def test_a_slip_of_toml_is_named_by_its_line(here: Path) -> None:
    told = refusal(here, "[push]\nrate = 3\nfloor == 2\n")

    assert told.startswith("config.toml: is not TOML: ")
    assert "line 3" in told


def test_a_file_in_another_encoding_is_refused(here: Path) -> None:
    here.write_bytes('[news]\nname = "موجز"'.encode("cp1256"))

    with pytest.raises(ConfigError, match=r"^config\.toml: is not UTF-8 \(byte 15\)"):
        load(here, {})


def test_a_missing_file_is_named(here: Path) -> None:
    with pytest.raises(ConfigError, match=r"^config\.toml: there is no such file\.$"):
        load(here, {})


def test_a_folder_is_no_file(here: Path) -> None:
    here.mkdir()

    with pytest.raises(ConfigError, match=r"^config\.toml: is a folder; a file is needed\.$"):
        load(here, {})


def test_a_file_that_may_not_be_read_is_named(here: Path) -> None:
    here.symlink_to(here)  # reading it fails for everybody, root included

    with pytest.raises(ConfigError, match=r"^config\.toml: cannot be read \(.+\)\.$"):
        load(here, {})


def test_secrets_are_equal_by_their_word() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
