"""What ships beside the program fits it: compose.yaml and the systemd unit name what there is."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.config import load
from bot.jobs.deliver import LEASE
from tests.test_repository import ROOT, last

COMPOSE, UNIT = ROOT / "compose.yaml", ROOT / "deploy" / "mujaz.service"


Lines = list[tuple[int, str]]
Unit = dict[str, dict[str, list[str]]]


def read_yaml(text: str) -> Any:
    """Read the little of YAML that compose.yaml needs: maps, lists, words, and lists as JSON.

    Anything else fails: there is no YAML among what we install.
    """
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    value, rest = _block(lines, 0)
    assert not rest, f"not read: {rest[0]}"
    return value


def _block(lines: Lines, indent: int) -> tuple[Any, Lines]:
    if not lines or lines[0][0] < indent:
        return None, lines
    indent, first = lines[0]
    return _items(lines, indent) if first.startswith("- ") else _pairs(lines, indent)


def _items(lines: Lines, indent: int) -> tuple[list[Any], Lines]:
    found = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        words = lines[0][1].removeprefix("- ")
        if re.match(r"[\w-]+: ", words):  # a map whose first pair stands behind the dash
            value, lines = _pairs([(indent + 2, words), *lines[1:]], indent + 2)
        else:
            value, lines = _word(words), lines[1:]
        found.append(value)
    return found, lines


def _pairs(lines: Lines, indent: int) -> tuple[dict[str, Any], Lines]:
    found: dict[str, Any] = {}
    while lines and lines[0][0] == indent:
        match = re.fullmatch(r"(?P<key>[\w-]+):(?: (?P<value>.+))?", lines[0][1])
        assert match, f"not a pair: {lines[0][1]}"
        assert match["key"] not in found, f"twice: {match['key']}"
        if match["value"] is None:
            found[match["key"]], lines = _block(lines[1:], indent + 1)
        else:
            found[match["key"]], lines = _word(match["value"]), lines[1:]
    return found, lines


def _word(words: str) -> Any:
    if words[0] in '["' or words in ("true", "false") or words.isdecimal():
        return json.loads(words)
    assert not re.search(r": |#|[{}&*!|>'%@`]", words), f"in need of quotes: {words}"
    return words


@pytest.fixture
def compose() -> dict[str, Any]:
    """Return compose.yaml."""
    read: dict[str, Any] = read_yaml(COMPOSE.read_text(encoding="utf-8"))
    return read


@pytest.fixture
def service(compose: dict[str, Any]) -> dict[str, Any]:
    """Return its only service."""
    [(name, told)] = compose["services"].items()
    assert name == "mujaz"
    found: dict[str, Any] = told
    return found


# compose.yaml


def test_the_settings_of_compose_are_settings_of_ours(service: dict[str, Any]) -> None:
    environment = dict(service["environment"])
    token_file = environment.pop("MUJAZ_TELEGRAM__TOKEN_FILE")

    config = load(None, environment)

    assert token_file == f"/run/secrets/{service['secrets'][0]}"
    assert config.web is not None
    assert environment["SQLITE_TMPDIR"] == last("VOLUME")


def test_the_health_check_asks_where_the_bot_listens(service: dict[str, Any]) -> None:
    listen = service["environment"]["MUJAZ_WEB__LISTEN"]
    kind, python, *_, words = service["healthcheck"]["test"]

    compile(words, "health check", "exec")
    assert (kind, python) == ("CMD", "python")
    assert f"http://{listen}/healthz" in words


async def test_the_health_check_is_content_with_200_alone(service: dict[str, Any]) -> None:
    codes = iter((200, 503))

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(status=next(codes))

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    words = service["healthcheck"]["test"][-1].replace("8080", str(runner.addresses[0][1]))
    try:
        ended = [await _code_of(words) for _ in range(2)]
    finally:
        await runner.cleanup()

    assert ended == [0, 1]


async def _code_of(words: str) -> int:
    surroundings = {**os.environ, "http_proxy": "http://127.0.0.1:9"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", words), env=surroundings, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


def test_the_container_keeps_its_memory_and_nothing_else(
    compose: dict[str, Any], service: dict[str, Any]
) -> None:
    volume, config = service["volumes"]

    assert volume == f"{next(iter(compose['volumes']))}:{last('VOLUME')}"
    assert config["target"] == f"{last('WORKDIR')}/config.toml"
    assert config["read_only"] is service["read_only"] is True
    assert config["bind"] == {"create_host_path": False}
    assert service["tmpfs"][0].startswith("/tmp:size=")


def test_the_container_may_do_nothing_that_it_need_not(service: dict[str, Any]) -> None:
    assert service["user"] == last("USER")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "ports"} & service.keys()


def test_the_container_is_given_time_to_stop_and_starts_again(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"
    assert 14 < int(service["stop_grace_period"].removesuffix("s")) < LEASE.total_seconds()
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


# The systemd unit


@pytest.fixture
def unit() -> Unit:
    """Return the unit's tables; a key may stand there several times."""
    found: Unit = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            table = found.setdefault(line.strip("[]"), {})
        elif line.strip() and not line.startswith("#"):
            key, _, value = line.partition("=")
            table.setdefault(key, []).append(value)
    return found


def test_the_unit_runs_the_verb_that_there_is(unit: Unit) -> None:
    [command] = unit["Service"]["ExecStart"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    program, verb, option, file = command.split()
    assert Path(program).name in project["scripts"]
    assert (verb, option, file) == ("run", "--config", "/etc/mujaz/config.toml")


def test_the_unit_hands_the_token_over_as_a_file(unit: Unit) -> None:
    service = unit["Service"]
    [credential] = service["LoadCredential"]
    given = dict(one.split("=", 1) for one in service["Environment"])

    name, _, file = credential.partition(":")
    assert file == "/etc/mujaz/telegram-token"
    assert given.pop("MUJAZ_TELEGRAM__TOKEN_FILE") == f"%d/{name}"
    assert given == {"SQLITE_TMPDIR": service["WorkingDirectory"][0]}
    assert service["WorkingDirectory"] == [f"/var/lib/{service['StateDirectory'][0]}"]


def test_the_unit_starts_again_what_a_restart_mends(unit: Unit) -> None:
    service = unit["Service"]

    assert service["Restart"] == ["on-failure"]
    assert service["RestartPreventExitStatus"] == ["2"]
    assert 14 < int(service["TimeoutStopSec"][0]) < LEASE.total_seconds()
    assert service["ProtectSystem"] == ["strict"]
    assert unit["Install"] == {"WantedBy": ["multi-user.target"]}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    words = UNIT.read_text(encoding="utf-8").replace("/opt/mujaz/bin/mujaz", "/bin/true")
    copy.write_text(words, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_both_are_told_in_the_operators_page() -> None:
    told = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")

    assert [name for name in ("compose.yaml", "deploy/mujaz.service") if name not in told] == []
