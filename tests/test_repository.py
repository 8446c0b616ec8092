"""What every file of the repository owes the house, checked over the files as they are."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOT = ROOT / "bot"
FILE_LINES, FUNCTION_LINES = 400, 50
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
MACHINE = re.compile(r"(?<![\w.-])/(?:work|root|home|Users)/[\w.-]+")
INDEX = re.compile(r"--(?:index-url|extra-index-url|find-links|trusted-host)|https?://|file://")
BARE = re.compile(
    r"#\s*(?:noqa(?::[\sA-Z0-9,]+)?|type:\s*ignore(?:\[[\w, -]+\])?|pragma: no cover)\s*$"
)
WORDS = {".cfg", ".css", ".html", ".ini", ".js", ".json", ".md", ".py", ".sql", ".toml", ".txt",
         ".xml", ".yaml", ".yml", ""}  # fmt: skip
SCRATCH = {".git", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache",
           ".hypothesis", ".import_linter_cache", "demo-data", "dist"}  # fmt: skip


def python_files() -> list[Path]:
    return sorted(BOT.rglob("*.py"))


def text_files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - SCRATCH)
        for name in sorted(names):
            if Path(name).suffix in WORDS and name not in {".coverage", "config.toml"}:
                yield Path(folder, name)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Code


def test_a_file_stays_short() -> None:
    lengths = {named(path): len(lines(path)) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_a_function_stays_short() -> None:
    long = [
        f"{named(path)}: {node.name}, {length(node)} lines"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length(node) > FUNCTION_LINES
    ]
    assert long == []


def test_a_file_opens_with_its_sentence() -> None:
    silent = [
        named(path)
        for path in python_files()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_code_holds_no_raw_arabic_letters() -> None:
    assert found(re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufeff]")) == []


def test_an_exception_to_a_rule_gives_its_reason() -> None:
    assert found(BARE) == []


@pytest.mark.parametrize(
    ("line", "is_bare"),
    [
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: S608", True),
        ("x = 1  # noqa: S608 - built of constants", False),
        ("x = 1  # type: ignore[arg-type]", True),
        ("x = 1  # type: ignore[arg-type]  # the stub is wrong", False),
    ],
)
def test_the_measure_of_exceptions_sees_reasons(line: str, *, is_bare: bool) -> None:
    assert bool(BARE.search(line)) is is_bare


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{named(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(lines(path), start=1)
        if pattern.search(line)
    ]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


# What a fresh machine installs


def requirement_blocks(path: Path) -> list[str]:
    """Return each pinned requirement with its hashes, in one line."""
    words = re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))
    return [line for line in words.replace("\\\n", " ").splitlines() if line.strip()]


def pins(name: str) -> dict[str, str]:
    blocks = requirement_blocks(ROOT / "requirements" / name)
    return dict(block.split()[0].split("==") for block in blocks)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=named)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    blocks = requirement_blocks(path)

    loose = [b for b in blocks if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", b)]

    assert blocks
    assert loose == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=named)
def test_no_requirement_names_an_index(path: Path) -> None:
    assert INDEX.search(path.read_text(encoding="utf-8")) is None


def test_the_tools_lay_no_other_versions_over_those_that_run() -> None:
    tools = pins("dev.txt")
    assert {name: tools.get(name) for name in pins("run.txt")} == pins("run.txt")


def test_the_builder_needs_no_other_versions_than_the_tools() -> None:
    builder, tools = pins("build.txt"), pins("dev.txt")
    shared = builder.keys() & tools.keys()
    assert {name: builder[name] for name in shared} == {name: tools[name] for name in shared}


def test_everything_the_project_asks_for_is_pinned_and_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    asked = {"run.txt": project["dependencies"], "dev.txt": project["optional-dependencies"]["dev"]}

    for file, requirements in asked.items():
        for requirement in requirements:
            name = re.split(r"[^\w.-]", requirement)[0].lower()
            assert name in pins(file)
            assert f"| {name} |" in told


# What others read


@pytest.mark.parametrize(
    "name",
    ["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "docs/glossary.md",
     "docs/dependencies.md", "config.example.toml"],
)  # fmt: skip
def test_what_a_newcomer_looks_for_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_the_licence_is_mit() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_the_changelog_tells_of_this_version_or_of_the_next() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"(?m)^## \[Unreleased\]", changes)


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{named(page)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists()
    ]
    assert broken == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = [
        f"{named(path)}: {match[0]}"
        for path in text_files()
        if path != Path(__file__)
        for match in [MACHINE.search(path.read_text(encoding="utf-8", errors="replace"))]
        if match
    ]
    assert found == []


# What starts it


@pytest.mark.parametrize("target", ["help", "setup", "demo", "test", "check", "lock", "clean"])
def test_make_knows_the_command(target: str) -> None:
    rule = re.compile(rf"(?m)^{target}:")
    assert rule.search((ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize("target", ["setup", "demo", "test", "check"])
def test_make_can_read_its_own_file(target: str) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--dry-run", target],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_gate_is_executable_and_valid() -> None:
    gate = ROOT / ".ci" / "run"
    assert gate.stat().st_mode & stat.S_IXUSR
    assert subprocess.run(["bash", "-n", gate], check=False).returncode == 0


# The image


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments, continued lines joined."""
    words = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.strip() for line in words.replace("\\\n", " ").splitlines() if line.strip()]
    return [(line.split(None, 1)[0].upper(), line.split(None, 1)[1]) for line in lines]


def last(name: str) -> str:
    return [argument for instruction, argument in instructions() if instruction == name][-1]


def test_the_image_is_built_in_stages_on_a_pinned_slim_base() -> None:
    bases = [argument.split()[0] for name, argument in instructions() if name == "FROM"]

    assert len(bases) > 1
    for base in bases:
        assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", base), base


def test_the_image_runs_as_nobody_important() -> None:
    assert re.fullmatch(r"[1-9]\d*", last("USER"))


def test_the_image_starts_and_stops_by_exec_and_sigterm() -> None:
    assert last("ENTRYPOINT") == '["mujaz"]'
    assert last("CMD") == '["run"]'
    assert last("STOPSIGNAL") == "SIGTERM"


def test_the_image_keeps_its_memory_in_a_volume() -> None:
    assert last("VOLUME") == last("WORKDIR") == "/data"


def test_the_image_fetches_nothing_by_add() -> None:
    assert [argument for name, argument in instructions() if name == "ADD"] == []


def test_the_image_holds_no_secret() -> None:
    held = [argument for name, argument in instructions() if name in {"ENV", "ARG"}]
    assert [a for a in held if re.search(r"(?i)token|secret|password|\d+:[\w-]{10}", a)] == []


def test_the_image_installs_only_what_is_hashed_or_at_hand() -> None:
    commands = [argument for name, argument in instructions() if name == "RUN"]
    installs = [
        part for command in commands for part in command.split("&&")
        if re.search(r"pip (?:install|wheel)", part)
    ]  # fmt: skip

    assert installs
    for part in installs:
        assert "--require-hashes" in part or "--no-index" in part


def test_the_image_leaves_no_lists_of_packages_behind() -> None:
    commands = [argument for name, argument in instructions() if name == "RUN"]
    apt = [command for command in commands if "apt-get" in command]
    assert [
        c for c in apt if "--no-install-recommends" not in c or "/var/lib/apt/lists" not in c
    ] == []


def test_only_what_the_image_needs_goes_to_the_builder() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {
        word.split("/")[0]
        for name, argument in instructions()
        if name == "COPY" and "--from" not in argument
        for word in argument.split()[:-1]
    }

    assert "*" in rules
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
