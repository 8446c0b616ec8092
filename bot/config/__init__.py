"""What an operator may set, with defaults: a file and the environment come in, a `Config` goes out.

The command line calls `load` and `require_token`; `app` hands each room the noun it needs. The
annotation of a field carries the rule its value must obey (`rules`), and `reading` applies them.
`config.example.toml` tells the same to people, and a test keeps both together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from bot import __version__
from bot.config import reading, rules
from bot.config.values import Address as Address
from bot.config.values import Secret as Secret
from bot.config.values import WrongError
from bot.errors import ConfigError
from bot.model import Section

Access = Literal["open", "invite", "closed"]
_Noun = TypeVar("_Noun")
_NO_WEB = "a [web] table is needed with it: Telegram's calls come in there."
_NO_URL = '"webhook" needs webhook_url, the https address that reaches [web].'
_PAID = "paid broadcasts are not in this version yet: nothing would hold them to stars_a_month."
_WEB = "an address with http:// or https:// is needed."


@dataclass(frozen=True, slots=True)
class Telegram:
    """Say which bot we are and how we speak to the Bot API."""

    token: Annotated[Secret | None, rules.token()] = None
    token_file: Annotated[Path | None, rules.path()] = None  # `load` makes its content the token
    api_base: Annotated[str, rules.web_address(_WEB, is_root=True)] = "https://api.telegram.org"
    mode: Annotated[Literal["polling", "webhook"], rules.choice("polling", "webhook")] = "polling"
    webhook_url: Annotated[str | None, rules.web_address(_WEB)] = None
    webhook_secret: Annotated[Secret | None, rules.webhook_secret()] = None
    paid_broadcast: Annotated[bool, rules.flag(later=_PAID)] = False
    stars_a_month: Annotated[int, rules.whole(0, 10_000_000, "Stars a month")] = 0

    def __post_init__(self) -> None:
        if self.mode == "webhook" and self.webhook_url is None:
            raise WrongError(_NO_URL, keys=("mode",))


@dataclass(frozen=True, slots=True)
class People:
    """Say who owns the bot, who edits, and who may read."""

    owners: Annotated[tuple[int, ...], rules.ids()] = ()
    editors: Annotated[tuple[int, ...], rules.ids()] = ()
    access: Annotated[Access, rules.choice("open", "invite", "closed")] = "open"


@dataclass(frozen=True, slots=True)
class StarterFeed:
    """Name a feed to begin with; afterwards the editors' chat owns the list."""

    url: Annotated[str, rules.web_address(_WEB)]
    section: Annotated[Section | None, rules.feed_section()] = None  # None: what it gives decides
    source: Annotated[str | None, rules.text("the publisher's name is needed.")] = None
    full_text: Annotated[bool, rules.flag()] = False


@dataclass(frozen=True, slots=True)
class News:
    """Say what newsroom this is: its name, its place, its sections, its first feeds."""

    language: Annotated[Literal["ar"], rules.choice("ar")] = "ar"
    country: Annotated[str, rules.text('two letters are needed, like "MA".', "[A-Z]{2}")] = "MA"
    zone: Annotated[ZoneInfo, rules.zone()] = field(
        default_factory=lambda: ZoneInfo("Africa/Casablanca")
    )
    name: Annotated[str, rules.text("the bot's name is needed.", r"[^\x00-\x1f\x7f]{1,64}")] = (
        "\u0645\u0648\u062c\u0632"  # mujaz, "brief"
    )
    sections: Annotated[tuple[Section, ...], rules.sections()] = tuple(Section)
    feeds: Annotated[tuple[StarterFeed, ...], reading.Rows(StarterFeed)] = ()

    def __post_init__(self) -> None:
        urls = [feed.url for feed in self.feeds]
        for url in urls:
            if urls.count(url) > 1:
                raise WrongError(f"{url} stands there twice; once is enough.", keys=("feeds",))


@dataclass(frozen=True, slots=True)
class Digest:
    """Set the daily digest of a new reader: minutes since local midnight, and its length."""

    hours: Annotated[tuple[int, ...], rules.hours()] = (7 * 60,)
    most: Annotated[int, rules.whole(1, 100, "stories in a digest")] = 20


_RATE_NOTE = "Telegram allows 30 without paid broadcast"


