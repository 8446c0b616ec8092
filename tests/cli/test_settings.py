"""A configuration that cannot be read: one line that names place and remedy, and exit code 2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.process import run

TOKEN = "123456789:ABC-def_ghIJKlmnOPQrstUVwxyz"  # fits, and belongs to nobody


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            '[push]\nrate = "fast"',
            'config.toml: push.rate = "fast": a number of messages a second, 1 to 1000, '
            "is needed (Telegram allows 30 without paid broadcast).",
        ),
        ("[push]\nrat = 3", "config.toml: push.rat: no key is called so. Did you mean rate?"),
        ("[pusch]", "config.toml: pusch: no table is called so. Did you mean push?"),
        (f'[telegram]\ntokn = "{TOKEN}"', "config.toml: telegram.tokn: no key is called so."),
        (f'[telegram]\ntoken = "{TOKEN}', "config.toml: is not TOML: "),
        ("[push", "config.toml: is not TOML: "),
        ('[telegram]\ntoken_file = "gone"', "config.toml: telegram.token_file = gone: there is no"),
    ],
)
async def test_a_slip_in_the_file_is_told_in_one_line(
    tmp_path: Path, written: str, told: str
) -> None:
    (tmp_path / "config.toml").write_text(written, encoding="utf-8")

    ended = await run("run", folder=tmp_path, token="")

    assert ended.code == 2
    assert ended.sentence().startswith(told)
    assert TOKEN not in ended.err


async def test_the_file_that_was_named_is_the_one_that_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_bytes('[news]\nname = "موجز"'.encode("cp1256"))

    ended = await run("run", "--config", "other.toml", folder=tmp_path)

    assert ended.code == 2
    assert ended.sentence() == "other.toml: is not UTF-8 (byte 15); save it as UTF-8."


async def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()

    ended = await run("run", folder=tmp_path)

    assert ended.code == 2
    assert ended.sentence() == "config.toml: is a folder; a file is needed."


async def test_a_configuration_that_is_not_there_is_told_of_when_it_was_named(
    tmp_path: Path,
) -> None:
    ended = await run("run", "--config", "gone.toml", folder=tmp_path)

    assert ended.code == 2
    assert ended.sentence() == "gone.toml: there is no such file."


async def test_a_configuration_that_may_not_be_read_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch(mode=0)

    ended = await run("run", folder=tmp_path, is_anybody=True)

    assert ended.code == 2
    assert ended.sentence() == f"config.toml: cannot be read ({os.strerror(13)})."


async def test_a_slip_in_the_environment_is_told_by_its_variable(tmp_path: Path) -> None:
    ended = await run("run", folder=tmp_path, push__rate="fast")

    assert ended.code == 2
    assert ended.sentence().startswith("MUJAZ_PUSH__RATE = ")


async def test_without_a_token_the_ways_to_one_are_told(tmp_path: Path) -> None:
    ended = await run("run", folder=tmp_path, token="")

    assert ended.code == 2
    assert [way for way in ("token_file", "@BotFather", "mujaz demo") if way in ended.sentence()]
    assert "MUJAZ_TELEGRAM__TOKEN" in ended.sentence()
    assert list(tmp_path.glob("*.db")) == []


@pytest.mark.parametrize("word", ["secret", "123456789", f"{TOKEN}?", f"bot{TOKEN}"])
async def test_a_token_of_the_wrong_form_is_refused_and_not_repeated(
    tmp_path: Path, word: str
) -> None:
    ended = await run("run", folder=tmp_path, token=word)

    assert ended.code == 2
    assert ended.sentence().startswith("MUJAZ_TELEGRAM__TOKEN: a token as BotFather gives it")
