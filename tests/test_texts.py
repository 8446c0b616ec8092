"""The Arabic sentences: how they are said, and that code and file agree on every one.

The convention that makes the agreement testable: the object is called ``texts`` (or an attribute
``….texts`` / ``…._texts``); keys are literal. A key that is put together is written as an f-string
with a literal beginning (``f"sections.{word}"``) or taken by ``texts.table("sections")``: both
count the whole table as used. A key kept in a table of ours (a ``COMMANDS`` row, say) counts as
used when the literal stands anywhere in ``bot``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.arabic.plural import Category
from bot.texts import Texts, fields_of

BOT = Path(__file__).parents[1] / "bot"
COUNTED = "counted."
ARABIC = "[\u0600-\u06ff]"

SAMPLE = Texts(
    {
        "start": {"hello": "أهلا {name}.", "plain": "أهلا {{بك}}."},
        "counted": {
            "article": {
                "one": "خبر واحد",
                "two": "خبران",
                "few": "{n} أخبار",
                "many": "{n} خبرا",
                "other": "{n} خبر",
            },
            "alert": {"zero": "لا تنبيهات", "few": "{n} تنبيهات", "other": "{n} تنبيه"},
        },
    }
)


@dataclass(frozen=True)
class Call:
    """One ``texts.say/count/table`` in our code; ``fields`` is None when ``**`` hides them."""

    place: str
    method: str
    key: str
    fields: frozenset[str] | None
    is_whole: bool  # the literal is the whole key, not its beginning


def test_a_sentence_takes_its_fields() -> None:
    assert SAMPLE.say("start.hello", name="سلمى") == "أهلا سلمى."


def test_doubled_braces_are_braces() -> None:
    assert SAMPLE.say("start.plain") == "أهلا {بك}."


def test_a_field_may_hold_braces_of_its_own() -> None:
    assert SAMPLE.say("start.hello", name="{x}") == "أهلا {x}."


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(KeyError, match="name"):
        SAMPLE.say("start.hello")


def test_a_surplus_field_is_refused() -> None:
    with pytest.raises(TypeError, match="age"):
        SAMPLE.say("start.hello", name="سلمى", age=30)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError, match=r"start\.bye"):
        SAMPLE.say("start.bye")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 خبر"),
        (1, "خبر واحد"),
        (2, "خبران"),
        (3, "3 أخبار"),
        (10, "10 أخبار"),
        (11, "11 خبرا"),
        (99, "99 خبرا"),
        (100, "100 خبر"),
        (102, "102 خبر"),
        (103, "103 أخبار"),
        (12480, "12\u202f480 خبرا"),
    ],
)
def test_a_noun_agrees_with_its_number(n: int, said: str) -> None:
    assert SAMPLE.count("article", n) == said


def test_zero_may_have_words_of_its_own() -> None:
    assert SAMPLE.count("alert", 0) == "لا تنبيهات"


def test_a_table_is_given_by_its_last_words() -> None:
    assert SAMPLE.table("start") == {"hello": "أهلا {name}.", "plain": "أهلا {{بك}}."}


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError, match="stop"):
        SAMPLE.table("stop")


@pytest.mark.parametrize("words", ["{}", "{0}", "{a.b}", "{a[0]}"])
def test_only_plain_names_are_fields(words: str) -> None:
    with pytest.raises(ValueError, match="is no field"):
        fields_of(words)


def test_only_sentences_may_stand_in_the_file() -> None:
    with pytest.raises(TypeError, match=r"start\.hours"):
        Texts({"start": {"hours": 7}})


def test_the_file_is_read_once() -> None:
    assert Texts.load() is Texts.load()


# The file against the code


def test_every_sentence_asked_for_exists_and_takes_what_is_given() -> None:
    texts = Texts.load()
    faults = [fault for call in calls() for fault in faults_of(call, texts)]
    assert faults == []


def test_no_sentence_is_left_unused() -> None:
    used = {call.key for call in calls() if call.is_whole} | set(literals())
    begun = tuple(call.key for call in calls() if not call.is_whole)

    unused = [
        key
        for key in map(key_of_use, Texts.load().sentences)
        if key not in used and not key.startswith(begun)
    ]

    assert unused == []


def test_every_counted_noun_has_its_forms() -> None:
    needed = {Category.ONE, Category.TWO, Category.FEW, Category.MANY, Category.OTHER}
    forms: dict[str, set[str]] = {}
    for key in Texts.load().sentences:
        if key.startswith(COUNTED):
            noun, form = key.removeprefix(COUNTED).rsplit(".", 1)
            forms.setdefault(noun, set()).add(form)

    incomplete = [noun for noun, has in forms.items() if has - {Category.ZERO} != needed]

    assert incomplete == []


def test_counted_forms_know_no_field_but_the_number() -> None:
    texts = Texts.load()
    odd = [
        key
        for key in texts.sentences
        if key.startswith(COUNTED) and not texts_fields(texts, key) <= {"n"}
    ]
    assert odd == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("two dots stand for a pause", r"(?<!\.)\.\.(?!\.)"),
        ("a Latin comma stands after an Arabic letter", rf"(?<={ARABIC})\s?,"),
        ("a Latin semicolon stands after an Arabic letter", rf"(?<={ARABIC})\s?;"),
        ("a Latin question mark stands after an Arabic letter", rf"(?<={ARABIC})\s?\?"),
        ("two spaces stand in a row", r"[^\S\n]{2}"),
        ("a line begins or ends with a space", r"(?m)^[^\S\n]|[^\S\n]$"),
        ("a space stands before a mark", r" [،؛؟.:](?=\s|$)"),
        ("a mark touches the next word", rf"[،؛؟](?={ARABIC})"),
        (
            "a straight quotation mark stands at Arabic letters",
            rf'(?:"(?={ARABIC}))|(?<={ARABIC})"',
        ),
        ("a space stands inside guillemets", r"« | »"),
        ("somebody shouts", "[!！]"),
        ("a tatweel stretches a word", "\u0640"),
        ("an Eastern digit stands among ours", "[\u0660-\u0669\u06f0-\u06f9]"),
        ("an invisible mark hides in the file", "[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"),
    ],
)
def test_arabic_is_set_by_the_rules_of_the_house(what: str, pattern: str) -> None:
    texts = Texts.load()
    faults = [
        f"{key}: {what}" for key in texts.sentences if re.search(pattern, texts.sentences[key])
    ]
    assert faults == []


def test_guillemets_come_in_pairs() -> None:
    texts = Texts.load()
    faults = [key for key in texts.sentences if not is_balanced(texts.sentences[key])]
    assert faults == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [("قال: «نعم»", True), ("«قال «نعم»»", True), ("قال: «نعم", False), ("»نعم«", False)],
)
def test_the_measure_of_guillemets_sees_what_is_wrong(words: str, *, expected: bool) -> None:
    assert is_balanced(words) is expected


def test_the_search_for_calls_sees_every_way_of_calling(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(
        'texts.say("a.b", x=1)\n'
        'self._texts.count("article", 3)\n'
        'app.texts.say(f"sections.{word}", **fields)\n'
        'texts.table("days")\n'
        '"texts".count("t")\n',
        encoding="utf-8",
    )

    found = [(c.method, c.key, c.fields, c.is_whole) for c in calls(tmp_path)]

    assert found == [
        ("say", "a.b", frozenset({"x"}), True),
        ("count", "counted.article.other", frozenset({"n"}), True),
        ("say", "sections.", None, False),
        ("table", "days.", frozenset(), False),
    ]


def calls(root: Path = BOT) -> Iterator[Call]:
    """Find every call of ``texts`` whose key is literal or begins so."""
    for path, node in nodes(root):
        match node:
            case ast.Call(
                func=ast.Attribute(value=owner, attr=("say" | "count" | "table") as method)
            ):
                if not re.search(r"\b_?texts$", ast.unparse(owner)) or not node.args:
                    continue
                begun = beginning(node.args[0])
                if begun is not None:
                    key, is_whole = begun
                    yield made(f"{path.name}:{node.lineno}", method, key, node, is_whole=is_whole)


def made(place: str, method: str, key: str, node: ast.Call, *, is_whole: bool) -> Call:
    if method == "count":
        key = f"{COUNTED}{key}.other" if is_whole else f"{COUNTED}{key}"
        return Call(place, method, key, frozenset({"n"}), is_whole)
    if method == "table":
        return Call(place, method, f"{key}.", frozenset(), is_whole=False)
    names = [keyword.arg for keyword in node.keywords]
    fields = None if None in names else frozenset(name for name in names if name)
    return Call(place, method, key, fields, is_whole)


def beginning(node: ast.expr) -> tuple[str, bool] | None:
    """Return the literal key or the literal beginning of one, and whether it is whole."""
    match node:
        case ast.Constant(value=str(key)):
            return key, True
        case ast.JoinedStr(values=[ast.Constant(value=str(key)), *_]):
            return key, False
        case _:
            return None


def literals() -> Iterator[str]:
    for _, node in nodes(BOT):
        match node:
            case ast.Constant(value=str(word)):
                yield word


def nodes(root: Path) -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, node


def faults_of(call: Call, texts: Texts) -> Iterator[str]:
    keys = texts.sentences
    if not call.is_whole:
        if not any(key.startswith(call.key) for key in keys):
            yield f"{call.place}: nothing begins with {call.key}"
    elif call.key not in keys:
        yield f"{call.place}: there is no {call.key}"
    elif call.fields is not None and not call.key.startswith(COUNTED):
        wanted = texts_fields(texts, call.key)
        if wanted != call.fields:
            yield f"{call.place}: {call.key} takes {sorted(wanted)}, not {sorted(call.fields)}"


def key_of_use(key: str) -> str:
    """Return the key a call asks for: all forms of a counted noun stand for its "other"."""
    return f"{key.rsplit('.', 1)[0]}.other" if key.startswith(COUNTED) else key


def texts_fields(texts: Texts, key: str) -> frozenset[str]:
    return fields_of(texts.sentences[key])


def is_balanced(words: str) -> bool:
    depth = 0
    for letter in words:
        depth += {"«": 1, "»": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0