@dataclass(frozen=True, slots=True)
class Push:
    """Set the pace of pushes and how long an instant is worth sending."""

    rate: Annotated[int, rules.whole(1, 1000, "messages a second", _RATE_NOTE)] = 30
    chat_rate: Annotated[int, rules.whole(1, 1000, "messages a second to one chat")] = 1
    group_rate_minute: Annotated[int, rules.whole(1, 1000, "messages a minute to one group")] = 20
    urgent_expires: Annotated[timedelta, rules.duration("1m", "7d")] = timedelta(hours=3)
    instant_expires: Annotated[timedelta, rules.duration("1m", "7d")] = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Poll:
    """Set how feeds are visited; ``floor`` = ``ceiling`` fixes the interval."""

    floor: Annotated[timedelta, rules.duration("1s", "30d")] = timedelta(minutes=2)
    ceiling: Annotated[timedelta, rules.duration("1s", "30d")] = timedelta(hours=6)
    hosts: Annotated[int, rules.whole(1, 100, "visits at once to one host")] = 2
    user_agent: Annotated[str, rules.text("letters of a header are needed.", "[ -~]{1,200}")] = (
        f"Mujaz/{__version__}"
    )
    contact: Annotated[
        str | None, rules.text("a mail or web address is needed.", r"[!-~]{3,200}")
    ] = None
    allow_private: Annotated[bool, rules.flag()] = False

    def __post_init__(self) -> None:
        if self.floor > self.ceiling:
            sentence = f"floor ({self.floor}) is longer than ceiling ({self.ceiling})."
            raise WrongError(sentence, keys=("floor", "ceiling"))


@dataclass(frozen=True, slots=True)
class Storage:
    """Say where memory is kept and for how long."""

    url: Annotated[str, rules.sqlite()] = "sqlite:///mujaz.db"
    keep_articles: Annotated[timedelta, rules.duration("1d", "36500d")] = timedelta(days=400)
    backup_daily: Annotated[bool, rules.flag()] = True

    @property
    def path(self) -> Path:
        """Return the database file, relative to the working directory unless it is absolute."""
        return Path(self.url.removeprefix("sqlite:///"))


@dataclass(frozen=True, slots=True)
class Web:
    """Open our own small web server; without this table there is none."""

    listen: Annotated[Address, rules.listen()] = field(
        default_factory=lambda: Address("127.0.0.1", 8080)
    )
    metrics: Annotated[bool, rules.flag()] = True


@dataclass(frozen=True, slots=True)
class Log:
    """Set what is logged and in which form; ``auto`` is text on a terminal, else JSON."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        rules.choice("debug", "info", "warning", "error"),
    ] = "info"
    format: Annotated[Literal["auto", "text", "json"], rules.choice("auto", "text", "json")] = (
        "auto"
    )


@dataclass(frozen=True, slots=True)
class Config:
    """Hold everything that was set, and defaults for the rest."""

    telegram: Telegram = field(default_factory=Telegram)
    people: People = field(default_factory=People)
    news: News = field(default_factory=News)
    digest: Digest = field(default_factory=Digest)
    push: Push = field(default_factory=Push)
    poll: Poll = field(default_factory=Poll)
    storage: Storage = field(default_factory=Storage)
    web: Web | None = None
    log: Log = field(default_factory=Log)


TABLES: Mapping[str, type] = {
    "telegram": Telegram,
    "people": People,
    "news": News,
    "digest": Digest,
    "push": Push,
    "poll": Poll,
    "storage": Storage,
    "web": Web,
    "log": Log,
}


def load(
    path: Path | None,
    env: Mapping[str, str],
    *,
    section_names: Mapping[str, Section] | None = None,
) -> Config:
    """Read the file, when there is one, and lay the environment over it.

    ``section_names`` are the names by which sections may be called besides their command words.
    Raises ConfigError: one line that names place, key, value and what is needed.
    """
    names = {section.value: section for section in Section} | dict(section_names or {})
    below = reading.tables_of_file(path, TABLES) if path is not None else {}
    above = reading.tables_of_environment(env, TABLES)
    if {"token", "token_file"} & set(above.get("telegram", {})):  # either one replaces both
        for key in ("token", "token_file"):
            below.get("telegram", {}).pop(key, None)
    tables = reading.merge(below, above)

    def read(noun: type[_Noun]) -> _Noun:
        return reading.read_noun(noun, tables.get(noun.__name__.lower(), {}), names)

    telegram = read(Telegram)
    if telegram.mode == "webhook" and "web" not in tables:
        raise reading.refuse(f'{tables["telegram"]["mode"].place} = "webhook"', _NO_WEB)
    return Config(
        telegram=_with_token(telegram, tables.get("telegram", {})),
        people=read(People),
        news=read(News),
        digest=read(Digest),
        push=read(Push),
        poll=read(Poll),
        storage=read(Storage),
        web=read(Web) if "web" in tables else None,
        log=read(Log),
    )


def require_token(config: Config) -> Secret:
    """Give the bot's token, or refuse with the ways to set one."""
    if config.telegram.token is None:
        raise ConfigError(
            "No bot token: set telegram.token or telegram.token_file in the configuration, or "
            "MUJAZ_TELEGRAM__TOKEN (@BotFather gives one; `mujaz demo` needs none)."
        )
    return config.telegram.token


def _with_token(telegram: Telegram, table: reading.Table) -> Telegram:
    """Put the content of ``token_file`` in the token's place."""
    if telegram.token_file is None:
        return telegram
    place = f"{table['token_file'].place} = {telegram.token_file}"
    if telegram.token is not None:
        raise reading.refuse(place, "token is set as well; one of the two is needed.")
    content = reading.read_text(telegram.token_file, what=place).strip()
    found = reading.read_noun(Telegram, {"token": reading.Given(content, place)}, {})
    return replace(telegram, token=found.token)
